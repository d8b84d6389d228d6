"""A meeting and its facts: place, zone, days, mandates, purposes, deadlines, rooms."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, nulls_last
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.database import Base, Identified, Versioned
from app.core.languages import Localized
from app.directory.models import Entity
from app.resolutions.models import Paragraph


class MeetingKind(StrEnum):
    """The conference itself, or one meeting of the Group that prepares it."""

    CONFERENCE = "conference"
    GROUP = "group"


class Meeting(Identified, Versioned, Base):
    """What a resolution asks for. `public_stamp` rises whenever anything public changes."""

    __tablename__ = "meetings"
    __table_args__ = (
        CheckConstraint("last_day >= first_day", name="days_in_order"),
        # /calendars/groups/... and /calendars/personal/... are no meetings.
        CheckConstraint("slug NOT IN ('groups', 'personal')", name="slug_not_reserved"),
    )

    slug: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[MeetingKind]
    title: Mapped[Localized]
    ordinal: Mapped[Localized]
    organization: Mapped[Localized]
    series: Mapped[str]
    symbol_prefix: Mapped[str]
    place: Mapped[Localized]
    zone: Mapped[str]
    first_day: Mapped[date]
    last_day: Mapped[date]
    about: Mapped[Localized]
    resolution_id: Mapped[UUID | None] = mapped_column(ForeignKey("resolutions.id"))
    public_stamp: Mapped[int] = mapped_column(default=1)
    public_changed_at: Mapped[datetime]

    mandates: Mapped[list["Mandate"]] = relationship(lazy="raise", order_by="Mandate.position")
    purposes: Mapped[list["Purpose"]] = relationship(lazy="raise", order_by="Purpose.position")
    deadlines: Mapped[list["Deadline"]] = relationship(
        lazy="raise", order_by=lambda: nulls_last(Deadline.due_on)
    )
    rooms: Mapped[list["Room"]] = relationship(lazy="raise", order_by="Room.position")


class Preparation(Base):
    """A meeting of a Group, and the conference that it helps to prepare."""

    __tablename__ = "preparations"

    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meetings.id"), primary_key=True)
    conference_id: Mapped[UUID] = mapped_column(ForeignKey("meetings.id"), index=True)


class Mandate(Identified, Base):
    """An instruction in a source resolution that the meeting must serve."""

    __tablename__ = "mandates"
    __table_args__ = (UniqueConstraint("meeting_id", "key"),)

    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meetings.id"))
    position: Mapped[int]
    key: Mapped[str]
    prefix: Mapped[str]
    symbol: Mapped[str]
    title: Mapped[Localized]
    short: Mapped[Localized]
    paragraph_id: Mapped[UUID | None] = mapped_column(ForeignKey("paragraphs.id"))

    paragraph: Mapped[Paragraph | None] = relationship(lazy="raise")

    @property
    def mark(self) -> int:
        """Which of the drawn marks stands for it, from 1."""
        return self.position + 1


class Purpose(Identified, Base):
    """What the meeting is for, or a theme that cuts across it."""

    __tablename__ = "purposes"
    __table_args__ = (UniqueConstraint("meeting_id", "key"),)

    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meetings.id"))
    position: Mapped[int]
    key: Mapped[str]
    name: Mapped[Localized]
    cross_cutting: Mapped[bool]
    paragraph_id: Mapped[UUID | None] = mapped_column(ForeignKey("paragraphs.id"))

    paragraph: Mapped[Paragraph | None] = relationship(lazy="raise")


class Deadline(Identified, Versioned, Base):
    """A day by which the resolution or a decision wants something.

    `due_on` is None while the day stands open ("before the next regular session"). A report is
    due to its `recipient`.
    """

    __tablename__ = "deadlines"
    __table_args__ = (UniqueConstraint("meeting_id", "position"),)

    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meetings.id"))
    position: Mapped[int]
    due_on: Mapped[date | None]
    what: Mapped[Localized]
    paragraph_id: Mapped[UUID | None] = mapped_column(ForeignKey("paragraphs.id"))
    recipient_id: Mapped[UUID | None] = mapped_column(ForeignKey("entities.id"))

    paragraph: Mapped[Paragraph | None] = relationship(lazy="raise")
    recipient: Mapped[Entity | None] = relationship(lazy="raise")


class Room(Identified, Versioned, Base):
    """Where sittings are held; one sitting at a time."""

    __tablename__ = "rooms"
    __table_args__ = (UniqueConstraint("meeting_id", "position"),)

    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meetings.id"))
    position: Mapped[int]
    name: Mapped[Localized]
    seats: Mapped[int | None]
    booths: Mapped[int | None]
