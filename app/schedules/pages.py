"""The schedule at the desk: the placing grid, the form of a sitting, and publishing."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from app.accounts.queries import people_of
from app.agendas.queries import items_of
from app.core.access import Permission
from app.core.database import SessionDep, refuse
from app.core.errors import Conflict, Invalid, Stale, UserError
from app.core.formats import Formats
from app.core.forms import Reader
from app.core.languages import Message
from app.core.pages import FormDep, Option, shown_errors
from app.directory.rules import name_on, short_name, sorted_by_name
from app.meetings.models import Meeting
from app.meetings.pages import Desk, desk_for
from app.meetings.rules import days_of
from app.resolutions.queries import entities_concerned
from app.schedules import commands, publishing
from app.schedules.forms import (
    Choices,
    cell_form,
    person_field,
    remark_form,
    sitting_form,
    slot_form,
    stored,
    typed,
)
from app.schedules.grid import grid
from app.schedules.models import Sitting
from app.schedules.queries import current_edition, sitting_of, sittings_of, was_published
from app.schedules.roles import SITTING_ROLE_NAMES
from app.schedules.rules import changes

router = APIRouter(include_in_schema=False)

EditSchedule = Annotated[Desk, Depends(desk_for(Permission.EDIT_SCHEDULE))]
Publish = Annotated[Desk, Depends(desk_for(Permission.PUBLISH))]
FORM = "schedules/sitting.html"


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


def _form(
    db: SessionDep,
    desk: Desk,
    *,
    sitting: Sitting | None,
    values: Mapping[str, Any],
    problem: UserError | None = None,
) -> Response:
    meeting = desk.meeting
    present = sitting if sitting and isinstance(problem, Stale) else None
    return desk.page(
        FORM,
        "schedule",
        status=problem.status if problem else 200,
        errors=shown_errors(desk.request, problem),
        sitting=sitting,
        values=values,
        present=stored(present, meeting) if present else None,
        days=days_of(meeting),
        published=was_published(db, sitting.id) if sitting else False,
        **_options(desk, _choices(db, meeting)),
    )


def _choices(db: SessionDep, meeting: Meeting) -> Choices:
    return Choices(
        items=items_of(db, meeting.id),
        entities=entities_concerned(db, meeting.resolution_id),
        people=people_of(db, meeting.id),
    )


def _options(desk: Desk, choices: Choices) -> dict[str, object]:
    """What a sitting's form offers to choose from."""
    meeting, fmt = desk.meeting, Formats(desk.lang)
    nowhere = Option("", Message("Not placed yet").in_language(desk.lang))
    return {
        "day_options": [
            nowhere,
            *(Option(day.isoformat(), fmt.day(day)) for day in days_of(meeting)),
        ],
        "room_options": [nowhere, *(Option(str(each.id), each.name) for each in meeting.rooms)],
        "item_options": [
            Option(str(each.id), f"{each.number}. {each.title.shown_in(desk.lang).text}")
            for each in choices.items
        ],
        "entity_options": sorted_by_name(
            [
                Option(each.key, short_name(name_on(each.names, meeting.first_day), desk.lang))
                for each in choices.entities
            ],
            lambda option: str(option.label),
            desk.lang,
        ),
        "people": [(person_field(each.id), each.name) for each in choices.people],
        "role_options": [
            Option("", Message("no role").in_language(desk.lang)),
            *(
                Option(role, name.in_language(desk.lang))
                for role, name in SITTING_ROLE_NAMES.items()
            ),
        ],
    }


@router.get("/{lang}/desk/{slug}/sittings/new", name="new_sitting")
def new_sitting(request: Request, db: SessionDep, desk: EditSchedule) -> Response:
    """An empty sitting; a cell of the grid brings its place along."""
    brought = {name: request.query_params.get(name, "") for name in ("day", "from", "until")}
    values = {**brought, "room": request.query_params.get("room", "")}
    return _form(db, desk, sitting=None, values=values)


@router.post("/{lang}/desk/{slug}/sittings", name="add_sitting")
def add(db: SessionDep, desk: EditSchedule, form: FormDep) -> Response:
    """A further sitting, placed or not."""
    meeting, reader = desk.meeting, Reader(form)
    try:
        given = sitting_form(reader, _choices(db, meeting))
        slot = slot_form(reader, meeting)
        reader.finish()
        sitting = commands.add_sitting(desk.work, given, slot)
    except Invalid as problem:
        refuse(db)
        return _form(db, desk, sitting=None, values=typed(form), problem=problem)
    return desk.to("/schedule", Message("Session added: %(title)s", {"title": sitting.title}))


@router.get("/{lang}/desk/{slug}/sittings/{sitting_id}", name="edit_sitting")
def edit(db: SessionDep, desk: EditSchedule, sitting_id: UUID) -> Response:
    """A sitting in its form."""
    sitting = sitting_of(db, desk.meeting.id, sitting_id)
    return _form(db, desk, sitting=sitting, values=stored(sitting, desk.meeting))


