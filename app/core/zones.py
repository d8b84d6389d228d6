"""Time zones as VTIMEZONE (RFC 5545 section 3.6.5), read from zoneinfo, and times in them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

UTC_NAMES = frozenset({"UTC", "UCT", "Universal", "Zulu"})
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


def is_utc(zone: str) -> bool:
    """Whether this is UTC under one of its names: its times end in Z and need no VTIMEZONE."""
    return zone.removeprefix("Etc/") in UTC_NAMES


def stamp(moment: datetime) -> str:
    """A clock reading as yyyymmddThhmmss, whatever its zone (RFC 5545 section 3.3.5)."""
    return moment.isoformat()[:19].replace("-", "").replace(":", "")


def time_property(name: str, instant: datetime, zone: str) -> str:
    """A DTSTART or DTEND: local time with its TZID, or UTC where no local time says it."""
    if is_utc(zone):
        return f"{name}:{stamp(instant.astimezone(UTC))}Z"
    local = instant.astimezone(ZoneInfo(zone))
    # In the hour that a clock shows twice, RFC 5545 means the first by a local time. It has no
    # words for the second, and ical.js takes the second for both: so both are written in UTC.
    if local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset():
        return f"{name}:{stamp(instant.astimezone(UTC))}Z"
    return f"{name};TZID={zone}:{stamp(local)}"


# One observance a change and neither RRULE nor RDATE: ical.js reads only the first value of an
# RDATE, and Ramadan or a decree follows no rule. This form is read alike by every parser we know.
@lru_cache(maxsize=256)
def timezone_lines(zone: str, first_year: int, last_year: int) -> bytes:
    """The VTIMEZONE for events of these years; it covers one year more on either side."""
    info = ZoneInfo(zone)
    since = datetime(first_year - 1, 1, 1, tzinfo=info).astimezone(UTC)
    until = datetime(last_year + 2, 1, 1, tzinfo=info).astimezone(UTC)
    lines = ["BEGIN:VTIMEZONE", f"TZID:{zone}", *_first_observance(since, info)]
    for change in _changes(info, since, until):
        lines += _observance_from(change, info)
    return "\r\n".join([*lines, "END:VTIMEZONE", ""]).encode()


def _first_observance(since: datetime, zone: ZoneInfo) -> list[str]:
    local = since.astimezone(zone)
    return _observance("STANDARD", local, _offset(local), local)


def _changes(zone: ZoneInfo, since: datetime, until: datetime) -> Iterator[datetime]:
    """The UTC instants from which another offset or name applies; one a day at most."""
    day, rule = since, _rule(since, zone)
    while day < until:
        following = _rule(day + DAY, zone)
        if following != rule:
            yield _change_between(day, following, zone)
        day, rule = day + DAY, following


def _change_between(day: datetime, rule: tuple[timedelta, str | None], zone: ZoneInfo) -> datetime:
    """The second of the day after `day` from which `rule` applies."""
    low, high = 0, DAY // SECOND
    while high - low > 1:
        middle = (low + high) // 2
        if _rule(day + middle * SECOND, zone) == rule:
            high = middle
        else:
            low = middle
    return day + high * SECOND


def _observance_from(change: datetime, zone: ZoneInfo) -> list[str]:
    before, after = (change - SECOND).astimezone(zone), change.astimezone(zone)
    # Dublin and Casablanca count their winter and Ramadan as negative daylight saving time.
    # Readers expect DAYLIGHT to be the later clock, so leaving the negative one counts too.
    zero = timedelta(0)
    daylight = (after.dst() or zero) > zero or (before.dst() or zero) < zero
    kind = "DAYLIGHT" if daylight else "STANDARD"
    return _observance(kind, change + _offset(before), _offset(before), after)


def _observance(kind: str, start: datetime, before: timedelta, after: datetime) -> list[str]:
    """`start` reads as the clock did before the change (RFC 5545 section 3.6.5)."""
    return [
        f"BEGIN:{kind}",
        f"DTSTART:{stamp(start)}",
        f"TZOFFSETFROM:{_offset_text(before)}",
        f"TZOFFSETTO:{_offset_text(_offset(after))}",
        f"TZNAME:{after.tzname()}",
        f"END:{kind}",
    ]


def _rule(instant: datetime, zone: ZoneInfo) -> tuple[timedelta, str | None]:
    local = instant.astimezone(zone)
    return _offset(local), local.tzname()


def _offset(local: datetime) -> timedelta:
    return local.utcoffset() or timedelta(0)


def _offset_text(offset: timedelta) -> str:
    """As +hhmm, or +hhmmss where a zone once kept its own mean time (RFC 5545 section 3.3.14)."""
    minutes, seconds = divmod(abs(int(offset.total_seconds())), 60)
    sign = "-" if offset < timedelta(0) else "+"
    return f"{sign}{minutes // 60:02}{minutes % 60:02}" + (f"{seconds:02}" if seconds else "")
