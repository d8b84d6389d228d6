"""How far each paragraph is fulfilled, and which days its reports need before. Pure.

A report of fulfilment reads the same rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

from app.core.languages import Localized, Message

GIST_LENGTH = 220
# The steps of a report, from the first draft on. The Council reports, so its organs go first.
STEPS = (
    Message("First draft, in the Working Group"),
    Message("Draft to the committee above it"),
    Message("The Council considers the report"),
    Message("The report goes out, in every language"),
)
# Days before the report is due. The Assembly's own ladder of preparations has these columns.
USUAL_DAYS = (45, 30, 15, 7)
USUAL_SOURCE = Message(
    "The steps by which a regular session of the General Assembly is prepared: "
    "45, 30 and 15 days and one week before"
)
MOST_DAYS = 365


class State(StrEnum):
    """How far a commitment is. `LATE` is open, and a day of it has passed."""

    DONE = "done"
    OPEN = "open"
    LATE = "late"


class AnswerKind(StrEnum):
    """What in the planner answers a paragraph."""

    CALL = "call"
    INVITATION = "invitation"
    ITEM = "item"
    SITTING = "sitting"
    DOCUMENT = "document"


@dataclass(frozen=True)
class Answer:
    """One thing that answers a paragraph; `path` is its address under the meeting's desk."""

    kind: AnswerKind
    id: UUID
    name: Localized
    path: str


@dataclass(frozen=True)
class Step:
    """A day on which a report must be so far."""

    what: Message
    day: date


@dataclass(frozen=True)
class Due:
    """Something of a paragraph that is due; `steps` lead to a report whose day is known.

    `squeezed`: there is less time after the meeting than the steps usually take.
    """

    id: UUID
    version: int
    day: date | None
    what: Localized
    is_report: bool
    steps: Sequence[Step] = ()
    squeezed: bool = False


@dataclass(frozen=True)
class Whom:
    """An entity that a paragraph names, in its role."""

    key: str
    name: Localized
    role: str


@dataclass(frozen=True)
class Commitment:
    """A row of the page: what an operative paragraph asks, of whom, by when, what answers it.

    `remark`, `version` and `by_hand` are what somebody said of it; the version is 0 before.
    """

    paragraph_id: UUID
    number: int
    label: str
    anchor: str
    asks: Localized
    whom: Sequence[Whom]
    dues: Sequence[Due]
    answers: Sequence[Answer]
    state: State
    by_hand: bool = False
    remark: Localized = field(default_factory=Localized)
    version: int = 0

    def of(self, kind: AnswerKind) -> list[Answer]:
        """Its answers of one kind."""
        return [each for each in self.answers if each.kind is kind]


def state_of(
    *, said_done: bool | None, asks_meeting: bool, over: bool, days: Sequence[date], today: date
) -> State:
    """What somebody said counts; else a meeting that took place is what was asked for."""
    if said_done or (said_done is None and asks_meeting and over):
        return State.DONE
    return State.LATE if any(day < today for day in days) else State.OPEN


def counted_back(due: date, days: Sequence[int], *, closes: date) -> tuple[list[Step], bool]:
    """The steps before a report is due, and whether they had to move together.

    Nobody reports on a meeting before it closes: where fewer days lie between, all steps keep
    their proportions. A report that is due before the meeting closes is counted plainly.
    """
    between = (due - closes).days
    longest = max(days, default=0)
    squeezed = 0 < between < longest
    return [
        Step(what, due - timedelta(days=round(each * between / longest) if squeezed else each))
        for what, each in zip(STEPS, days, strict=False)
    ], squeezed


def gist(text: str) -> str:
    """The beginning of a paragraph up to a comma or a full stop, short enough for a table."""
    line = text.split("\n", 1)[0]
    if len(line) <= GIST_LENGTH:
        return line
    cut = line[:GIST_LENGTH]
    end = max(cut.rfind(mark) for mark in (", ", "; ", ". "))
    return f"{cut[:end] if end > GIST_LENGTH // 3 else cut.rsplit(' ', 1)[0]} …"


class FulfilmentLike(Protocol):
    """What somebody said of a paragraph."""

    @property
    def paragraph_id(self) -> UUID: ...
    @property
    def done_at(self) -> datetime | None: ...
    @property
    def remark(self) -> Localized: ...


def fulfilment_state(said: FulfilmentLike) -> dict[str, Any]:
    """What the journal keeps of it."""
    return {
        "paragraph": str(said.paragraph_id),
        "done": said.done_at is not None,
        "remark": dict(said.remark),
    }


class LadderLike(Protocol):
    """How a meeting counts back."""

    @property
    def days(self) -> list[int]: ...
    @property
    def source(self) -> Localized: ...


def ladder_state(ladder: LadderLike) -> dict[str, Any]:
    """What the journal keeps of how days are counted."""
    return {"days": list(ladder.days), "source": dict(ladder.source)}
