"""The timetable in work and its editions as JSON."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from fastapi.responses import JSONResponse
from pydantic import Field

from app.accounts.queries import people_of
from app.agendas.queries import items_of
from app.core.access import Permission
from app.core.api import (
    Body,
    Flatten,
    IfMatch,
    Instant,
    Key,
    Line,
    LocalizedInput,
    LocalizedNote,
    listed,
    said,
    tagged,
    telling_present,
)
from app.core.database import SessionDep
from app.core.errors import invalid
from app.core.idempotency import OnceDep
from app.core.languages import Language, Localized, Message
from app.directory.queries import entities
from app.meetings.api import ApiDesk, api_desk_for
from app.schedules import commands, publishing
from app.schedules.forms import MOST_MINUTES
from app.schedules.models import Edition, Sitting
from app.schedules.queries import editions_of, sitting_of, sittings_of
from app.schedules.roles import SittingRole
from app.schedules.rules import Slot

router = APIRouter(prefix="/api/v1/meetings/{slug}", tags=["schedules"])

EditSchedule = Annotated[ApiDesk, Depends(api_desk_for(Permission.EDIT_SCHEDULE))]
Publish = Annotated[ApiDesk, Depends(api_desk_for(Permission.PUBLISH))]


class PlacementBody(Body):
    """When and where; instants with their offset."""

    starts_at: Instant
    ends_at: Instant
    room_id: Annotated[UUID, Field(strict=False)]

    @property
    def slot(self) -> Slot:
        """As a rule takes it."""
        return Slot(self.starts_at, self.ends_at, self.room_id)


class PersonBody(Body):
    """What somebody who holds a role in the meeting does in a sitting."""

    person_id: Annotated[UUID, Field(strict=False)]
    role: Annotated[SittingRole, Field(strict=False)]


class SittingBody(Body):
    """A sitting; `items` are ids, `entities` keys. Without `placement` its place stays."""

    title: LocalizedInput
    note: LocalizedNote = Field(default_factory=dict)
    minutes: int | None = Field(default=None, ge=5, le=MOST_MINUTES)
    items: list[Annotated[UUID, Field(strict=False)]] = Field(default_factory=list)
    entities: list[Key] = Field(default_factory=list)
    people: list[PersonBody] = Field(default_factory=list)
    closed: bool = False
    placement: PlacementBody | None = None


class EditionBody(Body):
    """A line for readers, if there is something to say; on whose instructions it goes out."""

    remark: LocalizedInput = Field(default_factory=dict)
    instructed_by: Line = ""


def _given(db: SessionDep, desk: ApiDesk, body: SittingBody) -> commands.SittingGiven:
    title = Localized(body.title)
    if not title:
        raise invalid("title", Message("Enter the session's title in at least one language."))
    items = [item for item in items_of(db, desk.meeting.id) if item.id in body.items]
    known = entities(db, keys=body.entities) if body.entities else []
    if len(items) != len(set(body.items)):
        raise invalid("items", Message("Choose from the list."))
    if len(known) != len(set(body.entities)):
        raise invalid("entities", Message("Choose from the list."))
    people = {each.person_id: each.role for each in body.people}
    if not people.keys() <= {person.id for person in people_of(db, desk.meeting.id)}:
        raise invalid("people", Message("Choose from the list."))
    if len(people) != len(body.people):
        raise invalid("people", Message("Give each person one role."))
    return commands.SittingGiven(
        title=title,
        note=Localized(body.note),
        minutes=body.minutes,
        items=items,
        entities=known,
        closed=body.closed,
        people=people,
    )


def _answer(sitting: Sitting, lang: Language | None = None) -> dict[str, Any]:
    return {
        "id": str(sitting.id),
        "version": sitting.version,
        "title": said(sitting.title, lang),
        "note": said(sitting.note, lang),
        "minutes": sitting.minutes,
        "starts_at": sitting.starts_at.isoformat() if sitting.starts_at else None,
        "ends_at": sitting.ends_at.isoformat() if sitting.ends_at else None,
        "room_id": str(sitting.room_id) if sitting.room_id else None,
        "items": [str(item.id) for item in sitting.items],
        "entities": [entity.key for entity in sitting.entities],
        "people": [
            {"person_id": str(each.person_id), "role": each.role} for each in sitting.people
        ],
        "closed": sitting.closed,
        "cancelled": sitting.cancelled_at is not None,
    }


def _edition(edition: Edition, lang: Language | None = None) -> dict[str, Any]:
    return {
        "number": edition.number,
        "published_at": edition.published_at.isoformat(),
        "remark": said(edition.remark, lang),
        "instructed_by": edition.instructed_by,
        "hash": edition.hash,
        "previous_hash": edition.previous_hash,
    }


def _saved(db: SessionDep, response: Response, sitting: Sitting) -> dict[str, Any]:
    db.flush()  # the answer says the new version
    tagged(response, sitting.version)
    return _answer(sitting)


@router.get("/sittings", name="api_sittings")
def sittings(db: SessionDep, desk: EditSchedule, lang: Flatten = None) -> dict[str, Any]:
    """The timetable in work."""
    return listed([_answer(each, lang) for each in sittings_of(db, desk.meeting.id)])


@router.post("/sittings", name="api_add_sitting", status_code=201)
def add(
    db: SessionDep, desk: EditSchedule, response: Response, body: SittingBody
) -> dict[str, Any]:
    """A further sitting, placed if a placement is given."""
    slot = body.placement.slot if body.placement else None
    sitting = commands.add_sitting(desk.work, _given(db, desk, body), slot)
    answer = _saved(db, response, sitting)
    response.headers["Location"] = desk.path(f"/sittings/{sitting.id}")
    return answer


@router.get("/sittings/{sitting_id}", name="api_sitting")
def read(
    db: SessionDep, desk: EditSchedule, response: Response, sitting_id: UUID, lang: Flatten = None
) -> dict[str, Any]:
    """One sitting."""
    sitting = sitting_of(db, desk.meeting.id, sitting_id)
    tagged(response, sitting.version)
    return _answer(sitting, lang)


@router.put("/sittings/{sitting_id}", name="api_change_sitting")
def change(
    db: SessionDep,
    desk: EditSchedule,
    response: Response,
    sitting_id: UUID,
    version: IfMatch,
    body: SittingBody,
) -> dict[str, Any]:
    """Replace a sitting's content, and its place if one is given."""
    sitting = sitting_of(db, desk.meeting.id, sitting_id)
    given = _given(db, desk, body)
    place = body.placement.slot if body.placement else commands.KEPT
    with telling_present(lambda: _answer(sitting)):
        commands.change_sitting(desk.work, sitting, given, version=version, place=place)
    return _saved(db, response, sitting)


