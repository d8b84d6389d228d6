"""The placing grid: which blocks there are, and what each cell says."""

from dataclasses import dataclass
from datetime import date, time, timedelta
from uuid import UUID

import pytest

from app.core.languages import Localized
from app.meetings.rules import local_instant
from app.schedules.grid import grid, parse_place

ZONE = "America/Caracas"
TUESDAY, WEDNESDAY = date(2026, 4, 14), date(2026, 4, 15)
MORNING, AFTERNOON = (time(10), time(13)), (time(15), time(18))


@dataclass(frozen=True)
class Room:
    id: UUID
    name: Localized


A = Room(UUID(int=1), Localized(en="Room A"))
B = Room(UUID(int=2), Localized(en="Room B"))


@dataclass(frozen=True)
class Held:
    """A booking by the clock of the meeting."""

    title: str
    start: time
    end: time
    day: date = TUESDAY
    room: Room | None = A
    zone: str = ZONE

    @property
    def starts_at(self):
        return local_instant(self.day, self.start, self.zone)

    @property
    def ends_at(self):
        day = self.day if self.end > self.start else self.day + timedelta(days=1)
        return local_instant(day, self.end, self.zone)

    @property
    def room_id(self):
        return self.room.id if self.room else None


def drawn(*held, days=(TUESDAY,), rooms=(A,), zone=ZONE):
    return grid(days, rooms, held, zone)


def blocks(bands):
    return [(band.start, band.end) for band in bands]


def cells(bands):
    """By time, room and day: the sitting, or what else holds the room, or that it is free."""
    return {
        (f"{band.start:%H:%M}", row.room.name["en"], cell.day.day): (
            cell.sitting.title
            if cell.sitting
            else f"taken: {cell.holder.title}"
            if cell.holder
            else "free"
            if cell.exists
            else "no such hour"
        )
        for band in bands
        for row in band.rows
        for cell in row.cells
    }


def test_an_empty_grid_offers_the_customary_day():
    assert cells(drawn(days=[TUESDAY, WEDNESDAY], rooms=[A, B])) == {
        (start, room, day): "free"
        for start in ("10:00", "15:00")
        for room in ("Room A", "Room B")
        for day in (14, 15)
    }


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (time(10), time(13), [MORNING, AFTERNOON]),
        (time(8), time(9), [(time(8), time(9)), MORNING, AFTERNOON]),
        (time(9), time(10), [(time(9), time(10)), MORNING, AFTERNOON]),
        (time(9), time(11), [(time(9), time(11)), AFTERNOON]),
        (time(12), time(16), [(time(12), time(16))]),
        (time(13), time(15), [MORNING, (time(13), time(15)), AFTERNOON]),
    ],
)
def test_each_sitting_makes_a_block_and_customary_ones_give_way(start, end, expected):
    assert blocks(drawn(Held("Plenary", start, end))) == expected


def test_a_cell_shows_its_sitting_and_those_beside_it_are_free_or_taken():
    bands = drawn(
        Held("Plenary", time(10), time(13)),
        Held("Drafting", time(11), time(12), room=B),
        Held("Closing", time(10), time(13), day=WEDNESDAY, room=B),
        days=[TUESDAY, WEDNESDAY],
        rooms=[A, B],
    )
    found = cells(bands)

    assert {key: what for key, what in found.items() if what != "free"} == {
        ("10:00", "Room A", 14): "Plenary",
        ("10:00", "Room B", 14): "taken: Drafting",
        ("11:00", "Room A", 14): "taken: Plenary",
        ("11:00", "Room B", 14): "Drafting",
        ("10:00", "Room B", 15): "Closing",
        ("11:00", "Room B", 15): "taken: Closing",
    }


def test_a_sitting_without_a_room_makes_a_block_but_fills_no_cell():
    assert cells(drawn(Held("Plenary", time(8), time(9), room=None))) == {
        ("08:00", "Room A", 14): "free",
        ("10:00", "Room A", 14): "free",
        ("15:00", "Room A", 14): "free",
    }


@pytest.mark.parametrize("end", [time(0), time(1, 30)])
def test_a_sitting_that_lasts_until_midnight_or_later_is_drawn_on_its_day(end):
    bands = drawn(Held("Reception", time(21), end), days=[TUESDAY, WEDNESDAY])
    found = cells(bands)

    assert blocks(bands) == [MORNING, AFTERNOON, (time(21), end)]
    assert (found["21:00", "Room A", 14], found["21:00", "Room A", 15]) == ("Reception", "free")


def test_an_hour_that_the_clocks_skip_cannot_be_chosen():
    zone, sunday, monday = "America/New_York", date(2026, 3, 8), date(2026, 3, 9)
    held = Held("Vigil", time(2, 15), time(2, 45), day=monday, zone=zone)

    found = cells(drawn(held, days=[sunday, monday], zone=zone))
    assert (found["02:15", "Room A", 8], found["02:15", "Room A", 9]) == ("no such hour", "Vigil")


def test_a_cells_place_is_read_back_as_it_was_sent():
    [band, _] = drawn()
    [row] = band.rows
    [cell] = row.cells

    assert parse_place(cell.place) == (TUESDAY, time(10), time(13), A.id)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-04-14",
        f"2026-04-31/10:00/13:00/{A.id}",
        f"2026-04-14/25:00/13:00/{A.id}",
        "2026-04-14/10:00/13:00/room",
        f"2026-04-14/10:00/13:00/{A.id}/more",
    ],
)
def test_what_is_no_place_is_none(text):
    assert parse_place(text) is None
