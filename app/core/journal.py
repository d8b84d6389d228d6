"""The journal: a row for each step, numbered without gaps and hash-chained; and reading it.

One mechanism for the history that people read, for undo and redo, for the audit, and for what
a desk asks every few seconds to see others' work. `core.changes` writes it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Index, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core.access import Permission
from app.core.chain import BEGINNING, chained_hash
from app.core.database import Base, Frozen, Identified
from app.core.errors import NotFound
from app.core.languages import Localized, Message

State = dict[str, Any]

# Nobody undoes further back than this without looking at the whole history.
DEPTH = 200


@dataclass(frozen=True)
class Area:
    """A part of the desk with a history of its own; `key` is also its address there."""

    key: str
    permission: Permission


@dataclass(frozen=True)
class Verb:
    """What can happen to something. `sentence` takes who, title and the change's own words."""

    area: Area
    key: str
    sentence: Message
    can_be_undone: bool = True

    def __post_init__(self) -> None:
        VERBS[self.key] = self


VERBS: dict[str, Verb] = {}


def areas() -> dict[str, Area]:
    """Every part of the desk that has a history."""
    return {verb.area.key: verb.area for verb in VERBS.values()}


class Nature(StrEnum):
    """Done by somebody, or the reversal of something done, or of such a reversal."""

    DONE = "done"
    UNDONE = "undone"
    REDONE = "redone"


class Change(Identified, Frozen, Base):
    """One step: what the subject was before and after; None is not there (yet, or any more).

    Without foreign keys: the journal outlives what it tells of.
    """

    __tablename__ = "changes"
    __table_args__ = (
        UniqueConstraint("meeting_id", "number"),
        Index(None, "meeting_id", "area", "number"),
        Index(None, "subject_id", "number"),
    )

    meeting_id: Mapped[UUID]
    number: Mapped[int]
    at: Mapped[datetime]
    actor_id: Mapped[UUID | None]
    actor_name: Mapped[str]
    area: Mapped[str]
    verb: Mapped[str]
    nature: Mapped[Nature]
    reverts: Mapped[int | None]
    kind: Mapped[str]
    subject_id: Mapped[UUID]
    version: Mapped[int | None]
    words: Mapped[State] = mapped_column(JSON)
    before: Mapped[State | None] = mapped_column(JSON(none_as_null=True))
    after: Mapped[State | None] = mapped_column(JSON(none_as_null=True))
    previous_hash: Mapped[str]
    hash: Mapped[str]

    @property
    def can_be_undone(self) -> bool:
        """Whether there is a way back; a further step since may still bar it."""
        return VERBS[self.verb].can_be_undone

    @property
    def original(self) -> Message:
        """What was done first: "Ana Ruiz moved item 4 before item 3"."""
        told = {name: _word(value) for name, value in self.words.items()}
        return Message(VERBS[self.verb].sentence.text, told)

    @property
    def sentence(self) -> Message:
        """The same, or that it was undone or done again."""
        what = self.original
        if self.nature is Nature.UNDONE:
            return Message("%(who)s undid: %(what)s", {"who": self.actor_name, "what": what})
        if self.nature is Nature.REDONE:
            return Message("%(who)s did again: %(what)s", {"who": self.actor_name, "what": what})
        return what


def _word(value: Any) -> object:
    return Localized(value) if isinstance(value, dict) else value


def change_hash(change: Change) -> str:
    """The hash over everything that a change tells, chained to the change before."""
    content = {
        "meeting": str(change.meeting_id),
        "number": change.number,
        "at": change.at.astimezone(UTC).isoformat(),
        "actor": [str(change.actor_id), change.actor_name],
        "what": [change.area, change.verb, change.nature, change.reverts],
        "subject": [change.kind, str(change.subject_id), change.version],
        "words": change.words,
        "before": change.before,
        "after": change.after,
    }
    return chained_hash(change.previous_hash, content)


def latest_change(db: Session, meeting_id: UUID) -> Change | None:
    """The end of the journal."""
    statement = select(Change).where(Change.meeting_id == meeting_id)
    return db.scalar(statement.order_by(Change.number.desc()).limit(1))


def change_numbered(db: Session, meeting_id: UUID, number: int) -> Change:
    """One change of this very meeting, or NotFound."""
    statement = select(Change).where(Change.meeting_id == meeting_id, Change.number == number)
    found = db.scalar(statement)
    if found is None:
        raise NotFound(Message("There is no such step in this meeting's history."))
    return found


