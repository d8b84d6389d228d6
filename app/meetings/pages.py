"""The frame of every page about one meeting, and the pages of its facts, resolution and rooms."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Annotated, Any
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
from app.core.languages import Language, Message
from app.core.pages import (
    FormDep,
    Link,
    Masthead,
    done,
    page_language,
    private_page,
    see_other,
    shown_errors,
)
from app.core.security import SAFE_METHODS
from app.meetings.commands import Work, add_room, begin_work, change_room
from app.meetings.forms import room_form
from app.meetings.models import Meeting
from app.meetings.queries import lock_meeting, meeting_by_slug, room_of
from app.resolutions.queries import resolution_by_id

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class Section:
    """One entry of a meeting's navigation; `path` follows the meeting's address."""

    key: str
    label: Message
    path: str


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
    ]


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

    def page(self, name: str, section: str, *, status: int = 200, **context: object) -> Response:
        """A page in the meeting's frame."""
        sections = self.request.app.state.desk_sections
        return private_page(
            self.request,
            name,
            self.viewer,
            masthead=masthead_of(self.request, self.meeting, desk=True),
            sections=section_links(self.request, self.meeting, sections, section, desk=True),
            foot_links=[self._as_readers_see_it()],
            roles=self.viewer.roles_in(self.meeting.id),
            status=status,
            meeting=self.meeting,
            base=self.path(),
            **context,
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
        **context: object,
    ) -> Response:
        """The form again with everything typed and what is wrong; nothing is kept."""
        refuse(db)
        return self.page(
            name,
            section,
            status=problem.status,
            errors=shown_errors(self.request, problem),
            values=values,
            stale=isinstance(problem, Stale),
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


@router.get("/{lang}/desk/{slug}/resolution", name="desk_resolution")
def resolution(db: SessionDep, desk: SeeDesk) -> Response:
    """What the resolution asks: mandates, purposes, whom it calls upon, by when."""
    found = desk.meeting.resolution_id
    source = resolution_by_id(db, found) if found else None
    return desk.page("meetings/resolution.html", "resolution", resolution=source)


@router.get("/{lang}/desk/{slug}/rooms", name="desk_rooms")
def rooms(desk: EditMeeting) -> Response:
    """The rooms, and a form for a further one."""
    return desk.page("meetings/rooms.html", "rooms", values={}, stale=False)


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
    values = {
        **{f"name_{lang}": text for lang, text in room.name.items()},
        "seats": room.seats,
        "booths": room.booths,
    }
    return desk.page("meetings/room.html", "rooms", room=room, values=values, stale=False)


@router.post("/{lang}/desk/{slug}/rooms/{room_id}", name="change_room")
def change_a_room(db: SessionDep, desk: EditMeeting, room_id: UUID, form: FormDep) -> Response:
    """Another name or size."""
    room = room_of(db, desk.meeting, room_id)
    try:
        change_room(desk.work, room, room_form(form), version=Reader(form).version())
    except UserError as problem:
        return desk.again(db, problem, "meetings/room.html", "rooms", values=dict(form), room=room)
    return desk.to("/rooms", Message("Room saved: %(name)s.", {"name": room.name}))
