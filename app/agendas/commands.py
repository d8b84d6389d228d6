"""Building the agenda: adding, changing, moving, removing items; freezing what was published."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import update

from app.agendas.models import AgendaRevision, Item
from app.agendas.queries import any_item_of, current_revision, items_of
from app.agendas.rules import frozen_items, item_state, moved, revision_hash
from app.core.access import Permission
from app.core.chain import BEGINNING
from app.core.changes import Kind, record_added, recording, recording_removal
from app.core.errors import check_version
from app.core.journal import Area, State, Verb
from app.core.languages import Localized, Message
from app.meetings.commands import Work
from app.meetings.models import Mandate, Purpose

AGENDA = Area("agenda", Permission.EDIT_AGENDA)
ADDED = Verb(AGENDA, "item.added", Message("%(who)s added item %(number)s, “%(title)s”"))
CHANGED = Verb(AGENDA, "item.changed", Message("%(who)s changed item %(number)s, “%(title)s”"))
REMOVED = Verb(AGENDA, "item.removed", Message("%(who)s removed item %(number)s, “%(title)s”"))
MOVED_UP = Verb(
    AGENDA,
    "item.moved_up",
    Message("%(who)s moved item %(number)s, “%(title)s”, before item %(other)s"),
)
MOVED_DOWN = Verb(
    AGENDA,
    "item.moved_down",
    Message("%(who)s moved item %(number)s, “%(title)s”, after item %(other)s"),
)


@dataclass(frozen=True)
class ItemGiven:
    """An item as it is entered."""

    title: Localized
    minutes: int | None
    mandates: Sequence[Mandate]
    purposes: Sequence[Purpose]


def add_item(work: Work, given: ItemGiven) -> Item:
    """A further item, last on the agenda."""
    position = len(items_of(work.db, work.meeting_id))
    item = Item(meeting_id=work.meeting_id, position=position)
    _fill(item, given)
    work.db.add(item)
    record_added(work, ADDED, item, number=item.number)
    return item


def change_item(work: Work, item: Item, given: ItemGiven, *, version: int) -> None:
    """Other words, minutes, mandates or purposes; Stale if somebody saved in between."""
    check_version(item.version, version)
    with recording(work, CHANGED, item, number=item.number):
        _fill(item, given)
        # A change of tags alone touches only link rows; the item has to get a new version.
        item.touched()


def move_item(work: Work, item: Item, steps: int) -> None:
    """Up (negative) or down by so many places; the others close up."""
    order = list(items_of(work.db, work.meeting_id))
    after = moved(order, item, steps)
    other = order[after.index(item)].number
    verb = MOVED_UP if steps < 0 else MOVED_DOWN
    with recording(work, verb, item, number=item.number, other=other):
        _renumber(work, after)


def remove_item(work: Work, item: Item, *, version: int) -> None:
    """Take it off the agenda in work; sittings lose it, published agendas keep it."""
    check_version(item.version, version)
    with recording_removal(work, REMOVED, item, number=item.number):
        item.removed_at = work.now
        _renumber(work, [each for each in items_of(work.db, work.meeting_id) if each is not item])


def bring_back_item(work: Work, item: Item, given: ItemGiven, *, position: int) -> None:
    """A removed item, where it was or at the end; sittings have it again."""
    rest = items_of(work.db, work.meeting_id)
    _fill(item, given)
    item.removed_at = None
    place = min(position, len(rest))
    _renumber(work, [*rest[:place], item, *rest[place:]])
    record_added(work, ADDED, item, number=item.number)


def freeze_agenda(work: Work) -> AgendaRevision | None:
    """The agenda in work as a revision; the last one if nothing differs, None if it is empty."""
    db, meeting, now = work.db, work.meeting, work.now
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
        frozen_by=work.by.person_id,
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


def _renumber(work: Work, order: Sequence[Item]) -> None:
    """Places are no part of an item's version: who edits one is not disturbed by a move."""
    work.db.flush()
    for position, item in enumerate(order):
        if item.position != position:
            work.db.execute(update(Item).where(Item.id == item.id).values(position=position))


def _find(work: Work, item_id: UUID) -> Item | None:
    item = any_item_of(work.db, work.meeting_id, item_id)
    return item if item is not None and item.removed_at is None else None


def _restore(work: Work, item_id: UUID, state: State | None) -> None:
    item = any_item_of(work.db, work.meeting_id, item_id)
    if item is None:
        return
    if state is None:
        remove_item(work, item, version=item.version)
        return
    given = ItemGiven(
        title=Localized(state["title"]),
        minutes=state["minutes"],
        mandates=[each for each in work.meeting.mandates if each.key in state["mandates"]],
        purposes=[each for each in work.meeting.purposes if each.key in state["purposes"]],
    )
    if item.removed_at is not None:
        bring_back_item(work, item, given, position=state["position"])
        return
    steps = state["position"] - item.position
    if steps:
        move_item(work, item, steps)
    else:
        change_item(work, item, given, version=item.version)


Kind(
    "item",
    Item,
    find=_find,
    state=item_state,
    label=lambda item: item.title,
    restore=_restore,
)
