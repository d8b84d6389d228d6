"""What the reader is unsure of, in sentences for the reader of the text."""

from collections.abc import Iterator

from app.core.languages import Message
from app.resolutions.reading.findings import Read
from app.resolutions.reading.head import Head
from app.resolutions.reading.outline import Outline
from app.resolutions.reading.record import Deadline, Paragraph


def warnings_of(outline: Outline, head: Head, read: Read) -> Iterator[Message]:
    """In the order of the text: its head, its numbers, its paragraphs."""
    yield from _of_head(outline, head)
    for before, after in outline.gaps:
        yield Message(
            "After paragraph %(before)s comes paragraph %(after)s: one may be missing.",
            {"before": before, "after": after},
        )
    numbers = [each.number for each in read.operative]
    if None in numbers and any(numbers):
        yield Message("Some operative paragraphs have no number.")
    elif None in numbers:
        yield Message("The operative paragraphs have no numbers; they are counted here.")
    for printed in read.twice:
        yield Message(
            "The text prints “%(printed)s”; the beginning was read once.", {"printed": printed}
        )
    for paragraph in read.operative:
        yield from _of_paragraph(paragraph)


def _of_head(outline: Outline, head: Head) -> Iterator[Message]:
    if outline.organ is None:
        yield Message("The text does not say who decides.")
    if not outline.preamble:
        yield Message("No preambular paragraph was found.")
    if head.title is None:
        yield Message("No title was found.")


def _of_paragraph(paragraph: Paragraph) -> Iterator[Message]:
    dated = {each.date for each in paragraph.of(Deadline) if each.date}
    if len(dated) > 1:
        yield Message(
            "Paragraph %(number)s has more than one date that may be its deadline.",
            {"number": paragraph.number or str(paragraph.n)},
        )
    if not paragraph.opening:
        yield Message(
            "Paragraph %(number)s begins with no verb that is known.",
            {"number": paragraph.number or str(paragraph.n)},
        )
