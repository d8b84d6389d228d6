"""Promise 3 of the design, against moves that nobody thought of, on a real database."""

from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from itertools import count, pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from app.agendas.commands import ItemGiven, change_item
from app.agendas.queries import items_of
from app.calendars.feeds import entries_of
from app.calendars.rules import everything
from app.core.errors import Conflict, Invalid, Stale
from app.core.installation import installation
from app.core.languages import Localized
from app.meetings.commands import RoomGiven, change_room
from app.meetings.queries import meeting_by_slug
from app.schedules import commands, publishing
from app.schedules.models import Sitting
from app.schedules.queries import (
    broken_editions,
    current_edition,
    edition_numbered,
    editions_of,
    sitting_of,
)
from app.schedules.rules import Slot
from tests.make import (
    FIRST_DAY,
    NOW,
    ZONE,
    english,
    make_item,
    make_meeting,
    make_room,
    make_sitting,
    publish,
    words,
    work_on,
)

MINUTE = timedelta(minutes=1)
NOWHERE = 3
slugs = (f"meeting-{number}" for number in count(1))

which = st.integers(0, 30)
texts = st.sampled_from(["Opening", "Plenary", "Closing", "Señal", "No. 1; a, b\nc"])


@dataclass(frozen=True)
class Place:
    """When on the first day, and in which of the rooms; NOWHERE is a time without a room."""

    hour: int
    minutes: int
    room: int

    @property
    def until(self):
        return self.hour + self.minutes / 60

    def overlaps(self, other):
        in_one_room = self.room == other.room != NOWHERE
        return in_one_room and self.hour < other.until and other.hour < self.until


# Few, so that sittings often meet.
places = st.builds(Place, st.integers(9, 11), st.sampled_from([60, 90]), st.integers(0, NOWHERE))


@dataclass(frozen=True)
class Draft:
    """What the model knows of a sitting in work."""

    title: str
    note: str
    has_item: bool
    place: Place | None
    cancelled: bool = False
    closed: bool = False
    toggled: datetime | None = None

    @property
    def placed(self):
        return self.place is not None and not self.cancelled


@dataclass(frozen=True)
class Shown:
    """What the model expects an edition to say of a sitting."""

    place: Place
    room: str | None
    cancelled: bool
    title: str
    note: str
    items: tuple[str, ...]


