"""What stands at a desk: the meetings one may work on, and what one of them still lacks."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.agendas.models import Item
from app.agendas.queries import items_of
from app.agendas.rules import OpenPoints, open_points
from app.core.errors import NotFound
from app.core.languages import Message
from app.desk.models import MeetingDraft
from app.groups.todo import GroupTodo, todo
from app.meetings.models import Meeting
from app.resolutions.models import Addressee, Resolution
from app.resolutions.queries import addressees, bodies_called_upon, resolution_by_id
from app.resolutions.reading.record import Role
from app.schedules.group_meetings import upcoming
from app.schedules.models import Edition, GroupMeeting, Sitting
from app.schedules.publishing import clashes_of, drafted_rows
from app.schedules.queries import current_edition, group_meetings, sittings_of
from app.schedules.rules import Change, changes


@dataclass(frozen=True)
class NextMeeting:
    """The next meeting of the Group, its session, and its order of business."""

    row: GroupMeeting
    sitting: Sitting | None
    items: list[Item]
    points: OpenPoints


def next_meeting_of(db: Session, meeting: Meeting, *, now: datetime) -> NextMeeting | None:
    """What the Group meets for next, and what that lacks; None if nothing is convened."""
    coming = upcoming(group_meetings(db, meeting.id), now)
    if not coming:
        return None
    items = list(items_of(db, coming[0].held_id))
    placed = [each for each in sittings_of(db, coming[0].held_id) if each.placed]
    return NextMeeting(coming[0], placed[0] if placed else None, items, open_points(items, [], []))


@dataclass(frozen=True)
class State:
    """One meeting as its chair needs to see it first."""

    items: list[Item]
    points: OpenPoints
    unplaced: list[Sitting]
    placed: list[Sitting]
    clashes: list[tuple[Sitting, Sitting]]
    edition: Edition | None
    changes: list[Change]
    resolution: Resolution | None
    called_upon: list[Addressee]
    partners: list[Addressee]
    group: GroupTodo | None
    next_meeting: NextMeeting | None


def state_of(db: Session, meeting: Meeting, *, now: datetime) -> State:
    """Everything for the first screen, in a fixed number of statements."""
    items = list(items_of(db, meeting.id))
    sittings = list(sittings_of(db, meeting.id))
    last = current_edition(db, meeting.id)
    source = resolution_by_id(db, meeting.resolution_id) if meeting.resolution_id else None
    rows = drafted_rows(sittings, meeting, last, now=now)
    return State(
        items=items,
        points=open_points(items, meeting.mandates, meeting.purposes),
        unplaced=[each for each in sittings if not each.starts_at and not each.cancelled_at],
        placed=[each for each in sittings if each.placed],
        clashes=clashes_of(sittings),
        edition=last.edition if last else None,
        changes=changes(last.by_sitting if last else {}, rows),
        resolution=source,
        called_upon=bodies_called_upon(source) if source else [],
        partners=addressees(source, Role.WORK_WITH) if source else [],
        group=todo(db, meeting, now=now),
        next_meeting=next_meeting_of(db, meeting, now=now),
    )


def drafts_of(db: Session, person_id: UUID) -> Sequence[MeetingDraft]:
    """What this person has begun to read, the latest first."""
    statement = select(MeetingDraft).where(MeetingDraft.person_id == person_id)
    return db.scalars(statement.order_by(MeetingDraft.changed_at.desc())).all()


def draft_of(db: Session, person_id: UUID, draft_id: UUID) -> MeetingDraft:
    """A reading of this very person, or NotFound."""
    statement = select(MeetingDraft).where(
        MeetingDraft.person_id == person_id, MeetingDraft.id == draft_id
    )
    found = db.scalar(statement.options(joinedload(MeetingDraft.source)))
    if found is None:
        raise no_such_draft()
    return found


def no_such_draft() -> NotFound:
    """The same words whether it never existed, is another's, or has become a meeting."""
    return NotFound(Message("There is no such text of yours. A meeting may have been made of it."))


def latest_meeting(db: Session, ids: Collection[UUID]) -> Meeting | None:
    """Of these meetings the one made last: what the next one begins with."""
    statement = select(Meeting).where(Meeting.id.in_(ids)).order_by(Meeting.id.desc()).limit(1)
    return db.scalar(statement)
