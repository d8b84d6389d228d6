"""The work plan: who owes what by which day."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.core.access import Permission
from app.core.changes import record_added, recording
from app.core.errors import FieldError, Invalid, check_version
from app.core.journal import Area, Verb
from app.core.languages import Localized, Message
from app.core.records import Steps, kept_rows
from app.groups.models import Task, TaskState
from app.groups.queries import next_number
from app.groups.rules import due_day
from app.meetings.commands import Work

TASKS = Area("group/tasks", Permission.EDIT_GROUP)
ADDED = Verb(TASKS, "task.added", Message("%(who)s added task %(number)s, “%(title)s”"))
CHANGED = Verb(TASKS, "task.changed", Message("%(who)s changed task %(number)s, “%(title)s”"))
# Further than this from the opening is a slip of the finger.
MOST_DAYS = 1000


@dataclass(frozen=True)
class TaskGiven:
    """A task as it is entered: an entity or a post owes it, on a date or before the opening."""

    what: Localized
    state: TaskState = TaskState.OPEN
    entity_id: UUID | None = None
    post: str | None = None
    due_on: date | None = None
    days_before: int | None = None
    paragraph_id: UUID | None = None
    decision_id: UUID | None = None
    after_the_conference: bool = False


def _check(work: Work, given: TaskGiven) -> None:
    errors = []
    if (given.due_on is None) == (given.days_before is None):
        message = Message("Enter a date, or how many days before the opening, not both.")
        errors.append(FieldError("due_on", message))
    elif not given.after_the_conference and _due(work, given) > work.meeting.last_day:
        message = Message(
            "This is after the conference, which ends on %(day)s. Tick the box if that is meant.",
            {"day": work.meeting.last_day.isoformat()},
        )
        errors.append(FieldError("due_on" if given.due_on else "days_before", message))
    if (given.entity_id is None) == (given.post is None):
        errors.append(FieldError("owner", Message("Choose who does it.")))
    if errors:
        raise Invalid(errors)


def _due(work: Work, given: TaskGiven) -> date:
    return due_day(Task(due_on=given.due_on, days_before=given.days_before), work.meeting.first_day)


def add_task(work: Work, given: TaskGiven) -> Task:
    """A further task. Invalid where a day or an owner is missing or comes after the conference."""
    _check(work, given)
    number = next_number(work.db, Task, work.meeting_id)
    task = Task(meeting_id=work.meeting_id, number=number, **_columns(given))
    work.db.add(task)
    record_added(work, ADDED, task, number=number)
    return task


def change_task(work: Work, task: Task, given: TaskGiven, *, version: int) -> None:
    """Other words, owner, day, source or state; the journal keeps each step."""
    check_version(task.version, version)
    _check(work, given)
    with recording(work, CHANGED, task, number=task.number):
        for name, value in _columns(given).items():
            setattr(task, name, value)


def _columns(given: TaskGiven) -> dict[str, object]:
    return {name: value for name, value in vars(given).items() if name != "after_the_conference"}


kept_rows("task", Task, Steps(ADDED, CHANGED), label=lambda task: task.what)
