"""Placing, moving, cancelling and publishing sittings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Final, Literal
from uuid import UUID

from app.accounts.queries import people_of
from app.agendas.models import Item
from app.agendas.queries import items_of
from app.core.access import Permission
from app.core.changes import Kind, record_added, recording, recording_removal
from app.core.errors import Conflict, FieldError, Invalid, check_version, invalid
from app.core.journal import Area, State, Verb
from app.core.languages import Localized, Message
from app.directory.models import Entity
from app.directory.queries import entities
from app.meetings.commands import Work, raise_public_stamp
from app.meetings.models import Meeting
from app.meetings.rules import lies_within, wall_clock
from app.schedules.models import Sitting, SittingPerson
from app.schedules.queries import (
    any_sitting_of,
    holders_of,
    was_published,
)
from app.schedules.roles import SittingRole
from app.schedules.rules import (
    Slot,
    sitting_state,
    slot_of,
)

SCHEDULE = Area("schedule", Permission.EDIT_SCHEDULE)
ADDED = Verb(SCHEDULE, "sitting.added", Message("%(who)s added the session “%(title)s”"))
CHANGED = Verb(SCHEDULE, "sitting.changed", Message("%(who)s changed the session “%(title)s”"))
PLACED = Verb(SCHEDULE, "sitting.placed", Message("%(who)s placed the session “%(title)s”"))
UNPLACED = Verb(
    SCHEDULE, "sitting.unplaced", Message("%(who)s took the session “%(title)s” off the schedule")
)
CANCELLED = Verb(
    SCHEDULE, "sitting.cancelled", Message("%(who)s cancelled the session “%(title)s”")
)
BROUGHT_BACK = Verb(
    SCHEDULE, "sitting.brought_back", Message("%(who)s brought the session “%(title)s” back")
)
DELETED = Verb(SCHEDULE, "sitting.deleted", Message("%(who)s deleted the session “%(title)s”"))


class Kept(Enum):
    """The place stays as it is."""

    KEPT = "kept"


KEPT: Final = Kept.KEPT
Place = Slot | None | Literal[Kept.KEPT]


@dataclass(frozen=True)
class SittingGiven:
    """A sitting as it is entered, its place apart; `people` say by key who does what in it."""

    title: Localized
    note: Localized
    minutes: int | None
    items: Sequence[Item]
    entities: Sequence[Entity]
    closed: bool
    people: Mapping[UUID, SittingRole] = field(default_factory=dict)


def add_sitting(
    work: Work, given: SittingGiven, slot: Slot | None, *, key: UUID | None = None
) -> Sitting:
    """A further sitting, placed if a slot is given. Raises Invalid for a slot that cannot be.

    `key` is for one that was deleted and comes back.
    """
    sitting = Sitting(meeting_id=work.meeting_id, closed=False)
    if key is not None:
        sitting.id = key
    _fill(sitting, given, now=work.now)
    if slot is not None:
        _put(work, sitting, slot)
    work.db.add(sitting)
    if sitting.closed:
        raise_public_stamp(work.db, work.meeting_id, now=work.now)
    record_added(work, ADDED, sitting)
    return sitting


def change_sitting(
    work: Work, sitting: Sitting, given: SittingGiven, *, version: int, place: Place = KEPT
) -> None:
    """Other words, items, entities or openness, and another place or none if one is given.

    Closing takes effect at once, everywhere.
    """
    check_version(sitting.version, version)
    was_closed = sitting.closed
    with recording(work, CHANGED, sitting):
        _fill(sitting, given, now=work.now)
        sitting.touched()
        if place is None:
            _lift(sitting)
        elif place is not KEPT:
            _put(work, sitting, place)
    if sitting.closed != was_closed:
        raise_public_stamp(work.db, work.meeting_id, now=work.now)


def place_sitting(work: Work, sitting: Sitting, slot: Slot, *, version: int) -> None:
    """Put it on a time and into a room; Invalid says which field cannot be and why."""
    check_version(sitting.version, version)
    with recording(work, PLACED, sitting):
        _put(work, sitting, slot)


def unplace_sitting(work: Work, sitting: Sitting, *, version: int) -> None:
    """Take it off the timetable; if it was published, the next edition strikes it."""
    check_version(sitting.version, version)
    with recording(work, UNPLACED, sitting):
        _lift(sitting)


def cancel_sitting(work: Work, sitting: Sitting, *, version: int) -> None:
    """It will not take place; its room is free. It keeps its time, so it can come back."""
    check_version(sitting.version, version)
    if sitting.cancelled_at is not None:
        raise Conflict(Message("This session is cancelled already."))
    with recording(work, CANCELLED, sitting):
        sitting.cancelled_at = work.now


def bring_back_sitting(work: Work, sitting: Sitting, *, version: int) -> None:
    """It takes place after all, in its old slot if that is still free."""
    check_version(sitting.version, version)
    if sitting.cancelled_at is None:
        raise Conflict(Message("This session is not cancelled."))
    with recording(work, BROUGHT_BACK, sitting):
        if sitting.starts_at is not None and sitting.ends_at is not None:
            _put(work, sitting, Slot(sitting.starts_at, sitting.ends_at, sitting.room_id))
        sitting.cancelled_at = None


def delete_sitting(work: Work, sitting: Sitting, *, version: int) -> None:
    """Throw away a sitting that nobody outside ever saw."""
    check_version(sitting.version, version)
    if was_published(work.db, sitting.id):
        raise Conflict(
            Message("This session was published. It can be cancelled, not deleted."),
            advice=Message("Cancel it: calendars strike it out and keep the entry."),
        )
    with recording_removal(work, DELETED, sitting):
        work.db.delete(sitting)


def _fill(sitting: Sitting, given: SittingGiven, *, now: datetime) -> None:
    if sitting.closed != given.closed:
        sitting.closed, sitting.closed_changed_at = given.closed, now
    sitting.title, sitting.note, sitting.minutes = given.title, given.note, given.minutes
    sitting.items, sitting.entities = list(given.items), list(given.entities)
    held = {each.person_id: each for each in sitting.people}
    sitting.people = [
        held.get(person_id) or SittingPerson(person_id=person_id) for person_id in given.people
    ]
    for each in sitting.people:
        each.role = given.people[each.person_id]


def _lift(sitting: Sitting) -> None:
    sitting.starts_at = sitting.ends_at = sitting.room_id = sitting.room = None


def _put(work: Work, sitting: Sitting, slot: Slot) -> None:
    meeting = work.meeting
    if slot.ends_at <= slot.starts_at:
        raise invalid("until", Message("The session ends before it starts. Enter a later time."))
    if not lies_within(meeting, slot.starts_at, slot.ends_at):
        raise invalid("day", Message("This lies outside the days of the meeting."))
    room = next((room for room in meeting.rooms if room.id == slot.room_id), None)
    if slot.room_id is not None and room is None:
        raise invalid("room", Message("There is no such room in this meeting."))
    with work.db.no_autoflush:  # the sitting is half filled
        holders = holders_of(work.db, meeting.id, slot, but=sitting)
    if holders:
        raise Invalid([_taken(meeting, other) for other in holders])
    sitting.starts_at, sitting.ends_at = slot.starts_at, slot.ends_at
    sitting.room_id, sitting.room = slot.room_id, room


def _taken(meeting: Meeting, other: Sitting) -> FieldError:
    room = next(room for room in meeting.rooms if room.id == other.room_id)
    until = wall_clock(other.ends_at, meeting.zone)
    return FieldError(
        "room",
        Message(
            "%(room)s is taken until %(until)s by “%(title)s”. Choose another room or time.",
            {"room": room.name, "until": until, "title": other.title},
        ),
    )


def _restore(work: Work, sitting_id: UUID, state: State | None) -> None:
    sitting = any_sitting_of(work.db, work.meeting_id, sitting_id)
    if state is None:
        if sitting is not None:
            delete_sitting(work, sitting, version=sitting.version)
        return
    slot, given = slot_of(state), _given_from(work, state)
    if sitting is None:
        add_sitting(work, given, slot, key=sitting_id)
    elif state["cancelled"] and sitting.cancelled_at is None:
        cancel_sitting(work, sitting, version=sitting.version)
    elif sitting.cancelled_at is not None and not state["cancelled"]:
        bring_back_sitting(work, sitting, version=sitting.version)
    else:
        change_sitting(work, sitting, given, version=sitting.version, place=slot)


def _given_from(work: Work, state: State) -> SittingGiven:
    """What hangs on a state, as far as it is still there."""
    db, keys = work.db, state["entities"]
    known = {str(each.id): each.id for each in people_of(db, work.meeting_id)}
    return SittingGiven(
        title=Localized(state["title"]),
        note=Localized(state["note"]),
        minutes=state["minutes"],
        items=[each for each in items_of(db, work.meeting_id) if str(each.id) in state["items"]],
        entities=entities(db, keys=keys) if keys else [],
        closed=state["closed"],
        people={known[key]: SittingRole(role) for key, role in state["people"] if key in known},
    )


Kind(
    "sitting",
    Sitting,
    find=lambda work, sitting_id: any_sitting_of(work.db, work.meeting_id, sitting_id),
    state=sitting_state,
    label=lambda sitting: sitting.title,
    restore=_restore,
)
