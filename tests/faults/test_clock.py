"""F17: the clock is set back by two hours, or forward by a day; the letters are in test_mail."""

from datetime import time, timedelta

import pytest
from icalendar import Calendar

from app.accounts.commands import make_sign_in_link
from app.operations.checks import findings
from app.operations.housekeeping import write_ends
from app.schedules import commands
from app.schedules.queries import sitting_of
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

BACK, FORWARD = timedelta(hours=-2), timedelta(days=1)
DESK = "/en/desk/first"


@pytest.fixture
def meeting(db):
    return make_meeting(db)


@pytest.fixture
def chair(signed_in, meeting):
    return signed_in("chair", meeting)


@pytest.fixture
def link(db, meeting):
    return f"/en/sign-in/{make_sign_in_link(db, make_person(db, 'chair', meeting), now=NOW)}"


def test_a_link_from_before_the_clock_was_set_back_signs_in_once(client, clock, link):
    clock.now = NOW + BACK
    assert [client.post(link).status_code for _ in range(2)] == [303, 410]


@pytest.mark.parametrize("jump", [BACK, FORWARD])
def test_a_link_that_was_used_stays_used(client, clock, link, jump):
    client.post(link)
    for clock.now in (NOW + jump, NOW):
        assert client.post(link).status_code == 410


def test_what_has_expired_stays_so_when_the_clock_is_set_back(app, client, clock, chair, link):
    clock.now = NOW + FORWARD
    assert (client.post(link).status_code, chair.get(DESK).status_code) == (410, 303)
    write_ends(app.state.sessions, clock)

    clock.now = NOW
    assert (client.post(link).status_code, chair.get(DESK).status_code) == (410, 303)


@pytest.mark.parametrize("now", [NOW, NOW + BACK])
def test_what_has_not_expired_goes_on(app, client, clock, chair, link, now):
    clock.now = now
    chair.get(DESK)
    write_ends(app.state.sessions, clock)

    assert (client.post(link).status_code, chair.get(DESK).status_code) == (303, 200)


@pytest.mark.parametrize("jump", [BACK, FORWARD])
def test_a_sign_in_that_somebody_ended_stays_ended(clock, chair, jump):
    chair.post("/en/sign-out")
    for clock.now in (NOW + jump, NOW):
        assert chair.get(DESK).headers["location"] == "/en/sign-in"


@pytest.fixture
def published(db, client, clock, meeting):
    """`published()`: SEQUENCE, DTSTAMP and title in the calendar after an edition made now."""

    def make():
        publish(db, meeting, now=clock.now)
        db.commit()
        client.app.state.stamps.refresh()
        answer = client.get("/calendars/first/en/all.ics")
        [event] = Calendar.from_ical(answer.content).walk("VEVENT")
        return event["SEQUENCE"], event.decoded("DTSTAMP"), str(event["SUMMARY"])

    return make


@pytest.fixture
def edit(db, meeting):
    """`edit(command, given)`: to the one session."""
    room = make_room(db, meeting)
    sitting_id = make_sitting(db, meeting, "Plenary 0", room=room).id
    meeting_id = meeting.id

    def make(command, given):
        work = work_on(db, loaded(db, meeting))
        sitting = sitting_of(db, meeting_id, sitting_id)
        command(work, sitting, given(work.meeting, room), version=sitting.version)
        db.flush()

    return make


def test_no_edition_counts_below_the_one_before_or_looks_older(db, clock, edit, published):
    seen = [published()]
    for number, jump in enumerate((BACK, 2 * BACK, FORWARD, BACK), start=1):
        clock.now = NOW + jump
        title, start = words(f"Plenary {number}"), time(10 + number)
        edit(commands.change_sitting, lambda _meeting, _room, title=title: title)
        seen.append(published())
        edit(commands.place_sitting, lambda meeting, room, at=start: slot(meeting, room, at))
        seen.append(published())

    sequences, stamps, titles = zip(*seen, strict=True)
    assert sequences == (0, 0, 1, 1, 2, 2, 3, 3, 4)
    assert sorted(stamps) == list(stamps)
    assert stamps[4] > stamps[3] > stamps[2] > stamps[1] > stamps[0]
    assert titles[1::2] == tuple(f"Plenary {number}" for number in range(1, 5))
    assert list(findings(db)) == []
