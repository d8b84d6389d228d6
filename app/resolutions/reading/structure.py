"""From blocks to preambular and operative paragraphs: who decides, why, what; where it ends."""

import re
from collections.abc import Sequence

from app.resolutions.reading.blocks import CLOSED, OPENS, Block
from app.resolutions.reading.marks import SHORT
from app.resolutions.reading.numbers import Style
from app.resolutions.reading.openings import opening_of
from app.resolutions.reading.operative import TOP, Operative, first_word
from app.resolutions.reading.outline import Draft, Outline, Piece
from app.resolutions.reading.record import Part
from app.resolutions.reading.tokens import tokens_of
from app.resolutions.reading.words import Words

MOST_REASONS = 2000  # a text that gives more and decides nothing is something else


class Outliner(Operative):
    """Reads blocks one after another; each state is a method that takes the next block."""

    def __init__(self, blocks: Sequence[Block], words: Words) -> None:
        self.blocks = blocks
        self.words = words
        self.articles = set(words.structure["articles"])
        self.heads = {
            tuple(t.key for t in tokens_of(each)) for each in words.structure["preamble_heads"]
        }
        self.outline = Outline(None, [], [], [])
        self.head = ""  # "CONSIDERING:", to which the following paragraphs belong

    def read(self) -> Outline | None:
        """The outline, or None where there is no operative paragraph under an organ or reasons."""
        start = self._start()
        if start is None:
            return None
        self.outline.begins = self.blocks[start].lines[0] if self.blocks[start].lines else ""
        place = start
        while place < len(self.blocks):
            if self.resolved or self.outline.operative:
                if not self._operative(place):
                    break
            elif len(self.outline.preamble) > MOST_REASONS:
                break
            else:
                self._preamble(place)
            place += 1
        self.outline.tail = list(self.blocks[place:])
        self.outline.resolved = self.resolved
        return self.outline if self.outline.operative else None

    # Where the text begins.

    def _start(self) -> int | None:
        """The organ's line, or the first reason where reasons stand above it."""
        reasons: int | None = None
        for place, block in enumerate(self.blocks):
            if self._is_organ(place):
                return place if reasons is None else reasons
            if reasons is None and self._is_reason(block):
                reasons = place
            if self._resolves(block.text) and reasons is not None:
                return reasons
        return reasons

    def _is_organ(self, place: int) -> bool:
        block = self.blocks[place]
        after = self.blocks[place + 1] if place + 1 < len(self.blocks) else None
        name = self._organ(block)
        if name is None and self._bare_organ(block):
            return after is not None and (self._reasons(after) or self._is_head(after.text))
        if name is None or (place + 1 >= len(self.blocks) and not self._rest(block, name)):
            return False
        rest = self._rest(block, name)
        if rest and opening_of(rest, self.words):
            return True
        if self._resolve_at_end(block.text):
            return True
        if after is None or not block.text.rstrip().endswith((",", ":", ";")):
            marked = after and (self._resolves(after.text) or self._is_head(after.text))
            return bool(marked and block.text.isupper())
        return (
            after.opening is not None
            or self._resolves(after.text)
            or self._is_head(after.text)
            or after.number is not None
            or self._resolve_at_end(after.text)
        )

    @staticmethod
    def _reasons(block: Block) -> bool:
        return block.opening is not None and block.opening.kind is Part.PREAMBULAR

    # Preamble.

    def _preamble(self, place: int) -> None:
        block = self.blocks[place]
        text = block.text
        if self.outline.organ is None and self._is_organ(place):
            text = self._take_organ(block)
            if not text:
                return
        if self._is_head(text):
            self.head = text.rstrip(" :")
            return
        if self._resolves(text):
            self.resolved = True
            self.infinitive = text.rstrip(" :").lower().endswith(" to")
            return
        if self._resolve_at_end(text):
            self._resolve_inside(block, text)
            return
        inline = self._resolve_inline(text)
        opening = opening_of(text.lstrip(OPENS), self.words, numbered=block.number is not None)
        if inline is not None:
            self.resolved = True
            self._begin_inline(text[inline:])
        elif opening and opening.kind is Part.OPERATIVE and self._may_operate(block, text):
            self._operative(place)
        else:
            self._reason(
                block, text, opening.text if opening and opening.kind is Part.PREAMBULAR else None
            )

    def _take_organ(self, block: Block) -> str:
        """Keep the name; what follows it in the block, or nothing."""
        name = self._organ(block) or self._bare_organ(block) or ""
        self.outline.organ = name
        rest = self._rest(block, name)
        if self._resolves(rest):
            self.resolved = True
            return ""
        if self._resolve_at_end(rest):
            self.resolved = True
            return ""
        opening = opening_of(rest, self.words) if rest else None
        return rest if opening else ""

    def _may_operate(self, block: Block, text: str) -> bool:
        begun = self.outline.organ is not None or bool(self.outline.preamble)
        top = block.number is None or block.number.style in {*TOP, Style.ROMAN}
        first = block.number is not None and self._is_first(block.number)
        capital = text.lstrip(OPENS)[:1].isupper() or block.number is not None
        return begun and (top or first) and capital and not self.head_is_open(block)

    def head_is_open(self, block: Block) -> bool:
        """Under "RECALLING:" numbered entries are reasons, until a verb stands without number."""
        return bool(self.head) and block.number is not None

    def _resolve_inside(self, block: Block, text: str) -> None:
        where = self._resolve_words(text) or 0
        before = text[:where].rstrip(" ,")
        organ = self._organ(Block(None, None, gap=True, text=before + ","))
        if before and self.outline.organ is None and organ:
            self.outline.organ = organ
        elif before and opening_of(before, self.words) and self.outline.organ != organ:
            opening = opening_of(before, self.words)
            self._reason(block, before, opening.text if opening else None)
        self.resolved = True

    def _reason(self, block: Block, text: str, opening: str | None) -> None:
        preamble = self.outline.preamble
        begun = self.outline.organ is not None or preamble or self.head
        if not begun and opening is None:
            return
        level = block.number is None or block.number.style in {
            *TOP,
            Style.ROUND,
            Style.ALPHA,
            Style.SMALL_ROMAN,
            Style.ROMAN,
        }
        fresh = opening is not None or (self.head and block.number is not None)
        if preamble and not fresh:
            ended = re.search(r"[;,.]$", re.sub(CLOSED_TAIL, "", preamble[-1].ends)) is not None
            if block.number is not None or not (ended and block.capital and block.gap):
                preamble[-1].pieces.append(Piece(block.number, text))
                return
            if len(text) < SHORT and not CLOSED.search(text) and not text.rstrip().endswith(","):
                return  # a heading between reasons
        if not level and preamble:
            preamble[-1].pieces.append(Piece(block.number, text))
            return
        number = block.number.printed if block.number else None
        words = opening if opening is not None else (self.head or first_word(text))
        preamble.append(Draft(Part.PREAMBULAR, number, text, words))

    # Operative part.

    # The end.


CLOSED_TAIL = re.compile(r"\s?(?:and|or|y|e|o|et|ou)$")


def outline_of(blocks: Sequence[Block], words: Words) -> Outline | None:
    """The outline of a resolution, or None."""
    return Outliner(blocks, words).read()
