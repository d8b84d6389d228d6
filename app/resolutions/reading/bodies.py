"""Bodies, organizations, states and classes of them that a paragraph names."""

import re
from collections.abc import Sequence

from app.resolutions.reading.names import KnownName, NameKind
from app.resolutions.reading.register import Memory, Named, Register
from app.resolutions.reading.shapes import Shapes
from app.resolutions.reading.spans import Spans
from app.resolutions.reading.tokens import Token, keyed, tokens_of
from app.resolutions.reading.words import Words

BRACKET = re.compile(
    r"\s?\([“\"‘«]?\s?(?:the |la |el |le |a |o |l')?"
    r"(?P<name>[^\s()“”\"«»,;]{2,24}(?: [^\s()“”\"«»,;]{2,12})?)\s?[”\"’»]?\)"
)
ACRONYM = re.compile(r"[A-Z][\w/.-]*[A-Z][\w/-]*")


class Finder(Shapes):
    """Finds the bodies of one paragraph. `taken` are places of instruments, which are no bodies."""

    def __init__(
        self, text: str, tokens: Sequence[Token], words: Words, register: Register, memory: Memory
    ) -> None:
        self.text = text
        self.tokens = tokens
        self.words = words
        self.register = register
        self.memory = memory

    def read(self, taken: Spans, begin: int = 0) -> list[Named]:
        """All of them, in the order of the text, after `begin` characters of opening words."""
        found: list[Named] = []
        place = next((n for n, token in enumerate(self.tokens) if token.start >= begin), 0)
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

    def _known(self, place: int) -> tuple[Named | None, int]:
        count, values = self.register.texts.at(self.tokens, place)
        if not count:
            return None, 1
        start, end = self.tokens[place].start, self.tokens[place + count - 1].end
        known = self._chosen(values, start, end)
        if known is None or not self._written_like(known, place, count, start, end):
            return None, 1
        if self._may_go_on(known, place + count, start, end):
            # "Commission of the Andean Community" is not "Commission"; a longer name wins.
            longer = self._unknown(place)
            if longer[0] is not None and longer[0].end > end:
                return longer
        name = self.text[start:end]
        open_class = known.kind is NameKind.OPEN_CLASS
        return Named(start, end, name, known, open_class=open_class), count

    def _may_go_on(self, known: KnownName, after: int, start: int, end: int) -> bool:
        """Whether a known name may be the beginning of a longer one, which is another body's."""
        if known.kind in {NameKind.OPEN_CLASS, NameKind.STATE}:
            return False
        if self._is_local(known, start, end):
            return True
        if after >= len(self.tokens) or self.text[end : self.tokens[after].start] != " ":
            return False
        return self._raw(after)[0].isupper() and not self._of_acronym(self._raw(after))

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
            return name in known.local
        return count > 1 or known.kind is not NameKind.STATE or not self._begins(place)

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

    # Names that nobody knows.

    def _with_short(self, named: Named) -> Named:
        """Remember a short name in brackets, and the kind of body by which the text may call it."""
        hit = BRACKET.match(self.text, named.end)
        if hit and hit["name"] and ACRONYM.fullmatch(hit["name"]):
            self.memory.shorts.setdefault(hit["name"], (named.name, named.known))
            found = self.register.acronyms.get(hit["name"])
            if named.known is None and found:
                named = Named(named.start, named.end, named.name, found[0])
        keys = [each.key for each in tokens_of(named.name)]
        if (
            named.known is not None
            and len(keys) > 1
            and named.known.kind is not NameKind.OPEN_CLASS
        ):
            for count in (1, 2, 3):
                if keys[0] in self.words.heads and count < len(keys):
                    self.memory.by_head[" ".join(keys[:count])] = named.known
                if keys[-1] in self.words.heads and count < len(keys):
                    self.memory.by_head[" ".join(keys[-count:])] = named.known
        return named
