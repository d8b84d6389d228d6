"""Moving a meeting to other days: its sessions keep their hours, its history the old days."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from app.core.access import Permission
from app.core.changes import Kind, recording
from app.core.errors import FieldError, Invalid, check_version, invalid
from app.core.formats import Formats
from app.core.journal import Area, State, Verb
from app.core.languages import LANGUAGES, Localized, Message
from app.meetings.commands import Work, raise_public_stamp
from app.meetings.models import Meeting
from app.meetings.rules import local_instant
from app.schedules.commands import place_sitting
from app.schedules.models import Sitting
from app.schedules.queries import sittings_of
from app.schedules.rules import Slot

MOVING = Area("move", Permission.EDIT_MEETING)
MOVED = Verb(
    MOVING,
    "meeting.moved",
    Message("%(who)s moved the meeting from %(was)s to %(becomes)s (%(document)s)"),
)
NO_DOCUMENT = Message("no document")
MOST_DAYS = 30


def move_meeting(
    work: Work, first_day: date, last_day: date, document: str, *, version: int
) -> list[Sitting]:
    """Other days; each placed session moves by as many days as the opening does.

    Gives the sessions that moved. What was published stays as it is until the next edition.
    Raises Invalid where the days are in the wrong order or a session finds no place in them.
    """
    meeting = work.meeting
    check_version(meeting.version, version)
    if not first_day <= last_day <= first_day + timedelta(days=MOST_DAYS):
        message = Message("Enter a last day that follows the first within a month.")
        raise invalid("last_day", message)
    shift = first_day - meeting.first_day
    words = {
        "was": days_in_words(meeting.first_day, meeting.last_day),
        "becomes": days_in_words(first_day, last_day),
        "document": document or NO_DOCUMENT.text,
    }
    with recording(work, MOVED, meeting, **words):
        meeting.first_day, meeting.last_day = first_day, last_day
    raise_public_stamp(work.db, meeting.id, now=work.now)
    placed = [each for each in sittings_of(work.db, meeting.id) if each.placed]
    # The farthest goes first, so that none lands on one that has yet to leave.
    for sitting in sorted(placed, key=_start, reverse=shift > timedelta(0)):
        _shift(work, sitting, shift)
    return placed


def days_in_words(first: date, last: date) -> Localized:
    """The days as each language writes them, for the record."""
    return Localized({lang: Formats(lang).days(first, last) for lang in LANGUAGES})


def _start(sitting: Sitting) -> datetime:
    if sitting.starts_at is None:
        raise ValueError("not placed")
    return sitting.starts_at


def shifted(moment: datetime, shift: timedelta, zone: str) -> datetime | None:
    """The same hour so many days on by the clock of that zone; None if the clocks skip it."""
    local = moment.astimezone(ZoneInfo(zone))
    return local_instant(local.date() + shift, local.time(), zone)


def _shift(work: Work, sitting: Sitting, shift: timedelta) -> None:
    zone = work.meeting.zone
    ends = sitting.ends_at or _start(sitting)
    slot = shifted(_start(sitting), shift, zone), shifted(ends, shift, zone)
    try:
        if slot[0] is None or slot[1] is None:
            raise invalid("first_day", Message("This time does not exist on that day."))
        place_sitting(
            work, sitting, Slot(slot[0], slot[1], sitting.room_id), version=sitting.version
        )
    except Invalid as problem:
        message = Message(
            "“%(title)s” finds no place: %(why)s",
            {"title": sitting.title, "why": problem.sentence},
        )
        raise Invalid([FieldError("last_day", message)]) from problem


def _state(meeting: Meeting) -> State:
    return {"first_day": meeting.first_day.isoformat(), "last_day": meeting.last_day.isoformat()}


def _find(work: Work, meeting_id: UUID) -> Any:
    return work.meeting if work.meeting.id == meeting_id else None


def _restore(work: Work, _meeting_id: UUID, state: State | None) -> None:
    if state is not None:
        first, last = (date.fromisoformat(state[name]) for name in ("first_day", "last_day"))
        move_meeting(work, first, last, "", version=work.meeting.version)


Kind("dates", Meeting, find=_find, state=_state, label=lambda each: each.title, restore=_restore)
