"""The frame of every page about one meeting, and the pages of its rooms."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Annotated, Any, Protocol
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from sqlalchemy.orm import Session

from app.core.access import Insider, InsiderDep, Permission, require
from app.core.changes import Actor
from app.core.clock import Now
from app.core.database import SessionDep, refuse
from app.core.errors import Stale, UserError
from app.core.formats import Formats
from app.core.forms import Reader
from app.core.journal import (
    Change,
    State,
    Steps,
    areas,
    changes_of,
    head_number,
    since_version,
    steps_of,
)
from app.core.languages import Language, Message
from app.core.pages import (
    FormDep,
    Frame,
    Link,
    Masthead,
    done,
    page_language,
    private_page,
    see_other,
    shown_errors,
)
from app.core.security import SAFE_METHODS
from app.core.versions import EditConflict, Values, edit_conflict
from app.meetings.commands import Work, add_room, begin_work, change_room
from app.meetings.forms import room_form, room_values
from app.meetings.models import Meeting, MeetingKind
from app.meetings.queries import lock_meeting, meeting_by_slug, room_of
from app.meetings.rules import room_state

router = APIRouter(include_in_schema=False)

SHOWN_STEPS = 5


@dataclass(frozen=True)
class Section:
    """One entry of a meeting's navigation; `path` follows the meeting's address.

    `of_conferences`: a meeting of the Group does not have it.
    """

    key: str
    label: Message
    path: str
    of_conferences: bool = False


def masthead_of(request: Request, meeting: Meeting, *, desk: bool) -> Masthead:
    """The meeting as every page about it begins."""
    lang = page_language(request)
    days = Formats(lang).days(meeting.first_day, meeting.last_day)
    ordinal = meeting.ordinal.shown_in(lang).text
    parts = [ordinal, days, meeting.place.shown_in(lang).text]
    return Masthead(
        who=meeting.organization,
        name=meeting.title,
        when=" · ".join(part for part in parts if part),
        href=f"/{lang}/{'desk' if desk else 'meetings'}/{meeting.slug}",
        series=meeting.series,
    )


def section_links(
    request: Request, meeting: Meeting, sections: tuple[Section, ...], current: str, *, desk: bool
) -> list[Link]:
    """The meeting's navigation in the reader's language."""
    lang = page_language(request)
    base = f"/{lang}/{'desk' if desk else 'meetings'}/{meeting.slug}"
    return [
        Link(section.label.in_language(lang), base + section.path, section.key == current)
        for section in sections
        if not section.of_conferences or meeting.kind is MeetingKind.CONFERENCE
    ]


class VersionedThing(Protocol):
    """An item, a sitting, a room."""

    @property
    def id(self) -> UUID: ...
    @property
    def version(self) -> int: ...


@dataclass(frozen=True)
class History:
    """The end of the journal as a page shows it; `head` is the number of the latest step."""

    area: str
    head: int
    changes: Sequence[Change]
    steps: Steps


@dataclass(frozen=True)
class Desk:
    """A meeting at the desk of somebody who may work on it."""

    request: Request
    db: Session
    viewer: Insider
    meeting: Meeting
    lang: Language
    now: datetime

    @cached_property
    def work(self) -> Work:
        """The viewer at work on the meeting."""
        return begin_work(
            self.db,
            self.meeting,
            by=Actor(self.viewer.person_id, self.viewer.name),
            now=self.now,
            site=self.request.app.state.site,
        )

    def page(
        self, name: str, section: str, *, area: str = "", status: int = 200, **context: object
    ) -> Response:
        """A page in the meeting's frame; `area` where a section of it has a history of its own."""
        sections = self.request.app.state.desk_sections
        frame = Frame(
            masthead=masthead_of(self.request, self.meeting, desk=True),
            sections=section_links(self.request, self.meeting, sections, section, desk=True),
            foot_links=[self._as_readers_see_it()],
            roles=self.viewer.roles_in(self.meeting.id),
            at=self.path("" if section == "desk" else f"/{area or section}"),
        )
        return private_page(
            self.request,
            name,
            self.viewer,
            frame=frame,
            status=status,
            meeting=self.meeting,
            base=self.path(),
            history=self.history(area or section),
            **context,
        )

    def conflict(
        self,
        subject: VersionedThing,
        values_of: Callable[[State], Values],
        *,
        theirs: Values,
        mine: Values,
        opened: int,
    ) -> EditConflict:
        """A stale save of something opened in version `opened`, to be shown and solved."""
        since = since_version(self.db, self.meeting.id, subject.id, opened)
        base = since[0].before if since else None
        unknown = Message("Somebody").in_language(self.lang)
        return edit_conflict(
            theirs if base is None else values_of(base),
            theirs,
            mine,
            by=since[-1].actor_name if since else unknown,
            at=since[-1].at if since else None,
            version=subject.version,
        )

    def history(self, area: str) -> History | None:
        """The latest steps in this part of the desk, and the viewer's own way back and forth."""
        if area not in areas():
            return None
        person, meeting_id = self.viewer.person_id, self.meeting.id
        return History(
            area=area,
            head=head_number(self.db, meeting_id),
            changes=changes_of(self.db, meeting_id, area=area, limit=SHOWN_STEPS),
            steps=steps_of(self.db, meeting_id, area, person),
        )

    def _as_readers_see_it(self) -> Link:
        label = Message("What readers see").in_language(self.lang)
        return Link(label, f"/{self.lang}/meetings/{self.meeting.slug}/schedule")

    def path(self, rest: str = "") -> str:
        """An address at this desk."""
        return f"/{self.lang}/desk/{self.meeting.slug}{rest}"

    def to(self, rest: str, message: Message) -> Response:
        """After a change: the page that shows it, with a line that says it."""
        return done(self.request, see_other(self.path(rest)), message)

    def again(
        self,
        db: SessionDep,
        problem: UserError,
        name: str,
        section: str,
        *,
        values: Mapping[str, Any],
        **context: Any,
    ) -> Response:
        """The form again with everything typed and what is wrong; nothing is kept."""
        refuse(db)
        return self.page(
            name,
            section,
            status=problem.status,
            errors=shown_errors(self.request, problem),
            values=values,
            **context,
        )


