"""Meetings with their facts, in a fixed number of statements."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.core.errors import NotFound
from app.core.languages import Message
from app.meetings.models import Deadline, Mandate, Meeting, Room

WITH_FACTS = (
    selectinload(Meeting.mandates).joinedload(Mandate.paragraph),
    selectinload(Meeting.purposes),
    selectinload(Meeting.deadlines).joinedload(Deadline.paragraph),
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


def room_of(db: Session, meeting: Meeting, room_id: UUID) -> Room:
    """A room of this very meeting, or NotFound."""
    room = db.get(Room, room_id)
    if room is None or room.meeting_id != meeting.id:
        raise NotFound(Message("There is no such room in this meeting."))
    return room
