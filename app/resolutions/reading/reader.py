"""Reads a resolution's text."""

from collections.abc import Sequence
from functools import lru_cache

from app.core.languages import Language, Message
from app.resolutions.reading.blocks import blocks_of
from app.resolutions.reading.families import family_of
from app.resolutions.reading.findings import Finders, Read
from app.resolutions.reading.head import Head, HeadReader
from app.resolutions.reading.language import language_of
from app.resolutions.reading.lines import marks_of, raw_lines, text_lines
from app.resolutions.reading.names import KnownName
from app.resolutions.reading.outline import Outline
from app.resolutions.reading.record import NotAResolution, Reading
from app.resolutions.reading.register import Memory, Register
from app.resolutions.reading.smallwords import is_ordinal
from app.resolutions.reading.structure import outline_of
from app.resolutions.reading.tokens import keyed, tokens_of
from app.resolutions.reading.warnings import warnings_of
from app.resolutions.reading.words import Words, words_of

SEVERAL = 2  # reasons, and numbered verbs, that make a resolution without an organ
LONGEST = 1_100_000  # characters; the longest resolutions have a few hundred thousand


def read_resolution(text: str, names: Sequence[KnownName]) -> Reading:
    """What the text says, with everything that is found in it; NotAResolution for other texts.

    Takes linear time. The same text and names give the same reading.
    """
    if not text.strip():
        raise NotAResolution(Message("There is no text in it."))
    if len(text) > LONGEST:
        raise NotAResolution(Message("This is longer than any resolution."))
    language = language_of(text)
    if language is None:
        raise NotAResolution(
            Message("This is not a resolution in English, Spanish, French or Portuguese.")
        )
    return _Reader(text, language, tuple(names)).read()


@lru_cache(maxsize=4)
def _register(names: tuple[KnownName, ...]) -> Register:
    return Register.of(names)


class _Reader:
    """One text on its way to a reading."""

    def __init__(self, text: str, language: Language, names: tuple[KnownName, ...]) -> None:
        self.words: Words = words_of(language)
        self.names = names
        self.raw = raw_lines(text)

    def read(self) -> Reading:
        """The reading, or NotAResolution."""
        lines, notes = text_lines(self.raw)
        blocks = blocks_of(lines, self.words)
        outline = outline_of(blocks, self.words)
        if outline is None or not _is_resolution(outline):
            raise NotAResolution(
                Message("This text is not a resolution: no paragraph decides or requests anything.")
            )
        head = self._head(outline, notes)
        if self._is_treaty(head):
            raise NotAResolution(Message("This is a treaty, not a resolution."))
        memory = self._memory(outline, head)
        finders = Finders(self.words, _register(self.names), memory, marks_of(notes))
        paragraphs = finders.read(outline, notes)
        return self._reading(outline, head, memory, paragraphs)

    def _head(self, outline: Outline, notes: Sequence[str]) -> Head:
        """The head's lines as printed, up to where the text begins."""
        first = outline.begins
        above: list[str] = []
        for line in self.raw:
            if first and line.startswith(first[:40]):
                break
            above.append(line)
        tail = [block.text for block in outline.tail]
        return HeadReader(above, tail, notes, self.words).read()

    def _is_treaty(self, head: Head) -> bool:
        """A convention's or agreement's own text: it bears no symbol, and its title says so."""
        tokens = tokens_of((head.title or "")[:60])
        return head.symbol is None and bool(tokens) and tokens[0].key in self.words.treaties

    def _memory(self, outline: Outline, head: Head) -> Memory:
        name = outline.organ or ""
        top = " ".join([head.symbol or "", name, " ".join(self.raw[:30])])
        family = family_of(top, " ".join(self.raw[:400]))
        memory = Memory(family=family, organ_name=name)
        memory.organ = self._organ(name, family)
        return memory

    def _organ(self, name: str, family: str | None) -> KnownName | None:
        keys = _unnumbered(keyed(name), self.words)
        found: list[tuple[int, bool, KnownName]] = []
        for known in self.names:
            for text in (*known.texts, *known.local):
                own = keyed(text)
                ours = known.family == family
                whole = own == keys or (own == keys[: len(own)] and keys[len(own)] in self.words.of)
                if own and whole and (text in known.texts or ours):
                    found.append((len(own), ours, known))
        return max(found, key=lambda each: each[:2])[2] if found else None

    def _reading(self, outline: Outline, head: Head, memory: Memory, read: Read) -> Reading:
        organ = _organ_name(outline.organ, memory.organ, self.words)
        return Reading(
            language=self.words.language,
            symbol=head.symbol,
            title=head.title,
            organ=organ,
            organ_key=memory.organ.key if memory.organ else None,
            status=head.status,
            date=head.date,
            preamble=read.preamble,
            operative=read.operative,
            noted=read.noted,
            warnings=tuple(warnings_of(outline, head, read)),
        )


def _is_resolution(outline: Outline) -> bool:
    """Somebody decides, for reasons or in paragraphs that begin with verbs."""
    verbs = sum(1 for each in outline.operative if each.opening)
    if outline.organ is not None:
        return verbs > 0 or len(outline.operative) > 0
    numbered = sum(1 for each in outline.operative if each.opening and each.number)
    several = len(outline.preamble) >= SEVERAL and numbered >= SEVERAL
    return bool(outline.preamble) and verbs > 0 and (outline.resolved or several)


def _unnumbered(keys: tuple[str, ...], words: Words) -> tuple[str, ...]:
    """As "Seventy-second World Health Assembly" without the ordinal."""
    kept = list(keys)
    while len(kept) > 1 and is_ordinal(kept[0], words):
        kept.pop(0)
    return tuple(kept)


def _organ_name(printed: str | None, known: KnownName | None, words: Words) -> str | None:
    """As it is rightly written; printed capitals become a name only where the name is known."""
    if printed is None:
        return None
    if known is not None:
        keys = _unnumbered(keyed(printed), words)
        same = [
            text for text in (*known.local, *known.texts) if keyed(text) == keys[: len(keyed(text))]
        ]
        if same:
            return min(same, key=len)
    return _cased(printed, words) if printed.isupper() else printed


def _cased(printed: str, words: Words) -> str:
    """A name in capitals, as names are written."""
    small = words.inner | words.of | words.glue
    return " ".join(
        word.lower() if place and word.lower() in small else word.capitalize()
        for place, word in enumerate(printed.split())
    )
