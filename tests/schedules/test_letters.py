"""Who has a role in a session that an edition moves is told once, and of the right instant."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar
from sqlalchemy import select

from app.core.languages import Localized
from app.core.letters import Letter, State
from app.schedules import commands
from app.schedules.queries import sitting_of
from app.schedules.rules import Slot
from tests.make import (
    NOW,
    loaded,
    make_meeting,
    make_person,
    make_room,
    make_sitting,
    publish,
    slot,
    words,
    work_on,
)

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def meeting(db):
    return make_meeting(db)


@pytest.fixture
def room(db, meeting):
    return make_room(db, meeting, "Room A")


@pytest.fixture
def ana(db, meeting):
    return make_person(db, "member", meeting)


def letters(db):
    return db.scalars(select(Letter).order_by(Letter.id)).all()


def sitting_with(db, meeting, room, *people, title="Plenary", **given):
    sitting = make_sitting(db, meeting, title, room=room, **given)
    given = words(title, people=[(each, "speaks") for each in people])
    commands.change_sitting(
        work_on(db, loaded(db, meeting)), sitting, given, version=sitting.version
    )
    return sitting


def move(db, meeting, sitting, room, hour):
    meeting = loaded(db, meeting)
    place = slot(meeting, room, time(hour))
    commands.place_sitting(work_on(db, meeting), sitting, place, version=sitting.version)


def event_of(letter):
    [event] = Calendar.from_ical(letter.calendar).walk("VEVENT")
    return event


def test_who_speaks_is_told_of_the_place_and_then_of_the_move(db, meeting, room, ana):
    sitting = sitting_with(db, meeting, room, ana)
    publish(db, meeting)
    move(db, meeting, sitting, room, 15)
    publish(db, meeting, now=LATER)
    first, second = letters(db)

    assert (first.state, second.state) == (State.SUPERSEDED, State.WAITING)
    assert second.subject == "Moved to Tue 14 April, 15:00: Plenary"
    assert "Before: Tuesday 14 April 2026, 10:00–11:00, Caracas (UTC−4), Room A" in second.text
    assert "Now: Tuesday 14 April 2026, 15:00–16:00, Caracas (UTC−4), Room A" in second.text
    assert (second.to_address, second.meeting_id) == (ana.email, meeting.id)


@pytest.mark.parametrize(
    ("language", "subject"),
    [
        ("en", "Cancelled, Tue 14 April, 10:00: Plenary"),
        ("es", "Cancelada, mar 14 de abril, 10:00: Plenary"),
        ("fr", "Annulée, mar 14 avril, 10:00 : Plenary"),
        ("pt", "Cancelada, ter 14 de abril, 10:00: Plenary"),
    ],
)
def test_a_cancelled_session_leaves_the_calendar(db, meeting, room, language, subject):
    person = make_person(db, "member", meeting, language=language)
    sitting = sitting_with(db, meeting, room, person)
    publish(db, meeting)
    commands.cancel_sitting(work_on(db, loaded(db, meeting)), sitting, version=sitting.version)
    publish(db, meeting, now=LATER)
    letter = letters(db)[-1]
    event = event_of(letter)

    assert letter.subject.replace("\N{NO-BREAK SPACE}", " ") == subject
    assert (letter.calendar_method, event["STATUS"], event["SEQUENCE"]) == (
        "CANCEL",
        "CANCELLED",
        1,
    )
    assert f'lang="{language}"' in letter.html


def test_other_words_are_no_reason_to_write(db, meeting, room, ana):
    sitting = sitting_with(db, meeting, room, ana)
    publish(db, meeting)
    given = words("Plenary session", people=[(ana, "speaks")])
    work = work_on(db, loaded(db, meeting))
    commands.change_sitting(work, sitting, given, version=sitting.version)
    publish(db, meeting, now=LATER)

    assert len(letters(db)) == 1


def test_publishing_twice_writes_once(db, meeting, room, ana):
    sitting_with(db, meeting, room, ana)
    for _ in range(2):
        publish(db, meeting)

    assert len(letters(db)) == 1


def test_who_has_no_role_and_who_is_elsewhere_is_not_told(db, meeting, room, ana):
    make_person(db, "member", meeting)
    other = make_person(db, "member", make_meeting(db, "second"))
    sitting_with(db, meeting, room, ana)
    publish(db, meeting)

    assert [letter.to_address for letter in letters(db)] == [ana.email]
    assert other.email != ana.email


def test_of_what_is_over_nobody_is_told(db, meeting, room, ana):
    sitting_with(db, meeting, room, ana)
    publish(db, meeting, now=NOW + timedelta(days=100))

    assert letters(db) == []


def test_a_refused_publishing_writes_nothing(db, meeting, room, ana, signed_in):
    sitting_with(db, meeting, room, ana)
    clash = make_sitting(db, meeting, "Clash")
    db.commit()
    clash = sitting_of(db, meeting.id, clash.id)
    clash.starts_at, clash.ends_at, clash.room_id = (
        datetime(2026, 4, 14, 14, tzinfo=ZoneInfo("UTC")),
        datetime(2026, 4, 14, 15, tzinfo=ZoneInfo("UTC")),
        room.id,
    )
    db.commit()
    answer = signed_in("chair", meeting).post("/en/desk/first/editions", data={})

    assert (answer.status_code, letters(db)) == (409, [])


def test_only_the_receiver_is_named_and_need_not_answer(db, meeting, room, ana):
    other = make_person(db, "member", meeting)
    sitting_with(db, meeting, room, ana, other)
    publish(db, meeting)
    for letter in letters(db):
        event = event_of(letter)
        assert event["ATTENDEE"] == f"mailto:{letter.to_address}"
        assert event["ATTENDEE"].params["RSVP"] == "FALSE"
        assert event["ORGANIZER"] == "mailto:convoca@localhost"


def test_a_title_cannot_become_a_link_or_markup(db, meeting, room, ana):
    sitting_with(db, meeting, room, ana, title="Pay at https://evil.example <b>now</b>")
    publish(db, meeting)
    [letter] = letters(db)

    assert "https://evil.example" not in letter.text + letter.html + letter.subject
    assert "<b>now" not in letter.html


# Clock changes, gaps and overlaps on both halves of the globe, and zones without any.
ZONES = [
    ("America/New_York", date(2027, 3, 14), time(9)),
    ("America/New_York", date(2027, 3, 14), time(1, 30)),
    ("America/New_York", date(2027, 3, 14), time(3)),
    ("America/New_York", date(2027, 11, 7), time(1, 30)),
    ("America/New_York", date(2027, 11, 7), time(0, 30)),
    ("America/New_York", date(2027, 11, 7), time(9)),
    ("America/Santiago", date(2027, 4, 3), time(22)),
    ("America/Santiago", date(2027, 4, 4), time(9)),
    ("America/Santiago", date(2027, 9, 5), time(1)),
    ("America/Santiago", date(2027, 9, 4), time(23)),
    ("America/Asuncion", date(2027, 3, 28), time(9)),
    ("America/Asuncion", date(2024, 3, 24), time(9)),
    ("America/Asuncion", date(2023, 10, 1), time(9)),
    ("America/Havana", date(2027, 3, 14), time(1)),
    ("America/Havana", date(2027, 11, 7), time(0, 30)),
    ("America/Caracas", date(2016, 5, 1), time(9)),
    ("America/Caracas", date(2007, 12, 9), time(9)),
    ("America/Caracas", date(2006, 3, 14), time(10)),
    ("America/St_Johns", date(2027, 3, 14), time(1, 45)),
    ("America/Sao_Paulo", date(2018, 11, 4), time(9)),
    ("America/Sao_Paulo", date(2027, 11, 7), time(9)),
    ("America/Mexico_City", date(2022, 10, 30), time(9)),
    ("America/Lima", date(2027, 3, 14), time(9)),
    ("America/Port-au-Prince", date(2027, 3, 14), time(9)),
    ("Europe/Zurich", date(2027, 3, 28), time(1, 30)),
    ("Europe/Zurich", date(2027, 10, 31), time(2, 30)),
    ("Africa/Casablanca", date(2027, 2, 7), time(9)),
    ("Asia/Kathmandu", date(2027, 3, 14), time(9)),
    ("Australia/Lord_Howe", date(2027, 4, 4), time(1, 45)),
    ("UTC", date(2027, 3, 14), time(9)),
]


@pytest.mark.parametrize(("zone", "day", "at"), ZONES)
def test_mail_feed_page_and_data_show_one_instant(db, client, zone, day, at):
    meeting = make_meeting(db, zone=zone, first_day=day, last_day=day + timedelta(days=1))
    room, person = make_room(db, meeting), make_person(db, "member", meeting)
    starts = datetime.combine(day, at, tzinfo=ZoneInfo(zone)).astimezone(ZoneInfo("UTC"))
    place = Slot(starts, starts + timedelta(hours=2), room.id)
    given = words("Plenary", people=[(person, "speaks")])
    work = work_on(db, loaded(db, meeting), now=starts - timedelta(days=9))
    sitting = commands.add_sitting(work, given, place)
    publish(db, meeting, now=starts - timedelta(days=9))
    [letter] = letters(db)
    feed = client.get("/calendars/first/en/all.ics").content
    [fed] = Calendar.from_ical(feed).walk("VEVENT")
    mailed = event_of(letter)
    page = client.get(f"/en/meetings/first/sittings/{sitting.id}").text

    ends = starts + timedelta(hours=2)
    for event in (fed, mailed):
        assert (event["DTSTART"].dt.astimezone(ZoneInfo("UTC")), event["DTEND"].dt) == (
            starts,
            ends,
        )
    assert fed["UID"] == mailed["UID"]
    assert f'datetime="{starts.isoformat()}"' in page
    wall = starts.astimezone(ZoneInfo(zone)).strftime("%H:%M")
    assert wall in letter.text
    assert Localized(en="Plenary")["en"] in letter.text
