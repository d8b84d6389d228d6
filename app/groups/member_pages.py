"""What members of the Group see: its meetings, decisions and work plan; and what they may say."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from sqlalchemy.orm import Session

from app.core.access import Insider, InsiderDep, Permission, require
from app.core.changes import Actor
from app.core.clock import Now
from app.core.database import SessionDep, refuse
from app.core.errors import Conflict, Forbidden, Invalid, UserError
from app.core.forms import Reader
from app.core.languages import LANGUAGES, NAMES, Language, Message
from app.core.options import Option
from app.core.pages import FormDep, Frame, done, private_page, see_other, shown_errors
from app.core.security import SAFE_METHODS
from app.groups.commands import PersonGiven, add_delegate
from app.groups.decisions import object_to
from app.groups.forms import person_form
from app.groups.frame import standing_of
from app.groups.models import Delegate, Group
from app.groups.queries import (
    decision_of,
    decisions_of,
    elections_of,
    group_by_key,
    meetings_of_group,
    member_of,
    nothing_there,
    seat_of,
    tasks_of,
)
from app.groups.rules import (
    POST_NAMES,
    STANDING_NAMES,
    TASK_STATE_NAMES,
    WAY_NAMES,
    Standing,
    due_day,
    in_office,
    standing,
    urgency,
)
from app.meetings.commands import Work, begin_work
from app.meetings.models import Meeting
from app.meetings.pages import masthead_of
from app.meetings.queries import lock_meeting, meeting_by_slug, meetings
from app.meetings.rules import local_day

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class MemberDesk:
    """The Group before somebody who sits in it or works for it."""

    request: Request
    db: Session
    viewer: Insider
    meeting: Meeting
    group: Group
    seat: Delegate | None
    lang: Language
    now: datetime

    @property
    def work(self) -> Work:
        """The viewer at work on the conference."""
        by = Actor(self.viewer.person_id, self.viewer.name)
        site = self.request.app.state.site
        return begin_work(self.db, self.meeting, by=by, now=self.now, site=site)

    @property
    def base(self) -> str:
        """The Group's address for members."""
        return f"/{self.lang}/group/{self.group.key}"

    def page(self, name: str, *, problem: UserError | None = None, **context: Any) -> Response:
        """A page in the conference's frame."""
        frame = Frame(
            masthead=masthead_of(self.request, self.meeting, desk=False),
            roles=self.viewer.roles_in(self.meeting.id),
            at=self.base,
        )
        return private_page(
            self.request,
            name,
            self.viewer,
            frame=frame,
            status=problem.status if problem else 200,
            meeting=self.meeting,
            base=self.base,
            group=self.group,
            seat=self.seat,
            errors=shown_errors(self.request, problem),
            **context,
        )

    def to(self, rest: str, message: Message) -> Response:
        """After a change: the page that shows it, with a line that says it."""
        return done(self.request, see_other(self.base + rest), message)

    def seated(self) -> Delegate:
        """Whoever speaks for a member; Forbidden to others."""
        if self.seat is None:
            raise Forbidden(Message("Only people of a member of the Group can do this here."))
        return self.seat


def _load(
    request: Request, db: SessionDep, viewer: InsiderDep, now: Now, key: str, lang: Language
) -> MemberDesk:
    group = group_by_key(db, key)
    found = meetings(db, ids=[group.meeting_id])
    if not viewer.roles_in(group.meeting_id):
        raise nothing_there()
    if request.method not in SAFE_METHODS:
        lock_meeting(db, found[0].slug)
    meeting = meeting_by_slug(db, found[0].slug)
    require(viewer, Permission.SEE_GROUP, meeting.id)
    seat = seat_of(db, meeting.id, viewer.person_id)
    return MemberDesk(request, db, viewer, meeting, group, seat, lang, now)


MemberDep = Annotated[MemberDesk, Depends(_load)]


def _home(
    db: SessionDep, on: MemberDesk, *, form: FormDep | None = None, problem: UserError | None = None
) -> Response:
    meeting, today = on.meeting, local_day(on.now, on.group.zone)
    decisions, tasks = decisions_of(db, meeting.id), tasks_of(db, meeting.id)
    held = meetings_of_group(db, meeting.id)
    gone = {each.supersedes_id for each in decisions}
    opening = meeting.first_day
    standings = {
        each.id: standing(each, superseded=each.id in gone, now=on.now) for each in decisions
    }
    return on.page(
        "groups/home.html",
        problem=problem,
        coming=[each for each in held if each.last_day >= today],
        past=[each for each in held if each.last_day < today],
        officers=in_office(elections_of(db, meeting.id), today),
        decisions=decisions,
        standings=standings,
        silent=[each for each in decisions if standings[each.id] is Standing.SILENCE_RUNS],
        standing_names=STANDING_NAMES,
        ways=WAY_NAMES,
        tasks=sorted(tasks, key=lambda each: (due_day(each, opening), each.number)),
        due={each.id: due_day(each, opening) for each in tasks},
        urgency={each.id: urgency(each, opening, today=today).value for each in tasks},
        states=TASK_STATE_NAMES,
        posts=POST_NAMES,
        people=member_of(db, meeting.id, on.seat.member_id).people if on.seat else [],
        language_options=[Option(code, NAMES[code]) for code in LANGUAGES],
        values=dict(form) if form else {"language": on.lang},
    )


@router.get("/{lang}/group/{key}", name="group_home")
def home(db: SessionDep, on: MemberDep) -> Response:
    """When the Group meets, what it decided, what it owes."""
    return _home(db, on)


@router.post("/{lang}/group/{key}/people", name="add_colleague")
def add_colleague(db: SessionDep, on: MemberDep, form: FormDep) -> Response:
    """An administrator of a mission gives a colleague a sign-in."""
    seat, reader = on.seated(), Reader(form)
    if not seat.administrator:
        raise Forbidden(Message("Only an administrator of the mission adds people of it."))
    try:
        given = person_form(reader)
        reader.finish()
        # Who may add people of a mission is the secretariat's to say.
        given = PersonGiven(given.name, given.email, given.language)
        add_delegate(on.work, member_of(db, on.meeting.id, seat.member_id), given)
    except Invalid as problem:
        refuse(db)
        return _home(db, on, form=form, problem=problem)
    return on.to("", Message("Can sign in now: %(name)s.", {"name": given.name}))


def _decision(
    db: SessionDep,
    on: MemberDesk,
    decision_id: UUID,
    *,
    typed: str = "",
    problem: UserError | None = None,
) -> Response:
    decision = decision_of(db, on.meeting.id, decision_id)
    return on.page(
        "groups/home_decision.html",
        problem=problem,
        decision=decision,
        **standing_of(db, decision, now=on.now),
        typed=typed,
    )


@router.get("/{lang}/group/{key}/decisions/{decision_id}", name="group_decision")
def decision(db: SessionDep, on: MemberDep, decision_id: UUID) -> Response:
    """One decision; in a silence procedure, the way to object."""
    return _decision(db, on, decision_id)


@router.post("/{lang}/group/{key}/decisions/{decision_id}/objections", name="object")
def objection(db: SessionDep, on: MemberDep, decision_id: UUID, form: FormDep) -> Response:
    """The member's delegation objects."""
    found = decision_of(db, on.meeting.id, decision_id)
    seat, text = on.seated(), Reader(form).lines("objection")
    try:
        object_to(on.work, found, seat.member, text)
    except (Invalid, Conflict) as problem:
        refuse(db)
        return _decision(db, on, decision_id, typed=text, problem=problem)
    return on.to(f"/decisions/{decision_id}", Message("Your objection is recorded."))
