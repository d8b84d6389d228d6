"""Reading the journal: what happened, what can be undone, what an editor started from."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.chain import BEGINNING
from app.core.changes import Change, Nature, change_hash

# Nobody undoes further back than this without looking at the whole history.
DEPTH = 200


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
    db: Session, meeting_id: UUID, number: int, *, limit: int, but: UUID | None = None
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
        select(Change.subject_id, func.max(Change.number))
        .where(Change.meeting_id == meeting_id, Change.subject_id.in_(subjects))
        .group_by(Change.subject_id)
    )
    return {subject: number for subject, number in rows}


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
