"""Meetings with their facts, in a fixed number of statements."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.core.errors import NotFound
from app.core.languages import Message
from app.directory.models import Entity
from app.meetings.models import Deadline, Mandate, Meeting, Purpose, Room

# /desk/new, /calendars/groups/... and /calendars/personal/... are no meetings.
RESERVED_SLUGS = frozenset({"groups", "personal", "new"})
WITH_FACTS = (
    selectinload(Meeting.mandates).joinedload(Mandate.paragraph),
    selectinload(Meeting.purposes).joinedload(Purpose.paragraph),
    selectinload(Meeting.deadlines).options(
        joinedload(Deadline.paragraph), joinedload(Deadline.recipient).selectinload(Entity.names)
    ),
    selectinload(Meeting.rooms),
)


def no_such_meeting() -> NotFound:
    """The same words whether it never existed or is not yours."""
    return NotFound(Message("There is no meeting at this address."))


def meetings(db: Session, ids: Collection[UUID] | None = None) -> Sequence[Meeting]:
    """Meetings by their first day, the latest first; all of them or only these."""
    statement = select(Meeting).order_by(Meeting.first_day.desc(), Meeting.slug)
    if ids is not None:
        statement = statement.where(Meeting.id.in_(ids))
    return db.scalars(statement).all()


def meeting_by_slug(db: Session, slug: str) -> Meeting:
    """One meeting with mandates, purposes, deadlines and rooms, or NotFound."""
    found = db.scalar(select(Meeting).where(Meeting.slug == slug).options(*WITH_FACTS))
    if found is None:
        raise no_such_meeting()
    return found


def lock_meeting(db: Session, slug: str) -> None:
    """Hold the meeting's row until the transaction ends, so that numbers come one by one.

    Before anything of it is read, or it could be old. SQLite ignores the row lock; there the
    write transaction itself is the lock.
    """
    db.execute(select(Meeting.id).where(Meeting.slug == slug).with_for_update())


def public_stamps(db: Session) -> dict[str, int]:
    """By slug, how often anything public of a meeting has changed."""
    rows = db.execute(select(Meeting.slug, Meeting.public_stamp))
    return {row.slug: row.public_stamp for row in rows}


def taken_slugs(db: Session) -> set[str]:
    """Addresses of meetings, and those that are kept for something else."""
    return {*db.scalars(select(Meeting.slug)), *RESERVED_SLUGS}


def deadline_of(db: Session, meeting: Meeting, deadline_id: UUID) -> Deadline:
    """A deadline of this very meeting, or NotFound."""
    deadline = db.get(Deadline, deadline_id)
    if deadline is None or deadline.meeting_id != meeting.id:
        raise NotFound(Message("There is no such deadline in this meeting."))
    return deadline


def room_of(db: Session, meeting: Meeting, room_id: UUID) -> Room:
    """A room of this very meeting, or NotFound."""
    room = db.get(Room, room_id)
    if room is None or room.meeting_id != meeting.id:
        raise NotFound(Message("There is no such room in this meeting."))
    return room
