"""What people type: taken with patience, every mistake named at once."""

from datetime import date, time
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import FormData

from app.core.errors import Invalid
from app.core.forms import Reader
from app.core.languages import Localized, Message
from app.core.text import cleaned

DAYS = [date(2026, 4, 14), date(2026, 4, 15)]


def reader(**fields):
    return Reader(FormData(fields))


def wrong(reader):
    return [error.field for error in reader.errors]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("9:30", time(9, 30)),
        ("09:30", time(9, 30)),
        (" 09:30 ", time(9, 30)),
        ("09.30", time(9, 30)),
        ("9h30", time(9, 30)),
        ("9h", time(9)),
        ("930", time(9, 30)),
        ("0930", time(9, 30)),
        ("2359", time(23, 59)),
        ("9", time(9)),
        ("0:00", time(0)),
    ],
)
def test_a_time_is_read_as_people_write_it(typed, expected):
    form = reader(at=typed)

    assert (form.clock("at"), wrong(form)) == (expected, [])


@pytest.mark.parametrize("typed", ["", "25:00", "9:60", "noon", "9:30:00", "93015", "-1:00"])
def test_what_is_no_time_is_asked_for_again(typed):
    form = reader(at=typed)

    assert (form.clock("at"), wrong(form)) == (None, ["at"])


@pytest.mark.parametrize(
    ("typed", "expected", "mistakes"),
    [
        ("5", 5, []),
        (" 480 ", 480, []),
        ("", None, []),
        ("4", None, ["minutes"]),
        ("481", None, ["minutes"]),
        ("-5", None, ["minutes"]),
        ("5.5", None, ["minutes"]),
        ("٣٠", None, ["minutes"]),
        ("9" * 5000, None, ["minutes"]),
        ("thirty", None, ["minutes"]),
    ],
)
def test_a_number_is_whole_and_within_its_bounds(typed, expected, mistakes):
    form = reader(minutes=typed)

    assert (form.number("minutes", least=5, most=480), wrong(form)) == (expected, mistakes)


def test_a_version_that_is_missing_is_stale():
    assert [reader(version=typed).version() for typed in ("3", "", "x", "9" * 50)] == [3, 0, 0, 0]
    assert reader().version() == 0


def test_a_text_may_lack_languages_but_not_all_where_it_is_required():
    required = Message("Enter a title.")
    form = reader(title_es="Apertura", title_en=" ")

    assert form.localized("title", required=required) == Localized(es="Apertura")
    assert wrong(form) == []
    empty = reader()
    assert empty.localized("title", required=required) == Localized()
    assert wrong(empty) == ["title_en"]


def test_a_text_that_is_too_long_is_named_by_its_language():
    form = reader(title_en="x" * 300, title_fr="x" * 301)
    form.localized("title")

    assert wrong(form) == ["title_fr"]


def test_only_what_is_on_the_list_can_be_chosen():
    form = Reader(FormData([("mandates", "2019"), ("mandates", "1999")]))

    assert (form.chosen("mandates", ["2019", "2026"]), wrong(form)) == (["2019"], ["mandates"])


def test_keys_are_chosen_by_their_text():
    key = UUID(int=7)
    form = reader(room=str(key), other="7", nothing="")

    assert (form.chosen_ids("room", [key]), form.chosen_ids("absent", [key])) == ([key], [])
    assert form.chosen_ids("other", [key]) == []
    assert wrong(form) == ["other"]


def test_nothing_chosen_from_a_list_is_nothing():
    form = reader(room="")

    assert (form.chosen_ids("room", [UUID(int=7)]), wrong(form)) == ([], [])


def test_a_day_is_one_of_the_meetings():
    form = reader(day="2026-04-15", other="2026-04-16")

    assert (form.day("day", DAYS), form.day("other", DAYS)) == (DAYS[1], None)
    assert wrong(form) == ["other"]


def test_every_mistake_is_raised_at_once():
    form = reader(minutes="x", at="y")
    form.number("minutes", least=1, most=2)
    form.clock("at")
    with pytest.raises(Invalid) as raised:
        form.finish()

    assert [error.field for error in raised.value.errors] == ["minutes", "at"]
    reader().finish()


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("  Opening \t of\nthe  meeting ", "Opening of the meeting"),
        ("A\x00B\x07C\x1bD\x7fE\x85F", "A B C D E F"),
        ("A\r\nB\u2028C", "A B C"),
        ("e\u0301", "é"),
        ("👩🏽‍⚖️ 語 عربى", "👩🏽‍⚖️ 語 عربى"),
        ("\x00\x01", ""),
    ],
)
def test_a_line_has_no_control_characters(typed, expected):
    assert cleaned(typed) == expected


def test_line_breaks_survive_only_where_they_may():
    assert cleaned(" A\r\nB\rC\x00 ", lines=True) == "A\nB\nC"


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text):
    assert cleaned(cleaned(text)) == cleaned(text)
