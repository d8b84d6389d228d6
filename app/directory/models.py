"""Entities: states, bodies, organizations; their names change over time, their keys do not."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.database import Base, Identified
from app.core.languages import Localized

# Other spellings by language: {"en": ["Summits Secretariat"]}.
Aliases = dict[str, list[str]]


class EntityKind(StrEnum):
    """What an entity is."""

    STATE = "state"
    BODY = "body"
    ORGANIZATION = "organization"
    OPEN_CLASS = "class"  # "related international organizations": members are named later


class Entity(Identified, Base):
    """A state, a body or an organization that can be named in a resolution or invited."""

    __tablename__ = "entities"

    key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[EntityKind]
    iso3: Mapped[str | None]
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("entities.id"))
    note: Mapped[Localized | None]
    aliases: Mapped[Aliases] = mapped_column(JSON, default=dict, server_default="{}")
    search_key: Mapped[str] = mapped_column(index=True)

    names: Mapped[list["EntityName"]] = relationship(
        back_populates="entity", lazy="raise", order_by="EntityName.position"
    )
    parent: Mapped["Entity | None"] = relationship(remote_side="Entity.id", lazy="raise")


class EntityName(Identified, Base):
    """What an entity was called from one day until another; open ends are empty."""

    __tablename__ = "entity_names"
    __table_args__ = (Index(None, "entity_id"),)

    entity_id: Mapped[UUID] = mapped_column(ForeignKey("entities.id"))
    position: Mapped[int]
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    name: Mapped[Localized]
    acronym: Mapped[Localized | None]

    entity: Mapped[Entity] = relationship(back_populates="names", lazy="raise")
