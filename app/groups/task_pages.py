"""The work plan: a timeline, the table beside it, and each task."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from app.core.database import SessionDep, refuse
from app.core.errors import Invalid, Stale, UserError
from app.core.forms import Reader
from app.core.journal import Change, changes_of_subject
from app.core.languages import Message
from app.core.options import Option, labels_by_value
from app.core.pages import FormDep
from app.core.records import row_state
from app.directory.queries import entities
from app.directory.rules import sorted_by_name
from app.groups.frame import GroupDep, conflict_on, name_of
from app.groups.models import Task, TaskState
from app.groups.queries import decisions_of, task_of, tasks_of
from app.groups.record_forms import task_form, task_values
from app.groups.rules import POST_NAMES, TASK_STATE_NAMES, Urgency, due_day, timeline, urgency
from app.groups.tasks import add_task, change_task
from app.meetings.rules import local_day
from app.resolutions.models import Paragraph
from app.resolutions.queries import resolution_by_id
from app.resolutions.reading.record import Part

router = APIRouter(include_in_schema=False)


def _paragraphs(db: SessionDep, on: GroupDep) -> Sequence[Paragraph]:
    found = on.desk.meeting.resolution_id
    return resolution_by_id(db, found).paragraphs if found else []


def _options(db: SessionDep, on: GroupDep) -> dict[str, Any]:
    lang, day = on.desk.lang, on.desk.meeting.first_day
    named = sorted_by_name(entities(db), lambda each: name_of(each, day, lang), lang)
    owners = [
        *(Option(key, name.in_language(lang)) for key, name in POST_NAMES.items()),
        *(Option(str(each.id), name_of(each, day, lang)) for each in named),
    ]
    paragraph, decision = Message("operative paragraph %(number)s"), Message("decision %(number)s")
    sources = [
        Option("", Message("none").in_language(lang)),
        *(
            Option(str(each.id), _numbered(paragraph, each.number, lang))
            for each in _paragraphs(db, on)
            if each.kind is Part.OPERATIVE
        ),
        *(
            Option(str(each.id), _numbered(decision, each.number, lang))
            for each in decisions_of(db, on.desk.meeting.id)
        ),
    ]
    states = [Option(each, TASK_STATE_NAMES[each].in_language(lang)) for each in TaskState]
    labels = {"owner": owners, "task_source": sources, "state": states}
    return {
        "owner_options": owners,
        "source_options": sources,
        "state_options": states,
        "choices": {name: labels_by_value(found, lang) for name, found in labels.items()},
        "states": TASK_STATE_NAMES,
        "posts": POST_NAMES,
    }


def _numbered(message: Message, number: int, lang: str) -> str:
    return Message(message.text, {"number": number}).in_language(lang)


def _plan(
    db: SessionDep, on: GroupDep, *, form: FormDep | None = None, problem: UserError | None = None
) -> Response:
    desk, opening = on.desk, on.desk.meeting.first_day
    today = local_day(desk.now, desk.meeting.zone)
    found = sorted(
        tasks_of(db, desk.meeting.id), key=lambda each: (due_day(each, opening), each.number)
    )
    return on.page(
        "groups/tasks.html",
        "group/tasks",
        problem=problem,
        today=today,
        tasks=found,
        due={each.id: due_day(each, opening) for each in found},
        urgency={each.id: urgency(each, opening, today=today).value for each in found},
        marks=_marks(on, found, today),
        values=dict(form) if form else {"state": "open"},
        **_options(db, on),
    )


def _marks(on: GroupDep, tasks: Sequence[Task], today: date) -> list[Any]:
    """From today to the conference, or to the last day that the resolution names."""
    meeting, lang = on.desk.meeting, on.desk.lang
    opening, numbered = meeting.first_day, Message("task %(number)s")
    dated = [(each.due_on, each) for each in meeting.deadlines if each.due_on is not None]
    days = [
        (today, "today", Message("today").in_language(lang)),
        (opening, "opening", Message("opening").in_language(lang)),
        *(
            (
                due_day(each, opening),
                urgency(each, opening, today=today).value,
                _numbered(numbered, each.number, lang),
            )
            for each in tasks
            if urgency(each, opening, today=today) is not Urgency.SETTLED
        ),
        *((day, "deadline", _deadline(each, lang)) for day, each in dated),
    ]
    late = [day for day, kind, _ in days if kind == "overdue"]
    first = min([today, *late]) - timedelta(days=2)
    last = max([opening, today, *(day for day, _ in dated)])
    return timeline(days, first, last + timedelta(days=2), apart=110)


def _deadline(each: Any, lang: str) -> str:
    if each.paragraph is None:
        return Message("deadline").in_language(lang)
    return _numbered(Message("paragraph %(number)s"), each.paragraph.number, lang)


@router.get("/{lang}/desk/{slug}/group/tasks", name="tasks")
def tasks(db: SessionDep, on: GroupDep) -> Response:
    """Who owes what by when, on a line and in a table."""
    return _plan(db, on)


@router.post("/{lang}/desk/{slug}/group/tasks", name="add_task")
def add(db: SessionDep, on: GroupDep, form: FormDep) -> Response:
    """A further task."""
    try:
        task = add_task(on.desk.work, _given(db, on, Reader(form)))
    except Invalid as problem:
        refuse(db)
        return _plan(db, on, form=form, problem=problem)
    return on.desk.to("/group/tasks", Message("Task %(number)s is added.", {"number": task.number}))


def _given(db: SessionDep, on: GroupDep, reader: Reader) -> Any:
    decisions = decisions_of(db, on.desk.meeting.id)
    return task_form(reader, entities(db), _paragraphs(db, on), decisions)


def _one(
    db: SessionDep,
    on: GroupDep,
    task_id: UUID,
    *,
    form: FormDep | None = None,
    problem: UserError | None = None,
) -> Response:
    desk = on.desk
    task = task_of(db, desk.meeting.id, task_id)
    found: Sequence[Change] = changes_of_subject(db, desk.meeting.id, task.id)
    today = local_day(desk.now, desk.meeting.zone)
    return on.page(
        "groups/task.html",
        "group/tasks",
        problem=problem,
        task=task,
        due=due_day(task, desk.meeting.first_day),
        urgency=urgency(task, desk.meeting.first_day, today=today).value,
        steps=found,
        values=dict(form) if form else task_values(row_state(task)),
        conflict=conflict_on(desk, task, form, problem, task_values),
        **_options(db, on),
    )


@router.get("/{lang}/desk/{slug}/group/tasks/{task_id}", name="task")
def one(db: SessionDep, on: GroupDep, task_id: UUID) -> Response:
    """One task with its history."""
    return _one(db, on, task_id)


@router.post("/{lang}/desk/{slug}/group/tasks/{task_id}", name="change_task")
def change(db: SessionDep, on: GroupDep, task_id: UUID, form: FormDep) -> Response:
    """Other words, owner, day or state."""
    task, reader = task_of(db, on.desk.meeting.id, task_id), Reader(form)
    try:
        change_task(on.desk.work, task, _given(db, on, reader), version=reader.version())
    except (Invalid, Stale) as problem:
        refuse(db)
        return _one(db, on, task_id, form=form, problem=problem)
    return on.desk.to("/group/tasks", Message("Task %(number)s is saved.", {"number": task.number}))
