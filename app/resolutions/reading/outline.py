"""A resolution in outline: paragraphs with their pieces, before anything is found in them."""

from dataclasses import dataclass, field

from app.resolutions.reading.blocks import Block
from app.resolutions.reading.numbers import Number
from app.resolutions.reading.record import Part


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