class Desk(RuleBasedStateMachine):
    """One meeting, worked on move by move, each in a transaction of its own."""

    def __init__(self, db):
        super().__init__()
        self.db, self.slug, self.now = db, next(slugs), NOW
        with self.transaction():
            meeting = make_meeting(db, self.slug)
            self.rooms = [make_room(db, meeting, name).id for name in ("A", "B", "A")]
            self.item = make_item(db, meeting, "Protection", mandates=["2019"])
        self.names, self.item_title = ["A", "B", "A"], "Protection"
        self.drafts, self.published, self.frozen = {}, {}, []
        self.moves = 0
        self.around = None  # names of rooms and agenda, as last published

    @contextmanager
    def transaction(self):
        self.now += MINUTE
        try:
            yield
            self.db.commit()
        except BaseException:
            self.db.rollback()
            raise

    @property
    def meeting(self):
        return meeting_by_slug(self.db, self.slug)

    @property
    def work(self):
        return work_on(self.db, self.meeting, now=self.now)

    def picked(self, number):
        """One of the sittings: its id, what the model knows, and the row that commands take."""
        sitting_id = list(self.drafts)[number % len(self.drafts)]
        return sitting_id, self.drafts[sitting_id], self.row(sitting_id)

    def row(self, sitting_id):
        return sitting_of(self.db, self.meeting.id, sitting_id)

    def given(self, draft):
        items = items_of(self.db, self.meeting.id) if draft.has_item else []
        return words(draft.title, note=draft.note, items=items, closed=draft.closed)

    def slot(self, place):
        start = datetime.combine(FIRST_DAY, time(place.hour), tzinfo=ZoneInfo(ZONE))
        room = None if place.room == NOWHERE else self.rooms[place.room]
        return Slot(start, start + timedelta(minutes=place.minutes), room)

    def taken(self, place, but=None):
        return any(
            draft.placed and draft.place.overlaps(place)
            for sitting_id, draft in self.drafts.items()
            if sitting_id != but
        )

    @contextmanager
    def refused(self, error):
        with pytest.raises(error), self.transaction():
            yield

    # --- Moves ---

    @initialize(found=st.lists(places, min_size=2, max_size=6), every=st.integers(1, 6))
    def begin(self, found, every):
        for number, place in enumerate(found):
            self.add(f"Session {number}", "Note", has_item=number == every, place=place)
        self.every = every

    @invariant()
    def publish_now_and_then(self):
        self.moves += 1
        if self.moves % self.every == 0:
            self.publish()

    @rule(title=texts, note=texts, has_item=st.booleans(), place=st.none() | places)
    def add(self, title, note, has_item, place):
        draft = Draft(title, note, has_item, place)
        slot = self.slot(place) if place else None
        if place and self.taken(place):
            with self.refused(Invalid):
                commands.add_sitting(self.work, self.given(draft), slot)
            return
        with self.transaction():
            sitting = commands.add_sitting(self.work, self.given(draft), slot)
            self.db.flush()
            self.drafts[sitting.id] = draft

    @precondition(lambda self: self.drafts)
    @rule(number=which, place=places)
    def place(self, number, place):
        sitting_id, draft, row = self.picked(number)
        move = self.refused(Invalid) if self.taken(place, sitting_id) else self.transaction()
        with move:
            commands.place_sitting(self.work, row, self.slot(place), version=row.version)
        if not self.taken(place, sitting_id):
            self.drafts[sitting_id] = replace(draft, place=place)

    @precondition(lambda self: any(draft.place for draft in self.drafts.values()))
    @rule(number=which, other=which)
    def place_where_another_is(self, number, other):
        found = [draft.place for draft in self.drafts.values() if draft.place]
        self.place(number, found[other % len(found)])

    @precondition(lambda self: self.drafts)
    @rule(number=which)
    def unplace(self, number):
        sitting_id, draft, row = self.picked(number)
        with self.transaction():
            commands.unplace_sitting(self.work, row, version=row.version)
        self.drafts[sitting_id] = replace(draft, place=None)

    @precondition(lambda self: self.drafts)
    @rule(number=which)
    def cancel(self, number):
        sitting_id, draft, row = self.picked(number)
        with self.refused(Conflict) if draft.cancelled else self.transaction():
            commands.cancel_sitting(self.work, row, version=row.version)
        self.drafts[sitting_id] = replace(draft, cancelled=True)

    @precondition(lambda self: any(draft.cancelled for draft in self.drafts.values()))
    @rule(number=which)
    def bring_back(self, number):
        cancelled = [key for key, draft in self.drafts.items() if draft.cancelled]
        sitting_id = cancelled[number % len(cancelled)]
        draft, row = self.drafts[sitting_id], self.row(sitting_id)
        taken = draft.place and self.taken(draft.place, sitting_id)
        with self.refused(Invalid) if taken else self.transaction():
            commands.bring_back_sitting(self.work, row, version=row.version)
        if not taken:
            self.drafts[sitting_id] = replace(draft, cancelled=False)

    @precondition(lambda self: self.drafts)
    @rule(number=which, title=texts, note=texts, has_item=st.booleans())
    def retitle(self, number, title, note, has_item):
        _, draft, _ = self.picked(number)
        self.change(number, replace(draft, title=title, note=note, has_item=has_item))

    @precondition(lambda self: self.drafts)
    @rule(number=which)
    def close_or_open(self, number):
        _, draft, _ = self.picked(number)
        self.change(number, replace(draft, closed=not draft.closed, toggled=self.now + MINUTE))

    def change(self, number, draft):
        sitting_id, _, row = self.picked(number)
        with self.transaction():
            commands.change_sitting(self.work, row, self.given(draft), version=row.version)
        self.drafts[sitting_id] = draft

    @rule(room=st.integers(0, NOWHERE - 1), name=st.sampled_from("ABC"))
    def rename_room(self, room, name):
        with self.transaction():
            found = next(each for each in self.meeting.rooms if each.id == self.rooms[room])
            given = RoomGiven(english(name))
            change_room(self.work, found, given, version=found.version)
        self.names[room] = name

    @rule(title=texts)
    def rename_item(self, title):
        with self.transaction():
            [item] = items_of(self.db, self.meeting.id)
            given = ItemGiven(english(title), None, item.mandates, item.purposes)
            change_item(self.work, item, given, version=item.version)
        self.item_title = title

    @precondition(lambda self: self.drafts)
    @rule(number=which)
    def delete(self, number):
        sitting_id, _, row = self.picked(number)
        if sitting_id in self.published:
            with self.refused(Conflict):
                commands.delete_sitting(self.work, row, version=row.version)
            return
        with self.transaction():
            commands.delete_sitting(self.work, row, version=row.version)
        del self.drafts[sitting_id]

    @precondition(lambda self: self.drafts)
    @rule(number=which)
    def write_over_what_somebody_else_saved(self, number):
        _, _, row = self.picked(number)
        with self.refused(Stale):
            commands.unplace_sitting(self.work, row, version=row.version - 1)

    @rule()
    def publish(self):
        expected = self.next_edition()
        if not expected:
            with self.refused(Conflict):
                publishing.publish(self.work, remark=Localized())
            return
        with self.transaction():
            whole, new = publishing.publish(self.work, remark=Localized())
        around = (list(self.names), self.item_title)
        assert new is ((expected, around) != (self.published, self.around))
        if new:
            self.frozen.append((self.now, whole.sittings))
        self.published, self.around = expected, around
        self.check_current()

    # --- What readers find ---

    def next_edition(self):
        found = {key: self.shown(key, draft) for key, draft in self.drafts.items()}
        return {key: shown for key, shown in found.items() if shown is not None}

    def shown(self, sitting_id, draft):
        items = (self.item_title,) if draft.has_item else ()
        told = {"title": draft.title, "note": draft.note, "items": items}
        if draft.placed:
            room = None if draft.place.room == NOWHERE else self.names[draft.place.room]
            return Shown(place=draft.place, room=room, cancelled=False, **told)
        last = self.published.get(sitting_id)
        return replace(last, cancelled=True, **told) if last else None

    def check_current(self):
        """The edition says what the model expects, and feeds say what the edition says."""
        whole = current_edition(self.db, self.meeting.id)
        assert whole.edition.number == len(self.frozen)
        assert {key: exported(row) for key, row in whole.by_sitting.items()} == {
            key: self.as_stored(shown) for key, shown in self.published.items()
        }
        entries = entries_of(
            self.db, self.meeting, whole, "en", everything, base_url="http://localhost"
        )
        assert {entry.uid: followed(entry) for entry in entries} == {
            f"sitting-{key}@{installation(self.db).uid_domain}": self.as_followed(key, row)
            for key, row in whole.by_sitting.items()
        }

    def as_stored(self, shown):
        slot = self.slot(shown.place)
        titles = [shown.title, *shown.items]
        return (slot.starts_at, slot.ends_at, shown.room, shown.cancelled, shown.note, titles)

    def as_followed(self, sitting_id, row):
        draft = self.drafts[sitting_id]
        status = "CANCELLED" if row.cancelled else "CONFIRMED"
        stamp = max(row.changed_at, draft.toggled) if draft.toggled else row.changed_at
        title = "Closed session" if draft.closed else draft.title
        summary = f"CANCELLED: {title}" if row.cancelled else title
        return (row.starts_at, row.ends_at, status, row.sequence, stamp, summary)

    def teardown(self):
        """Every edition is what it was, and follows the one before it as promised."""
        meeting_id = self.meeting.id
        assert broken_editions(self.db, meeting_id) == []
        editions = [
            edition_numbered(self.db, meeting_id, each.number)
            for each in editions_of(self.db, meeting_id)
        ]
        assert [(each.edition.published_at, each.sittings) for each in editions] == self.frozen
        for before, after in pairwise(editions):
            check_follows(before, after)
        stored = set(self.db.scalars(select(Sitting.id).where(Sitting.meeting_id == meeting_id)))
        assert stored == self.drafts.keys()
        assert stored >= self.published.keys()
        self.db.commit()


