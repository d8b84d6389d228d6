"""Meetings of the Group: convening one or a series, attendance, who presided, moving one."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Path, Response

from app.core.database import SessionDep, refuse
from app.core.errors import Conflict, Invalid, Stale, UserError
from app.core.forms import Reader
from app.core.idempotency import OnceDep
from app.core.languages import Message
from app.core.options import Option
from app.core.pages import FormDep
from app.core.records import row_state
from app.desk.group_forms import attendance_form, attendance_values, notices_form
from app.directory.rules import sorted_by_name
from app.documents.queries import documents_of
from app.groups.frame import GroupDep, conflict_on, name_of, typed
from app.groups.models import Member
from app.groups.queries import elections_of, members_of, precedences_of
from app.groups.rules import POST_NAMES, completed, in_office, quorum
from app.meetings.rules import local_day
from app.schedules.group_meetings import (
    convene,
    record_attendance,
    reschedule,
    upcoming,
)
from app.schedules.group_rules import proposed_to_preside
from app.schedules.models import GroupMeeting
from app.schedules.queries import current_edition, group_meeting_of, group_meetings

router = APIRouter(include_in_schema=False)

Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
AREA = "group/meetings"


def _list(
    db: SessionDep, on: GroupDep, *, form: FormDep | None = None, problem: UserError | None = None
) -> Response:
    desk = on.desk
    found = group_meetings(db, desk.meeting.id)
    coming = upcoming(found, desk.now)
    voting = sum(each.votes for each in members_of(db, desk.meeting.id))
    first = {"starts": "10:00", "ends": "13:00", "room": on.group.room.shown_in(desk.lang).text}
    return on.page(
        "desk/group_meetings.html",
        AREA,
        problem=problem,
        coming=coming,
        past=[each for each in found if each not in coming],
        next_number=max((each.number for each in found), default=0) + 1,
        quorums={each.id: _quorum(on, each, voting) for each in found},
        values=dict(form) if form else first,
    )


def _quorum(on: GroupDep, row: GroupMeeting, voting: int) -> Any:
    return quorum(on.group, present=len(row.present), members=voting)


@router.get("/{lang}/desk/{slug}/group/meetings", name="group_meetings")
def meetings(db: SessionDep, on: GroupDep) -> Response:
    """Meetings of the Group, coming and past, and the form of the next notice."""
    return _list(db, on)


@router.post("/{lang}/desk/{slug}/group/meetings", name="convene")
def convene_group(once: OnceDep, db: SessionDep, on: GroupDep, form: FormDep) -> Response:
    """By notice: one meeting, or a series in one step."""
    once.begin(db)
    desk = on.desk
    try:
        notices = notices_form(Reader(form), on.group, desk.meeting.first_day, desk.lang)
        made = convene(desk.work, on.group, notices)
    except (Invalid, Conflict) as problem:
        refuse(db)
        return _list(db, on, form=form, problem=problem)
    words = {"count": len(made), "number": made[0].number}
    message = Message("Convened: %(count)s, from meeting %(number)s on.", words)
    if len(made) == 1:
        message = Message("Meeting %(number)s is convened.", words)
    return once.keep(db, desk.to("/group/meetings", message))


def _one(
    db: SessionDep,
    on: GroupDep,
    number: int,
    *,
    form: FormDep | None = None,
    moving: bool = False,
    problem: UserError | None = None,
) -> Response:
    desk = on.desk
    row = group_meeting_of(db, desk.meeting.id, number)
    members = members_of(db, desk.meeting.id)
    lang, day = desk.lang, desk.meeting.first_day
    named = sorted_by_name(members, lambda each: name_of(each.entity, day, lang), lang)
    voting = [each for each in members if each.votes]
    counted = sum(each.entity.key in row.present for each in voting)
    record = form is not None and not moving
    return on.page(
        "desk/group_meeting.html",
        AREA,
        problem=problem,
        row=row,
        edition=current_edition(db, row.held_id),
        quorum=quorum(on.group, present=counted, members=len(voting)),
        proposal=_proposal(db, on, row, members),
        posts=POST_NAMES,
        member_options=[Option(each.entity.key, name_of(each.entity, day, lang)) for each in named],
        person_options=_people(named, day, lang),
        document_options=_papers(db, row, lang),
        values=typed(form, "present") if form and record else attendance_values(row_state(row)),
        move=dict(form) if form and moving else _moving_values(row),
        conflict=conflict_on(desk, row, form if record else None, problem, attendance_values),
    )


def _people(named: Sequence[Member], day: date, lang: str) -> list[Option]:
    return [
        Option("", Message("nobody recorded").in_language(lang)),
        *(
            Option(str(person.id), f"{person.person.name}, {name_of(each.entity, day, lang)}")
            for each in named
            for person in each.people
        ),
    ]


def _papers(db: SessionDep, row: GroupMeeting, lang: str) -> list[Option]:
    return [
        Option("", Message("none").in_language(lang)),
        *(
            Option(str(each.id), f"{each.symbol} {each.title.shown_in(lang).text}".strip())
            for each in documents_of(db, row.held_id)
        ),
    ]


def _moving_values(row: GroupMeeting) -> Mapping[str, Any]:
    return {"day": row.held.first_day, "starts": "10:00", "ends": "13:00"}


def _proposal(db: SessionDep, on: GroupDep, row: GroupMeeting, members: Any) -> Any:
    """Who presides by the rule, and as what."""
    desk = on.desk
    held = in_office(elections_of(db, desk.meeting.id), row.held.first_day)
    officers = {post: each.delegate.member.entity.key for post, each in held.items()}
    keys = [each.entity.key for each in members if each.votes]
    drawn = next(iter(precedences_of(db, desk.meeting.id)), None)
    order = completed(drawn.order, keys) if drawn else []
    key, why = proposed_to_preside(officers, order, row.present)
    entity = next((each.entity for each in members if each.entity.key == key), None)
    person = held[why].delegate.person.name if why in held else ""
    return {"entity": entity, "why": why, "person": person}


@router.get("/{lang}/desk/{slug}/group/meetings/{number}", name="group_meeting")
def one(db: SessionDep, on: GroupDep, number: Number) -> Response:
    """One meeting of the Group: its notice, its quorum, its record."""
    return _one(db, on, number)


@router.post("/{lang}/desk/{slug}/group/meetings/{number}", name="record_attendance")
def attendance(db: SessionDep, on: GroupDep, number: Number, form: FormDep) -> Response:
    """Who was there, who presided, which document is the summary record."""
    desk, reader = on.desk, Reader(form)
    row = group_meeting_of(db, desk.meeting.id, number)
    try:
        found = documents_of(db, row.held_id)
        given = attendance_form(reader, members_of(db, desk.meeting.id), found)
        record_attendance(desk.work, row, given, version=reader.version())
    except (Invalid, Stale) as problem:
        refuse(db)
        return _one(db, on, number, form=form, problem=problem)
    words = {"number": number}
    message = Message("The record of meeting %(number)s is saved.", words)
    return desk.to(f"/group/meetings/{number}", message)


@router.post("/{lang}/desk/{slug}/group/meetings/{number}/days", name="move_group_meeting")
def move(once: OnceDep, db: SessionDep, on: GroupDep, number: Number, form: FormDep) -> Response:
    """Another day or hour, published and told at once."""
    once.begin(db)
    desk, reader = on.desk, Reader(form)
    row = group_meeting_of(db, desk.meeting.id, number)
    try:
        document = reader.line("document")
        notice = notices_form(reader, on.group, local_day(desk.now, on.group.zone), desk.lang)[0]
        reschedule(desk.work, on.group, row, notice, document, version=reader.version())
    except (Invalid, Conflict, Stale) as problem:
        refuse(db)
        return _one(db, on, number, form=form, moving=True, problem=problem)
    words = {"number": number}
    message = Message("Meeting %(number)s is moved; its calendar follows.", words)
    return once.keep(db, desk.to(f"/group/meetings/{number}", message))
