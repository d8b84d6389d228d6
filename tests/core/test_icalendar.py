"""The promises of app.core.icalendar: what RFC 5545 asks for, and what programs really read."""

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from app.core.icalendar import Entry, Feed, escaped, event_lines, folded, write
from app.core.zones import timezone_lines
from tests.ical_js import ical_js

HOUR = timedelta(hours=1)
NINE = datetime(2027, 3, 15, 13, tzinfo=UTC)
ATTACK = (
    "x\r\nATTENDEE:mailto:eve@example.org\nEND:VEVENT\u2028BEGIN:VALARM\x85TRIGGER:-PT1M\x1dA:b"
)
NASTY = (
    ATTACK,
    "semi;colon, comma: colon \\ backslash \\n \\\\, \\;",
    '"quoted" \'single\' ^n ^\' ^^ %0d%0a {{ x }} <b onclick="x">bold</b>',
    "ñ" * 80 + "語" * 50 + "👩🏽‍⚖️" * 20,
    "\r\r\n\n\ttab\0nul\x7fdel\x9fc1\ud800half",
    " leading and trailing ",
    "عربى \u202bright to left\u202c e\u0301 \ufeff",
    "BEGIN:VEVENT",
    "",
)

# zone, the instant of a change (or just an instant), why it is here
MOMENTS = (
    ("America/Caracas", datetime(2006, 3, 14, 13, tzinfo=UTC), "four hours, all year"),
    ("America/Caracas", datetime(2007, 12, 9, 7, tzinfo=UTC), "half an hour back"),
    ("America/Caracas", datetime(2016, 5, 1, 7, tzinfo=UTC), "and forward again"),
    ("America/New_York", datetime(2027, 3, 14, 7, tzinfo=UTC), "a meeting over the change"),
    ("America/New_York", datetime(2027, 11, 7, 6, tzinfo=UTC), "and over the one back"),
    ("Europe/Zurich", datetime(2027, 10, 31, 1, tzinfo=UTC), "October"),
    ("Africa/Casablanca", datetime(2024, 3, 10, 2, tzinfo=UTC), "Ramadan begins"),
    ("Africa/Casablanca", datetime(2024, 4, 14, 2, tzinfo=UTC), "Ramadan is over"),
    ("America/Asuncion", datetime(2023, 3, 26, 3, tzinfo=UTC), "autumn in March"),
    ("America/Asuncion", datetime(2024, 10, 6, 4, tzinfo=UTC), "the last change by rule"),
    ("Asia/Kathmandu", datetime(1985, 12, 31, 18, 30, tzinfo=UTC), "a quarter of an hour"),
    ("Asia/Kathmandu", datetime(2027, 6, 1, 3, tzinfo=UTC), "and no change since"),
    ("Europe/Dublin", datetime(2027, 3, 28, 1, tzinfo=UTC), "winter is the exception"),
    ("Europe/Dublin", datetime(2027, 10, 31, 1, tzinfo=UTC), "and begins in October"),
    ("Australia/Lord_Howe", datetime(2023, 4, 1, 15, tzinfo=UTC), "half an hour of summer"),
    ("Pacific/Apia", datetime(2011, 12, 30, 10, tzinfo=UTC), "a day left out"),
    ("America/New_York", datetime(2027, 1, 1, 5, tzinfo=UTC), "New Year"),
    ("UTC", datetime(2027, 3, 28, 1, tzinfo=UTC), "nothing to define"),
)
moments = pytest.mark.parametrize(
    ("zone", "change"),
    [pytest.param(zone, change, id=f"{zone}: {why}") for zone, change, why in MOMENTS],
)

# Fixed examples: a failure comes from a change, not from the day.
fixed = settings(derandomize=True, max_examples=300, deadline=None, database=None)
texts = st.one_of(
    st.text(st.characters(), max_size=200),
    st.lists(st.sampled_from([*NASTY, "\\", "\n", "\r", ",", ";", "n", ":", " "])).map("".join),
)


@pytest.fixture(scope="module")
def thunderbird():
    with ical_js() as parser:
        yield parser