def exported(row):
    """A row of an edition in the model's terms."""
    content = row.content
    room = content["room"] and content["room"]["en"]
    titles = [content["title"]["en"], *(item["title"]["en"] for item in content["items"])]
    return (row.starts_at, row.ends_at, room, row.cancelled, content["note"]["en"], titles)


def followed(entry):
    return (entry.start, entry.end, entry.status, entry.sequence, entry.dtstamp, entry.summary)


def check_follows(before, after):
    """Nothing goes; counters rise exactly with what they count."""
    assert before.by_sitting.keys() <= after.by_sitting.keys()
    for key, row in after.by_sitting.items():
        last = before.by_sitting.get(key)
        if last is None:
            expected = (0, after.edition.published_at, after.edition.published_at)
        else:
            moved = exported(last)[:4] != exported(row)[:4]
            changed = moved or last.content != row.content
            expected = (
                last.sequence + moved,
                after.edition.published_at if changed else last.changed_at,
                last.first_published_at,
            )
        assert (row.sequence, row.changed_at, row.first_published_at) == expected


def run(db, **options):
    """The moves of each example, in a meeting of its own."""
    run_state_machine_as_test(
        lambda: Desk(db),
        settings=settings(deadline=None, suppress_health_check=list(HealthCheck), **options),
    )


def test_editions_keep_what_they_promise_to_calendars(db):
    run(db, max_examples=12, stateful_step_count=40, derandomize=True)


@pytest.mark.soak
def test_editions_keep_it_for_ten_thousand_moves(db):
    run(db, max_examples=100, stateful_step_count=100)


def test_an_edition_is_whole_even_if_published_with_the_moves_that_it_holds(db):
    meeting = make_meeting(db)
    room = make_room(db, meeting)
    start = datetime.combine(FIRST_DAY, time(10), tzinfo=ZoneInfo(ZONE))
    sitting = make_sitting(db, meeting)
    slot = Slot(start, start + timedelta(hours=1), room.id)
    commands.place_sitting(work_on(db, meeting), sitting, slot, version=sitting.version)
    publish(db, meeting, now=NOW.astimezone(ZoneInfo(ZONE)))
    db.commit()

    assert broken_editions(db, meeting.id) == []
