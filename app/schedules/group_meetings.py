"""Meetings of the Group: convened by notice, one or a series; attendance; who presided."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import func, select

from app.accounts.commands import copy_roles
from app.agendas.commands import ItemGiven, add_item
from app.agendas.queries import items_of
from app.core.access import GROUP, Permission
from app.core.changes import record_event, recording
from app.core.errors import Conflict, Invalid, check_version, invalid
from app.core.journal import Area, Verb
from app.core.languages import Localized, Message
from app.core.records import Steps, kept_rows
from app.groups.models import Group
from app.meetings.commands import (
    MeetingGiven,
    RoomGiven,
    Work,
    add_meeting,
    add_room,
    begin_work,
)
from app.meetings.models import Meeting, MeetingKind, Preparation
from app.meetings.queries import meeting_by_slug
from app.meetings.rules import local_span
from app.schedules.commands import SittingGiven, add_sitting, place_sitting
from app.schedules.group_letters import Told, send_notice
from app.schedules.models import GroupMeeting
from app.schedules.moving import move_meeting
from app.schedules.publishing import publish
from app.schedules.queries import sittings_of
from app.schedules.rules import Slot

MEETINGS = Area("group/meetings", Permission.EDIT_GROUP)
CONVENED = Verb(
    MEETINGS,
    "group_meeting.convened",
    Message("%(who)s convened meeting %(number)s of the Group"),
    can_be_undone=False,
)
RESCHEDULED = Verb(
    MEETINGS,
    "group_meeting.moved",
    Message("%(who)s moved meeting %(number)s of the Group"),
    can_be_undone=False,
)
RECORDED = Verb(
    MEETINGS,
    "group_meeting.changed",
    Message("%(who)s recorded who was at meeting %(number)s of the Group"),
)
TITLE = Message("Meeting %(number)s of the Group")
FIRST_ITEM = Message("Adoption of the order of business")
LAST_ITEM = Message("Other business")
ABOUT = Message("A meeting of the Group that prepares “%(title)s”.")


@dataclass(frozen=True)
class NoticeGiven:
    """What a notice says; `items` stand between the first item and other business."""

    day: date
    starts: time
    ends: time
    place: Localized
    room: Localized
    items: Sequence[Localized] = ()

    def on(self, day: date) -> "NoticeGiven":
        """The same on another day."""
        return replace(self, day=day)


def convene(work: Work, group: Group, notices: Sequence[NoticeGiven]) -> list[GroupMeeting]:
    """Meetings of the Group, each published as its first edition; one letter tells of all.

    Raises Invalid for an hour that does not exist or an end before the start.
    """
    number = next_meeting_number(work)
    made = [
        _convened(work, group, notice, number + position) for position, notice in enumerate(notices)
    ]
    told = [_told(work, each, notice) for each, notice in zip(made, notices, strict=True)]
    send_notice(work, group, told)
    return made


def next_meeting_number(work: Work) -> int:
    """The number after that of the Group's last meeting."""
    mine = GroupMeeting.meeting_id == work.meeting_id
    return (work.db.scalar(select(func.max(GroupMeeting.number)).where(mine)) or 0) + 1


def _convened(work: Work, group: Group, notice: NoticeGiven, number: int) -> GroupMeeting:
    slot = _slot(notice.day, notice.starts, notice.ends, group.zone)
    held = _meeting(work, group, notice, number)
    own = _own_work(work, held)
    room = add_room(own, RoomGiven(notice.room))
    own.meeting.rooms.append(room)
    wanted = [FIRST_ITEM.everywhere(), *notice.items, LAST_ITEM.everywhere()]
    items = [
        add_item(own, ItemGiven(title=title, minutes=None, mandates=(), purposes=()))
        for title in wanted
    ]
    given = SittingGiven(
        title=replace(TITLE, values={"number": number}).everywhere(),
        note=Localized(),
        minutes=None,
        items=items,
        entities=(),
        closed=False,
    )
    add_sitting(own, given, replace(slot, room_id=room.id))
    publish(own, remark=Localized())
    copy_roles(work.db, work.meeting_id, held.id, GROUP)
    row = GroupMeeting(
        meeting_id=work.meeting_id,
        number=number,
        held_id=held.id,
        held=held,
        convened_at=work.now,
        present=[],
        presided_why="",
    )
    work.db.add(row)
    record_event(work, CONVENED, held.id, number=number)
    return row


