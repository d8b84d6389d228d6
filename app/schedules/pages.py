"""The schedule at the desk: the placing grid and publishing."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from app.core.access import Permission
from app.core.database import SessionDep, refuse
from app.core.errors import Conflict, Invalid, Stale, UserError
from app.core.forms import Reader
from app.core.idempotency import OnceDep
from app.core.languages import Message
from app.core.pages import FormDep, shown_errors
from app.groups.clearances import CLEARING, chair_of, needs_clearance
from app.groups.queries import latest_clearance
from app.meetings.pages import Desk, desk_for
from app.meetings.rules import days_of
from app.schedules import commands, publishing
from app.schedules.forms import (
    cell_form,
    remark_form,
)
from app.schedules.freezing import fingerprint_of
from app.schedules.grid import grid
from app.schedules.letters import worth_a_letter
from app.schedules.queries import current_edition, sitting_of, sittings_of
from app.schedules.rules import changes

router = APIRouter(include_in_schema=False)

EditSchedule = Annotated[Desk, Depends(desk_for(Permission.EDIT_SCHEDULE))]
Publish = Annotated[Desk, Depends(desk_for(Permission.PUBLISH))]


def _schedule(
    db: SessionDep,
    desk: Desk,
    *,
    chosen: UUID | None = None,
    problem: UserError | None = None,
) -> Response:
    meeting = desk.meeting
    sittings = sittings_of(db, meeting.id)
    last = current_edition(db, meeting.id)
    rows = publishing.drafted_rows(sittings, meeting, last, now=desk.now)
    return desk.page(
        "schedules/desk.html",
        "schedule",
        status=problem.status if problem else 200,
        errors=shown_errors(desk.request, problem),
        days=days_of(meeting),
        bands=grid(
            days_of(meeting),
            meeting.rooms,
            [each for each in sittings if each.placed],
            meeting.zone,
        ),
        unplaced=[each for each in sittings if not each.starts_at and not each.cancelled_at],
        cancelled=[each for each in sittings if each.cancelled_at],
        roomless=[each for each in sittings if each.placed and not each.room_id],
        chosen=next((each for each in sittings if each.id == chosen), None),
        edition=last.edition if last else None,
        changes=changes(last.by_sitting, rows) if last else [],
    )


@router.get("/{lang}/desk/{slug}/schedule", name="desk_schedule")
def schedule(db: SessionDep, desk: EditSchedule, sitting: UUID | None = None) -> Response:
    """The grid; with a chosen sitting its free cells are buttons that place it."""
    return _schedule(db, desk, chosen=sitting)


@router.post("/{lang}/desk/{slug}/sittings/{sitting_id}/placement", name="place_sitting")
def place(db: SessionDep, desk: EditSchedule, sitting_id: UUID, form: FormDep) -> Response:
    """Put the chosen sitting on a cell of the grid."""
    sitting = sitting_of(db, desk.meeting.id, sitting_id)
    try:
        slot = cell_form(form, desk.meeting)
        version = Reader(form).version()
        commands.place_sitting(desk.work, sitting, slot, version=version)
    except (Invalid, Stale) as problem:
        refuse(db)
        return _schedule(db, desk, chosen=sitting_id, problem=problem)
    return desk.to("/schedule", Message("Session placed: %(title)s", {"title": sitting.title}))


def _publish_page(
    db: SessionDep,
    desk: Desk,
    *,
    form: FormDep | None = None,
    problem: UserError | None = None,
) -> Response:
    meeting = desk.meeting
    last = current_edition(db, meeting.id)
    before = last.by_sitting if last else {}
    sittings = sittings_of(db, meeting.id)
    rows = publishing.drafted_rows(sittings, meeting, last, now=desk.now)
    waiting = [each for each in sittings if not each.starts_at and not each.cancelled_at]
    found = changes(before, rows)
    told = worth_a_letter(found, now=desk.now)
    asked = latest_clearance(db, meeting.id, publishing.SCHEDULE_MATTER)
    clears = not CLEARING.isdisjoint(desk.viewer.roles_in(meeting.id))
    chair = chair_of(db, meeting, now=desk.now)
    return desk.page(
        "schedules/publish.html",
        "schedule",
        status=problem.status if problem else 200,
        errors=shown_errors(desk.request, problem),
        edition=last.edition if last else None,
        changes=found,
        letters=sum(len(each.people) for each in sittings if each.id in told),
        rows=rows,
        clashes=publishing.clashes_of(sittings),
        unplaced=[each for each in waiting if each.id not in before],
        remark=form.get("remark") if form else "",
        clears=clears,
        chair=chair,
        instructed_by=form.get("instructed_by") if form else chair,
        needs_clearance=needs_clearance(db, meeting.id, publishing.SCHEDULE_MATTER),
        clearance=asked,
        covered=asked is not None and asked.fingerprint == fingerprint_of(rows),
    )


@router.get("/{lang}/desk/{slug}/editions/new", name="publish_page")
def publish_page(db: SessionDep, desk: Publish) -> Response:
    """What would change for readers, before anything does."""
    return _publish_page(db, desk)


@router.post("/{lang}/desk/{slug}/editions", name="publish")
def publish(once: OnceDep, db: SessionDep, desk: Publish, form: FormDep) -> Response:
    """Freeze the next edition."""
    once.begin(db)
    try:
        remark, instructed_by = remark_form(form, desk.lang), Reader(form).line("instructed_by")
        whole, new = publishing.publish(desk.work, remark=remark, instructed_by=instructed_by)
    except (Invalid, Conflict) as problem:
        refuse(db)
        return _publish_page(db, desk, form=form, problem=problem)
    words = {"number": whole.edition.number}
    message = Message("Edition %(number)s is published.", words)
    if not new:
        message = Message("Nothing has changed since edition %(number)s.", words)
    return once.keep(db, desk.to(f"/schedule?edition={whole.edition.number}", message))


@router.post("/{lang}/desk/{slug}/editions/clearance", name="ask_to_publish")
def ask(once: OnceDep, db: SessionDep, desk: Publish) -> Response:
    """Lay the timetable as it is now before the chair."""
    once.begin(db)
    try:
        publishing.ask_to_publish(desk.work)
    except Conflict as problem:
        refuse(db)
        return _publish_page(db, desk, problem=problem)
    return once.keep(db, desk.to("/editions/new", Message("The schedule is before the chair.")))
