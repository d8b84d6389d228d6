"""Bodies, organizations, states and classes of them that a paragraph names."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.resolutions.reading.names import KnownName, NameKind
from app.resolutions.reading.spans import Spans
from app.resolutions.reading.tokens import Token, keyed, tokens_of
from app.resolutions.reading.tries import Trie
from app.resolutions.reading.words import Words

LONGEST = 24  # words of a name that nobody knows
BRACKET = re.compile(r"\s?\((?P<short>[“\"‘«]?\s?(?:the |la |el |le |a |o |l')?(?P<name>[^\s()“”\"«»,;]{2,24}(?: [^\s()“”\"«»,;]{2,12})?)\s?[”\"’»]?)\)")
ACRONYM = re.compile(r"[A-Z][\w/.-]*[A-Z][\w/-]*")
PERSONS = {
    "rapporteur", "rapporteuse", "expert", "representative", "envoy", "adviser", "relator", "relatora",
    "representante", "enviado", "experto", "experta", "perito", "representant", "representante", "envoye",
    "relatoria",
}  # fmt: skip
ADJECTIVES_BEFORE = re.compile(r"[A-ZÀ-Ý]")


@dataclass(frozen=True, slots=True)
class Named:
    """A name in the text: where, and whose it is; nobody's where `known` is None."""

    start: int
    end: int
    name: str
    known: KnownName | None
    open_class: bool = False


@dataclass
class Register:
    """Every known name, ready to be found. Built once for a set of names."""

    texts: Trie[KnownName] = field(default_factory=Trie)
    acronyms: dict[str, list[KnownName]] = field(default_factory=dict)
    longest: int = 1

    @classmethod
    def of(cls, names: Sequence[KnownName]) -> "Register":
        """The register of these names."""
        register = cls()
        for known in names:
            for text in (*known.texts, *known.local):
                register.texts.add(text, known)
            for acronym in known.acronyms:
                register.acronyms.setdefault(acronym, []).append(known)
        return register


@dataclass
class Memory:
    """What a text said before: short names it gave, and bodies it named in full."""

    family: str | None = None
    organ: KnownName | None = None
    organ_name: str = ""
    shorts: dict[str, tuple[str, KnownName | None]] = field(default_factory=dict)
    by_head: dict[str, KnownName | None] = field(default_factory=dict)


