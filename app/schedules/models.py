"""Sittings in work, and editions: the timetable frozen as it was published."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    ForeignKey,
    Table,
    UniqueConstraint,
    and_,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Person
from app.agendas.models import Item
from app.core.database import Base, Frozen, Identified, Versioned
from app.core.languages import Localized, Message
from app.directory.models import Entity
from app.documents.models import Document
from app.groups.models import Delegate, Prepared
from app.meetings.models import Meeting, Room
from app.schedules.roles import SITTING_ROLE_NAMES, SittingRole

sitting_items = Table(
    "sitting_items",
    Base.metadata,
    Column("sitting_id", ForeignKey("sittings.id"), primary_key=True),
    Column("item_id", ForeignKey("items.id", ondelete="CASCADE"), primary_key=True),
)
sitting_entities = Table(
    "sitting_entities",
    Base.metadata,
    Column("sitting_id", ForeignKey("sittings.id"), primary_key=True),
    Column("entity_id", ForeignKey("entities.id"), primary_key=True),
)


class Sitting(Identified, Versioned, Base):
    """One block of the timetable; people call it a session. Without times it is not placed.

    Never deleted once it was in an edition: its key is its UID in delegates' calendars.
    """

    __tablename__ = "sittings"
    __table_args__ = (
        CheckConstraint("(starts_at IS NULL) = (ends_at IS NULL)", name="both_ends"),
        CheckConstraint("ends_at > starts_at", name="ends_later"),
    )

    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meetings.id"), index=True)
    title: Mapped[Localized]
    note: Mapped[Localized]
    minutes: Mapped[int | None]
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    room_id: Mapped[UUID | None] = mapped_column(ForeignKey("rooms.id"))
    cancelled_at: Mapped[datetime | None]
    closed: Mapped[bool] = mapped_column(default=False)
    closed_changed_at: Mapped[datetime | None]

    room: Mapped[Room | None] = relationship(lazy="raise")
    items: Mapped[list[Item]] = relationship(
        secondary=sitting_items,
        # A removed item keeps its sittings, in case it comes back.
        secondaryjoin=lambda: and_(sitting_items.c.item_id == Item.id, Item.removed_at.is_(None)),
        lazy="raise",
        order_by=Item.position,
    )
    entities: Mapped[list[Entity]] = relationship(
        secondary=sitting_entities, lazy="raise", order_by=Entity.key
    )

    people: Mapped[list["SittingPerson"]] = relationship(
        cascade="all, delete-orphan", lazy="raise", order_by="SittingPerson.person_id"
    )

    @property
    def placed(self) -> bool:
        """Whether it has a time and takes place."""
        return self.starts_at is not None and self.cancelled_at is None


class SittingPerson(Base):
    """Somebody who does something in a sitting."""

    __tablename__ = "sitting_people"

    sitting_id: Mapped[UUID] = mapped_column(ForeignKey("sittings.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)
    role: Mapped[SittingRole]

    person: Mapped[Person] = relationship(lazy="raise")

    @property
    def role_name(self) -> Message:
        """Presides, speaks and so on."""
        return SITTING_ROLE_NAMES[self.role]


class GroupMeeting(Prepared, Base):
    """One meeting of the Group (`held`), convened by notice; `meeting_id` is the conference.

    `present` are the keys of the members that were there: for the record, never a gate.
    """

    __tablename__ = "group_meetings"
    __table_args__ = (UniqueConstraint("meeting_id", "number"),)

    number: Mapped[int]
    held_id: Mapped[UUID] = mapped_column(ForeignKey("meetings.id"), unique=True)
    convened_at: Mapped[datetime]
    present: Mapped[list[str]] = mapped_column(JSON)
    presided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("group_people.id"))
    presided_why: Mapped[str]
    summary_id: Mapped[UUID | None] = mapped_column(ForeignKey("documents.id"))

    held: Mapped[Meeting] = relationship(lazy="raise", foreign_keys=[held_id])
    presided_by: Mapped[Delegate | None] = relationship(lazy="raise")
    summary: Mapped[Document | None] = relationship(lazy="raise")


class Edition(Identified, Frozen, Base):
    """The published timetable as of a moment; numbered without gaps, chained by hash."""

    __tablename__ = "editions"
    __table_args__ = (UniqueConstraint("meeting_id", "number"),)

    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meetings.id"))
    number: Mapped[int]
    published_at: Mapped[datetime]
    published_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    remark: Mapped[Localized]
    instructed_by: Mapped[str] = mapped_column(default="")
    labels: Mapped[dict[str, Any]] = mapped_column(JSON)
    agenda_revision_id: Mapped[UUID | None] = mapped_column(ForeignKey("agenda_revisions.id"))
    previous_hash: Mapped[str]
    hash: Mapped[str]

    sittings: Mapped[list["EditionSitting"]] = relationship(
        back_populates="edition", lazy="raise", order_by="EditionSitting.position"
    )


class EditionSitting(Identified, Frozen, Base):
    """A sitting as an edition shows it, with what calendars need to follow it."""

    __tablename__ = "edition_sittings"
    __table_args__ = (UniqueConstraint("edition_id", "sitting_id"),)

    edition_id: Mapped[UUID] = mapped_column(ForeignKey("editions.id"))
    sitting_id: Mapped[UUID] = mapped_column(ForeignKey("sittings.id"), index=True)
    position: Mapped[int]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    cancelled: Mapped[bool]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    sequence: Mapped[int]
    changed_at: Mapped[datetime]
    first_published_at: Mapped[datetime]

    edition: Mapped[Edition] = relationship(back_populates="sittings", lazy="raise")
