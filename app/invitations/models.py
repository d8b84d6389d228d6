"""Whom a meeting calls upon to help prepare it, and whom it invites."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.database import Base, Identified, Versioned
from app.core.languages import Localized
from app.directory.models import Entity
from app.resolutions.models import Paragraph


class InvitationKind(StrEnum):
    """A request to collaborate in the preparatory work, or an invitation to the meeting."""

    CALL = "call"
    INVITATION = "invitation"


class Invitation(Identified, Versioned, Base):
    """One entity on the list. `paragraph` is where the text names it; none if added by hand.

    A withdrawn one stays on the list: what was asked of whom is part of the record.
    """

    __tablename__ = "invitations"
    __table_args__ = (UniqueConstraint("meeting_id", "entity_id", "kind"),)

    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meetings.id"))
    entity_id: Mapped[UUID] = mapped_column(ForeignKey("entities.id"))
    kind: Mapped[InvitationKind]
    position: Mapped[int]
    paragraph_id: Mapped[UUID | None] = mapped_column(ForeignKey("paragraphs.id"))
    note: Mapped[Localized]
    withdrawn_at: Mapped[datetime | None]

    entity: Mapped[Entity] = relationship(lazy="raise")
    paragraph: Mapped[Paragraph | None] = relationship(lazy="raise")
