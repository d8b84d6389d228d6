"""What a calendar holds after each edition, as two programs read it (promise 3 of the design)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar
from sqlalchemy import select

from app.core.installation import installation
from app.schedules import commands
from app.schedules.models import Edition, EditionSitting
from app.schedules.queries import broken_editions, sittings_of
from app.schedules.rules import Slot
from tests.ical_js import ical_js
from tests.make import NOW, loaded, make_meeting, make_room, make_sitting, publish, words, work_on

# In all but the first, the clocks change in the night of the meeting's second day.
PLACES = {
    "Caracas, as it was in 2006": ("America/Caracas", date(2006, 3, 14)),
    "Caracas, half an hour back in 2007": ("America/Caracas", date(2007, 12, 8)),
    "New York, an hour on": ("America/New_York", date(2027, 3, 13)),
    "Casablanca, where Ramadan is over": ("Africa/Casablanca", date(2026, 3, 21)),
    "Lisbon, which left Central European Time": ("Europe/Lisbon", date(1996, 3, 30)),
    "Lisbon, an hour back": ("Europe/Lisbon", date(1996, 10, 26)),
}
A, B = "Room A", "Room B"
PLAN = {
    "Moved": (1, time(10), time(11), A),
    "Elsewhere": (2, time(15), time(16), A),
    "Cancelled": (3, time(14), time(15), A),
    "Unplaced": (2, time(9), time(10), A),
    "Retitled": (3, time(16), time(17), A),
    "Back": (1, time(14), time(15), A),
    "Night": (2, time(0, 30), time(4, 30), A),
    "Twice": (2, time(1, 15), time(1, 45), B),
}
MOVES = {
    "Moved": (3, time(10), time(11, 30), A),
    "Elsewhere": (2, time(15), time(16), B),
    "New": (4, time(10), time(11), B),
}
# Sequence and status of each after the first, the second and the third edition.
FOLLOWED = {
    "Moved": ["0 CONFIRMED", "0 CONFIRMED", "1 CONFIRMED"],
    "Elsewhere": ["0 CONFIRMED", "0 CONFIRMED", "1 CONFIRMED"],
    "Cancelled": ["0 CONFIRMED", "0 CONFIRMED", "1 CANCELLED"],
    "Unplaced": ["0 CONFIRMED", "0 CONFIRMED", "1 CANCELLED"],
    "Retitled": ["0 CONFIRMED", "0 CONFIRMED", "0 CONFIRMED"],
    "Back": ["0 CONFIRMED", "1 CANCELLED", "2 CONFIRMED"],
    "Night": ["0 CONFIRMED", "0 CONFIRMED", "0 CONFIRMED"],
    "Twice": ["0 CONFIRMED", "0 CONFIRMED", "0 CONFIRMED"],
    "New": [None, None, "0 CONFIRMED"],
}


@dataclass(frozen=True)
class Event:
    """What a program makes of a VEVENT, or should."""

    start: datetime
    end: datetime
    followed: str
    summary: str
    location: str


@dataclass
class Story:
    """The feed after each edition, what should be in it, and what the database says is."""

    feeds: list[bytes]
    expected: list[dict[str, Event]]
    stored: list[dict[str, tuple]]


class Desk:
    """Works on the meeting by the titles that its sittings had at first."""

    def __init__(self, db, client, app, meeting):
        self.db, self.client, self.app, self.meeting = db, client, app, meeting
        self.plan = dict(PLAN)
        self.rooms = {name: make_room(db, meeting, name).id for name in (A, B)}
        self.ids = {}
        for title in PLAN:
            self.add(title)

    def instant(self, day, at):
        local = datetime.combine(self.meeting.first_day + timedelta(days=day - 1), at)
        return local.replace(tzinfo=ZoneInfo(self.meeting.zone)).astimezone(UTC)

    def slot(self, title):
        day, start, end, room = self.plan[title]
        return Slot(self.instant(day, start), self.instant(day, end), self.rooms[room])

    def add(self, title):
        sitting = make_sitting(self.db, self.meeting, title)
        self.ids[title] = sitting.id
        self.place(title)

    def of(self, title):
        """The meeting and the sitting, loaded, and its version by name, as commands take them."""
        meeting = loaded(self.db, self.meeting)
        found = {each.id: each for each in sittings_of(self.db, meeting.id)}
        sitting = found[self.ids[title]]
        return meeting, sitting, {"version": sitting.version}

    def place(self, title):
        meeting, sitting, version = self.of(title)
        commands.place_sitting(work_on(self.db, meeting), sitting, self.slot(title), **version)
        self.db.flush()

    def cancel(self, title):
        meeting, sitting, version = self.of(title)
        commands.cancel_sitting(work_on(self.db, meeting), sitting, **version)

    def bring_back(self, title):
        meeting, sitting, version = self.of(title)
        commands.bring_back_sitting(work_on(self.db, meeting), sitting, **version)

    def unplace(self, title):
        meeting, sitting, version = self.of(title)
        commands.unplace_sitting(work_on(self.db, meeting), sitting, **version)

    def retitle(self, title, new):
        meeting, sitting, version = self.of(title)
        commands.change_sitting(work_on(self.db, meeting), sitting, words(new), **version)

    def publish(self, now):
        publish(self.db, self.meeting, now=now)
        self.db.commit()
        self.app.state.stamps.refresh()
        return self.client.get(f"/calendars/{self.meeting.slug}/en/all.ics").content

    def uid(self, title):
        return f"sitting-{self.ids[title]}@{installation(self.db).uid_domain}"

    def expected(self, number, **summaries):
        """What readers should find after this edition."""
        found = {}
        for title, followed in FOLLOWED.items():
            if followed[number] is not None:
                place = self.slot(title)
                told = summaries.get(title, title)
                location = f"{self.plan[title][-1]}, Isla de Margarita"
                event = Event(place.starts_at, place.ends_at, followed[number], told, location)
                found[self.uid(title)] = event
        return found

    def stored(self, number):
        """Instants, sequence and status as the database keeps them for this edition."""
        statement = (
            select(EditionSitting)
            .join(Edition)
            .where(Edition.meeting_id == self.meeting.id, Edition.number == number)
        )
        titles = {sitting_id: title for title, sitting_id in self.ids.items()}
        return {
            self.uid(titles[row.sitting_id]): (
                row.starts_at,
                row.ends_at,
                f"{row.sequence} {'CANCELLED' if row.cancelled else 'CONFIRMED'}",
            )
            for row in self.db.scalars(statement)
        }


@pytest.fixture(params=PLACES.values(), ids=PLACES)
def story(request, db, client, app):
    """Three editions of a meeting: the second cancels one, the third changes whatever can."""
    zone, first_day = request.param
    last_day = first_day + timedelta(days=3)
    meeting = make_meeting(db, zone=zone, first_day=first_day, last_day=last_day)
    desk = Desk(db, client, app, meeting)
    feeds, expected = [desk.publish(NOW)], [desk.expected(0)]

    desk.cancel("Back")
    feeds.append(desk.publish(NOW + timedelta(hours=1)))
    expected.append(desk.expected(1, Back="CANCELLED: Back"))

    desk.plan |= MOVES
    desk.add("New")
    for title in ("Moved", "Elsewhere"):
        desk.place(title)
    desk.cancel("Cancelled")
    desk.unplace("Unplaced")
    desk.retitle("Retitled", "Renamed")
    desk.bring_back("Back")
    feeds.append(desk.publish(NOW + timedelta(hours=2)))
    told = {each: f"CANCELLED: {each}" for each in ("Cancelled", "Unplaced")}
    expected.append(desk.expected(2, Retitled="Renamed", **told))

    assert broken_editions(db, meeting.id) == []
    return Story(feeds, expected, [desk.stored(number) for number in (1, 2, 3)])


def test_the_database_holds_what_was_planned(story):
    assert [len(each) for each in story.expected] == [8, 8, 9]
    assert story.stored == [
        {uid: (event.start, event.end, event.followed) for uid, event in each.items()}
        for each in story.expected
    ]


def read_by_icalendar(feed):
    """By the feed's own definitions of zones, not by what the parser knows of them."""
    calendar = Calendar.from_ical(feed)
    zones = {each.tz_name: each.to_tz(lookup_tzid=False) for each in calendar.timezones}

    def instant(moment):
        zone = zones.get(moment.params.get("TZID"), UTC)
        return moment.dt.replace(tzinfo=zone).astimezone(UTC)

    return {
        str(each["UID"]): Event(
            instant(each["DTSTART"]),
            instant(each["DTEND"]),
            f"{each['SEQUENCE']} {each['STATUS']}",
            str(each["SUMMARY"]),
            str(each["LOCATION"]),
        )
        for each in calendar.events
    }


