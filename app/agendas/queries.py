"""Items of a meeting and its agenda's revisions, in a fixed number of statements."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from app.agendas.models import AgendaRevision, Item
from app.agendas.rules import revision_hash
from app.core.chain import BEGINNING
from app.core.errors import NotFound
from app.core.languages import Message

WITH_TAGS = (selectinload(Item.mandates), selectinload(Item.purposes))


def items_of(db: Session, meeting_id: UUID) -> Sequence[Item]:
    """The agenda in work, in its order, with mandates and purposes."""
    statement = _items(meeting_id).where(Item.removed_at.is_(None))
    return db.scalars(statement.order_by(Item.position)).all()


def item_of(db: Session, meeting_id: UUID, item_id: UUID) -> Item:
    """One item of this very meeting, or NotFound."""
    found = any_item_of(db, meeting_id, item_id)
    if found is None or found.removed_at is not None:
        raise NotFound(Message("There is no such item on this agenda."))
    return found


def any_item_of(db: Session, meeting_id: UUID, item_id: UUID) -> Item | None:
    """The same, also if it was removed."""
    return db.scalar(_items(meeting_id).where(Item.id == item_id))


def _items(meeting_id: UUID) -> Select[Item]:
    return select(Item).where(Item.meeting_id == meeting_id).options(*WITH_TAGS)


def current_revision(db: Session, meeting_id: UUID) -> AgendaRevision | None:
    """The agenda as last published."""
    statement = (
        select(AgendaRevision)
        .where(AgendaRevision.meeting_id == meeting_id)
        .order_by(AgendaRevision.number.desc())
        .limit(1)
    )
    return db.scalar(statement)


def revisions(db: Session, meeting_id: UUID) -> Sequence[AgendaRevision]:
    """Every revision, the first one first."""
    statement = select(AgendaRevision).where(AgendaRevision.meeting_id == meeting_id)
    return db.scalars(statement.order_by(AgendaRevision.number)).all()


def broken_revisions(db: Session, meeting_id: UUID) -> list[int]:
    """Numbers of revisions that are not what was frozen: altered, missing or out of chain."""
    previous, broken = BEGINNING, []
    for number, each in enumerate(revisions(db, meeting_id), start=1):
        found = revision_hash(previous, number, each.frozen_at.isoformat(), each.items)
        if (each.number, each.previous_hash, each.hash) != (number, previous, found):
            broken.append(each.number)
        previous = each.hash
    return broken
