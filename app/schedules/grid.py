"""The placing grid: rows are time and room, columns are days. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Generic, Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from app.core.languages import Localized
from app.meetings.rules import local_span
from app.schedules.rules import AnyBooking, Booking, Slot, overlapping

# The customary working day; used where it touches no block that a sitting already makes.
CUSTOMARY = ((time(10), time(13)), (time(15), time(18)))

Block = tuple[time, time]


class RoomLike(Protocol):
    """A room of the grid."""

    @property
    def id(self) -> UUID: ...
    @property
    def name(self) -> Localized: ...


@dataclass(frozen=True)
class Cell(Generic[AnyBooking]):
    """One time, room and day: its sitting, whatever else holds the room then, or nothing."""

    day: date
    start: time
    end: time
    room_id: UUID
    sitting: AnyBooking | None
    holder: AnyBooking | None
    exists: bool

    @property
    def place(self) -> str:
        """The cell as a form sends it: 2006-03-14/09:30/11:00/room."""
        return f"{self.day.isoformat()}/{self.start:%H:%M}/{self.end:%H:%M}/{self.room_id}"


@dataclass(frozen=True)
class Row(Generic[AnyBooking]):
    """One room within a block of time."""

    room: RoomLike
    cells: tuple[Cell[AnyBooking], ...]


@dataclass(frozen=True)
class Band(Generic[AnyBooking]):
    """One block of time with its rooms."""

    start: time
    end: time
    rows: tuple[Row[AnyBooking], ...]


def grid(
    days: Sequence[date],
    rooms: Sequence[RoomLike],
    bookings: Iterable[AnyBooking],
    zone: str,
) -> list[Band[AnyBooking]]:
    """Bands by time; each block that a booking makes is one, beside the customary ones."""
    held = [each for each in bookings if each.starts_at and each.ends_at]
    return [
        Band(
            start,
            end,
            tuple(
                Row(room, tuple(_cell(day, (start, end), room, held, zone) for day in days))
                for room in rooms
            ),
        )
        for start, end in _blocks(held, zone)
    ]


def _blocks(bookings: Iterable[Booking], zone: str) -> list[Block]:
    made = {_wall_times(booking, zone) for booking in bookings}
    free = [block for block in CUSTOMARY if all(block[1] <= a or b <= block[0] for a, b in made)]
    return sorted({*made, *free})


def _wall_times(booking: Booking, zone: str) -> Block:
    def wall(instant: datetime | None) -> time:
        return (instant or datetime.min.replace(tzinfo=UTC)).astimezone(ZoneInfo(zone)).time()

    return wall(booking.starts_at), wall(booking.ends_at)


def _cell(
    day: date, block: Block, room: RoomLike, held: Sequence[AnyBooking], zone: str
) -> Cell[AnyBooking]:
    start, end = local_span(day, *block, zone)
    if start is None or end is None or end <= start:
        return Cell(day, *block, room.id, None, None, exists=False)
    found = list(overlapping(held, Slot(start, end, room.id)))
    exact = [each for each in found if (each.starts_at, each.ends_at) == (start, end)]
    return Cell(
        day,
        *block,
        room.id,
        sitting=exact[0] if exact else None,
        holder=found[0] if found and not exact else None,
        exists=True,
    )


def parse_place(text: str) -> tuple[date, time, time, UUID] | None:
    """A cell's place back from a form; None for what is not one."""
    try:
        day, start, end, room = text.split("/")
        return (
            date.fromisoformat(day),
            time.fromisoformat(start),
            time.fromisoformat(end),
            UUID(room),
        )
    except ValueError:
        return None
