"""Building the agenda: adding, changing, moving, removing items; freezing what was published."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.agendas.models import AgendaRevision, Item
from app.agendas.queries import current_revision, items_of
from app.agendas.rules import frozen_items, moved, revision_hash
from app.core.chain import BEGINNING
from app.core.errors import check_version
from app.core.languages import Localized
from app.meetings.models import Mandate, Meeting, Purpose
from app.meetings.queries import lock_meeting


@dataclass(frozen=True)
class ItemGiven:
    """An item as it is entered."""

    title: Localized
    minutes: int | None
    mandates: Sequence[Mandate]
    purposes: Sequence[Purpose]


def add_item(db: Session, meeting: Meeting, given: ItemGiven) -> Item:
    """A further item, last on the agenda."""
    lock_meeting(db, meeting.id)
    item = Item(meeting_id=meeting.id, position=len(items_of(db, meeting.id)))
    _fill(item, given)
    db.add(item)
    return item


def change_item(item: Item, given: ItemGiven, *, version: int) -> None:
    """Other words, minutes, mandates or purposes; Stale if somebody saved in between."""
    check_version(item.version, version)
    _fill(item, given)
    # A change of tags alone touches only link rows; the item itself has to get a new version.
    item.touched()


def move_item(db: Session, item: Item, steps: int) -> None:
    """Up (negative) or down by so many places; the others close up."""
    lock_meeting(db, item.meeting_id)
    order = moved(list(items_of(db, item.meeting_id)), item, steps)
    _renumber(order)


def remove_item(db: Session, item: Item, *, version: int) -> None:
    """Take it off the agenda in work; sittings lose it, published agendas keep it."""
    check_version(item.version, version)
    lock_meeting(db, item.meeting_id)
    rest = [other for other in items_of(db, item.meeting_id) if other is not item]
    db.delete(item)
    _renumber(rest)


def freeze_agenda(
    db: Session, meeting: Meeting, *, by: UUID | None, now: datetime
) -> AgendaRevision | None:
    """The agenda in work as a revision; the last one if nothing differs, None if it is empty."""
    items = frozen_items(items_of(db, meeting.id))
    last = current_revision(db, meeting.id)
    if not items or (last is not None and last.items == items):
        return last
    number = last.number + 1 if last else 1
    previous = last.hash if last else BEGINNING
    revision = AgendaRevision(
        meeting_id=meeting.id,
        number=number,
        frozen_at=now,
        frozen_by=by,
        items=items,
        previous_hash=previous,
        hash=revision_hash(previous, number, now.isoformat(), items),
    )
    db.add(revision)
    db.flush()  # the edition that brings it out names it by key
    return revision


def _fill(item: Item, given: ItemGiven) -> None:
    item.title, item.minutes = given.title, given.minutes
    item.mandates, item.purposes = list(given.mandates), list(given.purposes)


def _renumber(order: Sequence[Item]) -> None:
    for position, item in enumerate(order):
        item.position = position
