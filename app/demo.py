"""Loads the two demo meetings from `demo/`: the First Meeting of 2006, and one for practice."""

from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.commands import add_person, grant_role
from app.accounts.models import Person
from app.agendas.commands import ItemGiven, add_item
from app.agendas.models import Item
from app.core.access import Role
from app.core.changes import COMMAND_LINE
from app.core.languages import Localized
from app.core.security import Site
from app.demo_group import Known, load_group
from app.demo_sources import Json, day_of, load_entities, load_resolution, read
from app.directory.models import Entity
from app.documents.commands import DocumentGiven, add_document
from app.documents.models import DocumentClass
from app.invitations.commands import take_over
from app.meetings.commands import RoomGiven, Work, add_room, begin_work
from app.meetings.models import Deadline, Mandate, Meeting, MeetingKind, Purpose, Room
from app.meetings.rules import days_of, local_instant, next_weekday
from app.resolutions.models import Paragraph, Resolution
from app.schedules.commands import SittingGiven, add_sitting
from app.schedules.publishing import publish
from app.schedules.roles import SittingRole
from app.schedules.rules import Slot

CHAIR = "chair@convoca.example"
TUESDAY = 1

People = dict[str, Person]


def is_empty(db: Session) -> bool:
    """Whether no meeting was ever made here."""
    return db.scalar(select(Meeting.id).limit(1)) is None


def load_demo(db: Session, *, site: Site, now: datetime) -> None:
    """Entities, the resolution, both meetings and fictional people, in the open transaction."""
    entities = load_entities(db)
    source = load_resolution(db, entities)
    people = _load_people(db)
    meetings: dict[str, Meeting] = {}
    for slug in ("rtp-1", "practice"):
        data = read(f"{slug}.json")
        meeting = meetings[slug] = _add_meeting(db, data, source, now=now)
        work = begin_work(db, meeting, by=COMMAND_LINE, now=now, site=site)
        _fill(work, data, entities, people)
        if data["published"]:
            publish(work, remark=Localized())
    _grant_roles(db, people, meetings)
    known = Known(entities, people, source)
    for meeting in meetings.values():
        load_group(begin_work(db, meeting, by=COMMAND_LINE, now=now, site=site), known, site=site)


def _add_meeting(db: Session, data: Json, source: Resolution, *, now: datetime) -> Meeting:
    """The meeting with its facts."""
    first, last = _days(data, today=now.date())
    meeting = Meeting(
        slug=data["slug"],
        kind=MeetingKind(data["kind"]),
        title=Localized(data["title"]),
        ordinal=Localized(data["ordinal"]),
        organization=Localized(data["organization"]),
        series=data["series"],
        symbol_prefix=data["symbol_prefix"],
        place=Localized(data["place"]),
        zone=data["zone"],
        first_day=first,
        last_day=last,
        about=Localized(data["about"]),
        public_changed_at=now,
    )
    db.add(source)
    db.flush()  # the meeting names its resolution by key
    meeting.resolution_id = source.id
    paragraphs = {(each.kind.value, each.number): each for each in source.paragraphs}
    meeting.mandates = _mandates(data, paragraphs)
    meeting.purposes = _purposes(data)
    meeting.deadlines = _deadlines(data, paragraphs, first)
    meeting.rooms = []
    db.add(meeting)
    db.flush()  # rooms and items name their meeting by key
    return meeting


def _fill(work: Work, data: Json, entities: dict[str, Entity], people: People) -> None:
    """Rooms, items and sittings, nothing published."""
    take_over(work)
    for row in data["documents"]:
        add_document(
            work,
            DocumentGiven(
                symbol=row["symbol"],
                title=Localized(row["title"]),
                dated=day_of(row.get("dated")),
                document_class=DocumentClass(row["class"]),
            ),
        )
    rooms = _rooms(work, data)
    items = _items(work, data)
    _sittings(work, data, (rooms, items, entities, people))


