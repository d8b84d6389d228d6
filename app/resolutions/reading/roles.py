"""What each body is to do in its sentence: who is asked, through whom, with whom, to whom."""

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace

from app.resolutions.reading.record import Body, Role
from app.resolutions.reading.register import Named
from app.resolutions.reading.signs import STOP, Sign, Signs
from app.resolutions.reading.spans import Spans
from app.resolutions.reading.tokens import Token

NEAR = 60  # characters between a qualifier and the cue that it softens
FAR = 14  # words between a cue and the body that it is about
# Nothing, a short name in brackets, or the verb: "the Bank to finance, as appropriate, the wells".
RIGHT_AFTER = re.compile(
    r"(?:\s?\([^()]{1,40}\))?\s?,?(?:\s(?:to|à|a|de|que|al)\s[^\W\d_]+,?)?\s?", re.IGNORECASE
)
# As in "and, where the need arises, with the": what stands aside softens, whatever its words.
ASIDE = re.compile(
    r"[\s,)(\w-]{0,40}\s(?:and|or|y|e|et|ou|o|u),\s(?P<words>[^,;.:()]{3,60}),\s"
    r"(?:(?:with|con|avec|com|to|a|à|al|au|aux|ao|aos|às|de|del|du|des|do|da|par|by|por)\s)?"
    r"(?:(?:the|el|la|los|las|le|les|o|a|os|as|l['’]|d['’])\s?)?"
)


class Roles(Signs):
    """Gives every body of a paragraph its role, by the words before it."""

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
            if previous is not None and self._modifies(each, previous):
                # The chief of an organization acts for it; a committee of it does not.
                chief = previous.known is None and each.known is not None
                bodies.append(self._body(each, role if chief else Role.OTHER, None, None))
                previous = Named(previous.start, each.end, previous.name, previous.known)
                continue
            role, qualifier, parent = self._next(each, previous, before, (role, qualifier))
            bodies.append(
                self._body(each, role, qualifier, bodies[-1] if parent and bodies else None)
            )
            previous = each
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

    def _next(
        self,
        named: Named,
        previous: Named | None,
        before: list[Sign],
        state: tuple[Role, str | None],
    ) -> tuple[Role, str | None, bool]:
        """Role and qualifier of the next body, and whether the one before is its parent."""
        begin = previous.end if previous else 0
        gap = self.text[begin : named.start]
        cues = [each for each in before if each.does not in {"end", "qualifier"}]
        softening = [each for each in before if each.does == "qualifier"]
        qualifier = self._words(softening[-1]) if softening else None
        if previous is not None and gap.strip(' “"‘') == "(" and not before:
            return state[0], state[1], False
        if cues and self._reaches(cues[-1], named, before):
            since = cues[-2].end if len(cues) > 1 else begin
            own = [each for each in softening if each.start > since]
            near = own and own[-1].end > cues[-1].start - NEAR
            return self._role(cues[-1], begin), self._words(own[-1]) if near else None, False
        if previous is not None and (aside := ASIDE.fullmatch(gap)):
            return state[0], aside["words"], False
        if previous is not None and self._chained(gap, before):
            role, old = state
            return role, qualifier or old, self._is_child(gap)
        if previous is not None and state[0] is Role.REPORT_TO and self._again_to(gap):
            return Role.REPORT_TO, qualifier, False
        return Role.OTHER, None, False

    def _words(self, sign: Sign) -> str:
        return self.text[sign.start : sign.end]

    def _role(self, cue: Sign, begin: int) -> Role:
        """Whoever is to ask others calls upon them: "request the Council to ask the agencies"."""
        before = self.tokens[cue.first - 1].key if cue.first else ""
        within = begin and self.text.rfind(";", begin, cue.start) < 0
        if cue.does == Role.ASKED and within and before in {"to", "de", "d", "a"}:
            return Role.CALLED_UPON
        return Role(cue.does)

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
        """As "to the", "a la", "de": right before the body they only lead to it."""
        gap = self.text[end.end : named.start]
        keys = [
            token.key
            for token in self.tokens[end.last + 1 : end.last + 5]
            if token.start < named.start
        ]
        leads = end.first == end.last and self.tokens[
            end.first
        ].key in self.words.glue | self.words.of | {
            "to",
            "a",
            "de",
            "un",
            "une",
            "um",
            "uma",
            "que",
            "that",
            "at",
        }
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
        keys = list(re.findall(r"[^\W_]+", gap.lower()))
        if not keys:
            return "," in gap or "/" in gap or gap.strip() == ""
        lead = self._of_phrase(gap)
        if lead is not None:
            gap = gap[lead:]
            keys = re.findall(r"[^\W_]+", gap.lower())
        return all(key in self.words.glue for key in keys) and (
            "," in gap or any(key in JOINTS for key in keys)
        )

    def _of_phrase(self, gap: str) -> int | None:
        """As in "of countries concerned and", "responsible for culture,": of the body before."""
        hit = re.match(
            r"\s?(?P<first>[^\W_]+)\b[^,;.:]{0,80}?(?=,| and | y | et | e )", gap.lower()
        )
        if hit and hit["first"] in self.words.of | {
            "responsible",
            "established",
            "for",
            "en",
            "in",
        }:
            return hit.end()
        return None

    def _is_child(self, gap: str) -> bool:
        """As in "and its Office of ...": the body before is the parent."""
        keys = re.findall(r"[^\W_]+", gap.lower())
        return bool(keys) and keys[-1] in self.words.parent

    def _again_to(self, gap: str) -> bool:
        """As in "to the Assembly at its session, and to the next Meeting"."""
        keys = re.findall(r"[^\W_]+", gap.lower())[-4:]
        pairs = {
            (first, second)
            for first in JOINTS
            for second in ("to", "a", "al", "à", "au", "aux", "ao", "la")
        }
        return ";" not in gap and any(pair in pairs for pair in itertools.pairwise(keys))

    def _modifies(self, named: Named, previous: Named) -> bool:
        """As in "the Committee of the Council": the second only says whose the first is."""
        keys = re.findall(r"[^\W_]+", self.text[previous.end : named.start].lower())
        return (
            bool(keys)
            and keys[0] in self.words.of
            and all(key in self.words.glue | self.words.of for key in keys)
        )

    def _qualified_after(self, bodies: list[Body], signs: list[Sign]) -> list[Body]:
        """As in "the agencies, as appropriate, to share": softens those right before it."""
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
            if RIGHT_AFTER.fullmatch(gap) and self._closes(after, found, place, sign):
                role = found[place].role
                while place >= 0 and found[place].role is role and found[place].qualifier is None:
                    found[place] = replace(found[place], qualifier=self.text[sign.start : sign.end])
                    if place == 0 or not self._chained(
                        self.text[found[place - 1].end : found[place].start], []
                    ):
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


JOINTS = {
    "and",
    "or",
    "y",
    "e",
    "o",
    "u",
    "et",
    "ou",
    "well",
    "así",
    "ainsi",
    "bem",
    "including",
    "incluidos",
    "notamment",
    "assim",
}


def with_role(body: Body, role: Role) -> Body:
    """The same body in another role, unqualified."""
    return replace(body, role=role, qualifier=None)
