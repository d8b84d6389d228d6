"""The list of called upon and invited entities as JSON."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from pydantic import Field

from app.core.access import Permission
from app.core.api import (
    Body,
    Flatten,
    IfMatch,
    Key,
    LocalizedNote,
    listed,
    said,
    tagged,
    telling_present,
)
from app.core.database import SessionDep
from app.core.languages import Language, Localized
from app.directory.queries import entity_by_key
from app.directory.rules import name_on
from app.invitations import commands
from app.invitations.models import Invitation, InvitationKind
from app.invitations.queries import invitation_of, invitations_of
from app.meetings.api import ApiDesk, api_desk_for, paragraph_told
from app.meetings.models import Meeting

router = APIRouter(prefix="/api/v1/meetings/{slug}/invitations", tags=["invitations"])

EditInvitations = Annotated[ApiDesk, Depends(api_desk_for(Permission.EDIT_INVITATIONS))]


class InvitationBody(Body):
    """An entity by its key in the directory, and what is wanted of it."""

    entity: Key
    kind: Annotated[InvitationKind, Field(strict=False)]


class NoteBody(Body):
    """A note for the desk."""

    note: LocalizedNote


def _answer(each: Invitation, meeting: Meeting, lang: Language | None = None) -> dict[str, Any]:
    return {
        "id": str(each.id),
        "version": each.version,
        "kind": each.kind,
        "entity": each.entity.key,
        "name": said(name_on(each.entity.names, meeting.first_day).name, lang),
        "paragraph": paragraph_told(each.paragraph),
        "note": said(each.note, lang),
        "withdrawn": each.withdrawn_at is not None,
    }


@router.get("", name="api_invitations")
def show(db: SessionDep, desk: EditInvitations, lang: Flatten = None) -> dict[str, Any]:
    """Everybody on the list."""
    found = invitations_of(db, desk.meeting.id)
    return listed([_answer(each, desk.meeting, lang) for each in found])


@router.post("", name="api_add_invitation", status_code=201)
def add(
    db: SessionDep, desk: EditInvitations, response: Response, body: InvitationBody
) -> dict[str, Any]:
    """One more entity."""
    entity = entity_by_key(db, body.entity)
    added = commands.add_invitation(desk.work, entity, body.kind)
    tagged(response, added.version)
    response.headers["Location"] = desk.path(f"/invitations/{added.id}")
    return _answer(added, desk.meeting)


@router.post("/text", name="api_take_invitations_over", status_code=201)
def take_over(desk: EditInvitations) -> dict[str, Any]:
    """Whom the resolution calls upon and the list lacks."""
    added = commands.take_over(desk.work)
    return listed([_answer(each, desk.meeting) for each in added])


@router.get("/{invitation_id}", name="api_invitation")
def read(
    db: SessionDep, desk: EditInvitations, response: Response, invitation_id: UUID
) -> dict[str, Any]:
    """One entity on the list."""
    found = invitation_of(db, desk.meeting.id, invitation_id)
    tagged(response, found.version)
    return _answer(found, desk.meeting)


@router.put("/{invitation_id}/note", name="api_change_invitation")
def change(
    db: SessionDep,
    desk: EditInvitations,
    response: Response,
    invitation_id: UUID,
    version: IfMatch,
    body: NoteBody,
) -> dict[str, Any]:
    """Another note."""
    found = invitation_of(db, desk.meeting.id, invitation_id)
    with telling_present(lambda: _answer(found, desk.meeting)):
        commands.change_note(desk.work, found, Localized(body.note), version=version)
    tagged(response, found.version)
    return _answer(found, desk.meeting)


@router.put("/{invitation_id}/withdrawal", name="api_withdraw")
def withdraw(
    db: SessionDep,
    desk: EditInvitations,
    response: Response,
    invitation_id: UUID,
    version: IfMatch,
) -> dict[str, Any]:
    """It is not asked any more."""
    found = invitation_of(db, desk.meeting.id, invitation_id)
    with telling_present(lambda: _answer(found, desk.meeting)):
        commands.withdraw(desk.work, found, version=version)
    tagged(response, found.version)
    return _answer(found, desk.meeting)


@router.delete("/{invitation_id}/withdrawal", name="api_bring_back")
def bring_back(
    db: SessionDep,
    desk: EditInvitations,
    response: Response,
    invitation_id: UUID,
    version: IfMatch,
) -> dict[str, Any]:
    """It is asked after all."""
    found = invitation_of(db, desk.meeting.id, invitation_id)
    with telling_present(lambda: _answer(found, desk.meeting)):
        commands.bring_back(desk.work, found, version=version)
    tagged(response, found.version)
    return _answer(found, desk.meeting)
