"""What is constant for one installation, wherever its database goes."""

from datetime import datetime
from secrets import token_hex

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core.database import Base, Frozen


class Installation(Frozen, Base):
    """One row. `uid_domain` is the host part of every calendar UID and survives any rename."""

    __tablename__ = "installation"

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    uid_domain: Mapped[str]
    created_at: Mapped[datetime]


def found_installation(db: Session, *, now: datetime) -> Installation:
    """The installation's row, made on the first call."""
    row = db.scalar(select(Installation))
    if row is None:
        row = Installation(uid_domain=f"{token_hex(6)}.convoca", created_at=now)
        db.add(row)
    return row


def uid_domain(db: Session) -> str:
    """The host part of UIDs."""
    return db.scalars(select(Installation.uid_domain)).one()
