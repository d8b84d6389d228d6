"""A resolution's key, and a paragraph's text cut where something was found. Pure."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from app.core.languages import Message, folded
from app.resolutions.models import FindingKind
from app.resolutions.reading.record import Role

KEY_LENGTH = 60
ROLE_WORDS: dict[Role, Message] = {
    Role.ASKED: Message("asked"),
    Role.THROUGH: Message("channel"),
    Role.CALLED_UPON: Message("called upon"),
    Role.WORK_WITH: Message("works with"),
    Role.COLLABORATE: Message("collaborates"),
    Role.REPORT_TO: Message("reported to"),
    Role.OTHER: Message("named"),
}
KIND_WORDS: dict[FindingKind, Message] = {
    FindingKind.BODY: Message("body"),
    FindingKind.INSTRUMENT: Message("instrument"),
    FindingKind.DEADLINE: Message("deadline"),
    FindingKind.DATE: Message("date"),
    FindingKind.PURPOSE: Message("purpose"),
}
APART = re.compile(r"[^a-z0-9]+")


def key_of(words: str) -> str:
    """What addresses and files call it: `ag-res-2118-xxxv-o-05`; empty where nothing is left."""
    return APART.sub("-", folded(words)).strip("-")[:KEY_LENGTH].strip("-")


def fresh_key(words: str, taken: Collection[str], *, most: int = KEY_LENGTH) -> str:
    """The key of these words, or with a number after it, so that it is nobody's yet."""
    base = key_of(words)[:most].strip("-") or "unnamed"
    key, number = base, 2
    while key in taken:
        key, number = f"{base}-{number}", number + 1
    return key


def word_of(kind: FindingKind, said: Mapping[str, Any]) -> Message:
    """What a finding is, in a word or two: a body by its role in the sentence."""
    return ROLE_WORDS[Role(said["role"])] if said.get("role") else KIND_WORDS[kind]


Thing = TypeVar("Thing")
Span = tuple[int | None, int | None, Thing]


@dataclass(frozen=True)
class Piece(Generic[Thing]):
    """A stretch of text; `found` is what stands there, None between findings."""

    text: str
    found: Thing | None = None


def pieces(text: str, spans: Iterable[Span[Thing]]) -> list[Piece[Thing]]:
    """The whole text in order, cut where something stands between two offsets.

    Of things that overlap the first and longest is marked; what has no offsets is not.
    """
    placed = [
        (start, -end, number, thing)
        for number, (start, end, thing) in enumerate(spans)
        if start is not None and end is not None
    ]
    found: list[Piece[Thing]] = []
    here = 0
    for start, end, _, thing in sorted(placed, key=lambda row: row[:3]):
        if start < here or -end > len(text):
            continue
        found += [Piece(text[here:start]), Piece(text[start:-end], thing)]
        here = -end
    return [piece for piece in (*found, Piece(text[here:])) if piece.text]
