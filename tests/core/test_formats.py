"""Days, times and zones, as each language writes them."""

from datetime import UTC, date, datetime

import pytest

from app.core.formats import Formats, utc_offset

TUESDAY = date(2006, 3, 14)
NOON = datetime(2006, 3, 14, 16, tzinfo=UTC)
EVENING = datetime(2006, 3, 14, 22, 20, tzinfo=UTC)
CARACAS = "America/Caracas"

WRITTEN = {
    "en": {
        "day": "Tuesday 14 March 2006",
        "full_date": "14 March 2006",
        "day_short": "Tue 14",
        "days": "14–17 March 2006",
        "across months": "30 March – 2 April 2006",
        "across years": "30 December 2005 – 2 January 2006",
        "when": "Tuesday 14 March, 18:20",
        "when, another year": "Tuesday 14 March 2006, 18:20",
        "zone": "Caracas (UTC−4)",
        "number": "12,345",
    },
    "es": {
        "day": "martes 14 de marzo de 2006",
        "full_date": "14 de marzo de 2006",
        "day_short": "mar 14",
        "days": "14–17 de marzo de 2006",
        "across months": "30 de marzo – 2 de abril de 2006",
        "across years": "30 de diciembre de 2005 – 2 de enero de 2006",
        "when": "martes 14 de marzo, 18:20",
        "when, another year": "martes 14 de marzo de 2006, 18:20",
        "zone": "Caracas (UTC−4)",
        "number": "12.345",
    },
    "fr": {
        "day": "mardi 14 mars 2006",
        "full_date": "14 mars 2006",
        "day_short": "mar 14",
        "days": "14–17 mars 2006",
        "across months": "30 mars – 2 avril 2006",
        "across years": "30 décembre 2005 – 2 janvier 2006",
        "when": "mardi 14 mars, 18:20",
        "when, another year": "mardi 14 mars 2006, 18:20",
        "zone": "Caracas (UTC−4)",
        "number": "12\u202f345",
    },
    "pt": {
        "day": "terça-feira, 14 de março de 2006",
        "full_date": "14 de março de 2006",
        "day_short": "ter 14",
        "days": "14–17 de março de 2006",
        "across months": "30 de março – 2 de abril de 2006",
        "across years": "30 de dezembro de 2005 – 2 de janeiro de 2006",
        "when": "terça-feira, 14 de março, 18:20",
        "when, another year": "terça-feira, 14 de março de 2006, 18:20",
        "zone": "Caracas (UTC−4)",
        "number": "12.345",
    },
}


@pytest.mark.parametrize("lang", WRITTEN)
def test_each_language_writes_in_its_way(lang):
    fmt = Formats(lang)

    assert {
        "day": fmt.day(TUESDAY),
        "full_date": fmt.full_date(TUESDAY),
        "day_short": fmt.day_short(TUESDAY),
        "days": fmt.days(TUESDAY, date(2006, 3, 17)),
        "across months": fmt.days(date(2006, 3, 30), date(2006, 4, 2)),
        "across years": fmt.days(date(2005, 12, 30), date(2006, 1, 2)),
        "when": fmt.when(EVENING, CARACAS),
        "when, another year": fmt.when(EVENING, CARACAS, date(2007, 1, 1)),
        "zone": fmt.zone(NOON, CARACAS),
        "number": fmt.number(12345),
    } == WRITTEN[lang]


def test_one_day_is_a_date():
    assert Formats("en").days(TUESDAY, TUESDAY) == "14 March 2006"


def test_a_city_has_the_readers_name():
    names = [Formats(lang).zone(NOON, "Europe/Vienna") for lang in ("en", "es", "fr", "pt")]

    assert names == ["Vienna (UTC+1)", "Viena (UTC+1)", "Vienne (UTC+1)", "Viena (UTC+1)"]


@pytest.mark.parametrize(
    ("zone", "offset"),
    [
        (CARACAS, "UTC−4"),
        ("America/New_York", "UTC−5"),
        ("America/St_Johns", "UTC−3:30"),
        ("Asia/Kathmandu", "UTC+5:45"),
        ("UTC", "UTC"),
        ("Europe/London", "UTC"),
    ],
)
def test_an_offset_says_hours_and_minutes_only_where_there_are_any(zone, offset):
    assert utc_offset(NOON, zone) == offset


def test_a_zone_is_as_on_that_day():
    fmt = Formats("en")
    days = [date(2027, 3, 13), date(2027, 3, 14), date(2027, 11, 7)]

    assert [fmt.zone_on(day, "America/New_York") for day in days] == [
        "New York (UTC−5)",
        "New York (UTC−4)",
        "New York (UTC−5)",
    ]


def test_a_zone_without_a_city_is_its_offset():
    assert Formats("es").zone(NOON, "UTC") == "UTC"


def test_times_and_days_are_those_of_the_place():
    late = datetime(2006, 3, 15, 3, 59, tzinfo=UTC)
    fmt = Formats("en")

    assert (fmt.time(late, CARACAS), fmt.local_day(late, CARACAS)) == ("23:59", TUESDAY)
