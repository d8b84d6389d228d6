"""Placing, moving, cancelling and publishing sittings."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.agendas.commands import freeze_agenda
from app.agendas.models import Item
from app.core.chain import BEGINNING
from app.core.errors import Conflict, FieldError, Invalid, check_version, invalid
from app.core.languages import Localized, Message
from app.directory.models import Entity
from app.meetings.commands import raise_public_stamp
from app.meetings.models import Meeting
from app.meetings.queries import lock_meeting
from app.meetings.rules import lies_within, wall_clock
from app.schedules.freezing import draft_of, edition_hash, labels_of
from app.schedules.models import Edition, EditionSitting, Sitting
from app.schedules.queries import (
    WholeEdition,
    current_edition,
    holders_of,
    sittings_of,
    was_published,
)
from app.schedules.rules import (
    FrozenSitting,
    Slot,
    changes,
    next_edition,
    room_clashes,
)


@dataclass(frozen=True)
class SittingGiven:
    """A sitting as it is entered, its place apart."""

    title: Localized
    note: Localized
    minutes: int | None
    items: Sequence[Item]
    entities: Sequence[Entity]
    closed: bool


def add_sitting(
    db: Session, meeting: Meeting, given: SittingGiven, slot: Slot | None, *, now: datetime
) -> Sitting:
    """A further sitting, placed if a slot is given. Raises Invalid for a slot that cannot be."""
    sitting = Sitting(meeting_id=meeting.id, title=given.title, note=given.note, closed=False)
    _fill(sitting, given, now=now)
    if slot is not None:
        _put(db, meeting, sitting, slot)
    db.add(sitting)
    if sitting.closed:
        raise_public_stamp(db, meeting.id, now=now)
    return sitting


def change_sitting(
    db: Session,
    meeting: Meeting,
    sitting: Sitting,
    given: SittingGiven,
    *,
    version: int,
    now: datetime,
) -> None:
    """Other words, items, entities or openness. Closing takes effect at once, everywhere."""
    check_version(sitting.version, version)
    was_closed = sitting.closed
    _fill(sitting, given, now=now)
    sitting.touched()
    if sitting.closed != was_closed:
        raise_public_stamp(db, meeting.id, now=now)


def place_sitting(
    db: Session, meeting: Meeting, sitting: Sitting, slot: Slot, *, version: int
) -> None:
    """Put it on a time and into a room; Invalid says which field cannot be and why."""
    check_version(sitting.version, version)
    _put(db, meeting, sitting, slot)


def unplace_sitting(sitting: Sitting, *, version: int) -> None:
    """Take it off the timetable; if it was published, the next edition strikes it."""
    check_version(sitting.version, version)
    sitting.starts_at = sitting.ends_at = sitting.room_id = sitting.room = None


def cancel_sitting(sitting: Sitting, *, version: int, now: datetime) -> None:
    """It will not take place; its room is free. It keeps its time, so it can come back."""
    check_version(sitting.version, version)
    if sitting.cancelled_at is not None:
        raise Conflict(Message("This session is cancelled already."))
    sitting.cancelled_at = now


def bring_back_sitting(db: Session, meeting: Meeting, sitting: Sitting, *, version: int) -> None:
    """It takes place after all, in its old slot if that is still free."""
    check_version(sitting.version, version)
    if sitting.cancelled_at is None:
        raise Conflict(Message("This session is not cancelled."))
    if sitting.starts_at is not None and sitting.ends_at is not None:
        _put(db, meeting, sitting, Slot(sitting.starts_at, sitting.ends_at, sitting.room_id))
    sitting.cancelled_at = None


def delete_sitting(db: Session, sitting: Sitting, *, version: int) -> None:
    """Throw away a sitting that nobody outside ever saw."""
    check_version(sitting.version, version)
    if was_published(db, sitting.id):
        raise Conflict(
            Message("This session was published. It can be cancelled, not deleted."),
            advice=Message("Cancel it: calendars strike it out and keep the entry."),
        )
    db.delete(sitting)


def publish(
    db: Session, meeting: Meeting, *, by: UUID | None, now: datetime, remark: Localized
) -> tuple[WholeEdition, bool]:
    """Freeze the timetable in work as the next edition, and the agenda with it.

    Gives the edition and whether it is new: where nothing changed, it is the present one, so
    that pressing twice publishes once. Raises Conflict for an empty timetable or a clash.
    """
    lock_meeting(db, meeting.id)
    last = current_edition(db, meeting.id)
    rows = _checked_rows(db, meeting, last, now=now)
    revision = freeze_agenda(db, meeting, by=by, now=now)
    edition = Edition(
        meeting_id=meeting.id,
        number=last.edition.number + 1 if last else 1,
        published_at=now,
        published_by=by,
        remark=remark,
        labels=labels_of(meeting),
        agenda_revision_id=revision.id if revision else None,
        previous_hash=last.edition.hash if last else BEGINNING,
        hash="",
    )
    if last is not None and _same(last, edition, rows):
        return last, False
    edition.hash = edition_hash(edition, rows)
    db.add(edition)
    db.flush()  # the edition's row comes before those that point to it
    db.execute(insert(EditionSitting), [_row(edition, n, row) for n, row in enumerate(rows)])
    raise_public_stamp(db, meeting.id, now=now)
    return WholeEdition(edition, tuple(rows)), True


def clashes_of(sittings: Iterable[Sitting]) -> list[tuple[Sitting, Sitting]]:
    """Pairs of placed sittings that hold one room at one moment."""
    return room_clashes([sitting for sitting in sittings if sitting.placed])


def drafted_rows(
    sittings: Iterable[Sitting], meeting: Meeting, last: WholeEdition | None, *, now: datetime
) -> list[FrozenSitting]:
    """What an edition published now would hold."""
    drafts = [draft_of(sitting, meeting) for sitting in sittings]
    return next_edition(last.by_sitting if last else {}, drafts, now=now)


def _checked_rows(
    db: Session, meeting: Meeting, last: WholeEdition | None, *, now: datetime
) -> list[FrozenSitting]:
    sittings = sittings_of(db, meeting.id)
    for first, second in clashes_of(sittings):
        raise Conflict(
            Message(
                "“%(first)s” and “%(second)s” are in one room at the same time.",
                {"first": first.title, "second": second.title},
            ),
            advice=Message("Move one of them, then publish."),
        )
    rows = drafted_rows(sittings, meeting, last, now=now)
    if not rows:
        raise Conflict(
            Message("No session has a day, a time and a room yet."),
            advice=Message("Place at least one session, then publish."),
        )
    return rows


def _same(last: WholeEdition, edition: Edition, rows: Sequence[FrozenSitting]) -> bool:
    return (
        not edition.remark
        and not changes(last.by_sitting, rows)
        and last.edition.labels == edition.labels
        and last.edition.agenda_revision_id == edition.agenda_revision_id
    )


def _row(edition: Edition, position: int, row: FrozenSitting) -> dict[str, object]:
    return {"edition_id": edition.id, "position": position, **vars(row)}


def _fill(sitting: Sitting, given: SittingGiven, *, now: datetime) -> None:
    if sitting.closed != given.closed:
        sitting.closed, sitting.closed_changed_at = given.closed, now
    sitting.title, sitting.note, sitting.minutes = given.title, given.note, given.minutes
    sitting.items, sitting.entities = list(given.items), list(given.entities)


def _put(db: Session, meeting: Meeting, sitting: Sitting, slot: Slot) -> None:
    if slot.ends_at <= slot.starts_at:
        raise invalid("until", Message("The session ends before it starts. Enter a later time."))
    if not lies_within(meeting, slot.starts_at, slot.ends_at):
        raise invalid("day", Message("This lies outside the days of the meeting."))
    room = next((room for room in meeting.rooms if room.id == slot.room_id), None)
    if slot.room_id is not None and room is None:
        raise invalid("room", Message("There is no such room in this meeting."))
    lock_meeting(db, meeting.id)
    taken = [_taken(meeting, other) for other in holders_of(db, meeting.id, slot, but=sitting)]
    if taken:
        raise Invalid(taken)
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