def test_icalendar_reads_each_edition_as_it_was_meant(story):
    assert [read_by_icalendar(feed) for feed in story.feeds] == story.expected


def test_entries_change_their_stamp_and_bytes_only_with_the_edition_that_changed_them(story):
    stamps = [
        {str(each["SUMMARY"]).split(": ")[-1]: each["DTSTAMP"].dt for each in read.events}
        for read in map(Calendar.from_ical, story.feeds)
    ]
    first, second, third = (NOW + timedelta(hours=number) for number in range(3))
    changed = {title: (third if title in MOVES else first) for title in FOLLOWED}
    changed |= dict.fromkeys(("Cancelled", "Unplaced", "Back"), third)
    changed["Renamed"] = third
    del changed["Retitled"]

    assert stamps == [
        dict.fromkeys(PLAN, first),
        dict.fromkeys(PLAN, first) | {"Back": second},
        changed,
    ]
    untouched = [
        {each["UID"]: each.to_ical() for each in read.events if each["DTSTAMP"].dt == first}
        for read in map(Calendar.from_ical, story.feeds)
    ]
    assert untouched[2].items() <= untouched[1].items() <= untouched[0].items()


@pytest.fixture(scope="module")
def thunderbird():
    with ical_js() as parser:
        yield parser


def read_by_ical_js(thunderbird, feed):
    return {
        each.uid: Event(
            datetime.fromisoformat(each.start),
            datetime.fromisoformat(each.end),
            f"{each.sequence} {each.status}",
            each.summary,
            each.location,
        )
        for each in thunderbird.read(feed)
    }


@pytest.mark.browser
def test_ical_js_reads_each_edition_as_it_was_meant(story, thunderbird):
    assert [read_by_ical_js(thunderbird, feed) for feed in story.feeds] == story.expected
