"""What a letter says of a change: the difference first, in words that fit every mail program."""

import re
from datetime import date, time, timedelta

import pytest
from sqlalchemy import select

from app.core.letters import Letter
from app.schedules import commands
from app.schedules.letters import SUBJECT_LENGTH
from tests.make import (
    NOW,
    loaded,
    make_meeting,
    make_person,
    make_room,
    make_sitting,
    publish,
    slot,
    work_on,
)

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def meeting(db):
    return make_meeting(db)


@pytest.fixture
def rooms(db, meeting):
    return [make_room(db, meeting, name) for name in ("Room A", "Room B")]


@pytest.fixture
def ana(db, meeting):
    return make_person(db, "member", meeting, name="Ana Ruiz")


def newest(db):
    return db.scalars(select(Letter).order_by(Letter.id.desc())).first()


def lines(letter):
    return [line for line in letter.text.splitlines() if line]


def work(db, meeting):
    return work_on(db, loaded(db, meeting))


def test_another_room_at_the_same_time_is_called_so(db, meeting, rooms, ana):
    sitting = make_sitting(db, meeting, "Plenary", room=rooms[0], people=[(ana, "presides")])
    publish(db, meeting)
    place = slot(loaded(db, meeting), rooms[1])
    commands.place_sitting(work(db, meeting), sitting, place, version=sitting.version)
    publish(db, meeting, now=LATER)
    letter = newest(db)

    assert letter.subject == "Another room, Tue 14 April, 10:00: Plenary"
    assert lines(letter)[:4] == [
        "Another room: Plenary",
        "Before: Tuesday 14 April 2026, 10:00–11:00, Caracas (UTC−4), Room A",
        "Now: Tuesday 14 April 2026, 10:00–11:00, Caracas (UTC−4), Room B",
        "Your role: presides",
    ]


def test_what_takes_place_after_all_is_a_request_again(db, meeting, rooms, ana):
    sitting = make_sitting(db, meeting, "Plenary", room=rooms[0], people=[(ana, "presides")])
    publish(db, meeting)
    commands.cancel_sitting(work(db, meeting), sitting, version=sitting.version)
    publish(db, meeting, now=LATER)
    commands.bring_back_sitting(work(db, meeting), sitting, version=sitting.version)
    publish(db, meeting, now=LATER)
    letter = newest(db)

    assert letter.subject == "Takes place after all, Tue 14 April, 10:00: Plenary"
    assert (letter.calendar_method, lines(letter)[1]) == ("REQUEST", "Before: cancelled")


def test_a_subject_is_cut_where_mail_programs_would(db, meeting, rooms, ana):
    title = "Plenary of the authorities " * 5
    make_sitting(db, meeting, title, room=rooms[0], people=[(ana, "speaks")])
    publish(db, meeting)
    subject = newest(db).subject

    assert len(subject) <= SUBJECT_LENGTH
    assert subject.startswith("Placed on Tue 14 April, 10:00: Plenary of the authorities")
    assert subject.endswith("…")


def test_the_html_part_is_made_for_mail_programs(db, meeting, rooms, ana):
    make_sitting(db, meeting, "Plenary", room=rooms[0], people=[(ana, "speaks")])
    publish(db, meeting)
    page = newest(db).html

    assert '<html lang="en" dir="ltr">' in page
    assert "<title>Placed on the schedule: Plenary</title>" in page
    assert set(re.findall(r"<table[^>]*?role=\"(\w+)\"", page)) == {"presentation"}
    assert page.count("<table") == page.count('role="presentation"')
    assert not re.search(r"<img|<script|url\(|@import|src=", page)
    assert len(page.encode()) < 100_000


def test_the_link_stands_on_a_line_of_its_own(db, meeting, rooms, ana):
    sitting = make_sitting(db, meeting, "Plenary", room=rooms[0], people=[(ana, "speaks")])
    publish(db, meeting)

    assert f"http://localhost/en/meetings/first/sittings/{sitting.id}" in lines(newest(db))


def test_of_a_closed_session_the_calendar_part_says_as_little_as_the_feeds(db, meeting, rooms, ana):
    make_sitting(db, meeting, "Drafting", room=rooms[0], closed=True, people=[(ana, "presides")])
    publish(db, meeting)
    letter = newest(db)

    assert b"Drafting" not in letter.calendar
    assert "http://localhost/en/meetings/first/schedule" in lines(letter)


def test_over_a_change_of_the_clocks_both_offsets_are_said(db):
    days = {"first_day": date(2027, 11, 6), "last_day": date(2027, 11, 8)}
    meeting = make_meeting(db, zone="America/New_York", **days)
    person, room = make_person(db, "member", meeting), make_room(db, meeting)
    given = {"room": room, "at": time(0, 30), "day": 2, "people": [(person, "speaks")]}
    sitting = make_sitting(db, meeting, "Night", **given)
    place = slot(loaded(db, meeting), room, time(0, 30), day=2, minutes=120)
    commands.place_sitting(work(db, meeting), sitting, place, version=sitting.version)
    publish(db, meeting)

    assert "Sunday 7 November 2027, 00:30 (UTC−4) – 01:30, New York (UTC−5)" in newest(db).text


def test_a_time_that_the_clocks_skip_is_refused_and_nobody_is_told(db, signed_in):
    days = {"first_day": date(2027, 3, 14), "last_day": date(2027, 3, 14)}
    meeting = make_meeting(db, zone="America/New_York", **days)
    person, room = make_person(db, "member", meeting), make_room(db, meeting)
    chair = signed_in("chair", meeting)
    form = {
        "title_en": "Night",
        "day": "2027-03-14",
        "from": "02:30",
        "until": "04:00",
        "room": str(room.id),
        f"person_{person.id}": "speaks",
    }

    assert chair.post("/en/desk/first/sittings", data=form).status_code == 422
    assert newest(db) is None


def test_before_publishing_one_reads_how_many_letters_go(db, meeting, rooms, ana, signed_in):
    other = make_person(db, "member", meeting)
    people = [(ana, "speaks"), (other, "presides")]
    make_sitting(db, meeting, "Plenary", room=rooms[0], people=people)
    chair = signed_in("chair", meeting)
    page = "/en/desk/first/editions/new"

    assert "2 letters go to people with a role in these sessions." in chair.get(page).text
    chair.post("/en/desk/first/editions", data={})
    assert len(db.scalars(select(Letter)).all()) == 2
    assert "No letter goes out." in chair.get(page).text
