"""Changing a meeting's facts. Whatever the public can see raises the stamp with it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.core.access import Permission
from app.core.changes import Actor, Doing, Kind, record_added, recording
from app.core.errors import check_version, invalid
from app.core.journal import Area, State, Verb
from app.core.languages import Localized, Message
from app.core.security import Site
from app.meetings.models import Deadline, Meeting, MeetingKind, Room
from app.meetings.queries import lock_meeting
from app.meetings.rules import deadline_state, room_state

ROOMS = Area("rooms", Permission.EDIT_MEETING)
ROOM_ADDED = Verb(
    ROOMS, "room.added", Message("%(who)s added the room %(title)s"), can_be_undone=False
)
ROOM_CHANGED = Verb(ROOMS, "room.changed", Message("%(who)s changed the room %(title)s"))


COMMITMENTS = Area("commitments", Permission.EDIT_COMMITMENTS)
DEADLINE_CHANGED = Verb(
    COMMITMENTS, "deadline.changed", Message("%(who)s changed what is due: %(title)s")
)


@dataclass(frozen=True, kw_only=True)
class MeetingGiven:
    """A meeting's own facts as they are entered."""

    slug: str
    title: Localized
    ordinal: Localized
    organization: Localized
    series: str
    symbol_prefix: str
    place: Localized
    zone: str
    first_day: date
    last_day: date
    about: Localized
    kind: MeetingKind = MeetingKind.CONFERENCE


@dataclass(frozen=True, kw_only=True)
class Work(Doing):
    """What somebody does to one meeting. Its row is locked: one writer a meeting."""

    meeting: Meeting


def begin_work(db: Session, meeting: Meeting, *, by: Actor, now: datetime, site: Site) -> Work:
    """From here on nobody else changes this meeting until the transaction ends."""
    lock_meeting(db, meeting.slug)
    return Work(db=db, meeting=meeting, meeting_id=meeting.id, by=by, now=now, site=site)


@dataclass(frozen=True)
class RoomGiven:
    """A room as it is entered."""

    name: Localized
    seats: int | None = None
    booths: int | None = None


def add_meeting(
    db: Session, given: MeetingGiven, *, resolution_id: UUID | None, now: datetime
) -> Meeting:
    """A meeting with nothing in it yet. Raises Invalid for a slug that another one has."""
    if db.scalar(select(Meeting.id).where(Meeting.slug == given.slug)) is not None:
        raise invalid("slug", Message("Another meeting has this address. Choose another."))
    meeting = Meeting(
        **vars(given), resolution_id=resolution_id, public_stamp=1, public_changed_at=now
    )
    meeting.mandates, meeting.purposes, meeting.deadlines, meeting.rooms = [], [], [], []
    db.add(meeting)
    db.flush()  # whatever belongs to it names it by key
    return meeting


def change_deadline(
    work: Work, deadline: Deadline, due_on: date | None, what: Localized, *, version: int
) -> None:
    """Another day, or other words. The API tells it, the public pages do not."""
    check_version(deadline.version, version)
    with recording(work, DEADLINE_CHANGED, deadline):
        deadline.due_on, deadline.what = due_on, what


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


def add_room(work: Work, given: RoomGiven) -> Room:
    """A further room, last in the list. The meeting's public page names its rooms."""
    db, meeting = work.db, work.meeting
    last = db.scalar(select(func.max(Room.position)).where(Room.meeting_id == meeting.id))
    room = Room(
        meeting_id=meeting.id,
        position=0 if last is None else last + 1,
        name=given.name,
        seats=given.seats,
        booths=given.booths,
    )
    db.add(room)
    raise_public_stamp(db, meeting.id, now=work.now)
    record_added(work, ROOM_ADDED, room)
    return room


def change_room(work: Work, room: Room, given: RoomGiven, *, version: int) -> None:
    """Rename or resize a room. Editions already published keep the name they had."""
    check_version(room.version, version)
    with recording(work, ROOM_CHANGED, room):
        room.name, room.seats, room.booths = given.name, given.seats, given.booths
    raise_public_stamp(work.db, room.meeting_id, now=work.now)


def _find_room(work: Work, room_id: UUID) -> Room | None:
    return work.db.scalar(
        select(Room).where(Room.meeting_id == work.meeting_id, Room.id == room_id)
    )


def _restore_room(work: Work, room_id: UUID, state: State | None) -> None:
    room = _find_room(work, room_id)
    if room is not None and state is not None:
        given = RoomGiven(Localized(state["name"]), state["seats"], state["booths"])
        change_room(work, room, given, version=room.version)


Kind(
    "room",
    Room,
    find=_find_room,
    state=room_state,
    label=lambda room: room.name,
    restore=_restore_room,
)


def _find_deadline(work: Work, deadline_id: UUID) -> Deadline | None:
    return work.db.scalar(
        select(Deadline).where(Deadline.meeting_id == work.meeting_id, Deadline.id == deadline_id)
    )


def _restore_deadline(work: Work, deadline_id: UUID, state: State | None) -> None:
    deadline = _find_deadline(work, deadline_id)
    if deadline is not None and state is not None:
        due_on = date.fromisoformat(state["due_on"]) if state["due_on"] else None
        what = Localized(state["what"])
        change_deadline(work, deadline, due_on, what, version=deadline.version)


Kind(
    "deadline",
    Deadline,
    find=_find_deadline,
    state=deadline_state,
    label=lambda deadline: deadline.what,
    restore=_restore_deadline,
)
