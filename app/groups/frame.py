"""The frame of every page about the Group: which part of it, and the Group itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import Depends, Response
from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from app.core.access import Permission
from app.core.database import SessionDep
from app.core.errors import Stale, UserError
from app.core.forms import Reader
from app.core.languages import Message
from app.core.options import Option
from app.core.pages import Link, shown_errors
from app.core.records import row_state
from app.core.versions import EditConflict
from app.directory.models import Entity
from app.directory.rules import name_on
from app.groups.models import Decision, Group
from app.groups.queries import superseding, the_group_of
from app.groups.rules import STANDING_NAMES, is_late, standing
from app.meetings.models import Meeting
from app.meetings.pages import Desk, desk_for

PARTS = (
    ("group", Message("Members")),
    ("group/officers", Message("Officers")),
    ("group/meetings", Message("Meetings")),
    ("group/decisions", Message("Decisions")),
    ("group/tasks", Message("Work plan")),
    ("group/clearances", Message("Clearances")),
    ("group/liaison", Message("Liaison and host")),
)

GroupPage = Annotated[Desk, Depends(desk_for(Permission.EDIT_GROUP))]


@dataclass(frozen=True)
class GroupDesk:
    """A desk on which the Group lies."""

    desk: Desk
    group: Group

    def page(
        self, name: str, area: str, *, problem: UserError | None = None, **context: Any
    ) -> Response:
        """One part of the Group's pages, with the way to the others."""
        return group_page(self.desk, name, area, problem=problem, group=self.group, **context)


def group_page(
    desk: Desk, name: str, area: str, *, problem: UserError | None = None, **context: Any
) -> Response:
    """The same where there may be no Group yet."""
    return desk.page(
        name,
        "group",
        area=area,
        status=problem.status if problem else 200,
        errors=shown_errors(desk.request, problem),
        parts=[
            Link(label.in_language(desk.lang), desk.path(f"/{key}"), key == area)
            for key, label in PARTS
        ],
        **context,
    )


def _with_group(db: SessionDep, desk: GroupPage) -> GroupDesk:
    return GroupDesk(desk, the_group_of(db, desk.meeting.id))


GroupDep = Annotated[GroupDesk, Depends(_with_group)]


def standing_of(db: Session, decision: Decision, *, now: datetime) -> dict[str, Any]:
    """What a decision has come to, as the desk and the members see it."""
    later = superseding(db, decision)
    found = standing(decision, superseded=later is not None, now=now)
    return {
        "later": later,
        "standing": found.value,
        "standing_name": STANDING_NAMES[found],
        "late": {each.id for each in decision.objections if is_late(each, decision.deadline_at)},
    }


def conflict_on(
    desk: Desk,
    row: Any,
    form: FormData | None,
    problem: UserError | None,
    values_of: Callable[[dict[str, Any]], Mapping[str, Any]],
) -> EditConflict | None:
    """What a stale save of this row is shown with; None where nothing is stale."""
    if form is None or not isinstance(problem, Stale):
        return None
    theirs = values_of(row_state(row))
    mine = {name: form.getlist(name) if _is_list(theirs, name) else form.get(name) for name in form}
    opened = Reader(form).version()
    mine.pop("once", None)
    return desk.conflict(row, values_of, theirs=theirs, mine=mine, opened=opened)


def _is_list(values: Mapping[str, Any], name: str) -> bool:
    return isinstance(values.get(name), list)


def typed(form: FormData, *lists: str) -> dict[str, Any]:
    """The form as typed, to show it again."""
    return {**dict(form), **{name: form.getlist(name) for name in lists}}


def name_of(entity: Entity, day: date, lang: str) -> str:
    """What the entity is called on that day in the reader's language."""
    return name_on(entity.names, day).name.shown_in(lang).text


def meeting_options(desk: Desk, found: Any) -> list[Option]:
    """The Group's meetings to choose from, and none of them."""
    none = Option("", Message("none").in_language(desk.lang))
    return [none, *(Option(str(each.id), _said(each, desk.lang)) for each in found)]


def _said(meeting: Meeting, lang: str) -> str:
    return f"{meeting.ordinal.shown_in(lang).text}, {meeting.first_day.isoformat()}"
