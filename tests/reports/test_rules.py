"""Days counted back from a report, and when a paragraph counts as done."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.reports.rules import (
    GIST_LENGTH,
    USUAL_DAYS,
    State,
    counted_back,
    gist,
    state_of,
)

CLOSES = date(2006, 3, 17)
TODAY = date(2026, 3, 2)


def days_of(steps):
    return [step.day.isoformat() for step in steps]


def test_a_report_to_the_assembly_is_counted_back_by_its_own_ladder():
    steps, squeezed = counted_back(date(2006, 6, 4), USUAL_DAYS, closes=CLOSES)

    assert (days_of(steps), squeezed) == (
        ["2006-04-20", "2006-05-05", "2006-05-20", "2006-05-28"],
        False,
    )


def test_remja_opens_38_days_after_the_meeting_so_the_steps_move_together():
    due = date(2006, 4, 24)
    steps, squeezed = counted_back(due, USUAL_DAYS, closes=CLOSES)

    assert (due - CLOSES).days == 38
    assert (days_of(steps), squeezed) == (
        ["2006-03-17", "2006-03-30", "2006-04-11", "2006-04-18"],
        True,
    )


def test_a_report_that_is_due_before_the_meeting_closes_is_counted_plainly():
    due = CLOSES - timedelta(days=3)

    assert counted_back(due, (10, 2), closes=CLOSES)[1] is False
    assert days_of(counted_back(due, (10, 2), closes=CLOSES)[0]) == ["2006-03-04", "2006-03-12"]


@given(
    after=st.integers(min_value=-100, max_value=400),
    days=st.lists(st.integers(min_value=0, max_value=365), min_size=4, max_size=4),
)
def test_steps_keep_their_order_and_lie_before_the_report(after, days):
    days = sorted(days, reverse=True)
    due = CLOSES + timedelta(days=after)
    steps, squeezed = counted_back(due, days, closes=CLOSES)
    found = [step.day for step in steps]

    assert found == sorted(found)
    assert all(day <= due for day in found)
    assert not squeezed or all(day >= CLOSES for day in found)


@pytest.mark.parametrize(
    ("said_done", "asks_meeting", "over", "days", "state"),
    [
        (True, False, False, [], State.DONE),
        (None, True, True, [TODAY - timedelta(days=9)], State.DONE),
        (None, True, False, [], State.OPEN),
        (None, False, True, [], State.OPEN),
        (False, True, True, [], State.OPEN),
        (None, False, False, [TODAY], State.OPEN),
        (None, False, False, [TODAY - timedelta(days=1)], State.LATE),
        (False, False, False, [TODAY - timedelta(days=1)], State.LATE),
    ],
)
def test_what_somebody_said_counts_before_what_the_planner_knows(
    said_done, asks_meeting, over, days, state
):
    found = state_of(
        said_done=said_done, asks_meeting=asks_meeting, over=over, days=days, today=TODAY
    )

    assert found is state


@given(st.text(min_size=1, max_size=2000))
def test_a_gist_is_the_beginning_of_the_first_line(text):
    found = gist(text)

    assert text.startswith(found.removesuffix(" …"))
    assert len(found) <= GIST_LENGTH + 2
    assert "\n" not in found
