"""Reads a resolution's text."""

import re
from collections.abc import Sequence
from functools import lru_cache

from app.core.languages import Language, Message
from app.resolutions.reading.blocks import blocks_of
from app.resolutions.reading.bodies import Memory, Register
from app.resolutions.reading.families import family_of
from app.resolutions.reading.findings import Finders, Read
from app.resolutions.reading.head import Head, HeadReader
from app.resolutions.reading.language import language_of
from app.resolutions.reading.lines import marks_of, raw_lines, text_lines
from app.resolutions.reading.names import KnownName
from app.resolutions.reading.record import NotAResolution, Paragraph, Reading
from app.resolutions.reading.structure import Outline, outline_of
from app.resolutions.reading.tokens import keyed
from app.resolutions.reading.warnings import warnings_of
from app.resolutions.reading.words import Words, words_of

LONGEST = 1_500_000  # characters; the longest resolutions have a few hundred thousand


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
                Message("This text is not a resolution: no paragraphs that decide or request were found.")
            )
        head = self._head(outline)
        memory = self._memory(outline, head)
        finders = Finders(self.words, _register(self.names), memory, marks_of(notes))
        paragraphs = finders.read(outline)
        return self._reading(outline, head, memory, paragraphs)

    def _head(self, outline: Outline) -> Head:
        """The head's lines as printed, up to where the text begins."""
        first = outline.begins
        above: list[str] = []
        for line in self.raw:
            if first and line.startswith(first[:40]):
                break
            above.append(line)
        return HeadReader(above, [block.text for block in outline.tail], self.words).read()

    def _memory(self, outline: Outline, head: Head) -> Memory:
        name = outline.organ or ""
        top = " ".join([head.symbol or "", name, " ".join(self.raw[:30])])
        family = family_of(top, " ".join(self.raw[:400]))
        memory = Memory(family=family, organ_name=name)
        memory.organ = self._organ(name, family)
        return memory

    def _organ(self, name: str, family: str | None) -> KnownName | None:
        keys = _unnumbered(keyed(name), self.words)
        same = [
            known
            for known in self.names
            for text in (*known.texts, *known.local)
            if keyed(text) == keys and (text in known.texts or known.family == family)
        ]
        ours = [known for known in same if known.family == family]
        return next(iter(ours or same), None)

    def _reading(
        self, outline: Outline, head: Head, memory: Memory, read: Read
    ) -> Reading:
        organ = _organ_name(outline.organ, memory.organ, self.words)
        operative: tuple[Paragraph, ...] = read.operative
        return Reading(
            language=self.words.language,
            symbol=head.symbol,
            title=head.title,
            organ=organ,
            organ_key=memory.organ.key if memory.organ else None,
            status=head.status,
            date=head.date,
            preamble=read.preamble,
            operative=operative,
            warnings=tuple(warnings_of(outline, head, read)),
        )


def _is_resolution(outline: Outline) -> bool:
    """Somebody decides, for reasons or in paragraphs that begin with verbs."""
    verbs = sum(1 for each in outline.operative if each.opening)
    if outline.organ is not None:
        return verbs > 0 or len(outline.operative) > 0
    return bool(outline.preamble) and verbs > 0 and outline.resolved


def _unnumbered(keys: tuple[str, ...], words: Words) -> tuple[str, ...]:
    """"Seventy-second World Health Assembly" without the ordinal."""
    kept = list(keys)
    while len(kept) > 1 and (kept[0] in words.ordinals or re.fullmatch(r"\w+(?:ieth|th|ty)|\d+\w*|[lx]?xx?\w*esim[oa]", kept[0])):
        kept.pop(0)
    return tuple(kept)


def _organ_name(printed: str | None, known: KnownName | None, words: Words) -> str | None:
    """As it is rightly written; printed capitals become a name only where the name is known."""
    if printed is None:
        return None
    if known is not None:
        keys = _unnumbered(keyed(printed), words)
        for text in (*known.texts, *known.local):
            if keyed(text) == keys:
                return text
    return _cased(printed, words) if printed.isupper() else printed


def _cased(printed: str, words: Words) -> str:
    """A name in capitals, as names are written."""
    small = words.inner | words.of | words.glue
    return " ".join(
        word.lower() if place and word.lower() in small else word.capitalize()
        for place, word in enumerate(printed.split())
    )
