"""Days, times and zones as people of each language write them. Every time names its zone."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as clock
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date, get_timezone_location
from babel.numbers import format_decimal

DAY = {
    "en": "EEEE d MMMM y",
    "es": "EEEE d 'de' MMMM 'de' y",
    "fr": "EEEE d MMMM y",
    "pt": "EEEE, d 'de' MMMM 'de' y",
}
DAY_WITHOUT_YEAR = {
    "en": "EEEE d MMMM",
    "es": "EEEE d 'de' MMMM",
    "fr": "EEEE d MMMM",
    "pt": "EEEE, d 'de' MMMM",
}
DATE = {"en": "d MMMM y", "es": "d 'de' MMMM 'de' y", "fr": "d MMMM y", "pt": "d 'de' MMMM 'de' y"}
DAY_MONTH = {
    "en": "d MMMM",
    "es": "d 'de' MMMM",
    "fr": "d MMMM",
    "pt": "d 'de' MMMM",
}


@lru_cache(maxsize=4096)
def _formatted(day: date, pattern: str, lang: str) -> str:
    return format_date(day, pattern, locale=lang)


@lru_cache(maxsize=512)
def _city(zone: str, lang: str) -> str:
    if "/" not in zone:
        return ""
    return get_timezone_location(ZoneInfo(zone), locale=lang, return_city=True)


def utc_offset(instant: datetime, zone: str) -> str:
    """The zone's distance from UTC at that instant: "UTC−4", "UTC+5:45", "UTC"."""
    offset = instant.astimezone(ZoneInfo(zone)).utcoffset() or timedelta()
    minutes = round(abs(offset).total_seconds() / 60)
    if not minutes:
        return "UTC"
    sign = "\N{MINUS SIGN}" if offset < timedelta() else "+"
    hours, rest = divmod(minutes, 60)
    return f"UTC{sign}{hours}:{rest:02}" if rest else f"UTC{sign}{hours}"


@dataclass(frozen=True)
class Formats:
    """One language's way to write dates and times; `zone` is always an IANA name."""

    lang: str

    def day(self, day: date) -> str:
        """Tuesday 14 March 2006."""
        return _formatted(day, DAY[self.lang], self.lang)

    def full_date(self, day: date) -> str:
        """14 March 2006."""
        return _formatted(day, DATE[self.lang], self.lang)

    def day_month(self, day: date) -> str:
        """14 March."""
        return _formatted(day, DAY_MONTH[self.lang], self.lang)

    def day_short(self, day: date) -> str:
        """Tue 14."""
        return f"{_formatted(day, 'EEE', self.lang).rstrip('.')} {day.day}"

    def days(self, first: date, last: date) -> str:
        """14–17 March 2006; 30 March – 2 April 2006; one day as a date."""
        if first == last:
            return self.full_date(first)
        if (first.year, first.month) == (last.year, last.month):
            rest = _formatted(last, DATE[self.lang], self.lang)
            return f"{first.day}–{rest}"
        pattern = DAY_MONTH if first.year == last.year else DATE
        return f"{_formatted(first, pattern[self.lang], self.lang)} – {self.full_date(last)}"

    def time(self, instant: datetime, zone: str) -> str:
        """15:00, by the clock of that zone."""
        return instant.astimezone(ZoneInfo(zone)).strftime("%H:%M")

    def when(self, instant: datetime, zone: str, beside: date | None = None) -> str:
        """Tuesday 14 March, 18:20; with its year where that is not the year of `beside`."""
        local = instant.astimezone(ZoneInfo(zone))
        same_year = beside is None or beside.year == local.year
        pattern = DAY_WITHOUT_YEAR if same_year else DAY
        return f"{_formatted(local.date(), pattern[self.lang], self.lang)}, {local:%H:%M}"

    def when_short(self, instant: datetime, zone: str) -> str:
        """Tue 14 March, 18:20: for a line that has to be short."""
        day = self.local_day(instant, zone)
        weekday = _formatted(day, "EEE", self.lang).rstrip(".")
        return (
            f"{weekday} {_formatted(day, DAY_MONTH[self.lang], self.lang)}, "
            f"{self.time(instant, zone)}"
        )

    def span(self, start: datetime, end: datetime, zone: str) -> str:
        """Tuesday 14 March 2006, 10:00–11:00, Caracas (UTC−4); both offsets where they differ."""
        first, last = self.local_day(start, zone), self.local_day(end, zone)
        begins, ends = f"{self.day(first)}, {self.time(start, zone)}", self.time(end, zone)
        before, after = utc_offset(start, zone), utc_offset(end, zone)
        if first == last and before == after:
            return f"{begins}–{ends}, {self.zone(start, zone)}"
        if first != last:
            ends = f"{self.day(last)}, {ends}"
        begins = f"{begins} ({before})" if before != after else begins
        return f"{begins} – {ends}, {self.zone(end, zone)}"

    def zone(self, instant: datetime, zone: str) -> str:
        """Caracas (UTC−4)."""
        city, offset = _city(zone, self.lang), utc_offset(instant, zone)
        return f"{city} ({offset})" if city else offset

    def zone_on(self, day: date, zone: str) -> str:
        """Caracas (UTC−4), as it is at noon of that day."""
        return self.zone(datetime.combine(day, clock(12), tzinfo=ZoneInfo(zone)), zone)

    def local_day(self, instant: datetime, zone: str) -> date:
        """The calendar day of an instant by the clock of that zone."""
        return instant.astimezone(ZoneInfo(zone)).date()

    def number(self, number: int) -> str:
        """12,345 or 12.345."""
        return format_decimal(number, locale=self.lang)
