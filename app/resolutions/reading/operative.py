"""Operative paragraphs: where each begins, what belongs to it, where the last one ends."""

from collections.abc import Sequence

from app.resolutions.reading.blocks import CLOSED, OPENS, Block
from app.resolutions.reading.marks import SHORT, Marks
from app.resolutions.reading.numbers import Number, Style
from app.resolutions.reading.openings import LOOKED_AT, opening_of
from app.resolutions.reading.outline import Draft, Outline, Piece
from app.resolutions.reading.record import Part
from app.resolutions.reading.tokens import first_tokens, tokens_of
from app.resolutions.reading.words import Words

TOP = {Style.ARABIC, Style.ARTICLE, Style.WORD}
LOST = 3  # numbers that may be missing in a row


class Operative(Marks):
    """Takes the blocks after "RESOLVES" one after another."""

    blocks: Sequence[Block]
    outline: Outline
    style: Style | None = None
    value: int = 0
    call: str = ""  # "INVITES MEMBER STATES TO:", to which the following paragraphs belong
    resolved: bool = False
    infinitive: bool = False  # "agree to:", after which verbs stand bare

    def _begin_inline(self, text: str) -> None:
        self._new(None, text)

    def _operative(self, place: int) -> bool:  # noqa: C901, PLR0911 (a list of what a block may be)
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
        """Whether a block is the next paragraph: by its number, or its verb where none has one."""
        number, opening = block.number, block.opening
        operative = opening is not None and opening.kind is Part.OPERATIVE
        if self.style is None and not self.outline.operative:
            if number is None:
                return operative and block.capital
            return (
                number.style in TOP
                or (number.style is Style.ROMAN and operative)
                or (self._is_first(number) and (operative or self.resolved))
            )
        if self.style is None:
            return number is None and operative and block.capital and self._ended()
        if number is None or number.style is not self.style:
            return False
        return self._follows(number, operative=operative)

    @staticmethod
    def _is_first(number: Number) -> bool:
        """Whether it is "(1)" or "a)", with which a list of paragraphs may begin."""
        return number.style in {Style.ROUND, Style.ALPHA} and number.value == 1

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
        if not words and (self.infinitive or (number is not None and opening is None)):
            words = verb_like(text, self.words) if not self.infinitive else first_word(text)
        drafts.append(Draft(Part.OPERATIVE, number.printed if number else None, text, words))

    def _is_call(self, place: int) -> bool:
        """ "INVITES MEMBER STATES TO:" above numbered paragraphs that go on counting."""
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
        self.resolved = True
        return True

    def _section(self, place: int) -> bool:
        """ "II. Risk management": a heading, if a paragraph follows."""
        block = self.blocks[place]
        short = len(block.text) < SHORT and not CLOSED.search(block.text)
        roman = block.number is not None and block.number.style in {
            Style.ROMAN,
            Style.ALPHA,
            Style.ARABIC,
        }
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
        if (
            self.style is not None and draft.ends.rstrip().endswith((":", ";", ","))
        ) or self._goes_on(block):
            draft.pieces.append(Piece(None, block.text))
            return True
        if self.style is None or self._number_comes(place):
            draft.pieces.append(Piece(None, block.text))
            return True
        return False

    def _number_comes(self, place: int) -> bool:
        """Whether the next number stands further down, before any annex."""
        for block in self.blocks[place + 1 : place + 12]:
            if self._is_annex(block):
                return False
            number = block.number
            if number and number.style is self.style and number.value == self.value + 1:
                return True
        return False

    def _is_annex(self, block: Block) -> bool:
        tokens = first_tokens(block.text[:LOOKED_AT])
        if not tokens or (block.number is not None and block.number.style is not Style.ROMAN):
            return False
        count = self.words.annex.at(tokens, 0)[0]
        if not count or not self.outline.operative:
            return False
        short = len(block.text) < SHORT and not block.text.rstrip().endswith((";", ","))
        upper = block.text[: tokens[count - 1].end].isupper()
        return block.capital and (upper or (short and len(tokens) <= count + 12 and self._ended()))


def verb_like(text: str, words: Words) -> str:
    """The first word where it stands like a verb: no article, and small letters after it."""
    tokens = first_tokens(text[:LOOKED_AT])
    small_words = {*words.structure["articles"], *words.glue, *words.inner}
    if len(tokens) <= 1 or tokens[0].key in small_words:
        return ""
    small = text[tokens[0].end : tokens[1].end].strip()[:1].islower()
    return first_word(text) if small and tokens[0].key.isalpha() else ""


def first_word(text: str) -> str:
    """The first word of a paragraph."""
    tokens = tokens_of(text[:60])
    return text[tokens[0].start : tokens[0].end] if tokens else ""
