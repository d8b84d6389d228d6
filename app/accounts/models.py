"""People, what they are in a meeting, and how they sign in. There are no passwords."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.access import Role
from app.core.database import Base, Identified


class Person(Identified, Base):
    """Somebody with an address and a language."""

    __tablename__ = "people"

    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    language: Mapped[str]

    grants: Mapped[list["Grant"]] = relationship(back_populates="person", lazy="raise")


class Grant(Identified, Base):
    """A role of a person in one meeting; an office is held from a moment until another."""

    __tablename__ = "grants"
    __table_args__ = (UniqueConstraint("person_id", "meeting_id", "role"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meetings.id"), index=True)
    role: Mapped[Role]
    valid_from: Mapped[datetime | None]
    valid_until: Mapped[datetime | None]

    person: Mapped[Person] = relationship(back_populates="grants", lazy="raise")


class SignInLink(Identified, Base):
    """A link that signs in once, within minutes. Only the hash of its token is stored."""

    __tablename__ = "sign_in_links"
    __table_args__ = (Index(None, "person_id"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    token_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(lazy="raise")


class SignInAsked(Identified, Base):
    """Somebody asked for a letter with a link; counted for known and unknown addresses alike."""

    __tablename__ = "sign_in_asked"
    __table_args__ = (Index(None, "address_hash"), Index(None, "asked_at"))

    address_hash: Mapped[str]
    asked_at: Mapped[datetime]


class SignIn(Identified, Base):
    """A signed-in browser or program, until it ends. Only the hash of its token is stored."""

    __tablename__ = "sign_ins"
    __table_args__ = (Index(None, "person_id"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    token_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    # Not each use: `presence` writes the latest within a minute.
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    # What the browser says of itself, so that people know their devices apart.
    agent: Mapped[str]

    person: Mapped[Person] = relationship(lazy="raise")