@router.post("/{lang}/desk/{slug}/sittings/{sitting_id}", name="change_sitting")
def change(db: SessionDep, desk: EditSchedule, sitting_id: UUID, form: FormDep) -> Response:
    """Save words and place together."""
    meeting, reader = desk.meeting, Reader(form)
    sitting = sitting_of(db, meeting.id, sitting_id)
    try:
        given = sitting_form(reader, _choices(db, meeting))
        slot = slot_form(reader, meeting)
        reader.finish()
        version = reader.version()
        place = slot or (None if sitting.placed else commands.KEPT)
        commands.change_sitting(desk.work, sitting, given, version=version, place=place)
    except (Invalid, Stale) as problem:
        refuse(db)
        return _form(db, desk, sitting=sitting, values=typed(form), problem=problem)
    return desk.to("/schedule", Message("Session saved: %(title)s", {"title": sitting.title}))


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


@router.post("/{lang}/desk/{slug}/sittings/{sitting_id}/withdrawal", name="unplace_sitting")
def unplace(db: SessionDep, desk: EditSchedule, sitting_id: UUID, form: FormDep) -> Response:
    """Take it off the timetable."""
    sitting = sitting_of(db, desk.meeting.id, sitting_id)
    commands.unplace_sitting(desk.work, sitting, version=Reader(form).version())
    words = {"title": sitting.title}
    return desk.to("/schedule", Message("Taken off the schedule: %(title)s", words))


@router.post("/{lang}/desk/{slug}/sittings/{sitting_id}/cancellation", name="cancel_sitting")
def cancel(db: SessionDep, desk: EditSchedule, sitting_id: UUID, form: FormDep) -> Response:
    """It will not take place."""
    sitting = sitting_of(db, desk.meeting.id, sitting_id)
    commands.cancel_sitting(desk.work, sitting, version=Reader(form).version())
    return desk.to("/schedule", Message("Session cancelled: %(title)s", {"title": sitting.title}))


@router.post("/{lang}/desk/{slug}/sittings/{sitting_id}/return", name="bring_back_sitting")
def bring_back(db: SessionDep, desk: EditSchedule, sitting_id: UUID, form: FormDep) -> Response:
    """It takes place after all."""
    sitting = sitting_of(db, desk.meeting.id, sitting_id)
    try:
        version = Reader(form).version()
        commands.bring_back_sitting(desk.work, sitting, version=version)
    except Invalid as problem:
        refuse(db)
        values = stored(sitting, desk.meeting)
        return _form(db, desk, sitting=sitting, values=values, problem=problem)
    words = {"title": sitting.title}
    return desk.to("/schedule", Message("Session is back: %(title)s", words))


@router.post("/{lang}/desk/{slug}/sittings/{sitting_id}/removal", name="delete_sitting")
def delete(db: SessionDep, desk: EditSchedule, sitting_id: UUID, form: FormDep) -> Response:
    """Throw away a sitting that was never published."""
    sitting = sitting_of(db, desk.meeting.id, sitting_id)
    commands.delete_sitting(desk.work, sitting, version=Reader(form).version())
    return desk.to("/schedule", Message("Session deleted: %(title)s", {"title": sitting.title}))


def _publish_page(
    db: SessionDep,
    desk: Desk,
    *,
    remark: object = "",
    problem: UserError | None = None,
) -> Response:
    meeting = desk.meeting
    last = current_edition(db, meeting.id)
    before = last.by_sitting if last else {}
    sittings = sittings_of(db, meeting.id)
    rows = publishing.drafted_rows(sittings, meeting, last, now=desk.now)
    waiting = [each for each in sittings if not each.starts_at and not each.cancelled_at]
    return desk.page(
        "schedules/publish.html",
        "schedule",
        status=problem.status if problem else 200,
        errors=shown_errors(desk.request, problem),
        edition=last.edition if last else None,
        changes=changes(before, rows),
        rows=rows,
        clashes=publishing.clashes_of(sittings),
        unplaced=[each for each in waiting if each.id not in before],
        remark=remark,
    )


@router.get("/{lang}/desk/{slug}/editions/new", name="publish_page")
def publish_page(db: SessionDep, desk: Publish) -> Response:
    """What would change for readers, before anything does."""
    return _publish_page(db, desk)


@router.post("/{lang}/desk/{slug}/editions", name="publish")
def publish(db: SessionDep, desk: Publish, form: FormDep) -> Response:
    """Freeze the next edition."""
    try:
        remark = remark_form(form, desk.lang)
        whole, new = publishing.publish(desk.work, remark=remark)
    except (Invalid, Conflict) as problem:
        refuse(db)
        return _publish_page(db, desk, remark=form.get("remark"), problem=problem)
    words = {"number": whole.edition.number}
    message = Message("Edition %(number)s is published.", words)
    if not new:
        message = Message("Nothing has changed since edition %(number)s.", words)
    return desk.to(f"/schedule?edition={whole.edition.number}", message)
