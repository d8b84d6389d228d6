"""From an outline to paragraphs with everything that is found in them, each at its place."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from app.resolutions.reading.bodies import Finder
from app.resolutions.reading.dates import dates_in
from app.resolutions.reading.deadlines import Deadlines
from app.resolutions.reading.instruments import Citations
from app.resolutions.reading.lines import without_marks
from app.resolutions.reading.openings import opening_of
from app.resolutions.reading.outline import Draft, Outline, Piece
from app.resolutions.reading.purposes import purposes_in
from app.resolutions.reading.record import (
    Body,
    Deadline,
    Finding,
    Instrument,
    Paragraph,
    Part,
    PastDate,
    Role,
    SubParagraph,
)
from app.resolutions.reading.register import Memory, Register
from app.resolutions.reading.roles import Roles, with_role
from app.resolutions.reading.spans import Spans
from app.resolutions.reading.tokens import tokens_of
from app.resolutions.reading.words import Words


@dataclass
class Read:
    """All paragraphs, and what was odd in them."""

    preamble: tuple[Paragraph, ...] = ()
    operative: tuple[Paragraph, ...] = ()
    noted: tuple[Instrument, ...] = ()
    twice: list[str] = field(default_factory=list)


class Finders:
    """Reads paragraph after paragraph; what one says about names, the next ones know."""

    def __init__(self, words: Words, register: Register, memory: Memory, marks: set[str]) -> None:
        self.words = words
        self.register = register
        self.memory = memory
        self.marks = marks
        self.twice: list[str] = []

    def read(self, outline: Outline, notes: Sequence[str]) -> Read:
        """Every paragraph, and what footnotes cite."""
        preamble = tuple(self._paragraph(draft, n) for n, draft in enumerate(outline.preamble, 1))
        operative = tuple(self._paragraph(draft, n) for n, draft in enumerate(outline.operative, 1))
        return Read(preamble, operative, self._noted(notes), self.twice)

    def _noted(self, notes: Sequence[str]) -> tuple[Instrument, ...]:
        council = self.memory.family == "UN"
        return tuple(
            found
            for note in notes
            for found in Citations(note, tokens_of(note), self.words, council=council).read()
        )

    def _paragraph(self, draft: Draft, n: int) -> Paragraph:
        text, parts = self._text(draft)
        return Paragraph(
            kind=draft.kind,
            n=n,
            number=draft.number,
            opening=draft.opening,
            text=text,
            findings=self._findings(text, draft),
            parts=parts,
        )

    def _text(self, draft: Draft) -> tuple[str, tuple[SubParagraph, ...]]:
        """One line for the paragraph, one for each sub-paragraph."""
        lines = [without_marks(draft.text, self.marks)]
        spans: list[tuple[Piece, int, int]] = []
        length = len(lines[0])
        for piece in draft.pieces:
            words = without_marks(piece.text, self.marks)
            if piece.number is None:
                lines.append((" " if lines[-1] else "") + words)
                length += len(lines[-1])
                if spans:
                    spans[-1] = (spans[-1][0], spans[-1][1], length)
                continue
            line = f"\n{piece.number.printed} {words}".rstrip()
            lines.append(line)
            spans.append((piece, length + 1, length + len(line)))
            length += len(line)
        text = "".join(lines)
        return text, self._nested(text, spans)

    def _nested(self, text: str, spans: list[tuple[Piece, int, int]]) -> tuple[SubParagraph, ...]:
        """Sub-paragraphs under each other: a new way of numbering is a deeper level."""
        levels: list[str] = []
        depths: list[int] = []
        for piece, _, _ in spans:
            style = piece.number.style if piece.number else ""
            if style in levels:
                del levels[levels.index(style) + 1 :]
            else:
                levels.append(style)
            depths.append(len(levels))
        return self._at_depth(text, spans, depths, range(len(spans)), 1)

    def _at_depth(
        self,
        text: str,
        spans: list[tuple[Piece, int, int]],
        depths: list[int],
        places: range,
        depth: int,
    ) -> tuple[SubParagraph, ...]:
        found = []
        heads = [place for place in places if depths[place] == depth]
        for number, place in enumerate(heads):
            stop = heads[number + 1] if number + 1 < len(heads) else places.stop
            inner = range(place + 1, stop)
            piece, start, end = spans[place]
            end = spans[stop - 1][2] if inner else end
            opening = opening_of(piece.text, self.words, numbered=True)
            found.append(
                SubParagraph(
                    number=piece.number.printed if piece.number else "",
                    opening=opening.text if opening else "",
                    start=start,
                    end=end,
                    text=text[start:end],
                    parts=self._at_depth(text, spans, depths, inner, depth + 1),
                )
            )
        return tuple(found)

    def _weak(self, body: Body) -> bool:
        """A programme or system that is asked for nothing is a plan, not a body."""
        tokens = tokens_of(body.name)
        return bool(tokens) and any(
            token.key in self.words.weak for token in (tokens[0], tokens[-1])
        )

    def _findings(self, text: str, draft: Draft) -> tuple[Finding, ...]:
        tokens, kind = tokens_of(text), draft.kind
        begin = text.find(draft.opening) + len(draft.opening) if draft.opening else 0
        citations = Citations(text, tokens, self.words, council=self.memory.family == "UN")
        instruments = citations.read()
        self.twice.extend(citations.twice)
        days = dates_in(text)
        taken = citations.taken
        deadlines = (
            Deadlines(text, tokens, self.words, days).read() if kind is Part.OPERATIVE else []
        )
        named = Finder(text, tokens, self.words, self.register, self.memory).read(taken, begin)
        bodies = Roles(text, tokens, self.words).read(named, taken)
        bodies = [
            each
            for each in bodies
            if each.key or each.role is not Role.OTHER or not self._weak(each)
        ]
        if kind is Part.PREAMBULAR:
            bodies = [with_role(body, Role.OTHER) for body in bodies]
        deadlines = [_whole(each, bodies, text) for each in deadlines]
        for body in bodies:
            taken.take(body.start, body.end)
        purposes = purposes_in(text, tokens, taken)
        due = Spans()
        for each in deadlines:
            due.take(each.start, each.end)
        past = [
            PastDate(day.start, day.end, text[day.start : day.end], day.first, day.last)
            for day in days
            if due.free(day.start, day.end)
        ]
        found: list[Finding] = [*instruments, *bodies, *deadlines, *past, *purposes]
        return tuple(sorted(found, key=lambda each: (each.start, each.end)))


def _whole(deadline: Deadline, bodies: Sequence[Body], text: str) -> Deadline:
    """A deadline that ends inside a body's name, with the whole of it."""
    for body in bodies:
        if body.start < deadline.end < body.end:
            return replace(deadline, end=body.end, text=text[deadline.start : body.end])
    return deadline
