"""One sitting at the desk: its form, and what can be done with it."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from app.accounts.queries import people_of
from app.agendas.queries import items_of
from app.core.access import Permission
from app.core.database import SessionDep, refuse
from app.core.errors import Gone, Invalid, Stale, UserError
from app.core.formats import Formats
from app.core.forms import Reader, version_in
from app.core.journal import removal_of
from app.core.languages import Message
from app.core.options import Option, labels_by_value
from app.core.pages import FormDep, shown_errors
from app.core.versions import EditConflict
from app.directory.rules import name_on, short_name, sorted_by_name
from app.meetings.models import Meeting
from app.meetings.pages import Desk, desk_for
from app.meetings.rules import days_of
from app.resolutions.queries import entities_concerned
from app.schedules import commands
from app.schedules.forms import (
    Choices,
    person_field,
    sitting_form,
    slot_form,
    stored,
    typed,
    values_of,
)
from app.schedules.models import Sitting
from app.schedules.queries import sitting_of, was_published
from app.schedules.roles import SITTING_ROLE_NAMES

router = APIRouter(include_in_schema=False)

EditSchedule = Annotated[Desk, Depends(desk_for(Permission.EDIT_SCHEDULE))]
FORM = "schedules/sitting.html"


def _form(
    db: SessionDep,
    desk: Desk,
    *,
    sitting: Sitting | None,
    values: Mapping[str, Any],
    problem: UserError | None = None,
) -> Response:
    meeting = desk.meeting
    choices = _choices(db, meeting)
    options = _options(desk, choices)
    return desk.page(
        FORM,
        "schedule",
        status=problem.status if problem else 200,
        errors=shown_errors(desk.request, problem),
        sitting=sitting,
        values=values,
        conflict=_conflict(desk, sitting, values, problem),
        options=options,
        choices={field: labels_by_value(found, desk.lang) for field, found in options.items()},
        people=[(person_field(each.id), each.name) for each in choices.people],
        days=days_of(meeting),
        published=was_published(db, sitting.id) if sitting else False,
    )


def _conflict(
    desk: Desk, sitting: Sitting | None, typed: Mapping[str, Any], problem: UserError | None
) -> EditConflict | None:
    """What the form shows of a stale save."""
    if sitting is None or not isinstance(problem, Stale):
        return None
    return desk.conflict(
        sitting,
        lambda state: values_of(state, desk.meeting),
        theirs=stored(sitting, desk.meeting),
        mine=typed,
        opened=version_in(typed),
    )


def _choices(db: SessionDep, meeting: Meeting) -> Choices:
    return Choices(
        items=items_of(db, meeting.id),
        entities=entities_concerned(db, meeting.resolution_id),
        people=people_of(db, meeting.id),
    )


def _options(desk: Desk, choices: Choices) -> dict[str, list[Option]]:
    """What there is to choose from, by field."""
    meeting, fmt = desk.meeting, Formats(desk.lang)
    nowhere = Option("", Message("Not placed yet").in_language(desk.lang))
    named = [
        Option(each.key, short_name(name_on(each.names, meeting.first_day), desk.lang))
        for each in choices.entities
    ]
    roles = [
        Option("", Message("no role").in_language(desk.lang)),
        *(Option(role, name.in_language(desk.lang)) for role, name in SITTING_ROLE_NAMES.items()),
    ]
    return {
        "day": [nowhere, *(Option(day.isoformat(), fmt.day(day)) for day in days_of(meeting))],
        "room": [nowhere, *(Option(str(each.id), each.name) for each in meeting.rooms)],
        "items": [
            Option(str(each.id), f"{each.number}. {each.title.shown_in(desk.lang).text}")
            for each in choices.items
        ],
        "entities": sorted_by_name(named, lambda option: str(option.label), desk.lang),
        **{person_field(each.id): roles for each in choices.people},
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
    removal = removal_of(db, meeting.id, sitting_id)
    if removal is not None:
        words = {"who": removal.actor_name}
        gone = Gone(
            Message("%(who)s deleted this session after you opened it. Add it again.", words)
        )
        refuse(db)
        return _form(db, desk, sitting=None, values=typed(form), problem=gone)
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
