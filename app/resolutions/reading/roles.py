"""What each body is to do in its sentence: who is asked, through whom, with whom, to whom."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.resolutions.reading.bodies import Named
from app.resolutions.reading.record import Body, Role
from app.resolutions.reading.spans import Spans
from app.resolutions.reading.tokens import Token
from app.resolutions.reading.words import Words

FAR = 14  # words between a cue and the body that it is about
SPLIT = 12  # words inside "in collaboration, as appropriate, with"
STOP = re.compile(r"[.;:\n](?:\s|$)")


@dataclass(frozen=True, slots=True)
class Sign:
    """A cue, an end or a qualifier in the text, with the words it takes."""

    does: str
    first: int  # token
    last: int
    start: int
    end: int


class Roles:
    """Gives every body of a paragraph its role, by the words before it."""

    def __init__(self, text: str, tokens: Sequence[Token], words: Words) -> None:
        self.text = text
        self.tokens = tokens
        self.words = words

    def read(self, named: Sequence[Named], taken: Spans) -> list[Body]:
        """The same bodies with roles, qualifiers and parents."""
        inside = Spans()
        for each in named:
            inside.take(each.start, each.end)
        signs = self._signs(inside, taken)
        bodies: list[Body] = []
        at = 0
        role, qualifier = Role.OTHER, None
        previous: Named | None = None
        for each in named:
            before: list[Sign] = []
            while at < len(signs) and signs[at].start < each.start:
                before.append(signs[at])
                at += 1
            role, qualifier, parent = self._next(each, previous, before, (role, qualifier))
            bodies.append(self._body(each, role, qualifier, bodies[-1] if parent and bodies else None))
            if not self._modifies(each, previous):
                previous = each
            elif bodies:
                bodies[-1] = self._body(each, Role.OTHER, None, None)
                previous = Named(previous.start, each.end, previous.name, previous.known) if previous else each
        return self._qualified_after(bodies, signs)

    def _body(self, named: Named, role: Role, qualifier: str | None, parent: Body | None) -> Body:
        return Body(
            named.start,
            named.end,
            self.text[named.start : named.end],
            name=named.name,
            key=named.known.key if named.known else None,
            role=role,
            qualifier=qualifier,
            parent=parent.key if parent else None,
            open_class=named.open_class,
        )

    def _signs(self, inside: Spans, taken: Spans) -> list[Sign]:
        """Cues, ends and qualifiers that stand in no name and in no title."""
        found: list[Sign] = []
        place = 0
        while place < len(self.tokens):
            token = self.tokens[place]
            count, values = self.words.cues.at(self.tokens, place)
            if not count or not inside.free(token.start, token.end) or not taken.free(token.start, token.end):
                place += 1
                continue
            end = self.tokens[place + count - 1].end
            cue = next((each for each in values if not each.does.startswith("split:")), None)
            split = next((each for each in values if each.does.startswith("split:")), None)
            last = self._split_end(place + count, split.then) if split else None
            if split and last is not None and (cue is None or cue.does == "end"):
                role = split.does.removeprefix("split:")
                found.extend(self._qualifiers_in(place + count, last))
                found.append(Sign(role, place, last, token.start, self.tokens[last].end))
                place = last + 1
                continue
            if cue is not None:
                found.append(Sign(cue.does, place, place + count - 1, token.start, end))
            place += count if cue is not None else 1
        return found

    def _split_end(self, place: int, then: frozenset[str]) -> int | None:
        """Where "with" stands, with only few words and no end of a sentence between."""
        for near in range(place, min(place + SPLIT, len(self.tokens))):
            if STOP.search(self.text[self.tokens[near - 1].end : self.tokens[near].start + 1]):
                return None
            if self.tokens[near].key in then:
                return near
        return None

    def _qualifiers_in(self, first: int, last: int) -> list[Sign]:
        found = []
        for place in range(first, last):
            count, values = self.words.cues.at(self.tokens, place)
            if count and any(each.does == "qualifier" for each in values):
                found.append(Sign("qualifier", place, place + count - 1, self.tokens[place].start, self.tokens[place + count - 1].end))
        return found

    def _next(
        self, named: Named, previous: Named | None, before: list[Sign], state: tuple[Role, str | None]
    ) -> tuple[Role, str | None, bool]:
        """Role and qualifier of the next body, and whether the one before is its parent."""
        begin = previous.end if previous else 0
        gap = self.text[begin : named.start]
        cues = [each for each in before if each.does not in {"end", "qualifier"}]
        qualifier = next((self.text[each.start : each.end] for each in reversed(before) if each.does == "qualifier"), None)
        if cues and self._reaches(cues[-1], named, before):
            cue = cues[-1]
            near = [each for each in before if each.does == "qualifier" and each.start > (cues[-2].end if len(cues) > 1 else begin)]
            words = self.text[near[-1].start : near[-1].end] if near and near[-1].end > cue.start - 60 else None
            return Role(cue.does), words, False
        if previous is not None and self._chained(gap, before):
            role, old = state
            return role, qualifier or old, self._is_child(gap)
        if previous is not None and state[0] is Role.REPORT_TO and self._again_to(gap):
            return Role.REPORT_TO, qualifier, False
        return Role.OTHER, None, False

    def _reaches(self, cue: Sign, named: Named, before: list[Sign]) -> bool:
        """Whether a cue is about this body: it stands near, and nothing ends it between."""
        gap = self.text[cue.end : named.start]
        if STOP.search(gap):
            return False
        count = sum(1 for token in self._between(cue, named))
        if count > FAR:
            return False
        ends = [each for each in before if each.does == "end" and each.start >= cue.end]
        return not any(self._is_real_end(each, named) for each in ends)

    def _between(self, cue: Sign, named: Named) -> list[Token]:
        found = []
        for place in range(cue.last + 1, min(cue.last + FAR + 2, len(self.tokens))):
            if self.tokens[place].start >= named.start:
                break
            found.append(self.tokens[place])
        return found

    def _is_real_end(self, end: Sign, named: Named) -> bool:
        """"to the", "a la", "de": right before the body they only lead to it."""
        gap = self.text[end.end : named.start]
        keys = [token.key for token in self.tokens[end.last + 1 : end.last + 5] if token.start < named.start]
        leads = end.first == end.last and self.tokens[end.first].key in self.words.glue | self.words.of | {"to", "a", "de", "un", "une", "um", "uma", "que", "that", "at"}
        return not (leads and len(gap) < 24 and all(key in self.words.glue for key in keys))  # noqa: PLR2004

    def _chained(self, gap: str, before: list[Sign]) -> bool:
        """Whether only small words, commas and qualifiers stand between two bodies."""
        for sign in before:
            if sign.does == "qualifier":
                gap = gap.replace(self.text[sign.start : sign.end], " ")
        gap = re.sub(r"\([^()]{0,80}\)", " ", gap)
        if STOP.search(gap) or any(each.does not in {"end", "qualifier"} for each in before):
            return False
        if re.search(r"[.;:\n]", gap):
            return False
        keys = [token for token in re.findall(r"[^\W_]+", gap.lower())]
        if not keys:
            return "," in gap or "/" in gap or gap.strip() == ""
        lead = self._of_phrase(gap)
        if lead is not None:
            gap = gap[lead:]
            keys = re.findall(r"[^\W_]+", gap.lower())
        return all(key in self.words.glue for key in keys) and ("," in gap or any(key in JOINTS for key in keys))

    def _of_phrase(self, gap: str) -> int | None:
        """"of countries concerned and", "responsible for culture,": belongs to the body before."""
        hit = re.match(r"\s?(?P<first>[^\W_]+)\b[^,;.:]{0,80}?(?=,| and | y | et | e )", gap.lower())
        if hit and hit["first"] in self.words.of | {"responsible", "established", "for", "en", "in"}:
            return hit.end()
        return None

    def _is_child(self, gap: str) -> bool:
        """"and its Office of ...": the body before is the parent."""
        keys = re.findall(r"[^\W_]+", gap.lower())
        return bool(keys) and keys[-1] in self.words.parent

    def _again_to(self, gap: str) -> bool:
        """"to the Assembly at its session, and to the next Meeting"."""
        keys = re.findall(r"[^\W_]+", gap.lower())[-4:]
        pairs = {(first, second) for first in JOINTS for second in ("to", "a", "al", "à", "au", "aux", "ao", "la")}
        return ";" not in gap and any(pair in pairs for pair in zip(keys, keys[1:], strict=False))

    def _modifies(self, named: Named, previous: Named | None) -> bool:
        """"the Committee of the Council": the second only says whose the first is."""
        if previous is None:
            return False
        keys = re.findall(r"[^\W_]+", self.text[previous.end : named.start].lower())
        return bool(keys) and keys[0] in self.words.of and all(key in self.words.glue | self.words.of for key in keys)

    def _qualified_after(self, bodies: list[Body], signs: list[Sign]) -> list[Body]:
        """"the agencies, as appropriate, to share": softens those right before it."""
        found = list(bodies)
        for sign in signs:
            if sign.does != "qualifier":
                continue
            before = [place for place, body in enumerate(found) if body.end <= sign.start]
            if not before:
                continue
            place = before[-1]
            gap = self.text[found[place].end : sign.start]
            after = self.text[sign.end : sign.end + 2]
            if re.fullmatch(r"(?:\s?\([^()]{1,40}\))?\s?,?\s?", gap) and self._closes(after, found, place, sign):
                role = found[place].role
                while place >= 0 and found[place].role is role and found[place].qualifier is None:
                    found[place] = replace(found[place], qualifier=self.text[sign.start : sign.end])
                    if place == 0 or not self._chained(self.text[found[place - 1].end : found[place].start], []):
                        break
                    place -= 1
        return found

    def _closes(self, after: str, found: list[Body], place: int, sign: Sign) -> bool:
        """Whether no further body of the list follows, which it would be about."""
        if place + 1 < len(found):
            gap = self.text[sign.end : found[place + 1].start]
            if re.fullmatch(r"[\s,]*(?:\w+\s){0,3}", gap) and all(
                key in self.words.glue for key in re.findall(r"[^\W_]+", gap.lower())
            ):
                return False
        return after[:1] in {",", ".", ";", "", ":", " "}


JOINTS = {"and", "or", "y", "e", "o", "u", "et", "ou", "well", "así", "ainsi", "bem", "including", "incluidos", "notamment", "assim"}


def with_role(body: Body, role: Role) -> Body:
    """The same body in another role, unqualified."""
    return replace(body, role=role, qualifier=None)