def head_number(db: Session, meeting_id: UUID) -> int:
    """The number of the latest change; 0 before the first."""
    statement = select(func.max(Change.number)).where(Change.meeting_id == meeting_id)
    return db.scalar(statement) or 0


def changes_of(
    db: Session,
    meeting_id: UUID,
    *,
    area: str | None = None,
    until: int | None = None,
    limit: int,
) -> Sequence[Change]:
    """The latest changes first; of one area, and up to a number, if given."""
    statement = select(Change).where(Change.meeting_id == meeting_id)
    if area is not None:
        statement = statement.where(Change.area == area)
    if until is not None:
        statement = statement.where(Change.number <= until)
    return db.scalars(statement.order_by(Change.number.desc()).limit(limit)).all()


def changes_after(
    db: Session,
    meeting_id: UUID,
    number: int,
    *,
    limit: int | None = None,
    but: UUID | None = None,
) -> Sequence[Change]:
    """What happened since, the earliest first; without what one person did, if given."""
    statement = select(Change).where(Change.meeting_id == meeting_id, Change.number > number)
    if but is not None:
        statement = statement.where(Change.actor_id.is_distinct_from(but))
    return db.scalars(statement.order_by(Change.number).limit(limit)).all()


@dataclass(frozen=True)
class Steps:
    """What one person would undo and do again next; None where there is nothing."""

    undo: Change | None = None
    redo: Change | None = None


def steps_of(db: Session, meeting_id: UUID, area: str, person_id: UUID) -> Steps:
    """A person's own next steps back and forth in one area."""
    statement = (
        select(Change)
        .where(Change.meeting_id == meeting_id, Change.area == area, Change.actor_id == person_id)
        .order_by(Change.number.desc())
        .limit(DEPTH)
    )
    back: list[Change] = []
    forth: list[Change] = []
    for change in reversed(db.scalars(statement).all()):
        if change.nature is Nature.DONE:
            forth.clear()
            if change.can_be_undone:
                back.append(change)
            continue
        taken, given = (back, forth) if change.nature is Nature.UNDONE else (forth, back)
        taken[:] = [each for each in taken if each.number != change.reverts]
        given.append(change)
    return Steps(back[-1] if back else None, forth[-1] if forth else None)


def latest_by_subject(db: Session, meeting_id: UUID, subjects: Collection[UUID]) -> dict[UUID, int]:
    """The number of the last change of each subject: only that one can be undone by itself."""
    rows = db.execute(
        select(Change.subject_id, func.max(Change.number).label("number"))
        .where(Change.meeting_id == meeting_id, Change.subject_id.in_(subjects))
        .group_by(Change.subject_id)
    )
    return {row.subject_id: row.number for row in rows}


def changes_of_subject(db: Session, meeting_id: UUID, subject_id: UUID) -> Sequence[Change]:
    """What was done to one thing, the latest first."""
    mine = Change.meeting_id == meeting_id, Change.subject_id == subject_id
    return db.scalars(select(Change).where(*mine).order_by(Change.number.desc()).limit(DEPTH)).all()


def since_version(
    db: Session, meeting_id: UUID, subject_id: UUID, version: int
) -> Sequence[Change]:
    """What was done to a subject after somebody opened it in this version, earliest first."""
    numbers = (
        select(Change.number)
        .where(
            Change.meeting_id == meeting_id,
            Change.subject_id == subject_id,
            Change.version <= version,
        )
        .order_by(Change.number.desc())
        .limit(1)
        .scalar_subquery()
    )
    statement = select(Change).where(
        Change.meeting_id == meeting_id,
        Change.subject_id == subject_id,
        Change.number > func.coalesce(numbers, 0),
    )
    return db.scalars(statement.order_by(Change.number)).all()


def removal_of(db: Session, meeting_id: UUID, subject_id: UUID) -> Change | None:
    """The step that took a subject of this meeting away, if it is away."""
    statement = select(Change).where(
        Change.meeting_id == meeting_id, Change.subject_id == subject_id
    )
    last = db.scalar(statement.order_by(Change.number.desc()).limit(1))
    return last if last is not None and last.after is None else None


def broken_changes(db: Session, meeting_id: UUID) -> list[int]:
    """Numbers of changes that are not what was written: altered, missing or out of chain."""
    previous, broken = BEGINNING, []
    statement = select(Change).where(Change.meeting_id == meeting_id).order_by(Change.number)
    for number, change in enumerate(db.scalars(statement), start=1):
        as_written = (change.number, change.previous_hash, change.hash)
        if as_written != (number, previous, change_hash(change)):
            broken.append(change.number)
        previous = change.hash
    return broken
