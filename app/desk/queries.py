"""What stands at a desk: the meetings one may work on, and what one of them still lacks."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.agendas.models import Item
from app.agendas.queries import items_of
from app.agendas.rules import OpenPoints, open_points
from app.groups.todo import GroupTodo, todo
from app.meetings.models import Meeting
from app.resolutions.models import Addressee, AddresseeRole, Resolution
from app.resolutions.queries import addressees, resolution_by_id
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
        called_upon=addressees(source, AddresseeRole.CALLED_UPON) if source else [],
        partners=addressees(source, AddresseeRole.PARTNER) if source else [],
        group=todo(db, meeting, now=now),
        next_meeting=next_meeting_of(db, meeting, now=now),
    )
