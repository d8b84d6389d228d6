"""Days as texts print them, in four languages; only days that exist."""

import re
from dataclasses import dataclass
from datetime import date
from functools import cache

from app.core.languages import LANGUAGES
from app.resolutions.reading.numbers import roman
from app.resolutions.reading.spans import Spans
from app.resolutions.reading.tokens import key_of
from app.resolutions.reading.words import words_of

FIRST_YEAR, LAST_YEAR = 1815, 2199
DAY = r"\d{1,2}(?:\s?(?:st|nd|rd|th|er|º|°|o)(?![^\W\d_]))?"
RANGE = r"(?:\s?[-–—/]\s?|\s(?:and|to|until|y|e|al|a|et|au|ao)\s)"
OF = r"(?:\s(?:of|de|del|do|d))?\s"
YEAR = r"(?:,?\s(?:(?:of|de|del|do)\s)?(?P<year>\d{4})\b)"


@dataclass(frozen=True, slots=True)
class Printed:
    """A day or some days, and where they are printed."""

    start: int
    end: int
    first: date
    last: date


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    names = "|".join(sorted(_months(), key=len, reverse=True))
    month = rf"(?P<month>(?:{names}))\b\.?"
    other = rf"(?P<month2>(?:{names}))\b\.?"
    return (
        # 14 de marzo de 2006; 30 June to 4 July 1998; les 13 et 14 février 2003
        re.compile(
            rf"\b(?P<day>{DAY})(?:(?:,\s\d{{1,2}})*{RANGE}(?P<to>{DAY}))?{OF}{month}"
            rf"(?:{RANGE}(?P<to2>{DAY}){OF}{other})?{YEAR}",
            re.IGNORECASE,
        ),
        # May 10, 2005; April 18 and 19, 2005; March 30-April 2, 2005
        re.compile(
            rf"\b{month}\s(?P<day>{DAY})(?:(?:,\s\d{{1,2}})*,?{RANGE}(?:{other}\s)?(?P<to>{DAY}))?,?\s(?P<year>\d{{4}})\b",
            re.IGNORECASE,
        ),
        re.compile(r"\b(?P<year>\d{4})-(?P<nm>\d{2})-(?P<day>\d{2})\b"),
        re.compile(
            r"(?<![\d.])(?P<day>\d{1,2})(?P<sep>[./])(?P<nm>\d{1,2})(?P=sep)(?P<year>\d{4})(?![\d.])"
        ),
        re.compile(r"\b(?P<day>\d{1,2})/(?P<rm>[IVX]{1,4})/(?P<year>\d{2,4})\b"),
    )


@cache
def _months() -> dict[str, int]:
    """Names of months, with and without accents."""
    found: dict[str, int] = {}
    for language in LANGUAGES:
        for key, number in words_of(language).months.items():
            found[key] = (number - 1) % 12 + 1
    for accented, plain in (
        ("março", "marco"),
        ("février", "fevrier"),
        ("août", "aout"),
        ("décembre", "decembre"),
        ("févr", "fevr"),
        ("déc", "dec"),
    ):
        found[accented] = found[plain]
    return found


def dates_in(text: str) -> list[Printed]:
    """Every day that is printed, in the order of the text."""
    if not any(char.isdigit() for char in text):
        return []
    found: list[Printed] = []
    taken = Spans()
    for pattern in _patterns():
        for hit in pattern.finditer(text):
            printed = _printed(hit)
            if printed and taken.take(printed.start, printed.end):
                found.append(printed)
    return sorted(found, key=lambda each: each.start)


def _printed(hit: re.Match[str]) -> Printed | None:
    parts = hit.groupdict()
    year = _year(parts["year"])
    month = _month(parts)
    day = _number(parts["day"])
    if year is None or month is None or day is None:
        return None
    last_month = _months()[key_of(parts["month2"])] if parts.get("month2") else month
    last_day = _number(parts.get("to2") or parts.get("to")) or day
    try:
        first, last = date(year, month, day), date(year, last_month, last_day)
    except ValueError:
        return None
    if last < first:
        return None
    return Printed(hit.start(), hit.end(), first, last)


def _month(parts: dict[str, str | None]) -> int | None:
    if name := parts.get("month"):
        return _months()[key_of(name)]
    if number := parts.get("nm"):
        return int(number)
    numeral = parts.get("rm")
    return roman(numeral) if numeral else None


def _year(printed: str | None) -> int | None:
    if not printed:
        return None
    year = int(printed)
    if len(printed) == 2:  # noqa: PLR2004
        year += 1900 if year > 70 else 2000  # noqa: PLR2004
    return year if FIRST_YEAR <= year <= LAST_YEAR else None


def _number(printed: str | None) -> int | None:
    hit = re.match(r"\d+", printed or "")
    return int(hit[0]) if hit else None
