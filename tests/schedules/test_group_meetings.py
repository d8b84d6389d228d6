"""Convening the Group: slug, order of business, first edition, notice, feed; moving; attendance."""

from datetime import date, time, timedelta

import pytest
from icalendar import Calendar
from sqlalchemy import select

from app.accounts.queries import grant_of
from app.agendas.queries import items_of
from app.core.access import Role
from app.core.changes import revert
from app.core.errors import Conflict, Invalid, Stale
from app.core.journal import latest_change
from app.core.letters import Letter
from app.groups.queries import meetings_of_group, the_group_of
from app.schedules.group_letters import GROUP_NOTICE
from app.schedules.group_meetings import AttendanceGiven, record_attendance, reschedule
from app.schedules.queries import current_edition, group_meeting_of
from tests.make import NOW, loaded, make_meeting, make_person, work_on
from tests.make_groups import convened, make_delegate, make_group, notice, voters

FEED = "/calendars/groups/gt-first/en/all.ics"


@pytest.fixture
def meeting(db):
    meeting = make_meeting(db)
    make_group(db, meeting)
    return meeting


def letters(db):
    db.flush()
    found = db.scalars(select(Letter).where(Letter.kind == GROUP_NOTICE).order_by(Letter.id))
    return list(found)


def events(client):
    calendar = Calendar.from_ical(client.get(FEED).content)
    return sorted(calendar.walk("VEVENT"), key=lambda each: each["DTSTART"].dt)


def test_a_convened_meeting_is_published_with_its_order_of_business(db, meeting):
    row = convened(db, meeting, notice(date(2026, 3, 10), "The draft agenda"))[0]

    titles = [each.title["en"] for each in items_of(db, row.held_id)]
    assert (row.number, row.held.slug) == (1, "gt-first-1")
    assert titles == ["Adoption of the order of business", "The draft agenda", "Other business"]
    edition = current_edition(db, row.held_id)
    assert edition.edition.number == 1
    assert [each.starts_at.isoformat() for each in edition.sittings] == [
        "2026-03-10T14:00:00+00:00"
    ]


def test_a_series_is_one_step_and_one_letter(db, meeting):
    make_delegate(db, meeting, language="es")
    days = [date(2026, 3, 10) + timedelta(weeks=2 * step) for step in range(3)]
    made = convened(db, meeting, *(notice(day) for day in days))

    assert [each.held.first_day for each in made] == days
    assert [each.slug for each in meetings_of_group(db, meeting.id)] == [
        f"gt-first-{number}" for number in (1, 2, 3)
    ]
    (letter,) = letters(db)
    assert letter.language == "es"
    assert letter.text.count("/es/meetings/gt-first-") == 3


def test_the_notice_says_when_where_and_the_order_of_business(db, meeting):
    make_delegate(db, meeting)
    convened(db, meeting, notice(date(2026, 3, 10), "The draft agenda"))
    (letter,) = letters(db)

    assert letter.subject == "Tue 10 March, 10:00: meeting 1 of the Working Group"
    for line in (
        "Tuesday 10 March 2026, 10:00–13:00, New York (UTC−4)",
        "Room G, Washington, D.C.",
        "1. Adoption of the order of business",
        "2. The draft agenda",
        "3. Other business",
    ):
        assert line in letter.text.splitlines()
    assert "2. The draft agenda" in letter.html


def test_a_meeting_of_the_past_is_recorded_without_a_letter(db, meeting):
    make_delegate(db, meeting)
    convened(db, meeting, notice(date(2005, 5, 10)))

    assert letters(db) == []


def test_who_works_for_the_conference_works_for_its_groups_meetings(db, meeting):
    staff = make_person(db, "secretariat", meeting)
    reader = make_person(db, "delegate", meeting)
    held = convened(db, meeting)[0].held_id

    assert grant_of(db, staff.id, held, Role.SECRETARIAT) is not None
    assert grant_of(db, reader.id, held, Role.DELEGATE) is None


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"ends": time(9)}, "ends"),
        ({"day": date(2026, 3, 8), "starts": time(2, 30)}, "starts"),
    ],
)
def test_hours_that_cannot_be_name_their_field(db, meeting, given, field):
    with pytest.raises(Invalid) as refused:
        convened(db, meeting, notice(**given))
    assert refused.value.errors[0].field == field


def test_an_address_that_another_meeting_has_is_a_conflict(db, meeting):
    make_meeting(db, "gt-first-1")
    with pytest.raises(Conflict) as raised:
        convened(db, meeting)
    assert raised.value.sentence.values == {"slug": "gt-first-1"}


def test_the_feed_of_the_group_holds_all_its_meetings_and_follows_a_move(db, meeting, client):
    make_delegate(db, meeting)
    row = convened(db, meeting, notice(date(2026, 3, 10)), notice(date(2026, 3, 24)))[0]
    before = events(client)
    assert [str(each["DTSTART"].dt.date()) for each in before] == ["2026-03-10", "2026-03-24"]

    group = the_group_of(db, meeting.id)
    row = group_meeting_of(db, meeting.id, row.number)
    moved = notice(date(2026, 3, 12), starts=time(15), ends=time(18))
    work = work_on(db, loaded(db, meeting), now=NOW + timedelta(hours=1))
    reschedule(work, group, row, moved, "GT-2/06", version=row.version)
    after = events(client)
    assert [each["UID"] for each in after] == [each["UID"] for each in before]
    assert after[0]["DTSTART"].dt.isoformat() == "2026-03-12T15:00:00-04:00"
    assert (before[0]["SEQUENCE"], after[0]["SEQUENCE"]) == (0, 1)
    assert "moved" in letters(db)[-1].text


def test_a_group_that_never_met_has_no_feed(db, meeting, client):
    assert client.get(FEED).status_code == 404
    assert client.get("/calendars/groups/nobody/en/all.ics").status_code == 404


def test_the_feed_is_answered_short_while_nothing_changes(db, meeting, client):
    convened(db, meeting)
    tag = client.get(FEED).headers["etag"]

    assert client.get(FEED, headers={"If-None-Match": tag}).status_code == 304


def test_attendance_is_recorded_and_can_be_undone(db, meeting):
    row = convened(db, meeting)[0]
    key = voters(db, meeting)[0].entity.key
    work = work_on(db, loaded(db, meeting))
    record_attendance(work, row, AttendanceGiven([key], presided_why="absent"), version=1)
    assert group_meeting_of(db, meeting.id, 1).present == [key]
    with pytest.raises(Stale):
        record_attendance(work, row, AttendanceGiven([]), version=1)

    revert(work_on(db, loaded(db, meeting)), latest_change(db, meeting.id).number)
    assert group_meeting_of(db, meeting.id, 1).present == []
