"""Calendar feeds as iCalendar bytes (RFC 5545, RFC 7986). Knows no word of what they announce."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from app.core.zones import is_utc, stamp, time_property, timezone_lines

Status = Literal["CONFIRMED", "TENTATIVE", "CANCELLED"]

LINE_OCTETS = 75
INSIDE_A_CHARACTER = range(0x80, 0xC0)
SECOND = timedelta(seconds=1)

URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[!#-;=?-\[\]_a-z~]+")
UID = re.compile(r"[!#-+\--:<-\[\]-~]{1,255}")
PRODID = re.compile(r"[ !#-+\--:<-\[\]-~]+")
LANGUAGE = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")
COLOR = re.compile(r"[a-z]+")

# Python's splitlines(), and with it some parsers, breaks lines at all of these.
LINE_BREAK = re.compile("\r\n|[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")
UNWRITABLE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One event, from instant to instant, or from day to day, the last one included.

    Instants are turned into UTC. `zone` says in which zone people read them, if it is another
    than the feed's; `language` in which one they read the texts. Nothing is taken from the clock
    or from the feed's other entries, so an entry is the same bytes wherever it stands.
    """

    uid: str
    sequence: int
    dtstamp: datetime
    created: datetime
    last_modified: datetime
    start: datetime | date
    end: datetime | date
    summary: str
    description: str = ""
    location: str = ""
    categories: tuple[str, ...] = ()
    status: Status = "CONFIRMED"
    url: str | None = None
    zone: str | None = None
    language: str | None = None

    def __post_init__(self) -> None:
        for name in ("dtstamp", "created", "last_modified", "start", "end"):
            object.__setattr__(self, name, _in_utc(getattr(self, name), name))
        _check_order(self.start, self.end)
        if self.sequence < 0:
            raise ValueError(f"SEQUENCE below zero: {self.sequence}")
        if self.status not in ("CONFIRMED", "TENTATIVE", "CANCELLED"):
            raise ValueError(f"not a STATUS of an event: {self.status!r}")
        _check(UID, self.uid, "UID")
        _check(URI, self.url, "URL")
        _check(LANGUAGE, self.language, "LANGUAGE")
        _check_zone(self.zone)

    @property
    def all_day(self) -> bool:
        """Whether it is days rather than instants."""
        return not isinstance(self.start, datetime)

    @property
    def transparent(self) -> bool:
        """Whether it leaves people's time free: what is cancelled does."""
        return self.status == "CANCELLED"


@dataclass(frozen=True, kw_only=True, slots=True)
class Feed:
    """A calendar that people subscribe to; `source` is the address where it is refreshed."""

    name: str
    description: str
    zone: str
    source: str
    prodid: str
    entries: tuple[Entry, ...]
    language: str | None = None
    refresh: timedelta = timedelta(hours=1)
    color: str | None = None

    def __post_init__(self) -> None:
        _check_zone(self.zone)
        _check(URI, self.source, "SOURCE")
        _check(PRODID, self.prodid, "PRODID")
        _check(LANGUAGE, self.language, "LANGUAGE")
        _check(COLOR, self.color, "COLOR")
        if self.refresh < SECOND:
            raise ValueError(f"refreshed more than once a second: {self.refresh}")
        if len({entry.uid for entry in self.entries}) < len(self.entries):
            raise ValueError("the same UID twice in one feed")


def write(feed: Feed) -> bytes:
    """The feed as a VCALENDAR without METHOD: something to read, not an invitation."""
    events = [event_lines(entry, feed.zone) for entry in feed.entries]
    head = "\r\n".join([*_head(feed), ""]).encode()
    return b"".join([head, *timezones(feed.entries, feed.zone), *events, b"END:VCALENDAR\r\n"])


def event_lines(entry: Entry, zone: str, *, more: tuple[str, ...] = ()) -> bytes:
    """The VEVENT of an entry, which is read in `zone` unless it has its own.

    `more` are folded lines that only a mail has.
    """
    lines = [
        "BEGIN:VEVENT",
        folded(f"UID:{entry.uid}"),
        f"SEQUENCE:{entry.sequence}",
        f"DTSTAMP:{stamp(entry.dtstamp)}Z",
        f"CREATED:{stamp(entry.created)}Z",
        f"LAST-MODIFIED:{stamp(entry.last_modified)}Z",
        _time("DTSTART", entry.start, entry.zone or zone),
        _time("DTEND", entry.end, entry.zone or zone),
        f"STATUS:{entry.status}",
        f"TRANSP:{'TRANSPARENT' if entry.transparent else 'OPAQUE'}",
        *_texts(entry),
        *more,
        "END:VEVENT",
        "",
    ]
    return "\r\n".join(lines).encode()


def text_property(name: str, text: str, language: str | None = None) -> str:
    """A folded line of plain text in a language, if one is given."""
    parameter = f";LANGUAGE={language}" if language else ""
    return folded(f"{name}{parameter}:{escaped(text)}")


