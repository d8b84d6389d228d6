"""What is constant for one installation, wherever its database goes."""

from datetime import datetime
from secrets import token_hex

from sqlalchemy import select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core.database import Base, Frozen


class Installation(Frozen, Base):
    """One row. `uid_domain` is the host part of every calendar UID and survives any rename.

    `sequence_offset` is added to every SEQUENCE that leaves: a restored backup counts on from
    where it was made, and calendars ignore what counts lower than what they hold. While
    `mail_paused_at` is set no letter leaves.
    """

    __tablename__ = "installation"

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    uid_domain: Mapped[str]
    created_at: Mapped[datetime]
    sequence_offset: Mapped[int] = mapped_column(default=0, server_default="0")
    mail_paused_at: Mapped[datetime | None]


def found_installation(db: Session, *, now: datetime) -> Installation:
    """The installation's row, made on the first call."""
    row = db.scalar(select(Installation))
    if row is None:
        row = Installation(uid_domain=f"{token_hex(6)}.convoca", created_at=now)
        db.add(row)
    return row


def installation(db: Session) -> Installation:
    """What is constant here."""
    return db.scalars(select(Installation)).one()


def raise_sequences(db: Session, *, now: datetime) -> None:
    """After a restore: above all that was sent since the backup was made.

    A sitting counts one up at most once in an edition, and nobody publishes every second.
    """
    row = installation(db)
    since = int((now - row.created_at).total_seconds())
    offset = max(row.sequence_offset, since)
    db.execute(update(Installation).values(sequence_offset=offset))


def pause_mail(db: Session, *, now: datetime) -> None:
    """From here on letters wait."""
    db.execute(update(Installation).values(mail_paused_at=now))


def resume_mail(db: Session) -> None:
    """Letters leave again."""
    db.execute(update(Installation).values(mail_paused_at=None))