def make_entry(number=1, **over):
    values = {
        "uid": f"sitting-{number}@example.convoca",
        "sequence": 0,
        "dtstamp": NINE - 30 * 24 * HOUR,
        "created": NINE - 60 * 24 * HOUR,
        "last_modified": NINE - 30 * 24 * HOUR,
        "start": NINE,
        "end": NINE + 3 * HOUR,
        "summary": "Second plenary",
    }
    return Entry(**values | over)


def make_feed(*entries, **over):
    values = {
        "name": "Meeting",
        "description": "The schedule",
        "zone": "America/New_York",
        "source": "https://example.org/calendars/meeting/en/all.ics",
        "prodid": "-//Example//Planner//EN",
        "entries": entries,
    }
    return Feed(**values | over)


def lines_of(feed):
    """The content lines, unfolded."""
    return write(feed).decode().replace("\r\n ", "").removesuffix("\r\n").split("\r\n")


def line(name, **over):
    """The one line of this property in a feed whose only entry has these values."""
    [found] = [each for each in event_of(make_entry(**over)) if re.match(f"{name}[:;]", each)]
    return found


def event_of(entry):
    lines = lines_of(make_feed(entry))
    return lines[lines.index("BEGIN:VEVENT") : lines.index("END:VEVENT") + 1]


def names_of(lines):
    return [re.split("[:;]", each, maxsplit=1)[0] for each in lines]


def as_read(text):
    """What a reader may expect of a text: its lines, without control characters."""
    text = "\n".join(f"{text}.".splitlines())[:-1].replace("\t", " ")
    return "".join(
        each for each in text if each == "\n" or unicodedata.category(each) not in ("Cc", "Cs")
    )


def around(zone, change):
    """An entry every half hour from the day before a change to the day after."""
    starts = [change + n * HOUR / 2 for n in range(-52, 53)]
    entries = [make_entry(n, start=at, end=at + 1.5 * HOUR) for n, at in enumerate(starts)]
    return make_feed(*entries, zone=zone)


def instants(feed):
    return [(entry.start, entry.end) for entry in feed.entries]


def test_the_bytes_are_these():
    entry = make_entry(
        uid="sitting-7@example.convoca",
        sequence=2,
        start=datetime(2006, 3, 14, 13, tzinfo=UTC),
        end=datetime(2006, 3, 14, 17, tzinfo=UTC),
        summary="CANCELADA: Segunda sesión plenaria",
        description="Tema 4; prevención\nhttps://example.org/es/meetings/rtp-1",
        location="Salón Bolívar, Isla de Margarita",
        categories=("Mandato 2019", "Prevención, protección"),
        status="CANCELLED",
        url="https://example.org/es/meetings/rtp-1",
        language="es",
    )
    feed = make_feed(entry, zone="America/Caracas", name="Reunión", language="es", color="navy")

    assert write(feed).decode() == THE_BYTES.replace("\n", "\r\n")


THE_BYTES = r"""BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Example//Planner//EN
CALSCALE:GREGORIAN
NAME;LANGUAGE=es:Reunión
X-WR-CALNAME:Reunión
DESCRIPTION;LANGUAGE=es:The schedule
X-WR-CALDESC:The schedule
X-WR-TIMEZONE:America/Caracas
REFRESH-INTERVAL;VALUE=DURATION:PT1H
X-PUBLISHED-TTL:PT1H
SOURCE;VALUE=URI:https://example.org/calendars/meeting/en/all.ics
COLOR:navy
BEGIN:VTIMEZONE
TZID:America/Caracas
BEGIN:STANDARD
DTSTART:20050101T000000
TZOFFSETFROM:-0400
TZOFFSETTO:-0400
TZNAME:-04
END:STANDARD
BEGIN:STANDARD
DTSTART:20071209T030000
TZOFFSETFROM:-0400
TZOFFSETTO:-0430
TZNAME:-0430
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
UID:sitting-7@example.convoca
SEQUENCE:2
DTSTAMP:20270213T130000Z
CREATED:20270114T130000Z
LAST-MODIFIED:20270213T130000Z
DTSTART;TZID=America/Caracas:20060314T090000
DTEND;TZID=America/Caracas:20060314T130000
STATUS:CANCELLED
TRANSP:TRANSPARENT
SUMMARY;LANGUAGE=es:CANCELADA: Segunda sesión plenaria
LOCATION;LANGUAGE=es:Salón Bolívar\, Isla de Margarita
DESCRIPTION;LANGUAGE=es:Tema 4\; prevención\nhttps://example.org/es/meetin
 gs/rtp-1
CATEGORIES:Mandato 2019,Prevención\, protección
URL:https://example.org/es/meetings/rtp-1
END:VEVENT
END:VCALENDAR
"""


