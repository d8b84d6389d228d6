"""Keeping the list: taking the text's names over, adding, noting, withdrawing."""

from collections.abc import Sequence
from uuid import UUID

from app.core.access import Permission
from app.core.changes import Kind, record_added, recording
from app.core.errors import Conflict, check_version
from app.core.journal import Area, State, Verb
from app.core.languages import Localized, Message
from app.directory.models import Entity
from app.invitations.models import Invitation, InvitationKind
from app.invitations.queries import any_invitation_of, called_upon, invitations_of
from app.invitations.rules import invitation_state, lacking
from app.meetings.commands import Work
from app.resolutions.models import Paragraph

INVITATIONS = Area("invitations", Permission.EDIT_INVITATIONS)
ADDED = Verb(
    INVITATIONS,
    "invitation.added",
    Message("%(who)s put %(title)s on the list"),
    can_be_undone=False,
)
CHANGED = Verb(INVITATIONS, "invitation.changed", Message("%(who)s changed the note on %(title)s"))
WITHDRAWN = Verb(
    INVITATIONS, "invitation.withdrawn", Message("%(who)s withdrew %(title)s from the list")
)
BROUGHT_BACK = Verb(
    INVITATIONS, "invitation.brought_back", Message("%(who)s put %(title)s back on the list")
)


def take_over(work: Work) -> Sequence[Invitation]:
    """Everybody whom the resolution calls upon and the list lacks, with the paragraph."""
    listed = [
        each
        for each in invitations_of(work.db, work.meeting_id)
        if each.kind is InvitationKind.CALL
    ]
    missing = lacking(called_upon(work.db, work.meeting), listed)
    return [
        add_invitation(work, each.entity, InvitationKind.CALL, paragraph=each.paragraph)
        for each in missing
    ]


def add_invitation(
    work: Work, entity: Entity, kind: InvitationKind, *, paragraph: Paragraph | None = None
) -> Invitation:
    """One more entity, last of its kind; Conflict if it is on the list already."""
    same = [each for each in invitations_of(work.db, work.meeting_id) if each.kind is kind]
    if any(each.entity_id == entity.id for each in same):
        raise Conflict(Message("This entity is on the list already."))
    invitation = Invitation(
        meeting_id=work.meeting_id,
        entity=entity,
        kind=kind,
        position=len(same),
        paragraph=paragraph,
        note=Localized(),
    )
    work.db.add(invitation)
    record_added(work, ADDED, invitation)
    return invitation


def change_note(work: Work, invitation: Invitation, note: Localized, *, version: int) -> None:
    """Another note for the desk."""
    check_version(invitation.version, version)
    with recording(work, CHANGED, invitation):
        invitation.note = note


def withdraw(work: Work, invitation: Invitation, *, version: int) -> None:
    """It is not asked any more; it stays on the list, struck."""
    check_version(invitation.version, version)
    if invitation.withdrawn_at is not None:
        raise Conflict(Message("This entity is withdrawn already."))
    with recording(work, WITHDRAWN, invitation):
        invitation.withdrawn_at = work.now


def bring_back(work: Work, invitation: Invitation, *, version: int) -> None:
    """It is asked after all."""
    check_version(invitation.version, version)
    if invitation.withdrawn_at is None:
        raise Conflict(Message("This entity is not withdrawn."))
    with recording(work, BROUGHT_BACK, invitation):
        invitation.withdrawn_at = None


def _restore(work: Work, invitation_id: UUID, state: State | None) -> None:
    invitation = any_invitation_of(work.db, work.meeting_id, invitation_id)
    if invitation is None or state is None:
        return
    if state["withdrawn"] != (invitation.withdrawn_at is not None):
        turn = withdraw if state["withdrawn"] else bring_back
        turn(work, invitation, version=invitation.version)
    else:
        note = Localized(state["note"])
        change_note(work, invitation, note, version=invitation.version)


def _label(invitation: Invitation) -> Localized:
    return invitation.entity.names[-1].name


Kind(
    "invitation",
    Invitation,
    find=lambda work, key: any_invitation_of(work.db, work.meeting_id, key),
    state=invitation_state,
    label=_label,
    restore=_restore,
)
