"""What the Group owes its chair to see first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.groups.models import Clearance, Decision, Group, Host, Task
from app.groups.queries import decisions_of, group_of, host_of, tasks_of, waiting_clearances
from app.groups.rules import Standing, Urgency, due_day, standing, urgency
from app.meetings.models import Meeting
from app.meetings.rules import local_day

PRESSING = {Urgency.OVERDUE, Urgency.SOON}
TO_CONFIRM = {Standing.SILENCE_KEPT, Standing.SILENCE_BROKEN}


@dataclass(frozen=True)
class Owed:
    """A task with its day; `overdue` if that has passed."""

    task: Task
    day: date
    overdue: bool


@dataclass(frozen=True)
class GroupTodo:
    """What waits: to be cleared, to be confirmed, to be done, to be followed up."""

    group: Group
    clearances: Sequence[Clearance]
    tasks: list[Owed]
    to_confirm: list[Decision]
    without_follow_up: list[Decision]
    host: Host | None


def todo(db: Session, meeting: Meeting, *, now: datetime) -> GroupTodo | None:
    """The same for any number of rows in as many statements; None where there is no Group."""
    group = group_of(db, meeting.id)
    if group is None:
        return None
    today, opening = local_day(now, meeting.zone), meeting.first_day
    tasks, decisions = tasks_of(db, meeting.id), decisions_of(db, meeting.id)
    owed = [(each, due_day(each, opening), urgency(each, opening, today=today)) for each in tasks]
    gone = {each.supersedes_id for each in decisions}
    stand = {each.id: standing(each, superseded=each.id in gone, now=now) for each in decisions}
    followed = {each.decision_id for each in tasks}
    return GroupTodo(
        group=group,
        clearances=waiting_clearances(db, meeting.id),
        tasks=sorted(
            (Owed(*row[:2], row[2] is Urgency.OVERDUE) for row in owed if row[2] in PRESSING),
            key=lambda each: (each.day, each.task.number),
        ),
        to_confirm=[each for each in decisions if stand[each.id] in TO_CONFIRM],
        without_follow_up=[
            each
            for each in decisions
            if stand[each.id] is Standing.ADOPTED and each.id not in followed
        ],
        host=host_of(db, meeting.id),
    )
