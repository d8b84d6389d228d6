"""The first screens of those who work on meetings."""

from fastapi import APIRouter, Request, Response

from app.core.access import InsiderDep, Permission
from app.core.clock import Now
from app.core.database import SessionDep
from app.core.languages import Language
from app.core.pages import private_page, see_other
from app.desk.queries import state_of
from app.groups.clearances import CLEARING
from app.groups.queries import groups_of
from app.groups.rules import POST_NAMES
from app.meetings.models import MeetingKind
from app.meetings.pages import SeeDesk
from app.meetings.queries import meetings
from app.meetings.rules import days_until, local_day

router = APIRouter(include_in_schema=False)


@router.get("/{lang}/desk", name="desks")
def desks(
    request: Request, db: SessionDep, viewer: InsiderDep, now: Now, lang: Language
) -> Response:
    """The meetings in which the viewer has a role; straight to the desk if there is only one."""
    # Meetings of the Group are reached from the conference that they prepare.
    all_of_them = meetings(db, ids=list(viewer.grants))
    found = [each for each in all_of_them if each.kind is MeetingKind.CONFERENCE]
    desks = [each for each in found if viewer.may(Permission.SEE_DESK, each.id)]
    if len(found) == 1 and desks:
        return see_other(f"/{lang}/desk/{desks[0].slug}")
    today = now.date()
    members = [each.id for each in found if viewer.may(Permission.SEE_GROUP, each.id)]
    return private_page(
        request,
        "desk/meetings.html",
        viewer,
        coming=sorted(
            (each for each in found if each.last_day >= today), key=lambda each: each.first_day
        ),
        past=[each for each in found if each.last_day < today],
        desks={each.id for each in desks},
        may_create=viewer.may_anywhere(Permission.CREATE_MEETING),
        groups=groups_of(db, members),
        roles_in={each.id: viewer.roles_in(each.id) for each in found},
    )


@router.get("/{lang}/desk/{slug}", name="desk")
def desk(db: SessionDep, desk: SeeDesk, now: Now) -> Response:
    """What waits for the chair, and how far the meeting is."""
    meeting = desk.meeting
    today = local_day(now, meeting.zone)
    return desk.page(
        "desk/show.html",
        "desk",
        today=today,
        days_left=days_until(meeting.first_day, today=today),
        state=state_of(db, meeting, now=now),
        clears=not CLEARING.isdisjoint(desk.viewer.roles_in(meeting.id)),
        group_posts=POST_NAMES,
    )
