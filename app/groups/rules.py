"""Who holds a post, how names stand in order, what a decision has come to, what is due. Pure."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol, TypeVar

from app.core.access import Role
from app.core.languages import Message

SOON = timedelta(days=14)
# The posts that carry a permission; a rapporteur works as a member.
ROLE_OF_POST = {"chair": Role.CHAIR, "vice_chair": Role.VICE_CHAIR}
POST_NAMES = {
    "chair": Message("Chair"),
    "vice_chair": Message("Vice chair"),
    "rapporteur": Message("Rapporteur"),
    "secretariat": Message("Secretariat"),
}
METHOD_NAMES = {"acclamation": Message("by acclamation"), "vote": Message("by vote")}
WAY_NAMES = {
    "adopted": Message("adopted"),
    "ad_referendum": Message("adopted ad referendum"),
    "silence": Message("silence procedure"),
}
TASK_STATE_NAMES = {
    "open": Message("not begun"),
    "under_way": Message("under way"),
    "done": Message("done"),
    "dropped": Message("dropped"),
}
MATTER_NAMES = {
    "schedule": Message("Publishing the schedule"),
    "agenda": Message("The draft agenda"),
    "letters": Message("A batch of letters"),
}


class Term(Protocol):
    """An election with the days of the office; an open end is None."""

    @property
    def post(self) -> str: ...
    @property
    def since(self) -> date: ...
    @property
    def until(self) -> date | None: ...


AnyTerm = TypeVar("AnyTerm", bound=Term)


def overlapping(terms: Iterable[AnyTerm], since: date, until: date | None) -> list[AnyTerm]:
    """The terms that share a day with the one from `since` to `until`."""
    return [
        each
        for each in terms
        if (until is None or each.since <= until) and (each.until is None or since <= each.until)
    ]


def in_office(terms: Iterable[AnyTerm], day: date) -> dict[str, AnyTerm]:
    """Who holds each post on that day."""
    return {each.post: each for each in overlapping(terms, day, day)}


def drawn(keys: Iterable[str], seed: str) -> list[str]:
    """The keys in an order that only the seed decides, for ever and on every machine."""
    return sorted(keys, key=lambda key: hashlib.sha256(f"{seed}\n{key}".encode()).digest())


def completed(order: Sequence[str], keys: Iterable[str]) -> list[str]:
    """The order with those left out that are gone, and those appended that it does not know."""
    there = set(keys)
    known = [key for key in order if key in there]
    return [*known, *sorted(there.difference(known))]


class HasQuorum(Protocol):
    """How many must be there, of how many."""

    @property
    def quorum_base(self) -> int | None: ...
    @property
    def quorum_open(self) -> int: ...
    @property
    def quorum_decide(self) -> int: ...


@dataclass(frozen=True)
class Quorum:
    """So many of so many are there, so many are needed. A fact to be read, never a gate."""

    present: int
    base: int
    to_open: int
    to_decide: int

    @property
    def may_open(self) -> bool:
        """Whether enough are there to begin."""
        return self.present >= self.to_open

    @property
    def may_decide(self) -> bool:
        """Whether enough are there to decide."""
        return self.present >= self.to_decide


def quorum(group: HasQuorum, *, present: int, members: int) -> Quorum:
    """The rule of the Group, applied to who is there."""
    base = members if group.quorum_base is None else group.quorum_base
    return Quorum(present, base, group.quorum_open, group.quorum_decide)


class Standing(StrEnum):
    """What a decision has come to."""

    ADOPTED = "adopted"
    OPEN_AD_REFERENDUM = "open_ad_referendum"
    SILENCE_RUNS = "silence_runs"
    SILENCE_KEPT = "silence_kept"
    SILENCE_BROKEN = "silence_broken"
    NOT_ADOPTED = "not_adopted"
    SUPERSEDED = "superseded"


STANDING_NAMES = {
    Standing.ADOPTED: Message("It is adopted"),
    Standing.OPEN_AD_REFERENDUM: Message("Open: not all have confirmed"),
    Standing.SILENCE_RUNS: Message("Silence procedure is running"),
    Standing.SILENCE_KEPT: Message("Nobody objected; the chair has to confirm"),
    Standing.SILENCE_BROKEN: Message("Silence broken; the chair has to confirm"),
    Standing.NOT_ADOPTED: Message("Not adopted"),
    Standing.SUPERSEDED: Message("Superseded"),
}


class ReservationLike(Protocol):
    """A delegation's agreement, open until it is confirmed."""

    @property
    def confirmed_at(self) -> datetime | None: ...


