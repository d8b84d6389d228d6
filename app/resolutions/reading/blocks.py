"""Lines put together into blocks: what belongs to one paragraph or heading."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.resolutions.reading.lines import Line
from app.resolutions.reading.numbers import Number, Style, number_at
from app.resolutions.reading.openings import Opening, opening_of
from app.resolutions.reading.record import Part
from app.resolutions.reading.tokens import WORD, tokens_of
from app.resolutions.reading.words import Words

CLOSED = re.compile(r"[.;:!?][\"'”’»)\]]*(?:\s?(?:and|or|y|e|o|u|et|ou))?$")
SEMICOLON = re.compile(r";[\"'”’»)\]]*(?:\s?(?:and|or|y|e|o|u|et|ou))?$")
COMMA = re.compile(r",[\"'”’»)\]]*(?:\s?(?:and|or|y|e|o|et|ou))?$")
OPENS = "\"'“«([‘"
# Prefixes that keep their hyphen where a line ended after it.
PREFIXES = {"non", "co", "self", "well", "ex", "vice", "inter", "anti", "sub", "semi", "pan", "afro"}


@dataclass
class Block:
    """A paragraph, sub-paragraph or heading, with its number taken off the text."""

    number: Number | None
    opening: Opening | None
    gap: bool
    lines: list[str] = field(default_factory=list)
    text: str = ""

    @property
    def capital(self) -> bool:
        """Whether it begins like a sentence."""
        return self.text.lstrip(OPENS)[:1].isupper()


class Builder:
    """Takes line after line; knows what was printed last, so that it can tell what begins anew."""

    def __init__(self, words: Words, known: frozenset[str]) -> None:
        self.words = words
        self.known = known
        self.blocks: list[Block] = []
        self.last: dict[Style, int] = {}
        self.letter = ""

    def take(self, line: Line) -> None:
        """The next line of the text."""
        number = number_at(line.text, self.words, self.letter)
        if not self.blocks or self._begins(line, number):
            self._begin(line, number)
        else:
            self.blocks[-1].lines.append(line.text)

    def done(self) -> list[Block]:
        """All blocks, each with its text on one line."""
        for block in self.blocks:
            block.text = joined(block.lines, self.known)
            numbered = block.number is not None
            block.opening = opening_of(block.text.lstrip(OPENS), self.words, numbered=numbered)
        return self.blocks

    def _begin(self, line: Line, number: Number | None) -> None:
        text = line.text[number.length :] if number else line.text
        if number:
            self.last[number.style] = number.value
            if number.style in {Style.ALPHA, Style.SMALL_ROMAN}:
                letters = re.sub(r"\W", "", number.printed).lower()
                self.letter = letters if number.style is Style.ALPHA else self.letter
            elif number.style in {Style.ARABIC, Style.ARTICLE, Style.WORD}:
                self.letter = ""
                self.last.pop(Style.ALPHA, None)
        self.blocks.append(Block(number, None, line.gap, [text] if text else []))

    def _begins(self, line: Line, number: Number | None) -> bool:
        before = self.blocks[-1].lines[-1] if self.blocks[-1].lines else ""
        if not before:
            return number is not None and line.gap
        if number:
            return self._number_begins(line, number, before)
        opening = opening_of(line.text.lstrip(OPENS), self.words)
        closed, gap = CLOSED.search(before) is not None, line.gap and not line.cut
        if opening and self._opening_begins(line, opening, before, gap=gap):
            return True
        if self._stands_alone(line.text, before, gap=line.gap):
            return True
        if line.text.lstrip(OPENS)[:1].islower():
            return gap and closed
        if gap:
            return closed or not _joins(before, self.words)
        return SEMICOLON.search(before) is not None or (line.cut and closed)

    def _number_begins(self, line: Line, number: Number, before: str) -> bool:
        """A number begins a block after the end of a sentence, or where it is the next one."""
        if CLOSED.search(before) or (line.gap and not line.cut):
            return True
        rest = line.text[number.length :]
        follows = number.value == self.last.get(number.style, 0) + 1 or number.bis
        if number.style is Style.BULLET:
            return False
        if number.style in {Style.ARABIC, Style.ARTICLE, Style.WORD}:
            heading = not self.blocks[-1].number or len(self.blocks[-1].lines) == 1
            return follows and (
                not rest or heading or opening_of(rest.lstrip(OPENS), self.words) is not None
            )
        return follows and (COMMA.search(before) is not None or line.cut or len(before) < 40)  # noqa: PLR2004

    def _opening_begins(self, line: Line, opening: Opening, before: str, *, gap: bool) -> bool:
        capital = line.text.lstrip(OPENS)[:1].isupper()
        closed = CLOSED.search(before) is not None
        if opening.kind is Part.OPERATIVE:
            return capital and (closed and before[-1:] != "." or gap or (closed and self._verb_stands()))
        comma = COMMA.search(before) is not None
        organ = _first_key(before) in self.words.structure["articles"] and len(before) < 90  # noqa: PLR2004
        return (capital and (closed or comma or gap or organ)) or (gap and (closed or comma))

    def _verb_stands(self) -> bool:
        """Whether paragraphs of this text have no numbers, so that a verb alone begins one."""
        return self.last.get(Style.ARABIC) is None

    def _stands_alone(self, text: str, before: str, *, gap: bool) -> bool:
        """A line that is a whole: "RESOLVES:", "ANNEX", "The Security Council,"."""
        if len(text) > 120:  # noqa: PLR2004
            return False
        tokens = tokens_of(text)
        if not tokens or not text.lstrip(OPENS)[:1].isupper():
            return False
        count = self.words.resolves.at(tokens, 0)[0]
        if count == len(tokens) and (text.endswith(":") or (text.isupper() and not _joins(before, self.words))):
            return True
        if text.isupper() and self.words.annex.at(tokens, 0)[0] and len(tokens) <= 3:  # noqa: PLR2004
            return True
        article = tokens[0].key in self.words.structure["articles"]
        ends = text.endswith((",", ":")) or before.endswith(")")
        return article and ends and (before.endswith(")") or gap or CLOSED.search(before) is not None or (
            text.endswith((",", ":")) and text.isupper()
        ))


def _joins(before: str, words: Words) -> bool:
    """Whether a line ends with a word after which something has to follow."""
    hits = WORD.findall(before[-20:])
    if not hits or not before[-1].isalpha():
        return before.endswith("-")
    last = hits[-1].lower()
    return last in words.inner or last in words.common or last in words.structure["articles"]


def _first_key(text: str) -> str:
    tokens = tokens_of(text[:20])
    return tokens[0].key if tokens else ""


def blocks_of(lines: Sequence[Line], words: Words) -> list[Block]:
    """The text's blocks, in order."""
    known = frozenset(
        hit for line in lines for hit in WORD.findall(line.text.lower()) if not line.text.endswith(hit + "-")
    )
    builder = Builder(words, known)
    for line in lines:
        builder.take(line)
    return builder.done()


def joined(lines: Sequence[str], known: frozenset[str]) -> str:
    """Lines as one; a word that was divided at the end of a line is whole again."""
    pieces: list[str] = []
    for line in lines:
        before = pieces[-1] if pieces else ""
        if before.endswith("-") and before[-2:-1].isalpha() and line[:1].isalpha():
            if not _keeps_hyphen(before, line, known):
                pieces[-1] = before[:-1]
        elif pieces:
            pieces.append(" ")
        pieces.append(line)
    return "".join(pieces)


def _keeps_hyphen(before: str, line: str, known: frozenset[str]) -> bool:
    """Whether it belongs to the word: "Secretary-General", "non-proliferation"."""
    left = (WORD.findall(before[-40:].lower()) or [""])[-1]
    hit = WORD.match(line)
    right = hit[0].lower() if hit else ""
    if line[0].isupper() and not before[-2].isupper():
        return True
    if left + right in known:
        return False
    return left in PREFIXES or (left in known and right in known and len(right) > 2)  # noqa: PLR2004
