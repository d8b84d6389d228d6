"""The public timetable of a day as a table: rows are times, columns rooms. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.core.languages import Localized
from app.meetings.rules import local_day
from app.schedules.showing import ShownSitting

# Beyond this many rooms a day no longer fits a page; the table becomes a list with a room column.
WIDEST = 4
SHORTEST_PAUSE = timedelta(minutes=10)


@dataclass(frozen=True)
class Line:
    """Sittings of one time, by room; or a pause, where there are none."""

    starts_at: datetime
    ends_at: datetime
    cells: tuple[tuple[ShownSitting, ...], ...]

    @property
    def pause(self) -> bool:
        """Whether nothing takes place."""
        return not self.cells


@dataclass(frozen=True)
class Day:
    """One day of the timetable. Without `rooms` each line has one cell, and names rooms itself."""

    day: date
    rooms: tuple[Localized, ...]
    lines: tuple[Line, ...]


def days_of_edition(
    sittings: Sequence[ShownSitting], days: Sequence[date], zone: str
) -> tuple[list[date], bool]:
    """The days that an edition is shown by, and whether they are no longer the meeting's.

    A meeting that moved keeps its last edition on the old days until the next one.
    """
    own = {local_day(each.starts_at, zone) for each in sittings if not each.cancelled}
    if own <= set(days):
        return list(days), False
    return sorted(own), True


def days_shown(sittings: Sequence[ShownSitting], days: Sequence[date], zone: str) -> list[Day]:
    """Those of the days on which something is planned."""
    by_day: dict[date, list[ShownSitting]] = {day: [] for day in days}
    for sitting in sittings:
        by_day.setdefault(local_day(sitting.starts_at, zone), []).append(sitting)
    return [_day(day, held) for day, held in by_day.items() if held and day in days]


def _day(day: date, sittings: list[ShownSitting]) -> Day:
    rooms = tuple(dict.fromkeys(each.room for each in sittings if each.room is not None))
    everywhere_roomed = all(each.room is not None for each in sittings)
    columns = rooms if everywhere_roomed and len(rooms) <= WIDEST else ()
    return Day(day, columns, tuple(_lines(sittings, columns)))


def _lines(sittings: list[ShownSitting], rooms: Sequence[Localized]) -> list[Line]:
    times = sorted({(each.starts_at, each.ends_at) for each in sittings})
    lines: list[Line] = []
    busy_until: datetime | None = None
    for start, end in times:
        if busy_until is not None and start - busy_until >= SHORTEST_PAUSE:
            lines.append(Line(busy_until, start, ()))
        held = [each for each in sittings if (each.starts_at, each.ends_at) == (start, end)]
        lines.append(Line(start, end, _cells(held, rooms)))
        busy_until = max(busy_until or end, end)
    return lines


def _cells(
    held: Sequence[ShownSitting], rooms: Sequence[Localized]
) -> tuple[tuple[ShownSitting, ...], ...]:
    if not rooms:
        return (tuple(held),)
    return tuple(tuple(each for each in held if each.room == room) for room in rooms)


@dataclass(frozen=True)
class NowNext:
    """What takes place at a moment, what comes next that day, and until when this is right."""

    now: tuple[ShownSitting, ...]
    next: tuple[ShownSitting, ...]
    until: datetime | None


def now_and_next(
    sittings: Sequence[ShownSitting], *, at: datetime, zone: str, midnights: Sequence[datetime]
) -> NowNext:
    """For a page that is rendered again at `until`; `midnights` begin the meeting's days."""
    held = [each for each in sittings if not each.cancelled]
    coming = [each for each in held if each.starts_at > at]
    first = min((each.starts_at for each in coming), default=None)
    today = local_day(at, zone)
    soon = first is not None and local_day(first, zone) == today
    turns = {each.starts_at for each in held} | {each.ends_at for each in held} | {*midnights}
    return NowNext(
        now=tuple(each for each in held if each.starts_at <= at < each.ends_at),
        next=tuple(each for each in coming if soon and each.starts_at == first),
        until=min((turn for turn in turns if turn > at), default=None),
    )
