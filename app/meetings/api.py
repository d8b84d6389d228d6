"""Meetings, their facts and rooms as JSON; and the API's way to a meeting one may work on."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field
from sqlalchemy.orm import Session

from app.core.access import Insider, InsiderDep, Permission, require
from app.core.api import (
    Body,
    Flatten,
    IfMatch,
    LocalizedInput,
    listed,
    said,
    tagged,
    telling_present,
)
from app.core.changes import Actor
from app.core.clock import Now
from app.core.database import SessionDep
from app.core.errors import invalid
from app.core.languages import Language, Localized, Message
from app.core.security import SAFE_METHODS
from app.meetings.commands import RoomGiven, Work, add_room, begin_work, change_room
from app.meetings.models import Deadline, Meeting, Room
from app.meetings.queries import lock_meeting, meeting_by_slug, meetings, room_of
from app.resolutions.models import Paragraph

router = APIRouter(prefix="/api/v1/meetings", tags=["meetings"])


@dataclass(frozen=True)
class ApiDesk:
    """A meeting that the viewer may work on."""

    request: Request
    db: Session
    viewer: Insider
    meeting: Meeting
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

    def path(self, rest: str) -> str:
        """An address under this meeting."""
        return f"/api/v1/meetings/{self.meeting.slug}{rest}"


def api_desk_for(permission: Permission) -> Callable[..., ApiDesk]:
    """A dependency: the meeting of the address, if the viewer may do this there."""

    def load(request: Request, db: SessionDep, viewer: InsiderDep, now: Now, slug: str) -> ApiDesk:
        if request.method not in SAFE_METHODS:
            lock_meeting(db, slug)
        meeting = meeting_by_slug(db, slug)
        require(viewer, permission, meeting.id)
        return ApiDesk(request, db, viewer, meeting, now)

    return load


EditMeeting = Annotated[ApiDesk, Depends(api_desk_for(Permission.EDIT_MEETING))]


class RoomBody(Body):
    """A room."""

    name: LocalizedInput
    seats: int | None = Field(default=None, ge=1, le=100_000)
    booths: int | None = Field(default=None, ge=0, le=100)


def summary(meeting: Meeting, lang: Language | None) -> dict[str, Any]:
    """A meeting as lists tell it."""
    return {
        "id": str(meeting.id),
        "slug": meeting.slug,
        "kind": meeting.kind,
        "title": said(meeting.title, lang),
        "ordinal": said(meeting.ordinal, lang),
        "organization": said(meeting.organization, lang),
        "series": meeting.series,
        "symbol_prefix": meeting.symbol_prefix,
        "place": said(meeting.place, lang),
        "zone": meeting.zone,
        "first_day": meeting.first_day.isoformat(),
        "last_day": meeting.last_day.isoformat(),
    }


def paragraph_told(paragraph: Paragraph | None) -> dict[str, Any] | None:
    """Which paragraph of the resolution something rests on."""
    return {"kind": paragraph.kind, "number": paragraph.number} if paragraph else None


def _deadline(deadline: Deadline, lang: Language | None) -> dict[str, Any]:
    return {
        "due_on": deadline.due_on.isoformat() if deadline.due_on else None,
        "what": said(deadline.what, lang),
        "paragraph": paragraph_told(deadline.paragraph),
        "recipient": deadline.recipient.key if deadline.recipient else None,
    }


def _room(room: Room, lang: Language | None = None) -> dict[str, Any]:
    return {
        "id": str(room.id),
        "version": room.version,
        "name": said(room.name, lang),
        "seats": room.seats,
        "booths": room.booths,
    }


@router.get("", name="api_meetings")
def all_meetings(db: SessionDep, lang: Flatten = None) -> dict[str, Any]:
    """Every meeting, the latest first."""
    return listed([summary(meeting, lang) for meeting in meetings(db)])


@router.get("/{slug}", name="api_meeting")
def one_meeting(
    db: SessionDep, response: Response, slug: str, lang: Flatten = None
) -> dict[str, Any]:
    """A meeting with its mandates, purposes, deadlines and rooms."""
    meeting = meeting_by_slug(db, slug)
    tagged(response, meeting.version)
    return {
        **summary(meeting, lang),
        "version": meeting.version,
        "about": said(meeting.about, lang),
        "mandates": [
            {
                "key": each.key,
                "symbol": each.symbol,
                "title": said(each.title, lang),
                "short": said(each.short, lang),
                "paragraph": paragraph_told(each.paragraph),
            }
            for each in meeting.mandates
        ],
        "purposes": [
            {
                "key": each.key,
                "name": said(each.name, lang),
                "cross_cutting": each.cross_cutting,
                "paragraph": paragraph_told(each.paragraph),
            }
            for each in meeting.purposes
        ],
        "deadlines": [_deadline(each, lang) for each in meeting.deadlines],
        "rooms": [_room(each, lang) for each in meeting.rooms],
    }


@router.post("/{slug}/rooms", name="api_add_room", status_code=201)
def add(db: SessionDep, desk: EditMeeting, response: Response, body: RoomBody) -> dict[str, Any]:
    """A further room."""
    room = add_room(desk.work, _given(body))
    db.flush()  # the answer says its id and version
    tagged(response, room.version)
    response.headers["Location"] = desk.path(f"/rooms/{room.id}")
    return _room(room)


@router.get("/{slug}/rooms/{room_id}", name="api_room")
def read(
    db: SessionDep, desk: EditMeeting, response: Response, room_id: UUID, lang: Flatten = None
) -> dict[str, Any]:
    """One room."""
    room = room_of(db, desk.meeting, room_id)
    tagged(response, room.version)
    return _room(room, lang)


@router.put("/{slug}/rooms/{room_id}", name="api_change_room")
def change(
    db: SessionDep,
    desk: EditMeeting,
    response: Response,
    room_id: UUID,
    version: IfMatch,
    body: RoomBody,
) -> dict[str, Any]:
    """Rename or resize a room."""
    room = room_of(db, desk.meeting, room_id)
    with telling_present(lambda: _room(room)):
        change_room(desk.work, room, _given(body), version=version)
    db.flush()  # the answer says the new version
    tagged(response, room.version)
    return _room(room)


def _given(body: RoomBody) -> RoomGiven:
    name = Localized(body.name)
    if not name:
        raise invalid("name", Message("Enter the room's name."))
    return RoomGiven(name=name, seats=body.seats, booths=body.booths)
