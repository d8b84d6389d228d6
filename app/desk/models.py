"""A reading in progress: the text that somebody brought, and what was decided of it so far."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.database import Base, Identified, Versioned
from app.core.uploads import File


class MeetingDraft(Identified, Versioned, Base):
    """A meeting that is not one yet. It belongs to one person and ends when the meeting is made.

    `decisions` by the points' ids, as `points.decision_json` gives them.
    """

    __tablename__ = "meeting_drafts"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    title: Mapped[str]
    text: Mapped[str] = mapped_column(Text)
    source_id: Mapped[UUID | None] = mapped_column(ForeignKey("files.id"))
    decisions: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    changed_at: Mapped[datetime]

    source: Mapped[File | None] = relationship(lazy="raise")