def _slot(day: date, starts: time, ends: time, zone: str) -> Slot:
    if ends <= starts:
        raise invalid("ends", Message("It ends before it starts. Enter a later time."))
    start, end = local_span(day, starts, ends, zone)
    if start is None or end is None:
        raise invalid(
            "starts", Message("This time does not exist on that day: the clocks skip it.")
        )
    return Slot(start, end, None)


def _meeting(work: Work, group: Group, notice: NoticeGiven, number: int) -> Meeting:
    conference = work.meeting
    slug = f"{group.key}-{number}"
    given = MeetingGiven(
        slug=slug,
        kind=MeetingKind.GROUP,
        title=group.name,
        ordinal=replace(TITLE, values={"number": number}).everywhere(),
        organization=conference.organization,
        series=group.series,
        symbol_prefix=group.symbol_prefix,
        place=notice.place,
        zone=group.zone,
        first_day=notice.day,
        last_day=notice.day,
        about=replace(ABOUT, values={"title": conference.title}).everywhere(),
    )
    try:
        held = add_meeting(work.db, given, resolution_id=conference.resolution_id, now=work.now)
    except Invalid as taken:  # nobody typed this address
        words = {"slug": slug}
        raise Conflict(Message("There is a meeting with the address %(slug)s.", words)) from taken
    work.db.add(Preparation(meeting_id=held.id, conference_id=conference.id))
    work.db.flush()  # room, items and session name their meeting by key
    return held


def _own_work(work: Work, held: Meeting) -> Work:
    """The same person at work on the Group's meeting itself."""
    return begin_work(work.db, held, by=work.by, now=work.now, site=work.site)


def reschedule(
    work: Work,
    group: Group,
    row: GroupMeeting,
    notice: NoticeGiven,
    document: str,
    *,
    version: int,
) -> None:
    """Another day or hour; published at once, since it is convened, and told to the members."""
    check_version(row.version, version)
    slot = _slot(notice.day, notice.starts, notice.ends, group.zone)
    own = _own_work(work, meeting_by_slug(work.db, row.held.slug))
    held = own.meeting
    move_meeting(own, notice.day, notice.day, document, version=held.version)
    placed = [each for each in sittings_of(work.db, held.id) if each.placed]
    if placed:
        there = replace(slot, room_id=placed[0].room_id)
        place_sitting(own, placed[0], there, version=placed[0].version)
    publish(own, remark=Localized())
    notice = replace(notice, room=held.rooms[0].name if held.rooms else notice.room)
    row.touched()
    record_event(work, RESCHEDULED, held.id, number=row.number)
    send_notice(work, group, [_told(work, row, notice)], moved=True)


def _told(work: Work, row: GroupMeeting, notice: NoticeGiven) -> Told:
    starts, ends = local_span(notice.day, notice.starts, notice.ends, row.held.zone)
    if starts is None or ends is None:
        raise ValueError("checked before")
    items = [each.title for each in items_of(work.db, row.held_id)]
    return Told(row.number, row.held, starts, ends, notice.room, items)


@dataclass(frozen=True)
class AttendanceGiven:
    """Who was there, who presided and why, and the summary record if there is one."""

    present: Sequence[str]
    presided_by_id: UUID | None = None
    presided_why: str = ""
    summary_id: UUID | None = None


def record_attendance(
    work: Work, row: GroupMeeting, given: AttendanceGiven, *, version: int
) -> None:
    """For the record; nothing depends on it."""
    check_version(row.version, version)
    with recording(work, RECORDED, row, number=row.number):
        row.present = sorted(given.present)
        row.presided_by_id, row.presided_why = given.presided_by_id, given.presided_why
        row.summary_id = given.summary_id


def upcoming(rows: Iterable[GroupMeeting], now: datetime) -> list[GroupMeeting]:
    """Meetings whose day has not passed yet, the next one first."""
    coming = [each for each in rows if each.held.last_day >= now.date()]
    return sorted(coming, key=lambda each: each.held.first_day)


kept_rows(
    "group_meeting",
    GroupMeeting,
    Steps(CONVENED, RECORDED),
    label=lambda row: replace(TITLE, values={"number": row.number}).everywhere(),
)