def escaped(text: str) -> str:
    """A TEXT value on one line (RFC 5545 section 3.3.11).

    Every kind of line break becomes the escaped one, a tab a space; other control characters
    and lone surrogates have no place in a calendar and go.
    """
    if not text.replace("\n", "").isprintable():
        text = UNWRITABLE.sub("", LINE_BREAK.sub("\n", text).replace("\t", " "))
    for plain, shown in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        text = text.replace(plain, shown)
    return text


def folded(line: str) -> str:
    """A content line in pieces of at most 75 octets, no character cut (RFC 5545 section 3.1)."""
    if len(line) <= LINE_OCTETS and line.isascii():
        return line
    return "\r\n ".join(_pieces(line.encode()))


def _pieces(octets: bytes) -> Iterator[str]:
    start, room = 0, LINE_OCTETS
    while len(octets) - start > room:
        end = start + room
        while octets[end] in INSIDE_A_CHARACTER:
            end -= 1
        yield octets[start:end].decode()
        # Every further line begins with a space, which counts.
        start, room = end, LINE_OCTETS - 1
    yield octets[start:].decode()


def _head(feed: Feed) -> Iterator[str]:
    # No UID, though RFC 7986 allows one: vdirsyncer takes the whole feed for a single item then.
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", folded(f"PRODID:{feed.prodid}"))
    yield "CALSCALE:GREGORIAN"
    yield text_property("NAME", feed.name, feed.language)
    yield text_property("X-WR-CALNAME", feed.name)
    yield text_property("DESCRIPTION", feed.description, feed.language)
    yield text_property("X-WR-CALDESC", feed.description)
    yield f"X-WR-TIMEZONE:{feed.zone}"
    yield f"REFRESH-INTERVAL;VALUE=DURATION:{_duration(feed.refresh)}"
    yield f"X-PUBLISHED-TTL:{_duration(feed.refresh)}"
    yield folded(f"SOURCE;VALUE=URI:{feed.source}")
    if feed.color:
        yield f"COLOR:{feed.color}"


def _duration(span: timedelta) -> str:
    """In one unit, so that none is left out between two (RFC 5545 section 3.3.6)."""
    seconds = span // SECOND
    for unit, length in (("H", 3600), ("M", 60)):
        if seconds % length == 0:
            return f"PT{seconds // length}{unit}"
    return f"PT{seconds}S"


def timezones(entries: Iterable[Entry], zone: str) -> Iterator[bytes]:
    """The zones that the entries use, in the order of their names; parsers want them first."""
    spans: dict[str, list[int]] = {}
    for entry in entries:
        own = entry.zone or zone
        if not entry.all_day and not is_utc(own):
            spans.setdefault(own, []).extend((entry.start.year, entry.end.year))
    for name, years in sorted(spans.items()):
        yield timezone_lines(name, min(years), max(years))


def _time(name: str, moment: datetime | date, zone: str) -> str:
    """Instants in the zone; a day as such, the end being the day after the last (section 3.6.1)."""
    if isinstance(moment, datetime):
        return time_property(name, moment, zone)
    day = moment + timedelta(days=1) if name == "DTEND" else moment
    return f"{name};VALUE=DATE:{day:%Y%m%d}"


def _texts(entry: Entry) -> Iterator[str]:
    yield text_property("SUMMARY", entry.summary, entry.language)
    if entry.location:
        yield text_property("LOCATION", entry.location, entry.language)
    if entry.description:
        yield text_property("DESCRIPTION", entry.description, entry.language)
    if entry.categories:
        # The commas between values stand as they are, those inside a value are escaped.
        yield folded(f"CATEGORIES:{','.join(map(escaped, entry.categories))}")
    if entry.url:
        yield folded(f"URL:{entry.url}")


def _in_utc(moment: datetime | date, name: str) -> datetime | date:
    if not isinstance(moment, datetime):
        return moment
    if moment.tzinfo is None:
        raise ValueError(f"{name} has no time zone: {moment}")
    return moment.astimezone(UTC)


def _check_order(start: datetime | date, end: datetime | date) -> None:
    """Refuses an end before the start, and one without a whole second between them."""
    if isinstance(start, datetime) is not isinstance(end, datetime):
        raise ValueError(f"from an instant to a day, or from a day to an instant: {start}, {end}")
    if isinstance(start, datetime) and isinstance(end, datetime):
        ordered = end - start >= SECOND
    else:
        ordered = end >= start
    if not ordered:
        raise ValueError(f"ends before it starts: {start}, {end}")


def _check(allowed: re.Pattern[str], value: str | None, name: str) -> None:
    if value is not None and not allowed.fullmatch(value):
        raise ValueError(f"no calendar can carry this {name}: {value!r}")


def _check_zone(name: str | None) -> None:
    try:
        if name is not None:
            ZoneInfo(name)
    except (KeyError, OSError, ValueError) as error:
        raise ValueError(f"no time zone of the IANA database: {name!r}") from error
