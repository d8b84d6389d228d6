"""The days of a series, and who presides where the chair is absent. Pure."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Any

MOST_MEETINGS = 26


def series_days(first: date, weeks: int, until: date) -> list[date]:
    """Every so many weeks from the first day on, before the day `until`; at most half a year's."""
    days: list[date] = []
    day = first
    while day < until and len(days) < MOST_MEETINGS:
        days.append(day)
        day += timedelta(weeks=weeks)
    return days


def proposed_to_preside(
    officers: dict[str, Any], order: Sequence[str], present: Collection[str]
) -> tuple[str, str]:
    """Which member presides, and as what: chair, vice chair, then the first in precedence.

    `officers` are members' keys by post. Nobody recorded as present means nothing is known yet.
    """
    for post in ("chair", "vice_chair"):
        if post in officers and (not present or officers[post] in present):
            return officers[post], post
    first = next((key for key in order if key in present), "")
    return first, "precedence" if first else ""
