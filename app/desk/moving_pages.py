"""Moving a meeting: everything that depends on its days on one page, and the press that does it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from app.core.access import Permission
from app.core.database import SessionDep, refuse
from app.core.errors import Conflict, Invalid, Stale, UserError
from app.core.forms import Reader
from app.core.journal import changes_of
from app.core.languages import Message
from app.core.pages import FormDep, shown_errors
from app.desk.group_forms import moving_form
from app.desk.moving import depending_on
from app.meetings.pages import Desk, desk_for
from app.schedules.moving import move_meeting

router = APIRouter(include_in_schema=False)

EditMeeting = Annotated[Desk, Depends(desk_for(Permission.EDIT_MEETING))]


def _page(
    db: SessionDep, desk: Desk, *, form: FormDep | None = None, problem: UserError | None = None
) -> Response:
    meeting = desk.meeting
    if isinstance(problem, Stale):
        problem = Conflict(Message("Somebody moved the meeting meanwhile. Look at its days again."))
    stored = {"first_day": meeting.first_day, "last_day": meeting.last_day}
    return desk.page(
        "desk/move.html",
        "desk",
        area="move",
        status=problem.status if problem else 200,
        errors=shown_errors(desk.request, problem),
        depending=depending_on(db, meeting, now=desk.now),
        moves=changes_of(db, meeting.id, area="move", limit=20),
        values=dict(form) if form else stored,
    )


@router.get("/{lang}/desk/{slug}/move", name="moving")
def moving(db: SessionDep, desk: EditMeeting) -> Response:
    """What moves with the meeting, what stays, and the form."""
    return _page(db, desk)


@router.post("/{lang}/desk/{slug}/move", name="move_meeting")
def move(db: SessionDep, desk: EditMeeting, form: FormDep) -> Response:
    """Other days: sessions keep their hours, deadlines before the opening follow."""
    reader = Reader(form)
    try:
        given = moving_form(reader)
        moved = move_meeting(
            desk.work, given.first_day, given.last_day, given.document, version=reader.version()
        )
    except (Invalid, Conflict, Stale) as problem:
        refuse(db)
        return _page(db, desk, form=form, problem=problem)
    message = Message(
        "The meeting is moved. Sessions that moved with it: %(count)s. Publish to tell readers.",
        {"count": len(moved)},
    )
    return desk.to("/move", message)
