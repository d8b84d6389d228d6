"""Days of a meeting, and local wall times as instants."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from app.core.languages import Localized


class HasDays(Protocol):
    """Anything that begins on a day and ends on a day in a zone."""

    @property
    def first_day(self) -> date: ...
    @property
    def last_day(self) -> date: ...
    @property
    def zone(self) -> str: ...


def days_of(meeting: HasDays) -> list[date]:
    """Every day of the meeting, in order."""
    length = (meeting.last_day - meeting.first_day).days + 1
    return [meeting.first_day + timedelta(days=offset) for offset in range(length)]


def local_instant(day: date, at: time, zone: str) -> datetime | None:
    """The instant of a wall time, in UTC; None if the clocks skip it on that day.

    A wall time that comes twice means the first of the two.
    """
    local = datetime.combine(day, at, tzinfo=ZoneInfo(zone))
    instant = local.astimezone(UTC)
    back = instant.astimezone(ZoneInfo(zone))
    return instant if back.replace(tzinfo=None) == local.replace(tzinfo=None) else None


def local_span(
    day: date, start: time, end: time, zone: str
) -> tuple[datetime | None, datetime | None]:
    """Two wall times as instants; an end that is not later than the start is on the next day."""
    last = day if end > start else day + timedelta(days=1)
    return local_instant(day, start, zone), local_instant(last, end, zone)


def local_day(instant: datetime, zone: str) -> date:
    """The calendar day of an instant by the clock of that zone."""
    return instant.astimezone(ZoneInfo(zone)).date()


def wall_clock(instant: datetime | None, zone: str) -> str:
    """ "15:00" by the clock of that zone; empty without an instant."""
    return "" if instant is None else instant.astimezone(ZoneInfo(zone)).strftime("%H:%M")


def lies_within(meeting: HasDays, start: datetime, end: datetime) -> bool:
    """Whether both ends fall on the meeting's days; midnight after the last day still counts."""
    zone = ZoneInfo(meeting.zone)
    opens = datetime.combine(meeting.first_day, time(), tzinfo=zone)
    closes = datetime.combine(meeting.last_day + timedelta(days=1), time(), tzinfo=zone)
    return opens <= start and end <= closes


def days_until(day: date, *, today: date) -> int:
    """Whole days from today; negative when it has passed."""
    return (day - today).days


def next_weekday(day: date, weekday: int) -> date:
    """That day or the first one after it with this weekday (Monday is 0)."""
    return day + timedelta(days=(weekday - day.weekday()) % 7)


class RoomLike(Protocol):
    """A room with what is entered of it."""

    @property
    def name(self) -> Localized: ...
    @property
    def seats(self) -> int | None: ...
    @property
    def booths(self) -> int | None: ...


def room_state(room: RoomLike) -> dict[str, Any]:
    """What the journal keeps of a room."""
    return {"name": dict(room.name), "seats": room.seats, "booths": room.booths}


class DeadlineLike(Protocol):
    """A deadline with what is entered of it."""

    @property
    def due_on(self) -> date | None: ...
    @property
    def what(self) -> Localized: ...


def deadline_state(deadline: DeadlineLike) -> dict[str, Any]:
    """What the journal keeps of a deadline."""
    due_on = deadline.due_on.isoformat() if deadline.due_on else None
    return {"due_on": due_on, "what": dict(deadline.what)}
