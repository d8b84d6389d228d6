"""A resolution as it was read and confirmed: paragraphs, what each says, whom each addresses."""

from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.database import Base, Identified
from app.core.languages import Localized
from app.core.uploads import File
from app.directory.models import Entity
from app.resolutions.reading.record import Part, Role, Status


class FindingKind(StrEnum):
    """What can be found in a paragraph."""

    BODY = "body"
    INSTRUMENT = "instrument"
    DEADLINE = "deadline"
    DATE = "date"
    PURPOSE = "purpose"


class FindingState(StrEnum):
    """What a person made of a finding; `ADDED` is what the reader did not see."""

    CONFIRMED = "confirmed"
    CORRECTED = "corrected"
    REJECTED = "rejected"
    ADDED = "added"


class Resolution(Identified, Base):
    """A source text: symbol, title, and how far it came.

    `text` is what was pasted or drawn out of `source`, in `original_language`; None where only
    paragraphs were entered.
    """

    __tablename__ = "resolutions"

    key: Mapped[str] = mapped_column(unique=True)
    symbol: Mapped[str]
    title: Mapped[Localized]
    status: Mapped[Status | None]
    organ_id: Mapped[UUID | None] = mapped_column(ForeignKey("entities.id"))
    approved_by: Mapped[Localized | None]
    approved_on: Mapped[date | None]
    adopted_on: Mapped[date | None]
    original_language: Mapped[str]
    text: Mapped[str | None] = mapped_column(Text)
    source_id: Mapped[UUID | None] = mapped_column(ForeignKey("files.id"))

    paragraphs: Mapped[list["Paragraph"]] = relationship(
        back_populates="resolution", lazy="raise", order_by="Paragraph.position"
    )
    organ: Mapped[Entity | None] = relationship(lazy="raise")
    source: Mapped[File | None] = relationship(lazy="raise")


class Paragraph(Identified, Base):
    """One paragraph; `number` counts within its kind, `printed` is what stands in the text.

    `parts` are its sub-paragraphs with their offsets, as JSON.
    """

    __tablename__ = "paragraphs"
    __table_args__ = (UniqueConstraint("resolution_id", "kind", "number"),)

    resolution_id: Mapped[UUID] = mapped_column(ForeignKey("resolutions.id"))
    position: Mapped[int]
    kind: Mapped[Part]
    number: Mapped[int]
    printed: Mapped[str | None]
    opening: Mapped[str]
    text: Mapped[Localized]
    parts: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)

    resolution: Mapped[Resolution] = relationship(back_populates="paragraphs", lazy="raise")
    addressees: Mapped[list["Addressee"]] = relationship(
        back_populates="paragraph", lazy="raise", order_by="Addressee.position"
    )
    findings: Mapped[list["Finding"]] = relationship(
        back_populates="paragraph", lazy="raise", order_by="Finding.position"
    )

    @property
    def label(self) -> str:
        """What people call it within its kind: the printed number, or its place."""
        return self.printed or str(self.number)

    @property
    def anchor(self) -> str:
        """Where it stands on the page of its resolution: `op-4`, `pp-2`."""
        return f"{'op' if self.kind is Part.OPERATIVE else 'pp'}-{self.number}"


class Addressee(Identified, Base):
    """An entity that a paragraph names, in the order of the text."""

    __tablename__ = "addressees"
    __table_args__ = (UniqueConstraint("paragraph_id", "entity_id", "role"),)

    paragraph_id: Mapped[UUID] = mapped_column(ForeignKey("paragraphs.id"))
    entity_id: Mapped[UUID] = mapped_column(ForeignKey("entities.id"))
    position: Mapped[int]
    role: Mapped[Role]
    qualifier: Mapped[str | None]

    paragraph: Mapped[Paragraph] = relationship(back_populates="addressees", lazy="raise")
    entity: Mapped[Entity] = relationship(lazy="raise")


class Finding(Identified, Base):
    """What was found in a paragraph, and what a person made of it.

    `starts` and `ends` count characters of the paragraph's text in the original language; both
    are None for what was added by hand. `said` is what counts, `read` what the reader had found.
    """

    __tablename__ = "findings"
    __table_args__ = (UniqueConstraint("paragraph_id", "position"),)

    paragraph_id: Mapped[UUID] = mapped_column(ForeignKey("paragraphs.id"))
    position: Mapped[int]
    kind: Mapped[FindingKind]
    state: Mapped[FindingState]
    starts: Mapped[int | None]
    ends: Mapped[int | None]
    said: Mapped[dict[str, Any]] = mapped_column(JSON)
    read: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))

    paragraph: Mapped[Paragraph] = relationship(back_populates="findings", lazy="raise")
