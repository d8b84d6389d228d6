"""What depends on the days of a meeting, asked of every package that has something."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.groups.models import Host, Task
from app.groups.queries import host_of, meetings_of_group, tasks_of
from app.groups.rules import due_day
from app.invitations.models import Invitation
from app.invitations.queries import invitations_of
from app.meetings.models import Deadline, Meeting
from app.schedules.models import Sitting
from app.schedules.queries import WholeEdition, current_edition, sittings_of


@dataclass(frozen=True)
class Depending:
    """Everything that somebody has to think of when a meeting moves."""

    sittings: list[Sitting]
    edition: WholeEdition | None
    following: list[tuple[Task, date]]
    fixed: list[tuple[Task, date]]
    deadlines: Sequence[Deadline]
    invited: list[Invitation]
    group_meetings: Sequence[Meeting]
    host: Host | None


def depending_on(db: Session, meeting: Meeting, *, now: datetime) -> Depending:
    """Sessions, deadlines, tasks, invitations, rooms and the host, in a fixed number of
    statements."""
    sittings = sittings_of(db, meeting.id)
    tasks = [
        (each, due_day(each, meeting.first_day))
        for each in tasks_of(db, meeting.id)
        if each.state in {"open", "under_way"}
    ]
    held = meetings_of_group(db, meeting.id)
    return Depending(
        sittings=[each for each in sittings if each.placed],
        edition=current_edition(db, meeting.id),
        following=[row for row in tasks if row[0].days_before is not None],
        fixed=[row for row in tasks if row[0].days_before is None],
        deadlines=meeting.deadlines,
        invited=[each for each in invitations_of(db, meeting.id) if each.withdrawn_at is None],
        group_meetings=[each for each in held if each.last_day >= now.date()],
        host=host_of(db, meeting.id),
    )