@router.delete("/sittings/{sitting_id}", name="api_delete_sitting", status_code=204)
def delete(db: SessionDep, desk: EditSchedule, sitting_id: UUID, version: IfMatch) -> None:
    """Throw away a sitting that was never published."""
    sitting = sitting_of(db, desk.meeting.id, sitting_id)
    with telling_present(lambda: _answer(sitting)):
        commands.delete_sitting(desk.work, sitting, version=version)


@router.put("/sittings/{sitting_id}/placement", name="api_place_sitting")
def place(
    db: SessionDep,
    desk: EditSchedule,
    response: Response,
    sitting_id: UUID,
    version: IfMatch,
    body: PlacementBody,
) -> dict[str, Any]:
    """Put it on a time and into a room."""
    sitting = sitting_of(db, desk.meeting.id, sitting_id)
    with telling_present(lambda: _answer(sitting)):
        commands.place_sitting(desk.work, sitting, body.slot, version=version)
    return _saved(db, response, sitting)


@router.delete("/sittings/{sitting_id}/placement", name="api_unplace_sitting")
def unplace(
    db: SessionDep, desk: EditSchedule, response: Response, sitting_id: UUID, version: IfMatch
) -> dict[str, Any]:
    """Take it off the timetable."""
    sitting = sitting_of(db, desk.meeting.id, sitting_id)
    with telling_present(lambda: _answer(sitting)):
        commands.unplace_sitting(desk.work, sitting, version=version)
    return _saved(db, response, sitting)


@router.put("/sittings/{sitting_id}/cancellation", name="api_cancel_sitting")
def cancel(
    db: SessionDep,
    desk: EditSchedule,
    response: Response,
    sitting_id: UUID,
    version: IfMatch,
) -> dict[str, Any]:
    """It will not take place."""
    sitting = sitting_of(db, desk.meeting.id, sitting_id)
    with telling_present(lambda: _answer(sitting)):
        commands.cancel_sitting(desk.work, sitting, version=version)
    return _saved(db, response, sitting)


@router.delete("/sittings/{sitting_id}/cancellation", name="api_bring_back_sitting")
def bring_back(
    db: SessionDep, desk: EditSchedule, response: Response, sitting_id: UUID, version: IfMatch
) -> dict[str, Any]:
    """It takes place after all."""
    sitting = sitting_of(db, desk.meeting.id, sitting_id)
    with telling_present(lambda: _answer(sitting)):
        commands.bring_back_sitting(desk.work, sitting, version=version)
    return _saved(db, response, sitting)


@router.get("/editions", name="api_editions")
def editions(db: SessionDep, desk: EditSchedule, lang: Flatten = None) -> dict[str, Any]:
    """Every edition, the first one first."""
    return listed([_edition(each, lang) for each in editions_of(db, desk.meeting.id)])


@router.post("/editions", name="api_publish", status_code=201)
def publish(once: OnceDep, db: SessionDep, desk: Publish, body: EditionBody) -> Response:
    """Publish the timetable in work: 201 with a new edition, 200 where nothing has changed.

    With an Idempotency-Key a repeat gets the first answer again, for a day.
    """
    once.begin(db)
    remark = Localized(body.remark)
    whole, new = publishing.publish(desk.work, remark=remark, instructed_by=body.instructed_by)
    answer = JSONResponse(_edition(whole.edition, None), 201 if new else 200)
    return once.keep(db, answer)