def test_a_feed_is_utf8_without_a_byte_order_mark():
    data = write(make_feed(make_entry(summary="Sesión 語 👩🏽‍⚖️")))

    assert data.startswith(b"BEGIN:VCALENDAR\r\n")
    assert "SUMMARY:Sesión 語 👩🏽‍⚖️\r\n" in data.decode("utf-8", errors="strict")


@pytest.mark.parametrize("text", NASTY)
def test_lines_end_in_crlf_and_nothing_else_breaks_them(text):
    data = write(make_feed(make_entry(summary=text, description=text), name=text)).decode()

    assert data.endswith("END:VCALENDAR\r\n")
    assert data.split("\r\n") == [*data.splitlines(), ""]


@pytest.mark.parametrize("text", [*NASTY, *("a" * n + "語" * 40 for n in range(60, 70))])
def test_no_line_has_more_than_75_octets_and_no_character_is_cut(text):
    entry = make_entry(description=text, location=text, categories=(text, text))
    physical = write(make_feed(entry, name=text)).removesuffix(b"\r\n").split(b"\r\n")

    assert [each for each in physical if len(each) > 75 or not each.decode()] == []


@pytest.mark.parametrize(("octets", "pieces"), [(75, 1), (76, 2), (149, 2), (150, 3)])
def test_a_line_is_folded_when_it_must_be(octets, pieces):
    assert len(folded("x" * octets).split("\r\n ")) == pieces
    assert len(folded("語" * (octets // 3) + "x" * (octets % 3)).split("\r\n ")) == pieces


def test_text_is_escaped():
    assert escaped('a\\b;c,d\ne:f"g') == 'a\\\\b\\;c\\,d\\ne:f"g'


def test_control_characters_and_half_characters_are_dropped_and_lines_kept():
    assert escaped("a\0\x07b\x7f\x9f\ud800c\td") == "abc d"
    assert escaped("a\r\nb\rc\x0bd\x85e\u2028f\u2029g") == r"a\nb\nc\nd\ne\nf\ng"


@pytest.mark.parametrize(
    "bad", ["a\r\nb", "a\nb", "a\rb", 'a"b', "a\0b", "a\x7fb", "a\x85b", "é", ""]
)
def test_a_uid_an_address_and_a_product_with_such_characters_are_refused(bad):
    for name in ("uid", "url"):
        with pytest.raises(ValueError, match=name.upper()):
            make_entry(**{name: f"https:{bad}" if bad and name == "url" else bad})
    for name in ("source", "prodid", "language", "color"):
        with pytest.raises(ValueError, match=name.upper()):
            make_feed(**{name: f"https:{bad}" if bad and name == "source" else bad})
    with pytest.raises(ValueError, match="LANGUAGE"):
        make_entry(language=bad)


@pytest.mark.parametrize("bad", ["Europe/Atlantis", "Europe/Zurich\r\nX-A:b", "../etc/passwd", ""])
def test_an_unknown_zone_is_refused(bad):
    with pytest.raises(ValueError, match="IANA"):
        make_feed(zone=bad)
    with pytest.raises(ValueError, match="IANA"):
        make_entry(zone=bad)


def test_only_the_text_of_people_brings_backslashes():
    assert b"\\" not in write(make_feed(make_entry(url="https://example.org/a,b;c")))
    assert r"SUMMARY:C:\\new" in lines_of(make_feed(make_entry(summary=r"C:\new")))


def test_version_and_product_stand_once():
    names = names_of(lines_of(make_feed(make_entry(1), make_entry(2))))

    assert names[:4] == ["BEGIN", "VERSION", "PRODID", "CALSCALE"]
    assert [names.count(name) for name in ("VERSION", "PRODID")] == [1, 1]


def test_every_event_has_uid_stamp_and_start():
    lines = lines_of(make_feed(make_entry(1), make_entry(2), make_entry(3)))

    assert names_of(lines).count("UID") == 3
    assert lines.count("DTSTAMP:20270213T130000Z") == 3
    assert lines.count("DTSTART;TZID=America/New_York:20270315T090000") == 3


@pytest.mark.parametrize("bad", ["a b", "a,b", "a;b", "a\\b", "x" * 256])
def test_a_uid_is_printable_ascii_that_needs_no_escape_and_at_most_255_long(bad):
    with pytest.raises(ValueError, match="UID"):
        make_entry(uid=bad)

    assert line("UID", uid="x" * 255) == "UID:" + "x" * 255


def test_a_feed_with_the_same_uid_twice_is_refused():
    with pytest.raises(ValueError, match="same UID"):
        make_feed(make_entry(1), make_entry(1, summary="Other"))


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (NINE, NINE),
        (NINE, NINE - HOUR),
        (NINE, NINE + timedelta(milliseconds=999)),
        (NINE, date(2027, 3, 16)),
        (date(2027, 3, 16), NINE + 48 * HOUR),
        (date(2027, 3, 16), date(2027, 3, 15)),
    ],
)
def test_an_end_that_is_not_after_the_start_or_of_another_kind_is_refused(start, end):
    with pytest.raises(ValueError, match=r"from an instant|from a day|ends before"):
        make_entry(start=start, end=end)


def test_an_event_has_an_end_and_no_duration():
    assert "DTEND" in names_of(event_of(make_entry()))
    assert "DURATION" not in names_of(event_of(make_entry()))


def test_the_end_of_whole_days_is_the_day_after_the_last():
    four_days = {"start": date(2027, 2, 25), "end": date(2027, 2, 28)}

    assert line("DTSTART", **four_days) == "DTSTART;VALUE=DATE:20270225"
    assert line("DTEND", **four_days) == "DTEND;VALUE=DATE:20270301"
    assert line("DTEND", start=date(2027, 3, 1), end=date(2027, 3, 1)).endswith(":20270302")


def test_an_entry_over_midnight_ends_on_the_next_day():
    late = {
        "start": datetime(2027, 3, 16, 2, tzinfo=UTC),
        "end": datetime(2027, 3, 16, 6, tzinfo=UTC),
    }

    assert line("DTSTART", **late) == "DTSTART;TZID=America/New_York:20270315T220000"
    assert line("DTEND", **late) == "DTEND;TZID=America/New_York:20270316T020000"


def test_an_entry_over_a_change_of_the_clock_ends_in_the_other_offset():
    night = {
        "start": datetime(2027, 3, 14, 6, tzinfo=UTC),
        "end": datetime(2027, 3, 14, 8, tzinfo=UTC),
    }

    assert line("DTSTART", **night) == "DTSTART;TZID=America/New_York:20270314T010000"
    assert line("DTEND", **night) == "DTEND;TZID=America/New_York:20270314T040000"


def test_the_hour_that_a_clock_shows_twice_is_written_in_utc():
    zone = ZoneInfo("Europe/Zurich")
    first = datetime(2027, 10, 31, 2, 30, tzinfo=zone)
    entry = make_entry(start=first, end=first.replace(fold=1), zone="Europe/Zurich")

    assert "DTSTART:20271031T003000Z" in event_of(entry)
    assert "DTEND:20271031T013000Z" in event_of(entry)


def test_the_hours_beside_it_are_written_in_local_time():
    night = {"start": datetime(2027, 10, 30, 23, 59, 59, tzinfo=UTC), "zone": "Europe/Zurich"}
    night["end"] = datetime(2027, 10, 31, 2, tzinfo=UTC)

    assert line("DTSTART", **night) == "DTSTART;TZID=Europe/Zurich:20271031T015959"
    assert line("DTEND", **night) == "DTEND;TZID=Europe/Zurich:20271031T030000"


def test_no_time_floats():
    feed = make_feed(*around("America/New_York", MOMENTS[4][1]).entries, zone="America/New_York")
    times = [each for each in lines_of(feed) if each.startswith(("DTSTART", "DTEND"))]
    of_events = times[len(times) - 2 * len(feed.entries) :]

    assert [each for each in of_events if "TZID=" not in each and not each.endswith("Z")] == []


@pytest.mark.parametrize("name", ["dtstamp", "created", "last_modified", "start", "end"])
def test_a_time_without_a_zone_is_refused(name):
    with pytest.raises(ValueError, match=f"{name} has no time zone"):
        make_entry(**{name: datetime(2027, 3, 15, 9)})  # noqa: DTZ001 - that is the mistake


def test_zones_come_first_once_each_and_only_those_that_are_used():
    feed = make_feed(
        make_entry(1, zone="Europe/Zurich"),
        make_entry(2),
        make_entry(3),
        make_entry(4, zone="UTC"),
        make_entry(5, zone="Asia/Tokyo", start=date(2027, 3, 1), end=date(2027, 3, 1)),
    )
    lines = lines_of(feed)

    assert [each for each in lines if each.startswith("TZID:")] == [
        "TZID:America/New_York",
        "TZID:Europe/Zurich",
    ]
    assert lines.index("BEGIN:VEVENT") > lines.index("TZID:Europe/Zurich")
    assert "END:VTIMEZONE" not in lines[lines.index("BEGIN:VEVENT") :]


def test_a_zone_is_defined_for_all_years_from_the_first_event_to_the_last():
    meetings = [datetime(year, 3, 14, 13, tzinfo=UTC) for year in (2017, 2006, 2012)]
    entries = [make_entry(at.year, start=at, end=at + HOUR) for at in meetings]
    lines = lines_of(make_feed(*entries, zone="America/Caracas"))
    changes = lines[: lines.index("END:VTIMEZONE")]

    assert [each for each in changes if each.startswith("DTSTART")] == [
        "DTSTART:20050101T000000",
        "DTSTART:20071209T030000",
        "DTSTART:20160501T023000",
    ]


@pytest.mark.parametrize("zone", ["UTC", "Etc/UTC", "Zulu"])
def test_utc_needs_no_definition(zone):
    lines = lines_of(make_feed(make_entry(), zone=zone))

    assert "DTSTART:20270315T130000Z" in lines
    assert "BEGIN:VTIMEZONE" not in lines


def test_a_change_is_dated_by_the_clock_before_it_without_rules_or_lists():
    text = timezone_lines("Europe/Zurich", 2027, 2027).decode()

    assert "BEGIN:DAYLIGHT\r\nDTSTART:20270328T020000\r\nTZOFFSETFROM:+0100" in text
    assert "BEGIN:STANDARD\r\nDTSTART:20271031T030000\r\nTZOFFSETFROM:+0200" in text
    assert "BEGIN:STANDARD\r\nDTSTART:20260101T000000\r\nTZOFFSETFROM:+0100" in text
    assert [name for name in ("RRULE", "RDATE", "EXDATE") if name in text] == []
    assert text.count("DTSTART:") == 1 + 3 * 2


@pytest.mark.parametrize(
    ("zone", "year", "kinds"),
    [
        ("Europe/Dublin", 2027, ["STANDARD", "DAYLIGHT", "STANDARD"]),
        ("Africa/Casablanca", 2023, ["STANDARD", "STANDARD", "DAYLIGHT"]),
        ("America/Caracas", 2016, ["STANDARD", "STANDARD"]),
    ],
)
def test_the_later_clock_is_called_daylight(zone, year, kinds):
    text = timezone_lines(zone, year + 1, year + 1).decode()

    assert re.findall("BEGIN:(STANDARD|DAYLIGHT)", text)[: len(kinds)] == kinds


def test_an_offset_of_old_times_keeps_its_seconds():
    text = timezone_lines("America/Caracas", 1911, 1912).decode()

    assert "TZOFFSETFROM:-042740\r\nTZOFFSETTO:-0430\r\n" in text


def test_a_change_is_found_to_the_second():
    changes = [
        (name, at)
        for name in ("America/Caracas", "America/Bogota", "Europe/Dublin", "Europe/Paris")
        for year in (1890, 1911, 1912, 1914, 1916, 1965)
        for at, _ in observances_of(timezone_lines(name, year, year))[1:]
    ]

    assert len(changes) > 8
    for name, at in changes:
        after = at.astimezone(ZoneInfo(name))
        before = (at - timedelta(seconds=1)).astimezone(ZoneInfo(name))
        assert (before.utcoffset(), before.tzname()) != (after.utcoffset(), after.tzname())


def test_every_zone_of_the_world_is_defined_as_it_is():
    wrong = []
    for name in sorted(available_timezones()):
        zone, observances = ZoneInfo(name), observances_of(timezone_lines(name, 2025, 2026))
        first = datetime(2024, 1, 2, tzinfo=UTC)
        probes = [first + timedelta(days=n) for n in range(0, 3 * 365, 5)]
        probes += [at + n * timedelta(seconds=1) for at, _ in observances[1:] for n in (-1, 0)]
        wrong += [
            (name, at)
            for at in probes
            if at.astimezone(zone).utcoffset()
            != [to for since, to in observances if since <= at][-1]
        ]

    assert wrong == []


def observances_of(vtimezone):
    """Pairs of the UTC instant of a change and the offset after it, as RFC 5545 defines them."""
    found = re.findall(
        r"DTSTART:(\d{8}T\d{6})\r\nTZOFFSETFROM:([+-]\d+)\r\nTZOFFSETTO:([+-]\d+)",
        vtimezone.decode(),
    )
    return [
        (datetime.strptime(at + before, "%Y%m%dT%H%M%S%z"), offset(to)) for at, before, to in found
    ]


def offset(text):
    return datetime.strptime(text, "%z").utcoffset()


@moments
def test_icalendar_reads_the_same_instants(zone, change):
    feed = around(zone, change)
    read = Calendar.from_ical(write(feed)).events

    assert [(each.start.astimezone(UTC), each.end.astimezone(UTC)) for each in read] == instants(
        feed
    )


@moments
def test_icalendar_reads_the_same_instants_by_our_definition_alone(zone, change):
    feed = around(zone, change)
    calendar = Calendar.from_ical(write(feed))
    ours = {each.tz_name: each.to_tz(lookup_tzid=False) for each in calendar.timezones}

    def instant(prop):
        zone = ours.get(prop.params.get("TZID"), UTC)
        return prop.dt.replace(tzinfo=zone).astimezone(UTC)

    read = [(instant(each["DTSTART"]), instant(each["DTEND"])) for each in calendar.events]
    assert read == instants(feed)


@pytest.mark.browser
@moments
def test_ical_js_reads_the_same_instants(thunderbird, zone, change):
    feed = around(zone, change)
    read = thunderbird.read(write(feed))

    assert [
        (datetime.fromisoformat(each.start), datetime.fromisoformat(each.end)) for each in read
    ] == instants(feed)


@pytest.mark.browser
def test_ical_js_reads_what_was_written(thunderbird):
    entry = make_entry(
        sequence=3, status="TENTATIVE", categories=("a, b", "c"), description="x\ny", location="B"
    )
    days = make_entry(2, start=date(2027, 3, 14), end=date(2027, 3, 17))

    [first, second] = thunderbird.read(write(make_feed(entry, days)))

    assert (first.uid, first.sequence, first.status) == (entry.uid, 3, "TENTATIVE")
    assert (first.summary, first.description, first.location) == ("Second plenary", "x\ny", "B")
    assert first.categories == ["a, b", "c"]
    assert (second.start, second.end) == ("2027-03-14", "2027-03-18")


def test_sequence_is_a_number_from_zero():
    assert line("SEQUENCE") == "SEQUENCE:0"
    assert line("SEQUENCE", sequence=12) == "SEQUENCE:12"
    with pytest.raises(ValueError, match="SEQUENCE"):
        make_entry(sequence=-1)


def test_revision_times_are_in_utc_whatever_zone_they_come_in():
    nine = NINE.astimezone(timezone(5.75 * HOUR))

    assert line("DTSTAMP", dtstamp=nine) == "DTSTAMP:20270315T130000Z"
    assert line("CREATED", created=nine) == "CREATED:20270315T130000Z"
    assert line("LAST-MODIFIED", last_modified=nine) == "LAST-MODIFIED:20270315T130000Z"


def test_the_same_feed_is_the_same_bytes():
    feed = around("Europe/Zurich", NINE)
    first = write(feed)
    timezone_lines.cache_clear()

    assert write(around("Europe/Zurich", NINE)) == first


def test_an_event_is_the_same_bytes_in_every_feed():
    entry = make_entry(zone="America/Caracas", language="es")
    event = event_lines(entry, "America/Caracas")
    whole = make_feed(make_entry(2), entry, make_entry(3), zone="America/Caracas")
    personal = make_feed(entry, zone="Europe/Zurich", language="en")

    assert (event in write(whole), event in write(personal)) == (True, True)


@pytest.mark.parametrize(
    ("status", "transparency"),
    [("CONFIRMED", "OPAQUE"), ("TENTATIVE", "OPAQUE"), ("CANCELLED", "TRANSPARENT")],
)
def test_what_is_cancelled_takes_no_time(status, transparency):
    assert line("STATUS", status=status) == f"STATUS:{status}"
    assert line("TRANSP", status=status) == f"TRANSP:{transparency}"


def test_another_status_is_refused():
    with pytest.raises(ValueError, match="STATUS"):
        make_entry(status="CANCELED")


def test_text_is_plain_and_stays_as_typed():
    entry = make_entry(description="<b>bold</b> & more")

    assert "DESCRIPTION:<b>bold</b> & more" in event_of(entry)
    assert "X-ALT-DESC" not in names_of(event_of(entry))


def test_what_is_empty_is_left_out():
    assert names_of(event_of(make_entry())) == [
        *("BEGIN", "UID", "SEQUENCE", "DTSTAMP", "CREATED", "LAST-MODIFIED", "DTSTART", "DTEND"),
        *("STATUS", "TRANSP", "SUMMARY", "END"),
    ]


def test_a_calendar_says_its_name_and_description_in_both_ways():
    lines = lines_of(make_feed(name="Meeting; first", description="a,b", language="pt-BR"))

    assert r"NAME;LANGUAGE=pt-BR:Meeting\; first" in lines
    assert r"X-WR-CALNAME:Meeting\; first" in lines
    assert r"DESCRIPTION;LANGUAGE=pt-BR:a\,b" in lines
    assert r"X-WR-CALDESC:a\,b" in lines
    assert "X-WR-TIMEZONE:America/New_York" in lines


@pytest.mark.parametrize(
    ("refresh", "written"),
    [
        (HOUR, "PT1H"),
        (36 * HOUR, "PT36H"),
        (timedelta(minutes=90), "PT90M"),
        (timedelta(seconds=3601), "PT3601S"),
    ],
)
def test_a_calendar_says_twice_how_often_to_look(refresh, written):
    lines = lines_of(make_feed(refresh=refresh))

    assert f"REFRESH-INTERVAL;VALUE=DURATION:{written}" in lines
    assert f"X-PUBLISHED-TTL:{written}" in lines


def test_looking_without_a_pause_is_refused():
    with pytest.raises(ValueError, match="refreshed"):
        make_feed(refresh=timedelta(0))


def test_addresses_are_absolute_and_unescaped():
    address = "https://example.org/a,b;c?d=%C3%A9&e=[f]#g"

    assert f"SOURCE;VALUE=URI:{address}" in lines_of(make_feed(source=address))
    assert line("URL", url=address) == f"URL:{address}"
    for bad in ("/en/meetings", "example.org", "https://example.org/a b", "https://example.org/é"):
        with pytest.raises(ValueError, match="URL"):
            make_entry(url=bad)


def test_a_color_is_a_name_and_only_there_if_chosen():
    assert "COLOR:navy" in lines_of(make_feed(color="navy"))
    assert "COLOR" not in names_of(lines_of(make_feed()))
    with pytest.raises(ValueError, match="COLOR"):
        make_feed(color="#000080")


def test_only_the_commas_between_categories_separate_them():
    entry = make_entry(categories=("Prevention, protection", "Mandate 2019"))
    [event] = Calendar.from_ical(write(make_feed(entry))).events

    assert r"CATEGORIES:Prevention\, protection,Mandate 2019" in event_of(entry)
    assert event.categories == ["Prevention, protection", "Mandate 2019"]


def test_nothing_of_vcalendar_1_is_written():
    data = write(make_feed(make_entry(summary="Sesión", language="es"), language="es"))

    assert [each for each in (b"CHARSET", b"ENCODING", b"QUOTED-PRINTABLE") if each in data] == []


def test_no_parameter_needs_quotes():
    entry = make_entry(summary=ATTACK, language="es", zone="America/Argentina/Buenos_Aires")
    heads = [each.partition(":")[0] for each in lines_of(make_feed(entry, language="es"))]

    assert [
        each for each in heads if not re.fullmatch(r"[A-Z-]+(;[A-Z]+=[A-Za-z0-9_/+-]+)*", each)
    ] == []


def test_a_feed_invites_nobody_and_has_no_uid_of_its_own():
    names = names_of(lines_of(make_feed(make_entry())))
    own = names[: names.index("BEGIN", 1)]

    assert [each for each in ("METHOD", "ATTENDEE", "ORGANIZER", "VALARM") if each in names] == []
    assert "UID" not in own


def test_a_feed_without_entries_is_still_a_calendar():
    calendar = Calendar.from_ical(write(make_feed()))

    assert (calendar.calendar_name, calendar.events, calendar.timezones) == ("Meeting", [], [])


@fixed
@given(text=texts)
def test_any_text_is_read_back_by_icalendar_and_injects_nothing(text):
    entry = make_entry(summary=text, description=f"{text}.", location=f"{text}.")
    calendar = Calendar.from_ical(write(make_feed(entry, name=text, description=text)))
    [event] = calendar.events

    assert [each.name for each in calendar.subcomponents] == ["VTIMEZONE", "VEVENT"]
    assert list(event) == names_of(event_of(make_entry(description="d", location="l")))[1:-1]
    assert str(event["SUMMARY"]) == str(calendar["DESCRIPTION"]) == as_read(text)
    assert str(event["DESCRIPTION"]) == str(event["LOCATION"]) == as_read(f"{text}.")


@fixed
@given(categories=st.lists(texts.map(lambda text: f"{text}."), min_size=1, max_size=5))
def test_any_categories_are_read_back_one_by_one(categories):
    entry = make_entry(categories=tuple(categories))
    [event] = Calendar.from_ical(write(make_feed(entry))).events

    assert event.categories == [as_read(each) for each in categories]


@pytest.mark.browser
@settings(fixed, max_examples=60)
@given(some=st.lists(texts.map(lambda text: f"{text}."), min_size=5, max_size=5))
def test_any_text_is_read_back_by_ical_js_and_injects_nothing(thunderbird, some):
    entries = [
        make_entry(n, summary=text, description=text, location=text, categories=(text, text))
        for n, text in enumerate([*filter(None, NASTY), *some])
    ]
    read = thunderbird.read(write(make_feed(*entries)))

    expected = [as_read(entry.summary) for entry in entries]
    assert [each.summary for each in read] == expected
    assert [each.description for each in read] == [each.location for each in read] == expected
    assert [each.categories for each in read] == [[text, text] for text in expected]
    assert {tuple(each.properties) for each in read} == {tuple(read[0].properties)}


@fixed
@given(text=texts)
def test_any_line_is_unfolded_to_what_it_was(text):
    line = f"X:{escaped(text)}"

    assert folded(line).replace("\r\n ", "") == line
    assert max(len(each.encode()) for each in folded(line).split("\r\n")) <= 75
