"""What clashes, what a new edition holds, and what changed since the last. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import groupby
from typing import Any, Protocol, TypeVar
from uuid import UUID

from app.core.languages import Localized

Content = Mapping[str, Any]
SECOND = timedelta(seconds=1)


class HasId(Protocol):
    """An item."""

    @property
    def id(self) -> UUID: ...


class HasKey(Protocol):
    """An entity."""

    @property
    def key(self) -> str: ...


class HasRole(Protocol):
    """A person with a role."""

    @property
    def person_id(self) -> UUID: ...
    @property
    def role(self) -> str: ...


class Booking(Protocol):
    """A sitting that holds a room for a time."""

    @property
    def id(self) -> UUID: ...
    @property
    def title(self) -> Localized: ...
    @property
    def starts_at(self) -> datetime | None: ...
    @property
    def ends_at(self) -> datetime | None: ...
    @property
    def room_id(self) -> UUID | None: ...


@dataclass(frozen=True)
class Slot:
    """A time, and a room if one is chosen."""

    starts_at: datetime
    ends_at: datetime
    room_id: UUID | None


class SittingLike(Booking, Protocol):
    """A sitting with its parts."""

    @property
    def note(self) -> Localized: ...
    @property
    def minutes(self) -> int | None: ...
    @property
    def items(self) -> Sequence[HasId]: ...
    @property
    def entities(self) -> Sequence[HasKey]: ...
    @property
    def people(self) -> Sequence[HasRole]: ...
    @property
    def closed(self) -> bool: ...
    @property
    def cancelled_at(self) -> datetime | None: ...


def sitting_state(sitting: SittingLike) -> dict[str, Any]:
    """What the journal keeps of a sitting."""
    return {
        "title": dict(sitting.title),
        "note": dict(sitting.note),
        "minutes": sitting.minutes,
        "items": sorted(str(item.id) for item in sitting.items),
        "entities": sorted(entity.key for entity in sitting.entities),
        "people": sorted([str(each.person_id), str(each.role)] for each in sitting.people),
        "closed": sitting.closed,
        "starts_at": _stored(sitting.starts_at),
        "ends_at": _stored(sitting.ends_at),
        "room_id": str(sitting.room_id) if sitting.room_id else None,
        "cancelled": sitting.cancelled_at is not None,
    }


def slot_of(state: Mapping[str, Any]) -> Slot | None:
    """The place that such a state tells."""
    if state["starts_at"] is None:
        return None
    starts, ends = (datetime.fromisoformat(state[end]) for end in ("starts_at", "ends_at"))
    return Slot(starts, ends, UUID(state["room_id"]) if state["room_id"] else None)


def _stored(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat() if moment else None


AnyBooking = TypeVar("AnyBooking", bound=Booking)


def overlapping(bookings: Iterable[AnyBooking], slot: Slot) -> Iterator[AnyBooking]:
    """Bookings that hold the slot's room at some moment of it; touching ends do not overlap."""
    for booking in bookings:
        if booking.starts_at is None or booking.ends_at is None or booking.room_id is None:
            continue
        if booking.room_id != slot.room_id:
            continue
        if booking.starts_at < slot.ends_at and slot.starts_at < booking.ends_at:
            yield booking


def room_clashes(bookings: Sequence[AnyBooking]) -> list[tuple[AnyBooking, AnyBooking]]:
    """Every pair that holds one room at one moment. O(n log n) without clashes."""

    def in_room(booking: AnyBooking) -> str:
        return str(booking.room_id)

    clashes: list[tuple[AnyBooking, AnyBooking]] = []
    held = [each for each in bookings if each.starts_at and each.room_id is not None]
    for _, group in groupby(sorted(held, key=in_room), key=in_room):
        running: list[AnyBooking] = []
        for booking in sorted(group, key=lambda each: (each.starts_at, each.ends_at)):
            running = [
                before
                for before in running
                if before.ends_at and booking.starts_at and before.ends_at > booking.starts_at
            ]
            clashes.extend((before, booking) for before in running)
            running.append(booking)
    return clashes