class ObjectionLike(Protocol):
    """Somebody objects."""

    @property
    def received_at(self) -> datetime: ...


class DecisionLike(Protocol):
    """A decision with what hangs on it."""

    @property
    def way(self) -> str: ...
    @property
    def deadline_at(self) -> datetime | None: ...
    @property
    def outcome(self) -> str | None: ...
    @property
    def reservations(self) -> Sequence[ReservationLike]: ...
    @property
    def objections(self) -> Sequence[ObjectionLike]: ...


def is_late(objection: ObjectionLike, deadline: datetime | None) -> bool:
    """Whether it came after the deadline, so that it is kept but breaks nothing."""
    return deadline is not None and objection.received_at > deadline


def standing(decision: DecisionLike, *, superseded: bool, now: datetime) -> Standing:
    """Computed from the rows; an outcome of a silence procedure counts once it is confirmed."""
    if superseded:
        return Standing.SUPERSEDED
    if decision.way == "ad_referendum":
        pending = any(each.confirmed_at is None for each in decision.reservations)
        return Standing.OPEN_AD_REFERENDUM if pending else Standing.ADOPTED
    if decision.way == "silence":
        return _silence(decision, now=now)
    return Standing.ADOPTED


def _silence(decision: DecisionLike, *, now: datetime) -> Standing:
    if decision.outcome is not None:
        return Standing.ADOPTED if decision.outcome == "adopted" else Standing.NOT_ADOPTED
    if any(not is_late(each, decision.deadline_at) for each in decision.objections):
        return Standing.SILENCE_BROKEN
    if decision.deadline_at is not None and now <= decision.deadline_at:
        return Standing.SILENCE_RUNS
    return Standing.SILENCE_KEPT


class TaskLike(Protocol):
    """A task with its one kind of day."""

    @property
    def due_on(self) -> date | None: ...
    @property
    def days_before(self) -> int | None: ...
    @property
    def state(self) -> str: ...


def due_day(task: TaskLike, opening: date) -> date:
    """The date, or so many days before the conference opens (after it, if negative)."""
    return task.due_on or opening - timedelta(days=task.days_before or 0)


class Urgency(StrEnum):
    """How a task stands to its day."""

    SETTLED = "settled"
    OVERDUE = "overdue"
    SOON = "soon"
    LATER = "later"


def urgency(task: TaskLike, opening: date, *, today: date) -> Urgency:
    """Settled tasks are due no longer; of the others, what is overdue and what is near."""
    due = due_day(task, opening)
    if task.state in {"done", "dropped"}:
        return Urgency.SETTLED
    if due < today:
        return Urgency.OVERDUE
    return Urgency.SOON if due <= today + SOON else Urgency.LATER


@dataclass(frozen=True)
class Mark:
    """A day on the timeline, with its place from the left in thousandths; `row` avoids others."""

    day: date
    left: int
    row: int
    kind: str
    label: object


def timeline(
    days: Iterable[tuple[date, str, object]], first: date, last: date, *, apart: int = 60
) -> list[Mark]:
    """Days from first to last as places on a line, closer ones one below the other."""
    length = max((last - first).days, 1)
    marks: list[Mark] = []
    ends: list[int] = []
    for day, kind, label in sorted(days, key=lambda each: (each[0], str(each[1]))):
        if first <= day <= last:
            left = 1000 * (day - first).days // length
            free = (number for number, end in enumerate(ends) if end + apart <= left)
            row = next(free, len(ends))
            ends[row : row + 1] = [left]
            marks.append(Mark(day, left, row, kind, label))
    return marks


def dated_lines(text: str) -> tuple[list[tuple[date, str]], str | None]:
    """Lines that each begin with a date, and the first one that does not."""
    found = []
    for line in filter(None, map(str.strip, text.splitlines())):
        day, _, rest = line.partition(" ")
        try:
            found.append((date.fromisoformat(day), rest.strip()))
        except ValueError:
            return found, line
        if not rest.strip():
            return found, line
    return found, None


def lines_of(rows: Iterable[Mapping[str, str]], *names: str) -> str:
    """The same rows as lines again: the date, then the named parts."""
    return "\n".join(" ".join([each["on"], *(each[name] for name in names)]) for each in rows)
