"""Lines put together into blocks: what belongs to one paragraph or heading."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from app.resolutions.reading.lines import Line
from app.resolutions.reading.numbers import Number, Style, number_at
from app.resolutions.reading.openings import LOOKED_AT, Opening, opening_of
from app.resolutions.reading.record import Part
from app.resolutions.reading.tokens import WORD, first_tokens, tokens_of
from app.resolutions.reading.words import Words

CLOSED = re.compile(r"[.;:!?][\"'”’»)\]]*(?:\s?(?:and|or|y|e|o|u|et|ou))?$")
SEMICOLON = re.compile(r";[\"'”’»)\]]*(?:\s?(?:and|or|y|e|o|u|et|ou))?$")
COMMA = re.compile(r",[\"'”’»)\]]*(?:\s?(?:and|or|y|e|o|et|ou))?$")
BARE = re.compile(r"(?P<n>\d{1,3})\s+(?=[A-ZÀ-Ý])")
BRACKETS = "(["
AHEAD = 4  # lines that an organ's clause may have
OPENS = "\"'“«([‘"
# Prefixes that keep their hyphen where a line ended after it.
PREFIXES = {
    "non",
    "co",
    "self",
    "well",
    "ex",
    "vice",
    "inter",
    "anti",
    "sub",
    "semi",
    "pan",
    "afro",
}


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
        self.capitals: bool | None = None  # whether reasons begin in capitals
        self.small = False  # whether reasons begin in small letters after the organ's line
        self.organ = False  # whether the organ's line was seen

    def take(self, line: Line, after: Sequence[Line]) -> None:
        """The next line of the text; `after` are some lines that follow it."""
        number = number_at(line.text, self.words, self.letter) or self._bare_number(line)
        if not self.organ and self._is_organ_line(line, after):
            self.organ = True
            self._begin(line, None)
        elif not self.blocks or self._begins(line, number):
            self._begin(line, number)
        else:
            self.blocks[-1].lines.append(line.text)

    def _is_organ_line(self, line: Line, after: Sequence[Line]) -> bool:
        """ "The Council, meeting in Lima," under a title, above the first reason."""
        before = self.blocks[-1].lines[-1:] if self.blocks else []
        if before and not line.gap and (before[0].endswith(",") or _joins(before[0], self.words)):
            return False
        if not _names_organ(line.text, self.words):
            return False
        clause = [line, *after]
        for place, following in enumerate(after):
            text = clause[place].text
            if place and (_names_organ(text, self.words) or clause[place].gap):
                return False
            if text.endswith((",", ":", ";")) and (first := self._reason_at(following.text)):
                self.small = first[:1].islower()
                return True
            if text.endswith("."):
                return False
        return False

    def _reason_at(self, text: str) -> str | None:
        opening = opening_of(text, self.words)
        return text if opening is not None and opening.kind is Part.PREAMBULAR else None

    def _bare_number(self, line: Line) -> Number | None:
        """A number without a point, where the next one is due and a verb follows: "2 INVITES"."""
        hit = BARE.match(line.text)
        if hit is None or int(hit["n"]) != self.last.get(Style.ARABIC, 0) + 1:
            return None
        opening = opening_of(line.text[hit.end() :], self.words)
        if opening is None or opening.kind is not Part.OPERATIVE:
            return None
        return Number(Style.ARABIC, hit["n"], int(hit["n"]), hit.end())

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

    def _begins(self, line: Line, number: Number | None) -> bool:  # noqa: PLR0911 (one question after another)
        # Two lines, since the first may end before "and".
        before = " ".join(self.blocks[-1].lines[-2:])
        if not before:
            return number is not None and line.gap
        if number:
            return self._number_begins(line, number, before)
        opening = opening_of(line.text.lstrip(BRACKETS), self.words)
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
            return capital and (
                (closed and before[-1:] != ".") or gap or (closed and self._verb_stands())
            )
        if self.small and opening.text[:1].islower():
            return COMMA.search(before) is not None or SEMICOLON.search(before) is not None
        if self.capitals is None:
            self.capitals = opening.text.isupper()
        elif self.capitals and not gap and not opening.text.isupper():
            return False
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
        if count == len(tokens) and (
            text.endswith(":") or (text.isupper() and not _joins(before, self.words))
        ):
            return True
        if text.isupper() and self.words.annex.at(tokens, 0)[0] and len(tokens) <= 3:  # noqa: PLR2004
            return True
        article = tokens[0].key in self.words.structure["articles"]
        ends = text.endswith((",", ":")) or before.endswith(")")
        return (
            article
            and ends
            and (
                before.endswith(")")
                or gap
                or CLOSED.search(before) is not None
                or (text.endswith((",", ":")) and text.isupper())
            )
        )


def _joins(before: str, words: Words) -> bool:
    """Whether a line ends with a word after which something has to follow."""
    hits = WORD.findall(before[-20:])
    if not hits or not before[-1].isalpha():
        return before.endswith("-")
    last = hits[-1].lower()
    return last in words.inner or last in words.common or last in words.structure["articles"]


def _names_organ(text: str, words: Words) -> bool:
    """Whether a line begins with an article and a name: "The Council", "La 102e Conférence"."""
    tokens = first_tokens(text[:LOOKED_AT])
    if len(tokens) < 2 or tokens[0].key not in words.structure["articles"]:  # noqa: PLR2004
        return False
    name = text[tokens[1].start]
    return text[:1].isupper() and (name.isupper() or name.isdigit())


def _first_key(text: str) -> str:
    tokens = tokens_of(text[:20])
    return tokens[0].key if tokens else ""


def blocks_of(lines: Sequence[Line], words: Words) -> list[Block]:
    """The text's blocks, in order."""
    divided = any(line.text.endswith("-") for line in lines)
    known = frozenset(_whole_words(lines)) if divided else frozenset[str]()
    builder = Builder(words, known)
    for place, line in enumerate(lines):
        builder.take(line, lines[place + 1 : place + 1 + AHEAD])
    return builder.done()


def _whole_words(lines: Sequence[Line]) -> Iterator[str]:
    """Words that the text has in one piece, which tell how a divided one is written."""
    for line in lines:
        words = WORD.findall(line.text.lower())
        yield from words[:-1] if line.text.endswith("-") else words


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
