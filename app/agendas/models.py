"""Agenda items in work, and revisions: the agenda frozen as it was published."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Column, ForeignKey, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.database import Base, Frozen, Identified, Versioned
from app.core.languages import Localized
from app.meetings.models import Mandate, Purpose

item_mandates = Table(
    "item_mandates",
    Base.metadata,
    Column("item_id", ForeignKey("items.id", ondelete="CASCADE"), primary_key=True),
    Column("mandate_id", ForeignKey("mandates.id"), primary_key=True),
)
item_purposes = Table(
    "item_purposes",
    Base.metadata,
    Column("item_id", ForeignKey("items.id", ondelete="CASCADE"), primary_key=True),
    Column("purpose_id", ForeignKey("purposes.id"), primary_key=True),
)


class Item(Identified, Versioned, Base):
    """One item of the agenda; its number is its place.

    A removed one stays with what hangs on it, so that the removal can be undone.
    """

    __tablename__ = "items"

    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meetings.id"), index=True)
    position: Mapped[int]
    title: Mapped[Localized]
    minutes: Mapped[int | None]
    removed_at: Mapped[datetime | None]

    mandates: Mapped[list[Mandate]] = relationship(
        secondary=item_mandates, lazy="raise", order_by=Mandate.position
    )
    purposes: Mapped[list[Purpose]] = relationship(
        secondary=item_purposes, lazy="raise", order_by=Purpose.position
    )

    @property
    def number(self) -> str:
        """What people call it."""
        return str(self.position + 1)


class AgendaRevision(Identified, Frozen, Base):
    """The agenda as it stood when it was published."""

    __tablename__ = "agenda_revisions"
    __table_args__ = (UniqueConstraint("meeting_id", "number"),)

    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meetings.id"))
    number: Mapped[int]
    frozen_at: Mapped[datetime]
    frozen_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    items: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    previous_hash: Mapped[str]
    hash: Mapped[str]
