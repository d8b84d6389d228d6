"""Moving a meeting: hours stay, days follow, the old days and the document are kept."""

from datetime import date, time, timedelta

import pytest

from app.core.changes import revert
from app.core.errors import Invalid, Stale
from app.core.journal import changes_of
from app.schedules.commands import cancel_sitting
from app.schedules.moving import move_meeting
from app.schedules.queries import current_edition, sittings_of
from tests.make import loaded, make_meeting, make_room, make_sitting, publish, work_on

DAY = date(2026, 3, 4)
TWO_WEEKS = timedelta(days=14)


@pytest.fixture
def meeting(db):
    return make_meeting(db)


def move(db, meeting, shift, *, longer=0, document="CP/RES. 889 rev. 2", version=None):
    meeting = loaded(db, meeting)
    first = meeting.first_day + shift
    last = meeting.last_day + shift + timedelta(days=longer)
    found = version or meeting.version
    moved = move_meeting(work_on(db, meeting), first, last, document, version=found)
    db.flush()
    return moved


def starts(db, meeting):
    return [each.starts_at for each in sittings_of(db, meeting.id)]


@pytest.mark.parametrize("days", [14, 1, -1, -14])
def test_sessions_keep_their_hours_and_rooms_whichever_way(db, meeting, days):
    room = make_room(db, meeting)
    for day in (1, 2, 3):
        make_sitting(db, meeting, room=room, day=day)
    before, shift = starts(db, meeting), timedelta(days=days)
    moved = move(db, meeting, shift)

    assert len(moved) == 3
    assert starts(db, meeting) == [each + shift for each in before]
    assert {each.room_id for each in sittings_of(db, meeting.id)} == {room.id}


def test_an_hour_stays_by_the_clock_when_the_clocks_change_between(db):
    meeting = make_meeting(db, zone="America/New_York", first_day=DAY, last_day=DAY)
    sitting = make_sitting(db, meeting, room=make_room(db, meeting), at=time(10))
    before = sitting.starts_at
    move(db, meeting, timedelta(days=7))

    assert sitting.starts_at - before == timedelta(days=7, hours=-1)


def test_what_was_published_stays_until_the_next_edition(db, meeting):
    make_sitting(db, meeting, room=make_room(db, meeting))
    published = publish(db, meeting).sittings[0].starts_at
    stamp = loaded(db, meeting).public_stamp
    move(db, meeting, TWO_WEEKS)
    db.expire_all()

    assert current_edition(db, meeting.id).sittings[0].starts_at == published
    assert loaded(db, meeting).public_stamp > stamp
    assert publish(db, meeting).sittings[0].starts_at == published + TWO_WEEKS


def test_a_cancelled_session_and_one_without_a_place_stay(db, meeting):
    cancelled = make_sitting(db, meeting, room=make_room(db, meeting))
    cancel_sitting(work_on(db, loaded(db, meeting)), cancelled, version=1)
    waiting, before = make_sitting(db, meeting), cancelled.starts_at

    assert move(db, meeting, TWO_WEEKS) == []
    assert (cancelled.starts_at, waiting.starts_at) == (before, None)


def test_history_keeps_the_old_days_and_the_document_and_leads_back(db, meeting):
    make_sitting(db, meeting, room=make_room(db, meeting))
    before, first = starts(db, meeting), meeting.first_day
    move(db, meeting, TWO_WEEKS)
    (change,) = changes_of(db, meeting.id, area="move", limit=5)
    words = change.sentence.in_language("es")
    revert(work_on(db, loaded(db, meeting)), change.number)

    assert "14–17 de abril de 2026" in words
    assert "28 de abril – 1 de mayo de 2026" in words
    assert "CP/RES. 889 rev. 2" in words
    assert (starts(db, meeting), loaded(db, meeting).first_day) == (before, first)


def test_a_session_that_finds_no_place_stops_the_move_by_name(db, meeting):
    make_sitting(db, meeting, "Closing", room=make_room(db, meeting), day=4)

    with pytest.raises(Invalid) as refused:
        move(db, meeting, TWO_WEEKS, longer=-1)
    assert refused.value.errors[0].field == "last_day"
    assert "Closing" in refused.value.errors[0].message.in_language("en")


@pytest.mark.parametrize("longer", [-4, 40])
def test_days_in_the_wrong_order_are_refused(db, meeting, longer):
    with pytest.raises(Invalid):
        move(db, meeting, TWO_WEEKS, longer=longer)


def test_who_moves_what_was_moved_meanwhile_is_told(db, meeting):
    with pytest.raises(Stale):
        move(db, meeting, TWO_WEEKS, version=9)


def test_readers_see_the_old_days_and_are_told_until_the_next_edition(db, meeting, client):
    make_sitting(db, meeting, room=make_room(db, meeting))
    publish(db, meeting)
    move(db, meeting, TWO_WEEKS)
    page = client.get("/en/meetings/first/schedule").text
    feed = client.get("/calendars/first/en/day/2026-04-14.ics")
    publish(db, meeting)
    client.app.state.stamps.refresh()
    after = client.get("/en/meetings/first/schedule").text

    for words in ("The meeting has moved to 28 April – 1 May 2026.", "Tue 14", "First plenary"):
        assert words in page
    assert feed.status_code == 200
    assert ("Tue 28" in after, "has moved" in after) == (True, False)
