"""Days of a meeting and wall times: where clocks skip, repeat, or strike midnight."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.meetings.rules import (
    days_of,
    days_until,
    lies_within,
    local_day,
    local_instant,
    local_span,
    next_weekday,
    wall_clock,
)

NEW_YORK, CARACAS, KATHMANDU = "America/New_York", "America/Caracas", "Asia/Kathmandu"
SPRING, AUTUMN = date(2027, 3, 14), date(2027, 11, 7)


@dataclass(frozen=True)
class Days:
    first_day: date = date(2026, 4, 14)
    last_day: date = date(2026, 4, 17)
    zone: str = CARACAS


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


def test_a_meeting_has_every_day_from_the_first_to_the_last():
    assert [day.day for day in days_of(Days())] == [14, 15, 16, 17]
    assert days_of(Days(last_day=date(2026, 4, 14))) == [date(2026, 4, 14)]
    across = Days(first_day=date(2026, 2, 27), last_day=date(2026, 3, 2))
    assert [day.isoformat()[5:] for day in days_of(across)] == ["02-27", "02-28", "03-01", "03-02"]


@pytest.mark.parametrize(
    ("day", "at", "zone", "instant"),
    [
        (date(2026, 4, 14), time(10), CARACAS, utc(2026, 4, 14, 14)),
        (date(2007, 12, 10), time(10), CARACAS, utc(2007, 12, 10, 14, 30)),
        (date(2026, 4, 14), time(10), KATHMANDU, utc(2026, 4, 14, 4, 15)),
        (SPRING, time(1, 59), NEW_YORK, utc(2027, 3, 14, 6, 59)),
        (SPRING, time(2), NEW_YORK, None),
        (SPRING, time(2, 59), NEW_YORK, None),
        (SPRING, time(3), NEW_YORK, utc(2027, 3, 14, 7)),
        (AUTUMN, time(1, 30), NEW_YORK, utc(2027, 11, 7, 5, 30)),
        (AUTUMN, time(2), NEW_YORK, utc(2027, 11, 7, 7)),
        (date(2011, 12, 30), time(10), "Pacific/Apia", None),
        (date(2006, 10, 15), time(0), "America/Sao_Paulo", utc(2006, 10, 15, 3)),
        (date(2006, 11, 5), time(0), "America/Sao_Paulo", None),
        (date(2026, 4, 14), time(0), "UTC", utc(2026, 4, 14)),
    ],
)
def test_a_wall_time_is_an_instant_unless_the_clocks_skip_it(day, at, zone, instant):
    assert local_instant(day, at, zone) == instant


@given(
    st.dates(date(2000, 1, 1), date(2037, 12, 31)),
    st.times().map(lambda at: at.replace(microsecond=0)),
    st.sampled_from([NEW_YORK, CARACAS, KATHMANDU, "Europe/Dublin", "Africa/Casablanca", "UTC"]),
)
def test_what_exists_is_shown_as_it_was_entered(day, at, zone):
    instant = local_instant(day, at, zone)
    if instant is None:
        before, after = (
            datetime.combine(day, at, tzinfo=ZoneInfo(zone)).replace(fold=fold) for fold in (0, 1)
        )
        assert before.utcoffset() < after.utcoffset() or day == date(2011, 12, 30)
        return

    assert (local_day(instant, zone), wall_clock(instant, zone)) == (day, f"{at:%H:%M}")


def test_an_end_that_is_not_later_than_the_start_is_on_the_next_day():
    day = date(2026, 4, 14)
    spans = {end: local_span(day, time(21), time(end), CARACAS)[1] for end in (22, 0, 1, 20, 21)}

    assert spans == {
        22: utc(2026, 4, 15, 2),
        0: utc(2026, 4, 15, 4),
        1: utc(2026, 4, 15, 5),
        20: utc(2026, 4, 16, 0),
        21: utc(2026, 4, 16, 1),
    }


def test_a_night_over_a_change_of_clocks_has_the_length_it_has():
    start, end = local_span(SPRING - timedelta(days=1), time(22), time(4), NEW_YORK)

    assert end - start == timedelta(hours=5)


def test_a_day_is_that_of_the_place():
    late = utc(2026, 4, 15, 3, 59)

    assert (local_day(late, CARACAS).day, local_day(late, KATHMANDU).day) == (14, 15)


def test_no_instant_has_no_wall_time():
    assert wall_clock(None, CARACAS) == ""


@pytest.mark.parametrize(
    ("start", "end", "within"),
    [
        (utc(2026, 4, 14, 4), utc(2026, 4, 14, 5), True),
        (utc(2026, 4, 14, 3, 59), utc(2026, 4, 14, 5), False),
        (utc(2026, 4, 18, 3), utc(2026, 4, 18, 4), True),
        (utc(2026, 4, 18, 3), utc(2026, 4, 18, 4, 1), False),
        (utc(2026, 4, 18, 4), utc(2026, 4, 18, 5), False),
        (utc(2025, 4, 15, 14), utc(2025, 4, 15, 15), False),
    ],
    ids=[
        "from midnight",
        "a minute before the first day",
        "until midnight",
        "a minute after the last day",
        "the day after",
        "a year early",
    ],
)
def test_a_sitting_lies_within_the_days_of_the_place(start, end, within):
    assert lies_within(Days(), start, end) is within


def test_days_are_counted_down_and_past():
    day = date(2026, 4, 14)

    assert [days_until(day, today=day + timedelta(days=n)) for n in (-40, 0, 3)] == [40, 0, -3]


def test_the_next_weekday_may_be_today():
    tuesday = date(2026, 4, 14)

    assert [next_weekday(tuesday + timedelta(days=n), 1) for n in (0, 1, 6, 7)] == [
        tuesday,
        *[tuesday + timedelta(days=7)] * 3,
    ]
