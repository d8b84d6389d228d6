"""How people say a paragraph is fulfilled, and how a meeting counts back from its reports."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, Identified, Versioned
from app.core.languages import Localized


class Fulfilment(Identified, Versioned, Base):
    """What somebody said of one paragraph, for one meeting; `done_at` is None if it is open."""

    __tablename__ = "fulfilments"
    __table_args__ = (UniqueConstraint("meeting_id", "paragraph_id"),)

    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meetings.id"))
    paragraph_id: Mapped[UUID] = mapped_column(ForeignKey("paragraphs.id"))
    done_at: Mapped[datetime | None]
    remark: Mapped[Localized]


class Ladder(Identified, Versioned, Base):
    """How many days before a report each step of it is due, where a meeting counts its own way."""

    __tablename__ = "report_ladders"

    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meetings.id"), unique=True)
    days: Mapped[list[int]] = mapped_column(JSON)
    source: Mapped[Localized]
