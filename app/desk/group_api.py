"""Meetings of the Group, and moving a meeting, as JSON."""

from datetime import time
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Response
from fastapi.responses import JSONResponse
from pydantic import Field

from app.core.access import Permission
from app.core.api import (
    Body,
    Day,
    Id,
    IfMatch,
    Key,
    Line,
    LocalizedInput,
    listed,
    tagged,
    telling_present,
)
from app.core.database import SessionDep
from app.core.errors import invalid
from app.core.idempotency import OnceDep
from app.core.languages import Localized, Message
from app.desk.group_forms import MOST_WEEKS
from app.documents.queries import documents_of
from app.groups.models import Group
from app.groups.queries import members_of, the_group_of
from app.meetings.api import ApiDesk, api_desk_for
from app.schedules.group_meetings import (
    AttendanceGiven,
    NoticeGiven,
    convene,
    record_attendance,
    reschedule,
)
from app.schedules.group_rules import series_days
from app.schedules.models import GroupMeeting
from app.schedules.moving import move_meeting
from app.schedules.queries import group_meeting_of, group_meetings

router = APIRouter(prefix="/api/v1/meetings/{slug}", tags=["group"])

EditGroup = Annotated[ApiDesk, Depends(api_desk_for(Permission.EDIT_GROUP))]
EditMeeting = Annotated[ApiDesk, Depends(api_desk_for(Permission.EDIT_MEETING))]
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
Clock = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


class WhenBody(Body):
    """A day and two hours by the clock of the Group."""

    day: Day
    starts: Clock
    ends: Clock


class NoticeBody(WhenBody):
    """A notice; with `weeks` a series until the conference."""

    room: LocalizedInput = Field(default_factory=dict)
    items: list[LocalizedInput] = Field(default_factory=list, max_length=50)
    weeks: Annotated[int, Field(ge=1, le=MOST_WEEKS)] | None = None


class RecordBody(Body):
    """Who was there (keys of members) and who presided (the id of a member's person)."""

    present: list[Key] = Field(default_factory=list, max_length=500)
    presided_by: Id | None = None
    presided_why: Line = ""
    summary: Id | None = None


class MoveBody(WhenBody):
    """Another day of one meeting, and the document that moves it."""

    document: Line = ""


class DaysBody(Body):
    """Other days of a meeting, and the document that moves it."""

    first_day: Day
    last_day: Day
    document: Line = ""


def _answer(row: GroupMeeting) -> dict[str, Any]:
    return {
        "number": row.number,
        "version": row.version,
        "slug": row.held.slug,
        "day": row.held.first_day.isoformat(),
        "present": row.present,
        "presided_by": str(row.presided_by_id) if row.presided_by_id else None,
        "presided_why": row.presided_why,
        "summary": str(row.summary_id) if row.summary_id else None,
    }


def _notice(group: Group, body: WhenBody, room: Localized, items: list[Localized]) -> NoticeGiven:
    return NoticeGiven(
        day=body.day,
        starts=time.fromisoformat(body.starts),
        ends=time.fromisoformat(body.ends),
        place=group.place,
        room=room or group.room,
        items=items,
    )


@router.get("/group/meetings", name="api_group_meetings")
def meetings(db: SessionDep, desk: EditGroup) -> dict[str, Any]:
    """Meetings of the Group, the latest first."""
    return listed([_answer(each) for each in group_meetings(db, desk.meeting.id)])


@router.post("/group/meetings", name="api_convene", status_code=201)
def convene_group(once: OnceDep, db: SessionDep, desk: EditGroup, body: NoticeBody) -> Response:
    """Convene one meeting, or a series in one step; each is published at once."""
    once.begin(db)
    group = the_group_of(db, desk.meeting.id)
    items = [Localized(each) for each in body.items]
    if not all(items):
        raise invalid("items", Message("Enter it in at least one language."))
    notice = _notice(group, body, Localized(body.room), items)
    until = desk.meeting.first_day
    days = series_days(body.day, body.weeks, until) if body.weeks else [body.day]
    if not days:
        words = {"day": until.isoformat()}
        text = Message("A series begins before the conference, which opens on %(day)s.", words)
        raise invalid("day", text)
    made = convene(desk.work, group, [notice.on(day) for day in days])
    db.flush()  # the answer says the versions
    return once.keep(db, JSONResponse(listed([_answer(each) for each in made]), 201))


@router.put("/group/meetings/{number}/record", name="api_record_attendance")
def record(
    db: SessionDep,
    desk: EditGroup,
    response: Response,
    number: Number,
    version: IfMatch,
    body: RecordBody,
) -> dict[str, Any]:
    """Who was there, who presided, which document is the summary record."""
    row = group_meeting_of(db, desk.meeting.id, number)
    members = members_of(db, desk.meeting.id)
    people = {person.id for each in members for person in each.people}
    known = {
        "present": not set(body.present) - {each.entity.key for each in members},
        "presided_by": body.presided_by in {None, *people},
        "summary": body.summary in {None, *(each.id for each in documents_of(db, row.held_id))},
    }
    for field, there in known.items():
        if not there:
            raise invalid(field, Message("Choose from the list."))
    given = AttendanceGiven(body.present, body.presided_by, body.presided_why, body.summary)
    with telling_present(lambda: _answer(row)):
        record_attendance(desk.work, row, given, version=version)
    db.flush()  # the answer says the new version
    tagged(response, row.version)
    return _answer(row)


@router.put("/group/meetings/{number}/days", name="api_move_group_meeting")
def move_one(
    db: SessionDep,
    desk: EditGroup,
    response: Response,
    number: Number,
    version: IfMatch,
    body: MoveBody,
) -> dict[str, Any]:
    """Another day or hour, published and told at once."""
    row, group = group_meeting_of(db, desk.meeting.id, number), the_group_of(db, desk.meeting.id)
    notice = _notice(group, body, Localized(), [])
    with telling_present(lambda: _answer(row)):
        reschedule(desk.work, group, row, notice, body.document, version=version)
    db.flush()  # the answer says the new version
    tagged(response, row.version)
    return _answer(row)


@router.put("/days", name="api_move_meeting")
def move(
    db: SessionDep, desk: EditMeeting, response: Response, version: IfMatch, body: DaysBody
) -> dict[str, Any]:
    """Move the meeting: its sessions keep their hours, what was published stays until the next
    edition."""
    meeting = desk.meeting
    moved = move_meeting(desk.work, body.first_day, body.last_day, body.document, version=version)
    db.flush()  # the answer says the new version
    tagged(response, meeting.version)
    return {
        "first_day": meeting.first_day.isoformat(),
        "last_day": meeting.last_day.isoformat(),
        "version": meeting.version,
        "sittings_moved": [str(each.id) for each in moved],
    }
