"""The list at the desk: whom the text calls upon, whom the meeting invites."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from app.core.access import Permission
from app.core.database import SessionDep, refuse
from app.core.errors import Conflict, Invalid, NotFound, Stale, UserError, invalid
from app.core.forms import TEXT_LENGTH, Reader
from app.core.languages import Message
from app.core.pages import FormDep, shown_errors
from app.core.text import cleaned
from app.directory.queries import entities, entity_by_key
from app.directory.rules import name_on
from app.invitations import commands
from app.invitations.forms import stored, values_of
from app.invitations.models import Invitation, InvitationKind
from app.invitations.queries import called_upon, invitation_of, invitations_of
from app.invitations.rules import lacking
from app.meetings.pages import Desk, desk_for

router = APIRouter(include_in_schema=False)

EditInvitations = Annotated[Desk, Depends(desk_for(Permission.EDIT_INVITATIONS))]
Search = Annotated[str, Query(max_length=100)]
MOST_FOUND = 20


def _list(
    db: SessionDep, desk: Desk, *, search: str = "", problem: UserError | None = None
) -> Response:
    listed = invitations_of(db, desk.meeting.id)
    calls = [each for each in listed if each.kind is InvitationKind.CALL]
    words = cleaned(search)
    found = entities(db, search=words)[:MOST_FOUND] if words else []
    return desk.page(
        "invitations/desk.html",
        "invitations",
        status=problem.status if problem else 200,
        errors=shown_errors(desk.request, problem),
        calls=calls,
        invited=[each for each in listed if each.kind is InvitationKind.INVITATION],
        missing=lacking(called_upon(db, desk.meeting), calls),
        search=words,
        found=found,
        listed={(each.kind.value, each.entity_id) for each in listed},
    )


@router.get("/{lang}/desk/{slug}/invitations", name="invitations")
def show(db: SessionDep, desk: EditInvitations, search: Search = "") -> Response:
    """Everybody on the list; with words, entities of the directory to add."""
    return _list(db, desk, search=search)


@router.post("/{lang}/desk/{slug}/invitations/text", name="take_invitations_over")
def take_over(desk: EditInvitations) -> Response:
    """Whom the text calls upon and the list lacks."""
    added = commands.take_over(desk.work)
    words = {"count": len(added)}
    return desk.to("/invitations", Message("Taken over from the resolution: %(count)s.", words))


@router.post("/{lang}/desk/{slug}/invitations", name="add_invitation")
def add(db: SessionDep, desk: EditInvitations, form: FormDep) -> Response:
    """One entity of the directory."""
    reader = Reader(form)
    try:
        kinds = reader.chosen("kind", [each.value for each in InvitationKind])
        reader.finish()
        if not kinds:
            raise invalid("kind", Message("Choose from the list."))
        entity = entity_by_key(db, reader.raw("entity"))
        added = commands.add_invitation(desk.work, entity, InvitationKind(kinds[0]))
    except (Invalid, Conflict, NotFound) as problem:
        refuse(db)
        return _list(db, desk, search=reader.raw("search"), problem=problem)
    words = {"name": name_on(added.entity.names, desk.meeting.first_day).name}
    return desk.to("/invitations", Message("On the list: %(name)s.", words))


def _one(
    desk: Desk,
    invitation: Invitation,
    *,
    form: FormDep | None = None,
    problem: UserError | None = None,
) -> Response:
    theirs, typed = stored(invitation), dict(form) if form else {}
    conflict = None
    if form and isinstance(problem, Stale):
        opened = Reader(form).version()
        conflict = desk.conflict(invitation, values_of, theirs=theirs, mine=typed, opened=opened)
    return desk.page(
        "invitations/one.html",
        "invitations",
        status=problem.status if problem else 200,
        errors=shown_errors(desk.request, problem),
        invitation=invitation,
        values=typed or theirs,
        conflict=conflict,
    )


@router.get("/{lang}/desk/{slug}/invitations/{invitation_id}", name="edit_invitation")
def edit(db: SessionDep, desk: EditInvitations, invitation_id: UUID) -> Response:
    """One entity on the list, with its note."""
    return _one(desk, invitation_of(db, desk.meeting.id, invitation_id))


@router.post("/{lang}/desk/{slug}/invitations/{invitation_id}", name="change_invitation")
def change(db: SessionDep, desk: EditInvitations, invitation_id: UUID, form: FormDep) -> Response:
    """Another note."""
    invitation, reader = invitation_of(db, desk.meeting.id, invitation_id), Reader(form)
    try:
        note = reader.localized("note", most=TEXT_LENGTH)
        reader.finish()
        commands.change_note(desk.work, invitation, note, version=reader.version())
    except (Invalid, Stale) as problem:
        refuse(db)
        return _one(desk, invitation, form=form, problem=problem)
    words = {"name": name_on(invitation.entity.names, desk.meeting.first_day).name}
    return desk.to("/invitations", Message("Saved: %(name)s.", words))


@router.post("/{lang}/desk/{slug}/invitations/{invitation_id}/withdrawal", name="withdraw")
def withdraw(db: SessionDep, desk: EditInvitations, invitation_id: UUID, form: FormDep) -> Response:
    """It is not asked any more."""
    invitation = invitation_of(db, desk.meeting.id, invitation_id)
    commands.withdraw(desk.work, invitation, version=Reader(form).version())
    words = {"name": name_on(invitation.entity.names, desk.meeting.first_day).name}
    return desk.to("/invitations", Message("Withdrawn: %(name)s.", words))


@router.post("/{lang}/desk/{slug}/invitations/{invitation_id}/return", name="bring_back")
def bring_back(
    db: SessionDep, desk: EditInvitations, invitation_id: UUID, form: FormDep
) -> Response:
    """It is asked after all."""
    invitation = invitation_of(db, desk.meeting.id, invitation_id)
    commands.bring_back(desk.work, invitation, version=Reader(form).version())
    words = {"name": name_on(invitation.entity.names, desk.meeting.first_day).name}
    return desk.to("/invitations", Message("On the list: %(name)s.", words))
