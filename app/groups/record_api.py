"""The Group's decisions as JSON."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from pydantic import Field

from app.core.access import Permission
from app.core.api import (
    Body,
    Day,
    Flatten,
    Id,
    IfMatch,
    Key,
    Line,
    LocalizedNote,
    Moment,
    Note,
    listed,
    said,
    tagged,
    telling_present,
)
from app.core.database import SessionDep
from app.core.errors import invalid
from app.core.languages import Language, Localized, Message
from app.directory.models import Entity
from app.directory.queries import entities
from app.groups.decisions import (
    DecisionGiven,
    add_decision,
    change_decision,
    confirm_outcome,
    confirm_reservation,
    object_to,
)
from app.groups.models import (
    Decision,
    Member,
    Way,
)
from app.groups.officer_api import held_at
from app.groups.queries import (
    decision_of,
    decisions_of,
    members_of,
    reservation_of,
    superseding,
    the_group_of,
)
from app.groups.rules import is_late, standing
from app.meetings.api import ApiDesk, api_desk_for
from app.resolutions.queries import resolution_by_id

router = APIRouter(prefix="/api/v1/meetings/{slug}/group", tags=["group"])

EditGroup = Annotated[ApiDesk, Depends(api_desk_for(Permission.EDIT_GROUP))]
WRONG = Message("Choose from the list.")


class DecisionBody(Body):
    """A decision; `reserved` are members' keys that agree ad referendum."""

    text: LocalizedNote
    original_language: Language
    decided_on: Day
    way: Annotated[Way, Field(strict=False)] = Way.ADOPTED
    deadline_at: Moment | None = None
    reserved: list[Key] = Field(default_factory=list, max_length=500)
    held_at: Id | None = None
    supersedes: Id | None = None
    source: Line = ""


class ObjectionBody(Body):
    """A delegation objects; `received_at` and `came_by` of one that came by note."""

    member: Key
    text: Note
    received_at: Moment | None = None
    came_by: Line = ""


class ConfirmationBody(Body):
    """A delegation that agreed ad referendum confirms."""

    member: Key
    came_by: Line = ""


def text_given(text: dict[str, str], field: str) -> Localized:
    """A text in at least one language, or Invalid."""
    found = Localized(text)
    if not found:
        raise invalid(field, Message("Enter it in at least one language."))
    return found


def entity_named(db: SessionDep, key: str) -> Entity:
    """An entity of the directory, or Invalid."""
    found = entities(db, keys=[key])
    if not found:
        raise invalid("entity", Message("The directory has no entity with this key."))
    return found[0]


def paragraph_id(db: SessionDep, desk: ApiDesk, number: int | None) -> UUID | None:
    """An operative paragraph of the meeting's resolution by its number, or Invalid."""
    if number is None:
        return None
    source = desk.meeting.resolution_id
    paragraphs = resolution_by_id(db, source).paragraphs if source else []
    for each in paragraphs:
        if each.kind == "operative" and each.number == number:
            return each.id
    raise invalid("paragraph", WRONG)


def _members(db: SessionDep, desk: ApiDesk, keys: Sequence[str], field: str) -> list[Member]:
    found = [each for each in members_of(db, desk.meeting.id) if each.entity.key in keys]
    if len(found) != len(set(keys)) or not all(each.votes for each in found):
        raise invalid(field, WRONG)
    return found


def _decision_given(db: SessionDep, desk: ApiDesk, body: DecisionBody) -> DecisionGiven:
    known = {each.id for each in decisions_of(db, desk.meeting.id)}
    if body.supersedes is not None and body.supersedes not in known:
        raise invalid("supersedes", WRONG)
    return DecisionGiven(
        text=text_given(body.text, "text"),
        original_language=body.original_language,
        decided_on=body.decided_on,
        way=body.way,
        held_at_id=held_at(db, desk, body.held_at),
        deadline_at=body.deadline_at,
        deadline_zone=the_group_of(db, desk.meeting.id).zone,
        source=body.source,
        supersedes_id=body.supersedes,
        reserved=_members(db, desk, body.reserved, "reserved"),
    )


