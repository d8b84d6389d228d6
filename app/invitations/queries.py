"""The list of a meeting, in a fixed number of statements."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.core.errors import NotFound
from app.core.languages import Message
from app.directory.models import Entity
from app.invitations.models import Invitation
from app.meetings.models import Meeting
from app.resolutions.models import Addressee
from app.resolutions.queries import bodies_called_upon, resolution_by_id

WITH_NAMES = (
    joinedload(Invitation.paragraph),
    joinedload(Invitation.entity).selectinload(Entity.names),
    joinedload(Invitation.entity).selectinload(Entity.parent).selectinload(Entity.names),
)


def invitations_of(db: Session, meeting_id: UUID) -> Sequence[Invitation]:
    """Everybody on the list with names and paragraphs, in its order."""
    statement = select(Invitation).where(Invitation.meeting_id == meeting_id).options(*WITH_NAMES)
    return db.scalars(statement.order_by(Invitation.kind, Invitation.position)).all()


def any_invitation_of(db: Session, meeting_id: UUID, invitation_id: UUID) -> Invitation | None:
    """One of this very meeting, or None."""
    statement = select(Invitation).where(
        Invitation.meeting_id == meeting_id, Invitation.id == invitation_id
    )
    return db.scalar(statement.options(*WITH_NAMES))


def invitation_of(db: Session, meeting_id: UUID, invitation_id: UUID) -> Invitation:
    """The same, or NotFound."""
    found = any_invitation_of(db, meeting_id, invitation_id)
    if found is None:
        raise NotFound(Message("There is no such entity on this meeting’s list."))
    return found


def called_upon(db: Session, meeting: Meeting) -> Sequence[Addressee]:
    """Whom the meeting's resolution calls upon, in the text's order."""
    if meeting.resolution_id is None:
        return []
    return bodies_called_upon(resolution_by_id(db, meeting.resolution_id))
