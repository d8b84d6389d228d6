"""Addresses of personal feeds."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, Identified


class PersonalFeed(Identified, Base):
    """A secret calendar address of one person. Only the hash of its token is stored."""

    __tablename__ = "personal_feeds"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