def desk_for(permission: Permission) -> Callable[..., Desk]:
    """A dependency: the meeting of the address, if the viewer may do this there."""

    def load(
        request: Request, db: SessionDep, viewer: InsiderDep, now: Now, slug: str, lang: Language
    ) -> Desk:
        if request.method not in SAFE_METHODS:
            lock_meeting(db, slug)
        meeting = meeting_by_slug(db, slug)
        require(viewer, permission, meeting.id)
        return Desk(request, db, viewer, meeting, lang, now)

    return load


SeeDesk = Annotated[Desk, Depends(desk_for(Permission.SEE_DESK))]
EditMeeting = Annotated[Desk, Depends(desk_for(Permission.EDIT_MEETING))]


@router.get("/{lang}/desk/{slug}/rooms", name="desk_rooms")
def rooms(desk: EditMeeting) -> Response:
    """The rooms, and a form for a further one."""
    return desk.page("meetings/rooms.html", "rooms", values={})


@router.post("/{lang}/desk/{slug}/rooms", name="add_room")
def add_a_room(db: SessionDep, desk: EditMeeting, form: FormDep) -> Response:
    """A further room."""
    try:
        given = room_form(form)
    except UserError as problem:
        return desk.again(db, problem, "meetings/rooms.html", "rooms", values=dict(form))
    room = add_room(desk.work, given)
    return desk.to("/rooms", Message("Room added: %(name)s.", {"name": room.name}))


@router.get("/{lang}/desk/{slug}/rooms/{room_id}", name="edit_room")
def edit_room(db: SessionDep, desk: EditMeeting, room_id: UUID) -> Response:
    """A room in its form."""
    room = room_of(db, desk.meeting, room_id)
    values = room_values(room_state(room))
    return desk.page("meetings/room.html", "rooms", room=room, values=values, conflict=None)


@router.post("/{lang}/desk/{slug}/rooms/{room_id}", name="change_room")
def change_a_room(db: SessionDep, desk: EditMeeting, room_id: UUID, form: FormDep) -> Response:
    """Another name or size."""
    room = room_of(db, desk.meeting, room_id)
    opened, typed = Reader(form).version(), dict(form)
    try:
        change_room(desk.work, room, room_form(form), version=opened)
    except UserError as problem:
        conflict = None
        if isinstance(problem, Stale):
            theirs = room_values(room_state(room))
            conflict = desk.conflict(room, room_values, theirs=theirs, mine=typed, opened=opened)
        shown = {"room": room, "conflict": conflict}
        return desk.again(db, problem, "meetings/room.html", "rooms", values=typed, **shown)
    return desk.to("/rooms", Message("Room saved: %(name)s.", {"name": room.name}))