def _decision(
    desk: ApiDesk, decision: Decision, *, superseded: bool, lang: Language | None = None
) -> dict[str, Any]:
    return {
        "id": str(decision.id),
        "version": decision.version,
        "number": decision.number,
        "text": said(decision.text, lang),
        "original_language": decision.original_language,
        "decided_on": decision.decided_on.isoformat(),
        "way": decision.way,
        "standing": standing(decision, superseded=superseded, now=desk.now),
        "deadline_at": decision.deadline_at.isoformat() if decision.deadline_at else None,
        "source": decision.source,
        "supersedes": str(decision.supersedes_id) if decision.supersedes_id else None,
        "reservations": [
            {"member": each.member.entity.key, "confirmed": each.confirmed_at is not None}
            for each in decision.reservations
        ],
        "objections": [
            {
                "member": each.member.entity.key,
                "text": each.text,
                "received_at": each.received_at.isoformat(),
                "late": is_late(each, decision.deadline_at),
            }
            for each in decision.objections
        ],
    }


def _whole(db: SessionDep, desk: ApiDesk, decision_id: UUID, response: Response) -> dict[str, Any]:
    db.flush()  # the answer says the new version
    found = decision_of(db, desk.meeting.id, decision_id)
    tagged(response, found.version)
    return _decision(desk, found, superseded=superseding(db, found) is not None)


@router.get("/decisions", name="api_decisions")
def decisions(db: SessionDep, desk: EditGroup, lang: Flatten = None) -> dict[str, Any]:
    """Every decision, the latest first, with what it has come to."""
    found = decisions_of(db, desk.meeting.id)
    gone = {each.supersedes_id for each in found}
    return listed([_decision(desk, each, superseded=each.id in gone, lang=lang) for each in found])


@router.post("/decisions", name="api_add_decision", status_code=201)
def add(db: SessionDep, desk: EditGroup, response: Response, body: DecisionBody) -> dict[str, Any]:
    """A further decision."""
    decision = add_decision(desk.work, _decision_given(db, desk, body))
    response.headers["Location"] = desk.path(f"/group/decisions/{decision.id}")
    return _whole(db, desk, decision.id, response)


@router.get("/decisions/{decision_id}", name="api_decision")
def read(db: SessionDep, desk: EditGroup, response: Response, decision_id: UUID) -> dict[str, Any]:
    """One decision."""
    return _whole(db, desk, decision_id, response)


@router.put("/decisions/{decision_id}", name="api_change_decision")
def change(
    db: SessionDep,
    desk: EditGroup,
    response: Response,
    decision_id: UUID,
    version: IfMatch,
    body: DecisionBody,
) -> dict[str, Any]:
    """Other words, translations or dates."""
    decision = decision_of(db, desk.meeting.id, decision_id)
    given = _decision_given(db, desk, body)
    with telling_present(lambda: _decision(desk, decision, superseded=False)):
        change_decision(desk.work, decision, given, version=version)
    return _whole(db, desk, decision_id, response)


@router.post("/decisions/{decision_id}/objections", name="api_object", status_code=201)
def objection(
    db: SessionDep, desk: EditGroup, response: Response, decision_id: UUID, body: ObjectionBody
) -> dict[str, Any]:
    """An objection, also a late one."""
    decision = decision_of(db, desk.meeting.id, decision_id)
    member = _members(db, desk, [body.member], "member")[0]
    given = {"came_by": body.came_by, "received_at": body.received_at}
    object_to(desk.work, decision, member, body.text, **given)  # type: ignore[arg-type]
    return _whole(db, desk, decision_id, response)


@router.post("/decisions/{decision_id}/confirmations", name="api_confirm", status_code=201)
def confirmation(
    db: SessionDep, desk: EditGroup, response: Response, decision_id: UUID, body: ConfirmationBody
) -> dict[str, Any]:
    """A delegation confirms what it agreed to ad referendum."""
    decision = decision_of(db, desk.meeting.id, decision_id)
    for each in decision.reservations:
        if each.member.entity.key == body.member:
            row = reservation_of(db, desk.meeting.id, each.id)
            confirm_reservation(desk.work, decision, row, body.came_by, version=row.version)
            return _whole(db, desk, decision_id, response)
    raise invalid("member", WRONG)


@router.put("/decisions/{decision_id}/outcome", name="api_confirm_outcome")
def outcome(
    db: SessionDep, desk: EditGroup, response: Response, decision_id: UUID, version: IfMatch
) -> dict[str, Any]:
    """What the silence procedure came to is confirmed."""
    decision = decision_of(db, desk.meeting.id, decision_id)
    confirm_outcome(desk.work, decision, version=version)
    return _whole(db, desk, decision_id, response)
