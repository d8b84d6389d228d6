"""Commitments at the desk: a row for each operative paragraph, and what people say of it."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from app.core.access import Permission
from app.core.database import SessionDep, refuse
from app.core.errors import Invalid, Stale, UserError
from app.core.forms import Reader, version_in
from app.core.languages import Message
from app.core.options import Option
from app.core.pages import FormDep, shown_errors
from app.core.versions import EditConflict
from app.meetings.commands import change_deadline
from app.meetings.models import Deadline
from app.meetings.pages import Desk, SeeDesk, desk_for
from app.meetings.queries import deadline_of
from app.meetings.rules import deadline_state, local_day
from app.reports import commands
from app.reports.forms import (
    counting_form,
    counting_values,
    due_form,
    due_values,
    fulfilment_form,
    fulfilment_values,
)
from app.reports.queries import (
    commitment_of,
    commitments_of,
    counting_of,
    fulfilment_of,
)
from app.reports.rules import STEPS, Commitment, State, fulfilment_state
from app.resolutions.models import Paragraph

router = APIRouter(include_in_schema=False)

EditCommitments = Annotated[Desk, Depends(desk_for(Permission.EDIT_COMMITMENTS))]
SECTION = "commitments"
BASE = "/{lang}/desk/{slug}/commitments"


def today_at(desk: Desk) -> date:
    """The day at the meeting's place."""
    return local_day(desk.now, desk.meeting.zone)


def _list(
    db: SessionDep,
    desk: Desk,
    *,
    typed: Mapping[str, Any] | None = None,
    problem: UserError | None = None,
) -> Response:
    rows = commitments_of(db, desk.meeting, today=today_at(desk))
    counting = counting_of(db, desk.meeting.id)
    return desk.page(
        "reports/commitments.html",
        SECTION,
        status=problem.status if problem else 200,
        errors=shown_errors(desk.request, problem),
        rows=rows,
        counts={state.value: sum(each.state is state for each in rows) for state in State},
        counting=counting,
        steps=[each.in_language(desk.lang) for each in STEPS],
        values=typed or counting_values(counting.days, counting.source),
        today=today_at(desk),
        may_edit=desk.viewer.may(Permission.EDIT_COMMITMENTS, desk.meeting.id),
    )


@router.get(BASE, name="commitments")
def show(db: SessionDep, desk: SeeDesk) -> Response:
    """What each operative paragraph asks, of whom, by when, and what answers it."""
    return _list(db, desk)


@router.post(BASE + "/counting", name="count_back")
def count_back(db: SessionDep, desk: EditCommitments, form: FormDep) -> Response:
    """How many days before a report each step of it is."""
    reader = Reader(form)
    try:
        days, source = counting_form(reader)
        commands.count_back(desk.work, days, source, version=reader.version())
    except (Invalid, Stale) as problem:
        refuse(db)
        return _list(db, desk, typed=dict(form), problem=problem)
    return desk.to("/commitments", Message("Days are counted so from now on."))


def _one(
    db: SessionDep,
    desk: Desk,
    row: Commitment,
    *,
    typed: Mapping[str, Any] | None = None,
    problem: UserError | None = None,
) -> Response:
    said = fulfilment_of(db, desk.meeting.id, row.paragraph_id)
    state = "done" if row.state is State.DONE else "open"
    theirs = fulfilment_values(fulfilment_state(said)) if said else {"state": state}
    conflict: EditConflict | None = None
    if typed is not None and said is not None and isinstance(problem, Stale):
        opened = version_in(typed)
        conflict = desk.conflict(said, fulfilment_values, theirs=theirs, mine=typed, opened=opened)
    return desk.page(
        "reports/one.html",
        SECTION,
        status=problem.status if problem else 200,
        errors=shown_errors(desk.request, problem),
        row=row,
        text=db.get_one(Paragraph, row.paragraph_id).text,
        values=typed or theirs,
        version=said.version if said else 0,
        conflict=conflict,
        states=[
            Option("done", Message("Done").in_language(desk.lang)),
            Option("open", Message("Open").in_language(desk.lang)),
        ],
    )


@router.get(BASE + "/{paragraph_id}", name="edit_commitment")
def edit(db: SessionDep, desk: EditCommitments, paragraph_id: UUID) -> Response:
    """One paragraph, and what is said of it."""
    return _one(db, desk, commitment_of(db, desk.meeting, paragraph_id, today=today_at(desk)))


@router.post(BASE + "/{paragraph_id}", name="say_fulfilled")
def say(db: SessionDep, desk: EditCommitments, paragraph_id: UUID, form: FormDep) -> Response:
    """It is done, or open after all."""
    row = commitment_of(db, desk.meeting, paragraph_id, today=today_at(desk))
    paragraph, reader = db.get_one(Paragraph, paragraph_id), Reader(form)
    try:
        done, remark = fulfilment_form(reader)
        version = reader.version()
        commands.say_fulfilled(desk.work, paragraph, done=done, remark=remark, version=version)
    except (Invalid, Stale) as problem:
        refuse(db)
        return _one(db, desk, row, typed=dict(form), problem=problem)
    words = {"number": paragraph.label}
    return desk.to("/commitments", Message("Saved: operative paragraph %(number)s.", words))


def _due(
    desk: Desk,
    deadline: Deadline,
    *,
    typed: Mapping[str, Any] | None = None,
    problem: UserError | None = None,
) -> Response:
    theirs = due_values(deadline_state(deadline))
    conflict: EditConflict | None = None
    if typed is not None and isinstance(problem, Stale):
        opened = version_in(typed)
        conflict = desk.conflict(deadline, due_values, theirs=theirs, mine=typed, opened=opened)
    return desk.page(
        "reports/due.html",
        SECTION,
        status=problem.status if problem else 200,
        errors=shown_errors(desk.request, problem),
        deadline=deadline,
        values=typed or theirs,
        conflict=conflict,
    )


@router.get(BASE + "/dues/{deadline_id}", name="edit_due")
def edit_due(db: SessionDep, desk: EditCommitments, deadline_id: UUID) -> Response:
    """What is due, and when."""
    return _due(desk, deadline_of(db, desk.meeting, deadline_id))


@router.post(BASE + "/dues/{deadline_id}", name="change_due")
def change_due(db: SessionDep, desk: EditCommitments, deadline_id: UUID, form: FormDep) -> Response:
    """Another day, or other words."""
    deadline, reader = deadline_of(db, desk.meeting, deadline_id), Reader(form)
    try:
        due_on, what = due_form(reader)
        change_deadline(desk.work, deadline, due_on, what, version=reader.version())
    except (Invalid, Stale) as problem:
        refuse(db)
        return _due(desk, deadline, typed=dict(form), problem=problem)
    return desk.to("/commitments", Message("Saved: %(what)s.", {"what": what}))
