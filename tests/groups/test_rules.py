"""Terms, order, standing and days, on plain values."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import pytest

from app.groups.rules import (
    Quorum,
    Standing,
    Urgency,
    completed,
    dated_lines,
    drawn,
    due_day,
    in_office,
    lines_of,
    overlapping,
    quorum,
    standing,
    timeline,
    urgency,
)
from app.schedules.group_rules import MOST_MEETINGS, proposed_to_preside, series_days
from tests.make import NOW

OPENING = date(2026, 4, 14)
TODAY = date(2026, 3, 2)


@dataclass
class Term:
    post: str
    since: date
    until: date | None = None


@dataclass
class Answer:
    confirmed_at: datetime | None = None
    received_at: datetime = NOW


@dataclass
class Decided:
    way: str = "adopted"
    deadline_at: datetime | None = None
    outcome: str | None = None
    reservations: list = field(default_factory=list)
    objections: list = field(default_factory=list)


@dataclass
class Owed:
    due_on: date | None = None
    days_before: int | None = None
    state: str = "open"


@dataclass
class Rule:
    quorum_base: int | None = None
    quorum_open: int = 12
    quorum_decide: int = 18


def days(first, last):
    return Term("chair", date(2026, 3, first), date(2026, 3, last) if last else None)


@pytest.mark.parametrize(
    ("term", "asked", "shared"),
    [
        ((1, 10), (10, 12), True),
        ((1, 10), (11, 12), False),
        ((5, None), (1, 4), False),
        ((5, None), (1, 5), True),
        ((5, None), (20, None), True),
        ((5, 9), (1, None), True),
    ],
)
def test_two_terms_share_a_day_or_not(term, asked, shared):
    since, until = days(*asked).since, days(*asked).until

    assert bool(overlapping([days(*term)], since, until)) is shared


def test_an_office_is_held_from_its_first_day_to_its_last():
    term = days(5, 9)

    held = [in_office([term], date(2026, 3, day)) for day in (4, 5, 9, 10)]
    assert held == [{}, {"chair": term}, {"chair": term}, {}]


def test_a_seed_draws_the_same_order_for_ever():
    keys = ["AR", "BO", "BR", "CL", "UY"]

    assert drawn(keys, "lots") == drawn(reversed(keys), "lots") == ["CL", "BO", "AR", "UY", "BR"]
    assert drawn(keys, "other") != drawn(keys, "lots")


def test_an_order_loses_who_left_and_gains_who_came():
    assert completed(["C", "X", "A"], ["A", "B", "C"]) == ["C", "A", "B"]


def test_the_quorum_counts_the_members_unless_a_base_is_set():
    assert quorum(Rule(), present=12, members=34) == Quorum(12, 34, 12, 18)
    assert quorum(Rule(quorum_base=33), present=18, members=34).base == 33
    assert [quorum(Rule(), present=n, members=34).may_open for n in (11, 12)] == [False, True]
    assert [quorum(Rule(), present=n, members=34).may_decide for n in (17, 18)] == [False, True]


DEADLINE = NOW + timedelta(hours=1)
IN_TIME = Answer(received_at=DEADLINE)
LATE = Answer(received_at=DEADLINE + timedelta(seconds=1))


@pytest.mark.parametrize(
    ("decision", "now", "found"),
    [
        (Decided(), NOW, Standing.ADOPTED),
        (Decided("ad_referendum", reservations=[Answer()]), NOW, Standing.OPEN_AD_REFERENDUM),
        (
            Decided("ad_referendum", reservations=[Answer(NOW), Answer()]),
            NOW,
            Standing.OPEN_AD_REFERENDUM,
        ),
        (Decided("ad_referendum", reservations=[Answer(NOW)]), NOW, Standing.ADOPTED),
        (Decided("silence", DEADLINE), DEADLINE, Standing.SILENCE_RUNS),
        (Decided("silence", DEADLINE), LATE.received_at, Standing.SILENCE_KEPT),
        (Decided("silence", DEADLINE, objections=[IN_TIME]), NOW, Standing.SILENCE_BROKEN),
        (Decided("silence", DEADLINE, objections=[LATE]), LATE.received_at, Standing.SILENCE_KEPT),
        (Decided("silence", DEADLINE, "adopted"), LATE.received_at, Standing.ADOPTED),
        (Decided("silence", DEADLINE, "not_adopted"), NOW, Standing.NOT_ADOPTED),
    ],
)
def test_what_a_decision_has_come_to(decision, now, found):
    assert standing(decision, superseded=False, now=now) is found
    assert standing(decision, superseded=True, now=now) is Standing.SUPERSEDED


def test_a_task_before_the_opening_moves_with_it():
    relative, fixed = Owed(days_before=21), Owed(due_on=OPENING)

    assert due_day(relative, OPENING) == date(2026, 3, 24)
    assert due_day(relative, OPENING + timedelta(days=14)) == date(2026, 4, 7)
    assert due_day(fixed, OPENING + timedelta(days=14)) == OPENING
    assert due_day(Owed(days_before=-10), OPENING) == date(2026, 4, 24)


@pytest.mark.parametrize(
    ("task", "found"),
    [
        (Owed(TODAY - timedelta(days=1)), Urgency.OVERDUE),
        (Owed(TODAY), Urgency.SOON),
        (Owed(TODAY + timedelta(days=14)), Urgency.SOON),
        (Owed(TODAY + timedelta(days=15)), Urgency.LATER),
        (Owed(TODAY - timedelta(days=1), state="done"), Urgency.SETTLED),
        (Owed(TODAY - timedelta(days=1), state="dropped"), Urgency.SETTLED),
    ],
)
def test_how_a_task_stands_to_its_day(task, found):
    assert urgency(task, OPENING, today=TODAY) is found


def test_close_days_on_the_line_stand_one_below_the_other():
    first, last = date(2026, 3, 1), date(2026, 4, 10)
    marks = timeline([(first, "a", "1"), (first, "a", "2"), (last, "b", "3")], first, last)

    assert [(each.left, each.row) for each in marks] == [(0, 0), (0, 1), (1000, 0)]
    assert timeline([(date(2027, 1, 1), "a", "out")], first, last) == []


def test_dated_lines_come_back_as_they_were_written():
    text = "2006-03-08 Agreement signed\n\n2006-03-14 Opening"
    found, wrong = dated_lines(text)

    assert (found[0], wrong) == ((date(2006, 3, 8), "Agreement signed"), None)
    rows = [{"on": day.isoformat(), "what": what} for day, what in found]
    assert lines_of(rows, "what") == text.replace("\n\n", "\n")
    assert [dated_lines(line)[1] for line in ("soon: x", "2006-03-14", "2006-13-01 x")] == [
        "soon: x",
        "2006-03-14",
        "2006-13-01 x",
    ]


def test_a_series_ends_before_the_conference():
    found = series_days(date(2026, 3, 3), 2, OPENING)

    assert found == [date(2026, 3, 3), date(2026, 3, 17), date(2026, 3, 31)]
    assert series_days(OPENING, 1, OPENING) == []
    assert len(series_days(date(2020, 1, 1), 1, OPENING)) == MOST_MEETINGS


@pytest.mark.parametrize(
    ("present", "found"),
    [
        ([], ("VE", "chair")),
        (["VE", "TT"], ("VE", "chair")),
        (["TT", "AR"], ("TT", "vice_chair")),
        (["AR", "BO"], ("BO", "precedence")),
    ],
)
def test_who_presides_where_the_chair_is_absent(present, found):
    officers = {"chair": "VE", "vice_chair": "TT"}

    assert proposed_to_preside(officers, ["BO", "AR", "VE", "TT"], present) == found


def test_without_officers_and_without_an_order_nobody_is_proposed():
    assert proposed_to_preside({}, [], ["AR"]) == ("", "")