class Finder:
    """Finds the bodies of one paragraph. `taken` are places of instruments, which are no bodies."""

    def __init__(self, text: str, tokens: Sequence[Token], words: Words, register: Register, memory: Memory) -> None:
        self.text = text
        self.tokens = tokens
        self.words = words
        self.register = register
        self.memory = memory

    def read(self, taken: Spans) -> list[Named]:
        """All of them, in the order of the text."""
        found: list[Named] = []
        place = 0
        while place < len(self.tokens):
            token = self.tokens[place]
            named, count = None, 1
            if taken.free(token.start, token.end):
                named, count = self._at(place)
            if named is not None and taken.free(named.start, named.end):
                found.append(self._with_short(named))
            place += max(count, 1)
        return found

    def _at(self, place: int) -> tuple[Named | None, int]:
        for way in (self._known, self._acronym, self._unknown):
            named, count = way(place)
            if named is not None:
                return named, count
        return None, 1

    def _raw(self, place: int) -> str:
        token = self.tokens[place]
        return self.text[token.start : token.end]

    def _known(self, place: int) -> tuple[Named | None, int]:
        count, values = self.register.texts.at(self.tokens, place)
        if not count:
            return None, 1
        start, end = self.tokens[place].start, self.tokens[place + count - 1].end
        known = self._chosen(values, start, end)
        if known is None or not self._written_like(known, place, count, start, end):
            return None, 1
        longer = self._unknown(place)
        # "Commission of the Andean Community" is not "Commission"; a longer name wins.
        if known.family is not None and longer[0] is not None and longer[0].end > end and known.texts != ():
            if known in values and self._is_local(known, start, end):
                return longer
        name = self.text[start:end]
        open_class = known.kind is NameKind.OPEN_CLASS
        return Named(start, end, name, known, open_class=open_class), count

    def _is_local(self, known: KnownName, start: int, end: int) -> bool:
        keys = keyed(self.text[start:end])
        return any(keyed(text) == keys for text in known.local)

    def _chosen(self, values: Sequence[KnownName], start: int, end: int) -> KnownName | None:
        """Of several with this name, the one of this text's organization; a local name needs it."""
        family = self.memory.family
        for known in values:
            if known.family is not None and known.family == family:
                return known
        for known in values:
            if not self._is_local(known, start, end):
                return known
        return None

    def _written_like(self, known: KnownName, place: int, count: int, start: int, end: int) -> bool:
        """Names have a capital letter, classes need none; nothing but commas parts the words."""
        name = self.text[start:end]
        if any(sign in name for sign in ";:.\n") and not re.search(r"\w\.\w", name):
            return False
        if known.kind is NameKind.OPEN_CLASS:
            return True
        if not name[0].isupper():
            return False
        return count > 1 or known.kind is not NameKind.STATE or not self._begins(place)

    def _begins(self, place: int) -> bool:
        before = self.text[: self.tokens[place].start].rstrip()[-1:]
        return not before or before in ".:\n"

    def _acronym(self, place: int) -> tuple[Named | None, int]:
        raw = self._raw(place)
        if not raw[0].isupper() or len(raw) < 2:  # noqa: PLR2004
            return None, 1
        start, best = self.tokens[place].start, None
        for count in (3, 2, 1):
            if place + count > len(self.tokens):
                continue
            end = self.tokens[place + count - 1].end
            text = self.text[start:end]
            best = self._of_acronym(text)
            if best is not None:
                return Named(start, end, text, best[0]), count
        return None, 1

    def _of_acronym(self, text: str) -> tuple[KnownName | None] | None:
        if text in self.memory.shorts:
            return (self.memory.shorts[text][1],)
        found = self.register.acronyms.get(text)
        if not found or text.lower() in self.words.glue or text.lower() in self.words.structure["articles"]:
            return None
        same = [each for each in found if each.family == self.memory.family]
        return ((same or found)[0],)

    # Names that nobody knows.

    def _unknown(self, place: int) -> tuple[Named | None, int]:
        """Capital words with the name of a kind of body among them: "the Danube Commission"."""
        raw = self._raw(place)
        if not raw[0].isupper() or raw.isdigit() or self.tokens[place].key in self.words.not_heads:
            return None, 1
        if self._begins(place) and not self._article_before(place):
            return None, 1
        last = self._end_of_name(place)
        last = self._without_tail(place, last)
        keys = [self.tokens[near].key for near in range(place, last + 1)]
        heads = [n for n, key in enumerate(keys) if key in self.words.heads]
        if not heads or not self._well_formed(place, last, heads):
            return None, 1
        start, end = self.tokens[place].start, self.tokens[last].end
        name = self.text[start:end]
        if name.isupper() and len(keys) > 6:  # noqa: PLR2004
            return None, 1
        known = self._meant(name, keys) if len(keys) <= 4 else None  # noqa: PLR2004
        return Named(start, end, name, known), last - place + 1

    def _article_before(self, place: int) -> bool:
        return place > 0 and self.tokens[place - 1].key in self.words.glue

    def _well_formed(self, place: int, last: int, heads: list[int]) -> bool:
        """In Romance languages the kind stands first; in English first, or last of the first part."""
        if self.words.language != "en":
            return heads[0] <= 1
        keys = [self.tokens[near].key for near in range(place, last + 1)]
        first_inner = next((n for n, key in enumerate(keys) if key in self.words.inner), len(keys))
        return any(head < first_inner or head == len(keys) - 1 for head in heads)

    def _end_of_name(self, place: int) -> int:
        last = place
        for near in range(place + 1, min(place + LONGEST, len(self.tokens))):
            token = self.tokens[near]
            gap = self.text[self.tokens[near - 1].end : token.start]
            if gap not in {" ", "-", "’", "'", " & ", "’ ", "' "} and not (gap == ", " and self._comma_goes_on(near, place)):
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
        if raw[0].isupper():
            return not (near > last + 1 and self._is_next_body(near, place)) and raw.strip() != ""
        if raw[0].isdigit() or near - last > 3:  # noqa: PLR2004
            return False
        if self._raw(place) and self.tokens[place].key in PERSONS | {"special", "independent"} and near - place < 12:  # noqa: PLR2004
            return token.key in self.words.inner or near - last <= 1
        return token.key in self.words.inner

    def _is_next_body(self, near: int, place: int) -> bool:
        """After "and the", "y la": another body, not more of this one."""
        joint = {"and", "y", "e", "et", "or", "o", "ou", "u"}
        between = [self.tokens[n].key for n in range(max(place + 1, near - 3), near) if not self._raw(n)[0].isupper()]
        if self.tokens[near - 1].key in joint:
            return self._is_body(near)
        if len(between) > 1 and between[-2] in joint and between[-1] in self.words.glue:
            return self._is_body(near) or self._had_head(place, near)
        preposition = self.tokens[near - 1].key if not self._raw(near - 1)[0].isupper() else ""
        return preposition in {"to", "by", "with", "a", "al", "avec", "con", "com", "au", "ao", "par", "por"} and self._had_head(place, near) and self._is_body(near)

    def _is_body(self, near: int) -> bool:
        """Whether a name of its own begins here: known, an acronym, or with its kind."""
        if self.register.texts.at(self.tokens, near)[0] or self._of_acronym(self._raw(near)):
            return True
        if self.tokens[near].key in self.words.heads:
            return True
        for after in range(near + 1, min(near + 6, len(self.tokens))):
            gap = self.text[self.tokens[after - 1].end : self.tokens[after].start]
            if gap not in {" ", "-"} or not self._raw(after)[0].isupper():
                return False
            if self.tokens[after].key in self.words.heads:
                return True
        return False

    def _had_head(self, place: int, near: int) -> bool:
        return any(self.tokens[n].key in self.words.heads for n in range(place, near))

    def _comma_goes_on(self, near: int, place: int) -> bool:
        """A list inside a name: "Office of Education, Science, and Technology"."""
        raw = self._raw(near)
        start = near
        if raw[0].islower():
            if self.tokens[near].key not in self.words.structure["articles"] or near + 1 >= len(self.tokens):
                return False
            start = near + 1
            raw = self._raw(start)
        if not raw[0].isupper() or raw.isupper() or self._is_body(start):
            return False
        inner = any(self.tokens[n].key in self.words.inner for n in range(place, near))
        joint = {"and", "y", "e", "et"}
        ahead = range(start + 1, min(start + 6, len(self.tokens) - 1))
        return inner and any(self.tokens[n].key in joint and not self._is_body(n + 1) and not self._is_body(min(n + 2, len(self.tokens) - 1)) for n in ahead)

    def _without_tail(self, place: int, last: int) -> int:
        while last > place and (self.tokens[last].key in self.words.inner or not self._raw(last)[0].isupper()):
            if self.text[self.tokens[last].start - 1] == "-":
                break
            last -= 1
        return last

    def _meant(self, name: str, keys: list[str]) -> KnownName | None:
        """"the Council": the organ, or the body that the text named in full before."""
        organ = keyed(self.memory.organ_name)
        if self.memory.organ is not None and all(key in organ for key in keys):
            return self.memory.organ
        return self.memory.by_head.get(" ".join(keys))

    def _with_short(self, named: Named) -> Named:
        """Remember a short name in brackets, and the kind of body by which the text may call it."""
        hit = BRACKET.match(self.text, named.end)
        if hit and hit["name"] and ACRONYM.fullmatch(hit["name"]):
            self.memory.shorts.setdefault(hit["name"], (named.name, named.known))
            found = self.register.acronyms.get(hit["name"])
            if named.known is None and found:
                named = Named(named.start, named.end, named.name, found[0])
        keys = [each.key for each in tokens_of(named.name)]
        if named.known is not None and len(keys) > 1 and named.known.kind is not NameKind.OPEN_CLASS:
            for count in (1, 2, 3):
                if keys[0] in self.words.heads and count < len(keys):
                    self.memory.by_head[" ".join(keys[:count])] = named.known
                if keys[-1] in self.words.heads and count < len(keys):
                    self.memory.by_head[" ".join(keys[-count:])] = named.known
        return named
