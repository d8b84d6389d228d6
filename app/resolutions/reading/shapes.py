"""Names that nobody knows, by their shape: capital words with a kind of body among them."""

import re
from collections.abc import Sequence

from app.resolutions.reading.names import KnownName, NameKind
from app.resolutions.reading.register import Memory, Named, Register
from app.resolutions.reading.smallwords import is_ordinal, lower_end
from app.resolutions.reading.tokens import Token, keyed
from app.resolutions.reading.words import Words

LONGEST = 24  # words of a name that nobody knows
PERSONS = {
    "rapporteur", "rapporteuse", "expert", "representative", "envoy", "adviser", "relator",
    "relatora",
    "representante", "enviado", "experto", "experta", "perito", "representant", "envoye",
    "relatoria",
}  # fmt: skip
NUMBER_AFTER = re.compile(r" (?:N[°º]|No\.?) ?\d{1,3}| (?:[IVX]{1,5}|\d{1,2})(?=[ ,.;)])")

LISTED_HEAD = re.compile(
    r"[A-Z][a-z]+(?:, [A-Z][a-z]+){1,4},? and [A-Z][a-z]+ (?P<head>[A-Z][a-z]+)\b"
)


class Shapes:
    """Names that nobody knows, by their shape: capital words with a kind of body among them."""

    text: str
    tokens: Sequence[Token]
    words: Words
    register: Register
    memory: Memory

    def _raw(self, place: int) -> str:
        token = self.tokens[place]
        return self.text[token.start : token.end]

    def _begins(self, place: int) -> bool:
        before = self.text[: self.tokens[place].start].rstrip()[-1:]
        return not before or before in ".:\n"

    def _of_acronym(self, text: str) -> tuple[KnownName | None] | None:
        if text in self.memory.shorts:
            return (self.memory.shorts[text][1],)
        found = self.register.acronyms.get(text)
        if (
            not found
            or text.lower() in self.words.glue
            or text.lower() in self.words.structure["articles"]
        ):
            return None
        same = [each for each in found if each.family == self.memory.family]
        return ((same or found)[0],)

    def _unknown(self, place: int) -> tuple[Named | None, int]:
        """Capital words with the name of a kind of body among them: "the Danube Commission"."""
        raw = self._raw(place)
        key = self.tokens[place].key
        if not raw[0].isupper() or raw.isdigit() or key in self.words.not_heads:
            return None, 1
        if is_ordinal(key, self.words):
            return None, 1
        if self._begins(place) and not self._article_before(place):
            return None, 1
        last = self._without_tail(place, self._end_of_name(place))
        last = self._lower_end(place, last)
        last = max(last, self._before_acronym(place, last), self._listed_head(place))
        keys = [self.tokens[near].key for near in range(place, last + 1)]
        heads = [n for n, key in enumerate(keys) if self._is_head(key)]
        if not heads or not self._well_formed(place, last, heads):
            return None, 1
        start, end = self.tokens[place].start, self.tokens[last].end
        end += len((NUMBER_AFTER.match(self.text[end : end + 12]) or [""])[0])
        name = self.text[start:end]
        if name.isupper() and len(keys) > 6:  # noqa: PLR2004
            return None, 1
        known = self._meant(name, keys) if len(keys) <= 4 else None  # noqa: PLR2004
        return Named(start, end, name, known), last - place + 1

    def _before_acronym(self, place: int, last: int) -> int:
        """As in "the Group of experts on fair trade (GEFT)": the short name ends the long one."""
        if not any(self._is_head(self.tokens[near].key) for near in range(place, last + 1)):
            return last
        for near in range(last + 1, min(last + LONGEST // 2, len(self.tokens))):
            gap = self.text[self.tokens[near - 1].end : self.tokens[near].start]
            if gap == " (" and near > last + 1:
                short = self._raw(near)
                same = short.isupper() and short[0] == self._raw(place)[0].upper()
                return near - 1 if same and len(short) > 2 else last  # noqa: PLR2004
            if gap not in {" ", "-", "’", "'"} or self._is_next_body(near, place):
                return last
        return last

    def _listed_head(self, place: int) -> int:
        """As in "Programme, Budget and Administration Committee"; 0 for anything else."""
        if self.words.language != "en" or self._is_known(place):
            return 0
        hit = LISTED_HEAD.match(self.text, self.tokens[place].start)
        if hit is None or not self._is_head(hit["head"].lower()):
            return 0
        return next(
            near for near in range(place, len(self.tokens)) if self.tokens[near].end == hit.end()
        )

    def _is_known(self, place: int) -> bool:
        return self.register.texts.at(self.tokens, place)[0] > 0

    def _is_head(self, key: str) -> bool:
        """A kind of body, one or several of them."""
        heads = self.words.heads
        return key in heads or key.removesuffix("s") in heads or key.removesuffix("es") in heads

    def _lower_end(self, place: int, last: int) -> int:
        """French names have one capital letter: "Bureau interafricain des ressources animales".

        And what a rapporteur is for stands in small letters in every language.
        """
        person = any(self.tokens[near].key in PERSONS for near in range(place, last + 1))
        if self.words.language != "fr" and not person:
            return last
        if self.words.language == "fr" and not self._is_head(self.tokens[place].key):
            return last
        return lower_end(self.text, self.tokens, last, self.words, prepositions=person)

    def _article_before(self, place: int) -> bool:
        return place > 0 and self.tokens[place - 1].key in self.words.glue

    def _well_formed(self, place: int, last: int, heads: list[int]) -> bool:
        """In Romance languages the kind stands first; in English first, or last of its part."""
        if self.words.language != "en":
            return heads[0] <= 1
        keys = [self.tokens[near].key for near in range(place, last + 1)]
        first_inner = next((n for n, key in enumerate(keys) if key in self.words.inner), len(keys))
        last = len(keys) - 1 if "of" not in keys else -1
        return any(head < first_inner or head == last for head in heads)

    def _end_of_name(self, place: int) -> int:
        last = place
        for near in range(place + 1, min(place + LONGEST, len(self.tokens))):
            token = self.tokens[near]
            gap = self.text[self.tokens[near - 1].end : token.start]
            if gap not in {" ", "-", "’", "'", " & ", "’ ", "' "} and not (
                gap == ", " and self._comma_goes_on(near, place)
            ):
                break
            if not self._continues(near, last, place):
                break
            if self._raw(near)[0].isupper() or (gap == "-" and near == last + 1):
                last = near
        return last

    def _continues(self, near: int, last: int, place: int) -> bool:
        """Whether a word may belong to the name: capital, or a small word before a capital one."""
        token = self.tokens[near]
        raw = self._raw(near)
        if token.key in self.words.months:
            return False
        if raw[0].isupper():
            return not (near > last + 1 and self._is_next_body(near, place)) and raw.strip() != ""
        if self.text[token.start - 1] == "-":
            return True
        if raw[0].isdigit() or near - last > 3:  # noqa: PLR2004
            return False
        if (
            self._raw(place)
            and self.tokens[place].key in PERSONS | {"special", "independent"}
            and near - place < LONGEST // 2
        ):
            return token.key in self.words.inner or near - last <= 1
        return token.key in self.words.inner

    def _is_next_body(self, near: int, place: int) -> bool:
        """After "and the", "y la": another body, not more of this one."""
        joint = {"and", "y", "e", "et", "or", "o", "ou", "u"}
        if self.tokens[near - 1].key in joint:
            return self._is_body(near) and self._had_head(place, near)
        if self.tokens[near - 2].key in joint and self.tokens[near - 1].key in self.words.glue:
            listed = ", " in self.text[self.tokens[place].start : self.tokens[near].start]
            return self._is_body(near) or (self._had_head(place, near) and not listed)
        if self._is_known_name(near) and self._had_head(place, near - 1):
            return True
        preposition = self.tokens[near - 1].key if not self._raw(near - 1)[0].isupper() else ""
        return (
            preposition
            in {"to", "by", "with", "a", "al", "avec", "con", "com", "au", "ao", "par", "por"}
            and self._had_head(place, near)
            and self._is_body(near)
        )

    def _is_known_name(self, near: int) -> bool:
        """Whether a known name of several words begins here; what stands before it ends here."""
        count, values = self.register.texts.at(self.tokens, near)
        of = self.tokens[near - 1].key in self.words.of
        is_class = all(each.kind is NameKind.OPEN_CLASS for each in values)
        return count > 1 and not (of and is_class)

    def _is_body(self, near: int) -> bool:
        """Whether a name of its own begins here: known, an acronym, or with its kind."""
        if self.register.texts.at(self.tokens, near)[0] or self._of_acronym(self._raw(near)):
            return True
        if self._is_head(self.tokens[near].key):
            return True
        for after in range(near + 1, min(near + 6, len(self.tokens))):
            gap = self.text[self.tokens[after - 1].end : self.tokens[after].start]
            if gap not in {" ", "-"} or not self._raw(after)[0].isupper():
                return False
            if self._is_head(self.tokens[after].key):
                return True
        return False

    def _had_head(self, place: int, near: int) -> bool:
        return any(self._is_head(self.tokens[n].key) for n in range(place, near))

    def _comma_goes_on(self, near: int, place: int) -> bool:
        """A list inside a name: "Office of Education, Science, and Technology"."""
        raw = self._raw(near)
        start = near
        if raw[0].islower():
            if self.tokens[near].key not in self.words.structure["articles"] or near + 1 >= len(
                self.tokens
            ):
                return False
            start = near + 1
            raw = self._raw(start)
        if not raw[0].isupper() or raw.isupper() or self._is_body(start):
            return False
        inner = any(self.tokens[n].key in self.words.inner for n in range(place, near))
        joint = {"and", "y", "e", "et"}
        ahead = range(start + 1, min(start + 6, len(self.tokens) - 1))
        return inner and any(
            self.tokens[n].key in joint
            and not self._is_body(n + 1)
            and not self._is_body(min(n + 2, len(self.tokens) - 1))
            for n in ahead
        )

    def _without_tail(self, place: int, last: int) -> int:
        while last > place and (
            self.tokens[last].key in self.words.inner or not self._raw(last)[0].isupper()
        ):
            if self.text[self.tokens[last].start - 1] == "-":
                break
            last -= 1
        return last

    def _meant(self, name: str, keys: list[str]) -> KnownName | None:
        """ "the Council": the organ, or the body that the text named in full before."""
        organ = keyed(self.memory.organ_name)
        if self.memory.organ is not None and all(key in organ for key in keys):
            return self.memory.organ
        return self.memory.by_head.get(" ".join(keys))
