"""What clashes, what a new edition holds, what changed: on plain values."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import combinations
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.languages import Localized
from app.schedules.rules import (
    ChangeKind,
    Draft,
    FrozenSitting,
    Slot,
    changes,
    next_edition,
    overlapping,
    room_clashes,
)

TEN = datetime(2026, 4, 14, 14, tzinfo=UTC)
HOUR = timedelta(hours=1)
ROOM, OTHER_ROOM = uuid4(), uuid4()
FIRST, SECOND, THIRD = (UUID(int=number) for number in (1, 2, 3))
PLENARY = Localized(en="Plenary")
MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)


@dataclass(frozen=True)
class Held:
    """A booking of no meeting."""

    starts_at: datetime | None = TEN
    ends_at: datetime | None = TEN + HOUR
    room_id: UUID | None = ROOM
    title: Localized = PLENARY
    id: UUID = FIRST


def at(hour, length=1, *, room=ROOM):
    return Held(TEN + hour * HOUR, TEN + (hour + length) * HOUR, room)


@pytest.mark.parametrize(
    ("booking", "clashes"),
    [
        (at(0), True),
        (at(-1, 1), False),
        (at(1), False),
        (at(-1, 3), True),
        (at(0.25, 0.5), True),
        (at(-0.5), True),
        (at(0.5), True),
        (at(0, room=OTHER_ROOM), False),
        (at(0, room=None), False),
        (Held(None, None), False),
    ],
    ids=[
        "the same",
        "ends as it starts",
        "starts as it ends",
        "around",
        "within",
        "over the start",
        "over the end",
        "another room",
        "no room",
        "no time",
    ],
)
def test_a_room_is_taken_by_what_holds_it_at_some_moment(booking, clashes):
    slot = Slot(TEN, TEN + HOUR, ROOM)

    assert list(overlapping([booking], slot)) == [booking] * clashes


def test_without_a_room_nothing_is_taken():
    assert list(overlapping([at(0), at(0, room=None)], Slot(TEN, TEN + HOUR, None))) == []


bookings = st.lists(
    st.builds(
        at,
        st.integers(0, 8),
        st.integers(1, 4),
        room=st.sampled_from([ROOM, OTHER_ROOM, None]),
    ),
    max_size=12,
)


@given(bookings)
def test_clashes_are_all_pairs_that_overlap(held):
    numbered = [replace(booking, id=UUID(int=n)) for n, booking in enumerate(held)]
    expected = {
        frozenset({a, b})
        for a, b in combinations(numbered, 2)
        if a.room_id == b.room_id is not None
        and a.starts_at < b.ends_at
        and b.starts_at < a.ends_at
    }
    found = [frozenset(pair) for pair in room_clashes(numbered)]

    assert (set(found), len(found)) == (expected, len(expected))


def content(title="Plenary", room="Room A"):
    return {"title": {"en": title}, "room": {"en": room} if room else None, "note": {}}


def draft(**given):
    return replace(Draft(FIRST, TEN, TEN + HOUR, cancelled=False, content=content()), **given)


def frozen(**given):
    return replace(
        FrozenSitting(
            sitting_id=FIRST,
            starts_at=TEN,
            ends_at=TEN + HOUR,
            cancelled=False,
            content=content(),
            sequence=4,
            changed_at=MONDAY,
            first_published_at=MONDAY,
        ),
        **given,
    )


def following(last, *drafts):
    return next_edition({row.sitting_id: row for row in last}, drafts, now=TUESDAY)


def test_a_new_sitting_begins_at_sequence_zero():
    assert following([], draft()) == [
        frozen(sequence=0, changed_at=TUESDAY, first_published_at=TUESDAY)
    ]


@pytest.mark.parametrize(
    "change",
    [{"starts_at": None, "ends_at": None}, {"cancelled": True}],
    ids=["unplaced", "cancelled"],
)
def test_what_was_never_published_and_does_not_take_place_stays_out(change):
    assert following([], draft(**change)) == []


def test_a_sitting_that_did_not_change_is_the_same_row():
    assert following([frozen()], draft()) == [frozen()]


@pytest.mark.parametrize(
    ("change", "raised"),
    [
        ({"starts_at": TEN - HOUR}, 1),
        ({"ends_at": TEN + 2 * HOUR}, 1),
        ({"content": content(room="Room B")}, 1),
        ({"content": content(room=None)}, 1),
        ({"content": content("Closing")}, 0),
        ({"content": content() | {"note": {"en": "Bring papers."}}}, 0),
        ({"starts_at": TEN - HOUR, "content": content("Closing", "Room B")}, 1),
    ],
    ids=["start", "end", "room", "no room", "title", "note", "all at once"],
)
def test_sequence_rises_by_one_for_time_and_place_alone(change, raised):
    expected = frozen(**change, sequence=4 + raised, changed_at=TUESDAY)

    assert following([frozen()], draft(**change)) == [expected]


@pytest.mark.parametrize(
    "change",
    [
        {"cancelled": True},
        {"starts_at": None, "ends_at": None, "content": content(room=None)},
        {"cancelled": True, "starts_at": TEN + HOUR, "ends_at": TEN + 2 * HOUR},
    ],
    ids=["cancelled", "taken off", "cancelled, then moved"],
)
def test_what_was_published_stays_struck_where_readers_know_it(change):
    expected = frozen(cancelled=True, sequence=5, changed_at=TUESDAY)

    assert following([frozen()], draft(**change)) == [expected]
    assert following([expected], draft(**change)) == [expected]


def test_a_struck_sitting_can_be_reworded_without_a_new_sequence():
    struck = frozen(cancelled=True)
    expected = frozen(cancelled=True, content=content("Closing"), changed_at=TUESDAY)

    assert following([struck], draft(cancelled=True, content=content("Closing"))) == [expected]


def test_what_is_brought_back_goes_on_counting():
    expected = frozen(sequence=5, changed_at=TUESDAY)

    assert following([frozen(cancelled=True)], draft()) == [expected]


def test_an_edition_is_ordered_by_start_then_end_then_key():
    drafts = [
        draft(sitting_id=FIRST, starts_at=TEN + HOUR, ends_at=TEN + 2 * HOUR),
        draft(sitting_id=THIRD),
        draft(sitting_id=SECOND),
        draft(sitting_id=UUID(int=4), ends_at=TEN + 2 * HOUR),
    ]

    assert [row.sitting_id.int for row in following([], *drafts)] == [2, 3, 4, 1]


@pytest.mark.parametrize(
    ("after", "kind"),
    [
        (frozen(starts_at=TEN - HOUR), ChangeKind.MOVED),
        (frozen(content=content(room="Room B")), ChangeKind.MOVED),
        (frozen(cancelled=True), ChangeKind.CANCELLED),
        (frozen(cancelled=True, starts_at=TEN - HOUR), ChangeKind.CANCELLED),
        (frozen(content=content("Closing")), ChangeKind.REWORDED),
    ],
    ids=["time", "room", "cancelled", "cancelled elsewhere", "words"],
)
def test_readers_are_told_what_kind_of_change_it_is(after, kind):
    [change] = changes({FIRST: frozen()}, [after])

    assert (change.kind, change.before, change.after) == (kind, frozen(), after)


def test_readers_are_told_what_is_new_and_what_takes_place_after_all():
    struck = frozen(sitting_id=SECOND, cancelled=True)
    after = [frozen(), frozen(sitting_id=SECOND)]
    found = changes({SECOND: struck}, after)

    assert [change.kind for change in found] == [ChangeKind.ADDED, ChangeKind.BROUGHT_BACK]


def test_counters_alone_are_no_change():
    assert changes({FIRST: frozen()}, [frozen(sequence=9, changed_at=TUESDAY)]) == []
