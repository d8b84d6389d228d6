"""The outbox as a whole: how many letters are where, since when, which have not left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.core.letters import DUE, UNSENT, Letter, State


@dataclass(frozen=True)
class Outbox:
    """How many letters are in each state, and since when the oldest one should have left."""

    counts: dict[State, int]
    oldest_due: datetime | None

    def overdue(self, *, now: datetime, after: timedelta) -> bool:
        """Whether something should have left long ago."""
        return self.oldest_due is not None and now - self.oldest_due > after


def outbox(db: Session) -> Outbox:
    """The outbox at a glance, in two statements."""
    counted = db.execute(select(Letter.state, func.count().label("number")).group_by(Letter.state))
    oldest = db.scalar(select(func.min(Letter.created_at)).where(Letter.state.in_(DUE)))
    return Outbox({row.state: row.number for row in counted}, oldest)


def unsent_letters(db: Session) -> Sequence[Letter]:
    """Whatever has not certainly left, the oldest first."""
    statement = select(Letter).where(Letter.state.in_(UNSENT))
    return db.scalars(statement.order_by(Letter.id)).all()


def doubt_unsent(db: Session) -> None:
    """After a restore: what had not left in the backup may have left since."""
    db.execute(
        update(Letter)
        .where(Letter.state.in_(DUE | {State.SENDING}))
        .values(state=State.UNCERTAIN, lease=None)
    )
