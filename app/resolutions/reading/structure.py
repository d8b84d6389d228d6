"""From blocks to preambular and operative paragraphs: who decides, why, what; where it ends."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.resolutions.reading.blocks import CLOSED, OPENS, Block
from app.resolutions.reading.numbers import Number, Style
from app.resolutions.reading.openings import opening_of
from app.resolutions.reading.record import Part
from app.resolutions.reading.tokens import Token, key_of, tokens_of
from app.resolutions.reading.words import Words

TOP = {Style.ARABIC, Style.ARTICLE, Style.WORD}
SHORT = 120
LOST = 3  # numbers that may be missing in a row


@dataclass
class Piece:
    """A sub-paragraph, or a further sentence of a paragraph."""

    number: Number | None
    text: str


@dataclass
class Draft:
    """A paragraph as it is put together: its number, its head line, what follows."""

    kind: Part
    number: str | None
    text: str
    opening: str
    pieces: list[Piece] = field(default_factory=list)

    @property
    def ends(self) -> str:
        """Its last words so far."""
        return self.pieces[-1].text if self.pieces else self.text


@dataclass
class Outline:
    """The whole: who decides, paragraphs, where head and tail are, what is unsure."""

    organ: str | None
    preamble: list[Draft]
    operative: list[Draft]
    tail: list[Block]
    gaps: list[tuple[str, str]] = field(default_factory=list)
    resolved: bool = False  # whether a line says "RESOLVES"
    begins: str = ""  # the first words of the first block


class Outliner:
    """Reads blocks one after another; each state is a method that takes the next block."""

    def __init__(self, blocks: Sequence[Block], words: Words) -> None:
        self.blocks = blocks
        self.words = words
        self.articles = set(words.structure["articles"])
        self.heads = {tuple(t.key for t in tokens_of(each)) for each in words.structure["preamble_heads"]}
        self.outline = Outline(None, [], [], [])
        self.style: Style | None = None
        self.value = 0
        self.head = ""  # "CONSIDERING:", to which the following paragraphs belong
        self.call = ""  # "INVITES MEMBER STATES TO:", likewise
        self.resolved = False

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

    def _is_reason(self, block: Block) -> bool:
        if block.opening is None or block.opening.kind is not Part.PREAMBULAR:
            return False
        rest = block.text.rstrip()
        return (rest.endswith((";", ",", ":")) or CLOSED.search(rest) is not None) and (
            block.capital and len(rest.split()) > len(block.opening.text.split())
            or rest.endswith(":")
        )

    def _is_organ(self, place: int) -> bool:
        block = self.blocks[place]
        name = self._organ(block)
        if name is None or place + 1 >= len(self.blocks) and not self._rest(block, name):
            return False
        rest = self._rest(block, name)
        after = self.blocks[place + 1] if place + 1 < len(self.blocks) else None
        if rest and opening_of(rest, self.words):
            return True
        if self._resolve_at_end(block.text):
            return True
        if after is None or not block.text.rstrip().endswith((",", ":", ";")):
            return bool(after and block.text.isupper() and self._resolves(after.text))
        return (
            after.opening is not None
            or self._resolves(after.text)
            or self._is_head(after.text)
            or after.number is not None
            or self._resolve_at_end(after.text)
        )

    def _organ(self, block: Block) -> str | None:
        """"The Security Council," without the article; None for anything else."""
        if block.number is not None and block.number.style is not Style.ARABIC:
            return None
        text = block.text.lstrip(OPENS)
        tokens = tokens_of(text[:SHORT])
        if len(tokens) < 2 or not text[0].isupper():  # noqa: PLR2004
            return None
        we = tokens[0].key in {"we", "nous", "nosotros", "nosotras", "nos"}
        if tokens[0].key not in self.articles and not we:
            return None
        start = tokens[1].start
        if tokens[1].key in self.articles and we:
            start = tokens[2].start if len(tokens) > 2 else start  # noqa: PLR2004
        cut = re.search(r"[,:;]|\.(?=\s|$)|$", text[start:])
        name = text[start : start + (cut.start() if cut else 0)].strip()
        if cut is not None and cut[0] in {".", ";"}:
            return None
        last = self._resolve_words(name)
        if last is not None:
            name = name[:last].strip()
        return name if name and (name[0].isupper() or we) and len(name) < SHORT else None

    @staticmethod
    def _rest(block: Block, name: str) -> str:
        return block.text.partition(name)[2].lstrip(" ,:")

    def _resolve_words(self, text: str) -> int | None:
        """Where "RESOLVES" begins at the end of the text."""
        tokens = tokens_of(text[-80:])
        offset = max(len(text) - 80, 0)
        for place in range(len(tokens)):
            if self.words.resolves.at(tokens, place)[0] == len(tokens) - place:
                return offset + tokens[place].start
        return None

    def _resolve_at_end(self, text: str) -> bool:
        if not text.rstrip().endswith(":"):
            return False
        place = self._resolve_words(text)
        return place is not None and text[place:place + 1].isupper()

    def _resolves(self, text: str) -> bool:
        """A block that is "RESOLVES:" and nothing else."""
        tokens = tokens_of(text[:SHORT])
        if not tokens or len(text) >= SHORT or not text.lstrip(OPENS)[:1].isupper():
            return False
        return self.words.resolves.at(tokens, 0)[0] == len(tokens)

    def _is_head(self, text: str) -> bool:
        return text.rstrip().endswith(":") and tuple(t.key for t in tokens_of(text[:SHORT])) in self.heads

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
            self._reason(block, text, opening.text if opening and opening.kind is Part.PREAMBULAR else None)

    def _take_organ(self, block: Block) -> str:
        """Keep the name; what follows it in the block, or nothing."""
        name = self._organ(block) or ""
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
        return begun and top and text.lstrip(OPENS)[:1].isupper() and not self.head_is_open(block)

    def head_is_open(self, block: Block) -> bool:
        """Inside "RECALLING:" 1. ..., numbered entries are reasons, until another verb stands out."""
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

    def _resolve_inline(self, text: str) -> int | None:
        """"RESOLVES: 1. To request": where the first paragraph begins."""
        tokens = tokens_of(text[:SHORT])
        count = self.words.resolves.at(tokens, 0)[0] if tokens else 0
        if not count or count == len(tokens):
            return None
        after = text[tokens[count - 1].end :]
        return len(text) - len(after.lstrip(" :")) if after.lstrip().startswith(":") and text[:1].isupper() else None

    def _reason(self, block: Block, text: str, opening: str | None) -> None:
        preamble = self.outline.preamble
        begun = self.outline.organ is not None or preamble or self.head
        if not begun and opening is None:
            return
        level = block.number is None or block.number.style in {*TOP, Style.ROUND, Style.ALPHA, Style.SMALL_ROMAN, Style.ROMAN}
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
        words = opening if opening is not None else (self.head or _first_word(text))
        preamble.append(Draft(Part.PREAMBULAR, number, text, words))

    # Operative part.

    def _begin_inline(self, text: str) -> None:
        self._new(None, text)

    def _operative(self, place: int) -> bool:
        """Take a block; False where the operative part is over."""
        block = self.blocks[place]
        drafts = self.outline.operative
        if self._is_annex(block):
            return False
        if not drafts and self._resolves(block.text):
            return True
        if self._is_organ_again(block):
            return True
        if self._is_top(block):
            if self._is_call(place):
                return True
            self._new(block.number, block.text)
            return True
        if not drafts:
            return self._before_first(place)
        if self._is_call(place):
            return True
        if block.number is not None and not self._section(place):
            drafts[-1].pieces.append(Piece(block.number, block.text))
            return True
        return self._between(place)

    def _is_organ_again(self, block: Block) -> bool:
        """The organ named only before "RESOLVES", or "The Assembly:" after the reasons."""
        if self.outline.operative or not block.text.rstrip().endswith((":", ",")):
            return False
        name = self._organ(block)
        if name and self.outline.organ is None:
            self.outline.organ = name
        return name is not None

    def _before_first(self, place: int) -> bool:
        block = self.blocks[place]
        heading = len(block.text) < SHORT and not CLOSED.search(block.text)
        if heading and self._top_follows(place):
            return True
        self._new(None, block.text)
        return True

    def _is_top(self, block: Block) -> bool:
        """Whether a block is the next paragraph: by its number, or by its verb where none has one."""
        number, opening = block.number, block.opening
        operative = opening is not None and opening.kind is Part.OPERATIVE
        if self.style is None and not self.outline.operative:
            if number is None:
                return operative and block.capital
            return number.style in TOP or (number.style is Style.ROMAN and operative) or (
                number.style is Style.ROUND and operative and number.value == 1
            )
        if self.style is None:
            return number is None and operative and block.capital and self._ended()
        if number is None or number.style is not self.style:
            return False
        return self._follows(number, operative=operative)

    def _follows(self, number: Number, *, operative: bool) -> bool:
        if number.bis:
            return number.value == self.value
        if number.value == self.value + 1:
            return True
        if number.value == 1 and self.value >= 1:
            return operative or self.style is Style.ARTICLE
        return self.value < number.value <= self.value + LOST and operative and self._ended()

    def _ended(self) -> bool:
        ends = self.outline.operative[-1].ends
        return CLOSED.search(ends) is not None or ends.rstrip().endswith(",")

    def _new(self, number: Number | None, text: str) -> None:
        drafts = self.outline.operative
        text = text.strip()
        if number is not None:
            if not number.bis and self.value and number.value > self.value + 1:
                self.outline.gaps.append((str(self.value), number.printed))
            self.style, self.value = number.style, number.value
        if self.call:
            text = f"{self.call} {text}"
        opening = opening_of(text.lstrip(OPENS), self.words, numbered=True)
        operative = opening is not None and opening.kind is Part.OPERATIVE
        words = opening.text if opening and operative else ""
        drafts.append(Draft(Part.OPERATIVE, number.printed if number else None, text, words))

    def _is_call(self, place: int) -> bool:
        """"INVITES MEMBER STATES TO:" above numbered paragraphs that go on counting."""
        block = self.blocks[place]
        if block.number is not None or not block.text.rstrip().endswith(":"):
            return False
        operative = block.opening is not None and block.opening.kind is Part.OPERATIVE
        after = self.blocks[place + 1] if place + 1 < len(self.blocks) else None
        if not operative or after is None or after.number is None or after.number.style not in TOP:
            return False
        if self.style is None and self.outline.operative:
            return False
        self.call = block.text.strip()
        return True

    def _section(self, place: int) -> bool:
        """"II. Risk management": a heading, if a paragraph follows."""
        block = self.blocks[place]
        short = len(block.text) < SHORT and not CLOSED.search(block.text)
        roman = block.number is not None and block.number.style in {Style.ROMAN, Style.ALPHA, Style.ARABIC}
        capital = block.capital or not block.text
        return bool(short and roman and capital and self._ended() and self._top_follows(place))

    def _top_follows(self, place: int) -> bool:
        """Whether the next block is a paragraph (after further headings)."""
        for block in self.blocks[place + 1 : place + 4]:
            if self._is_annex(block):
                return False
            if self._is_top(block):
                return True
            if len(block.text) >= SHORT or CLOSED.search(block.text):
                return False
        return False

    def _between(self, place: int) -> bool:
        """A block without a number among paragraphs: a heading, a further sentence, or the end."""
        block = self.blocks[place]
        draft = self.outline.operative[-1]
        if self._is_closing(block):
            return False
        if not self._ended() or not block.capital:
            draft.pieces.append(Piece(None, block.text))
            return True
        if len(block.text) < SHORT and not CLOSED.search(block.text):
            return self._top_follows(place)
        if self.style is not None and draft.ends.rstrip().endswith((":", ";", ",")) or self._goes_on(block):
            draft.pieces.append(Piece(None, block.text))
            return True
        if self.style is None or self._number_comes(place):
            draft.pieces.append(Piece(None, block.text))
            return True
        return False

    def _goes_on(self, block: Block) -> bool:
        tokens = tokens_of(block.text[:40])
        starts = {key_of(each).split()[0] for each in self.words.structure["continuation"].split("|")}
        return bool(tokens) and tokens[0].key in starts and CLOSED.search(block.text) is not None

    def _number_comes(self, place: int) -> bool:
        """Whether the next number stands further down, before any annex."""
        for block in self.blocks[place + 1 : place + 12]:
            if self._is_annex(block):
                return False
            number = block.number
            if number and number.style is self.style and number.value == self.value + 1:
                return True
        return False

    # The end.

    def _is_annex(self, block: Block) -> bool:
        tokens = tokens_of(block.text[:SHORT])
        if not tokens or block.number is not None and block.number.style is not Style.ROMAN:
            return False
        count = self.words.annex.at(tokens, 0)[0]
        if not count or not self.outline.operative:
            return False
        short = len(block.text) < SHORT and not block.text.rstrip().endswith((";", ","))
        upper = block.text[: tokens[count - 1].end].isupper()
        return block.capital and (upper or (short and len(tokens) <= count + 12 and self._ended()))

    def _is_closing(self, block: Block) -> bool:
        """"95th plenary meeting, 23 December 1994", "Adopted at ...", names of signatories."""
        text = block.text
        tokens = tokens_of(text[:300])
        if not tokens:
            return True
        closing = self.words.closing
        if closing.at(tokens, 0)[0] and self._has_year_or_short(text, tokens):
            return True
        inside = any(closing.at(tokens, place)[0] > 1 for place in range(len(tokens)))
        if len(text) < SHORT and (inside or re.search(r"\b(?:1[89]|20)\d\d\b\W*$", text)):
            return not (block.opening and block.opening.kind is Part.OPERATIVE)
        return text.startswith(("[", "(")) and len(text) < SHORT

    def _has_year_or_short(self, text: str, tokens: list[Token]) -> bool:
        return len(text) < 400 or re.search(r"\b(?:1[89]|20)\d\d\b", text) is not None  # noqa: PLR2004


CLOSED_TAIL = re.compile(r"\s?(?:and|or|y|e|o|et|ou)$")


def _first_word(text: str) -> str:
    tokens = tokens_of(text[:60])
    return text[tokens[0].start : tokens[0].end] if tokens else ""


def outline_of(blocks: Sequence[Block], words: Words) -> Outline | None:
    """The outline of a resolution, or None."""
    return Outliner(blocks, words).read()
