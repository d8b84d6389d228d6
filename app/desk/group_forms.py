"""What people type about meetings of the Group and about moving a meeting."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.core.forms import Reader
from app.core.languages import Localized, Message
from app.documents.models import Document
from app.groups.models import Group, Member
from app.schedules.group_meetings import AttendanceGiven, NoticeGiven
from app.schedules.group_rules import series_days

MOST_WEEKS = 12


@dataclass(frozen=True)
class MovingGiven:
    """The new days of a meeting and the document that moves it."""

    first_day: date
    last_day: date
    document: str


def notices_form(reader: Reader, group: Group, until: date, lang: str) -> list[NoticeGiven]:
    """One meeting, or a series of them until the conference; raises Invalid with every mistake."""
    day = reader.dated("day", required=Message("Enter a date like 2006-03-14."))
    starts, ends = reader.clock("starts"), reader.clock("ends")
    lines = [line.strip() for line in reader.lines("business").splitlines() if line.strip()]
    weeks = reader.number("weeks", least=1, most=MOST_WEEKS)
    if weeks and day and day >= until:
        words = {"day": until.isoformat()}
        message = Message("A series begins before the conference, which opens on %(day)s.", words)
        reader.wrong("day", message)
    room = reader.line("room")
    reader.finish()
    if day is None or starts is None or ends is None:
        raise ValueError("finish() has raised")
    return [
        NoticeGiven(
            day=each,
            starts=starts,
            ends=ends,
            place=group.place,
            room=Localized({lang: room}) if room else group.room,
            items=[Localized({lang: line}) for line in lines],
        )
        for each in (series_days(day, weeks, until) if weeks else [day])
    ]


def attendance_form(
    reader: Reader, members: Sequence[Member], documents: Sequence[Document]
) -> AttendanceGiven:
    """Who was there and who presided; raises Invalid with every mistake."""
    present = reader.chosen("present", [each.entity.key for each in members])
    people = [person.id for member in members for person in member.people]
    presided = next(iter(reader.chosen_ids("presided_by", people)), None)
    summary = next(iter(reader.chosen_ids("summary", [each.id for each in documents])), None)
    given = AttendanceGiven(
        present=present,
        presided_by_id=presided,
        presided_why=reader.line("presided_why"),
        summary_id=summary,
    )
    reader.finish()
    return given


def attendance_values(state: dict[str, Any]) -> dict[str, Any]:
    """The record of a meeting as its form shows it."""
    return {
        "present": state["present"],
        "presided_by": state["presided_by_id"],
        "presided_why": state["presided_why"],
        "summary": state["summary_id"],
    }


def moving_form(reader: Reader) -> MovingGiven:
    """The new days; raises Invalid with every mistake."""
    first = reader.dated("first_day", required=Message("Enter a date like 2006-03-14."))
    last = reader.dated("last_day", required=Message("Enter a date like 2006-03-14."))
    document = reader.line("document")
    reader.finish()
    if first is None or last is None:
        raise ValueError("finish() has raised")
    return MovingGiven(first, last, document)