def _days(data: Json, *, today: date) -> tuple[date, date]:
    if "first_day" in data:
        return date.fromisoformat(data["first_day"]), date.fromisoformat(data["last_day"])
    first = next_weekday(today + timedelta(days=data["opens_in_days"]), TUESDAY)
    return first, first + timedelta(days=data["length_days"] - 1)


Paragraphs = dict[tuple[str, int], Paragraph]


def _paragraph(row: Json, paragraphs: Paragraphs) -> Paragraph | None:
    place = row.get("paragraph")
    return paragraphs[place[0], place[1]] if place else None


def _mandates(data: Json, paragraphs: Paragraphs) -> list[Mandate]:
    return [
        Mandate(
            position=position,
            key=row["key"],
            prefix=row["prefix"],
            symbol=row["symbol"],
            title=Localized(row["title"]),
            short=Localized(row["short"]),
            paragraph=_paragraph(row, paragraphs),
        )
        for position, row in enumerate(data["mandates"])
    ]


def _purposes(data: Json) -> list[Purpose]:
    return [
        Purpose(
            position=position,
            key=row["key"],
            name=Localized(row["name"]),
            cross_cutting=row["cross_cutting"],
        )
        for position, row in enumerate(data["purposes"])
    ]


def _deadlines(data: Json, paragraphs: Paragraphs, first: date) -> list[Deadline]:
    return [
        Deadline(
            position=position,
            due_on=day_of(row.get("due_on")) or first - timedelta(days=row["days_before_opening"]),
            what=Localized(row["what"]),
            paragraph=_paragraph(row, paragraphs),
        )
        for position, row in enumerate(data["deadlines"])
    ]


def _rooms(work: Work, data: Json) -> dict[str, Room]:
    rooms: dict[str, Room] = {}
    for row in data["rooms"]:
        given = RoomGiven(Localized(row["name"]), row.get("seats"), row.get("booths"))
        rooms[row["key"]] = add_room(work, given)
        work.meeting.rooms.append(rooms[row["key"]])
    return rooms


def _items(work: Work, data: Json) -> dict[str, Item]:
    items: dict[str, Item] = {}
    for row in data["items"]:
        given = ItemGiven(
            title=Localized(row["title"]),
            minutes=row.get("minutes"),
            mandates=[each for each in work.meeting.mandates if each.key in row["mandates"]],
            purposes=[each for each in work.meeting.purposes if each.key in row["purposes"]],
        )
        items[row["key"]] = add_item(work, given)
    return items


def _sittings(
    work: Work,
    data: Json,
    known: tuple[dict[str, Room], dict[str, Item], dict[str, Entity], People],
) -> None:
    rooms, items, entities, people = known
    for row in data["sittings"]:
        note = row.get("note") or (data["illustrative_note"] if row.get("illustrative") else {})
        given = SittingGiven(
            title=Localized(row["title"]),
            note=Localized(note),
            minutes=row.get("minutes"),
            items=[items[key] for key in row.get("items", [])],
            entities=[entities[key] for key in row.get("entities", [])],
            closed=row.get("closed", False),
            people={
                people[email].id: SittingRole(role) for email, role in row.get("people", {}).items()
            },
        )
        add_sitting(work, given, _slot(row, work.meeting, rooms))


def _slot(row: Json, meeting: Meeting, rooms: dict[str, Room]) -> Slot | None:
    if not row.get("day"):
        return None
    day = days_of(meeting)[row["day"] - 1]
    start, end = (
        local_instant(day, time.fromisoformat(row[name]), meeting.zone) for name in ("start", "end")
    )
    if start is None or end is None:
        raise ValueError(f"{row['key']}: the clocks skip this time")
    return Slot(start, end, rooms[row["room"]].id)


def _load_people(db: Session) -> People:
    people = {
        row["email"]: add_person(db, email=row["email"], name=row["name"], language=row["language"])
        for row in read("people.json")
    }
    db.flush()  # sittings name people by key
    return people


def _grant_roles(db: Session, people: People, meetings: dict[str, Meeting]) -> None:
    for row in read("people.json"):
        for each in row["roles"]:
            role = Role(each["role"])
            grant_role(db, people[row["email"]], meetings[each["meeting"]].id, role)
