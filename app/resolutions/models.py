"""A resolution and its paragraphs as adopted, with the entities that each paragraph addresses."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.database import Base, Identified
from app.core.languages import Localized
from app.directory.models import Entity


class ParagraphKind(StrEnum):
    """Preambular paragraphs give reasons, operative ones instruct."""

    PREAMBULAR = "preambular"
    OPERATIVE = "operative"


class AddresseeRole(StrEnum):
    """What a paragraph wants of an entity."""

    CALLED_UPON = "called_upon"
    PARTNER = "partner"
    CONSIDERS = "considers"
    COLLABORATES = "collaborates"
    REPORTS_TO = "reports_to"
    INSTRUCTED = "instructed"
    THROUGH = "through"


class Resolution(Identified, Base):
    """A source text: symbol, title, and how far it came."""

    __tablename__ = "resolutions"

    key: Mapped[str] = mapped_column(unique=True)
    symbol: Mapped[str]
    title: Mapped[Localized]
    approved_by: Mapped[Localized | None]
    approved_on: Mapped[date | None]
    adopted_on: Mapped[date | None]
    original_language: Mapped[str]

    paragraphs: Mapped[list["Paragraph"]] = relationship(
        back_populates="resolution", lazy="raise", order_by="Paragraph.position"
    )


class Paragraph(Identified, Base):
    """One paragraph; `number` counts within its kind."""

    __tablename__ = "paragraphs"
    __table_args__ = (UniqueConstraint("resolution_id", "kind", "number"),)

    resolution_id: Mapped[UUID] = mapped_column(ForeignKey("resolutions.id"))
    position: Mapped[int]
    kind: Mapped[ParagraphKind]
    number: Mapped[int]
    text: Mapped[Localized]

    resolution: Mapped[Resolution] = relationship(back_populates="paragraphs", lazy="raise")
    addressees: Mapped[list["Addressee"]] = relationship(
        back_populates="paragraph", lazy="raise", order_by="Addressee.position"
    )


class Addressee(Identified, Base):
    """An entity that a paragraph names, in the order of the text."""

    __tablename__ = "addressees"
    __table_args__ = (UniqueConstraint("paragraph_id", "entity_id", "role"),)

    paragraph_id: Mapped[UUID] = mapped_column(ForeignKey("paragraphs.id"))
    entity_id: Mapped[UUID] = mapped_column(ForeignKey("entities.id"))
    position: Mapped[int]
    role: Mapped[AddresseeRole]

    paragraph: Mapped[Paragraph] = relationship(back_populates="addressees", lazy="raise")
    entity: Mapped[Entity] = relationship(lazy="raise")