@dataclass(frozen=True)
class Draft:
    """A sitting in work, as the next edition would hold it."""

    sitting_id: UUID
    starts_at: datetime | None
    ends_at: datetime | None
    cancelled: bool
    content: Content


@dataclass(frozen=True)
class FrozenSitting:
    """A sitting in an edition. `content` holds title, room, items, tags, entities and note."""

    sitting_id: UUID
    starts_at: datetime
    ends_at: datetime
    cancelled: bool
    content: Content
    sequence: int
    changed_at: datetime
    first_published_at: datetime


def next_edition(
    before: Mapping[UUID, FrozenSitting], drafts: Iterable[Draft], *, now: datetime
) -> list[FrozenSitting]:
    """What an edition published now holds, by start.

    A sitting that was ever published stays: cancelled, if it is so or lost its place, at the
    time and place that readers know. One that never was appears when it has a place.
    """
    held = (_frozen(before.get(draft.sitting_id), draft, now=now) for draft in drafts)
    rows = [row for row in held if row is not None]
    return sorted(rows, key=lambda row: (row.starts_at, row.ends_at, row.sitting_id))


def _frozen(last: FrozenSitting | None, draft: Draft, *, now: datetime) -> FrozenSitting | None:
    if draft.starts_at is None or draft.ends_at is None or draft.cancelled:
        return _struck(last, draft, now=now) if last else None
    fresh = FrozenSitting(
        sitting_id=draft.sitting_id,
        starts_at=draft.starts_at,
        ends_at=draft.ends_at,
        cancelled=False,
        content=draft.content,
        sequence=0,
        changed_at=now,
        first_published_at=now,
    )
    return _following(last, fresh) if last else fresh


def _struck(last: FrozenSitting, draft: Draft, *, now: datetime) -> FrozenSitting:
    content = {**draft.content, "room": last.content["room"]}
    return _following(last, replace(last, cancelled=True, content=content, changed_at=now))


def _following(last: FrozenSitting, fresh: FrozenSitting) -> FrozenSitting:
    """Carry on the counters: SEQUENCE rises for time, place or status (RFC 5546 2.1.4).

    A clock that was set back makes no change older than what it changes: of two with one
    SEQUENCE, calendars keep the later.
    """
    if _exported(last) == _exported(fresh):
        return last
    raised = _when_and_where(last) != _when_and_where(fresh)
    in_order = fresh.changed_at >= last.changed_at
    return replace(
        fresh,
        sequence=last.sequence + raised,
        changed_at=fresh.changed_at if in_order else last.changed_at + SECOND,
        first_published_at=last.first_published_at,
    )


def _when_and_where(row: FrozenSitting) -> tuple[object, ...]:
    return (row.starts_at, row.ends_at, row.content["room"], row.cancelled)


def _exported(row: FrozenSitting) -> tuple[object, ...]:
    return (*_when_and_where(row), row.content)


class ChangeKind(StrEnum):
    """What happened to a sitting between two editions."""

    ADDED = "added"
    MOVED = "moved"
    CANCELLED = "cancelled"
    BROUGHT_BACK = "brought_back"
    REWORDED = "reworded"


@dataclass(frozen=True)
class Change:
    """One difference, with the sitting as it was and as it is."""

    kind: ChangeKind
    before: FrozenSitting | None
    after: FrozenSitting


def changes(before: Mapping[UUID, FrozenSitting], after: Iterable[FrozenSitting]) -> list[Change]:
    """What readers of the edition before will find different."""
    found = []
    for row in after:
        last = before.get(row.sitting_id)
        kind = _kind_of_change(last, row)
        if kind is not None:
            found.append(Change(kind, last, row))
    return found


def _kind_of_change(last: FrozenSitting | None, row: FrozenSitting) -> ChangeKind | None:
    if last is None:
        return ChangeKind.ADDED
    if _exported(last) == _exported(row):
        return None
    if last.cancelled != row.cancelled:
        return ChangeKind.CANCELLED if row.cancelled else ChangeKind.BROUGHT_BACK
    moved = _when_and_where(last) != _when_and_where(row)
    return ChangeKind.MOVED if moved else ChangeKind.REWORDED
