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
from app.demo_sources import Json, confirmed_resolution, day_of, load_entities, read
from app.desk.commands import Maker, create_meeting
from app.directory.models import Entity
from app.documents.commands import DocumentGiven, add_document, change_document
from app.documents.models import DocumentClass
from app.documents.queries import documents_of
from app.meetings.commands import MeetingGiven, RoomGiven, Work, add_room, begin_work
from app.meetings.models import Meeting, MeetingKind, Room
from app.meetings.rules import days_of, local_instant, next_weekday
from app.reports.commands import say_fulfilled
from app.reports.queries import resolution_of
from app.resolutions.reading.record import Part
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
    """Entities, both meetings out of the resolution's text, and fictional people, in the open
    transaction."""
    entities = load_entities(db)
    people = _load_people(db)
    meetings: dict[str, Meeting] = {}
    for slug in ("rtp-1", "practice"):
        data = read(f"{slug}.json")
        work = _add_meeting(db, data, site=site, now=now)
        meetings[slug] = work.meeting
        _fill(work, data, entities, people)
        if data["published"]:
            publish(work, remark=Localized())
    _grant_roles(db, people, meetings)
    for meeting in meetings.values():
        known = Known(entities, people, resolution_of(db, meeting))
        load_group(begin_work(db, meeting, by=COMMAND_LINE, now=now, site=site), known, site=site)


def _add_meeting(db: Session, data: Json, *, site: Site, now: datetime) -> Work:
    """The meeting as a person would make it of the text."""
    first, last = _days(data, today=now.date())
    given = MeetingGiven(
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
    )
    confirmed = confirmed_resolution(db, data["points"], first_day=first)
    return create_meeting(db, confirmed, given, Maker(by=COMMAND_LINE, site=site, now=now))


def _fill(work: Work, data: Json, entities: dict[str, Entity], people: People) -> None:
    """Rooms, items and sittings, nothing published."""
    _documents(work, data)
    _commitments(work, data)
    rooms = _rooms(work, data)
    items = _items(work, data)
    _sittings(work, data, (rooms, items, entities, people))


def _documents(work: Work, data: Json) -> None:
    """What the text cites is entered already; the files say who gets it."""
    cited = {each.title["en"]: each for each in documents_of(work.db, work.meeting_id)}
    for row in data["documents"]:
        given = DocumentGiven(
            symbol=row["symbol"],
            title=Localized(row["title"]),
            dated=day_of(row.get("dated")),
            document_class=DocumentClass(row["class"]),
        )
        document = cited.get(row["title"]["en"])
        if document is None:
            add_document(work, given)
        else:
            change_document(work, document, given, version=document.version)


def _commitments(work: Work, data: Json) -> None:
    """What is known to have been done."""
    source = resolution_of(work.db, work.meeting)
    operative = {each.number: each for each in source.paragraphs if each.kind is Part.OPERATIVE}
    for row in data["commitments"]:
        paragraph, remark = operative[row["paragraph"]], Localized(row["remark"])
        say_fulfilled(work, paragraph, done=True, remark=remark, version=0)


def _days(data: Json, *, today: date) -> tuple[date, date]:
    if "first_day" in data:
        return date.fromisoformat(data["first_day"]), date.fromisoformat(data["last_day"])
    first = next_weekday(today + timedelta(days=data["opens_in_days"]), TUESDAY)
    return first, first + timedelta(days=data["length_days"] - 1)


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
