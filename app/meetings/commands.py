"""Changing a meeting's facts. Whatever the public can see raises the stamp with it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.core.errors import check_version
from app.core.languages import Localized
from app.meetings.models import Meeting, Room
from app.meetings.queries import lock_meeting


@dataclass(frozen=True)
class RoomGiven:
    """A room as it is entered."""

    name: Localized
    seats: int | None = None
    booths: int | None = None


def raise_public_stamp(db: Session, meeting_id: UUID, *, now: datetime) -> None:
    """Something public changed: every kept rendering of this meeting is old from the commit on.

    Raised in SQL, so that two writers cannot lose one another's step.
    """
    db.execute(
        update(Meeting)
        .where(Meeting.id == meeting_id)
        .values(public_stamp=Meeting.public_stamp + 1, public_changed_at=now)
        .execution_options(synchronize_session=False)
    )


def add_room(db: Session, meeting: Meeting, given: RoomGiven, *, now: datetime) -> Room:
    """A further room, last in the list. The meeting's public page names its rooms."""
    lock_meeting(db, meeting.id)
    last = db.scalar(select(func.max(Room.position)).where(Room.meeting_id == meeting.id))
    room = Room(
        meeting_id=meeting.id,
        position=0 if last is None else last + 1,
        name=given.name,
        seats=given.seats,
        booths=given.booths,
    )
    db.add(room)
    raise_public_stamp(db, meeting.id, now=now)
    return room


def change_room(db: Session, room: Room, given: RoomGiven, *, version: int, now: datetime) -> None:
    """Rename or resize a room. Editions already published keep the name they had."""
    check_version(room.version, version)
    room.name, room.seats, room.booths = given.name, given.seats, given.booths
    raise_public_stamp(db, room.meeting_id, now=now)
