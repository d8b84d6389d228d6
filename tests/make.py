"""Valid things to test with: a test names only what it is about."""

import io
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from pathlib import Path

from sqlalchemy import func, inspect, select

from app.accounts.commands import add_person, grant_role
from app.agendas.commands import ItemGiven, add_item
from app.core.access import Role
from app.core.changes import COMMAND_LINE
from app.core.languages import Localized
from app.core.letters import LetterGiven
from app.core.security import Site
from app.core.uploads import keep_file
from app.desk.commands import begin_draft
from app.directory.commands import NameGiven, add_entity
from app.directory.models import EntityKind
from app.documents.commands import DocumentGiven, add_document, add_file
from app.documents.models import DocumentClass
from app.meetings.commands import RoomGiven, add_room, begin_work
from app.meetings.models import Deadline, Mandate, Meeting, MeetingKind, Purpose
from app.meetings.queries import meeting_by_slug
from app.meetings.rules import local_instant
from app.resolutions.commands import AddresseeGiven, ParagraphGiven, add_resolution
from app.resolutions.models import Resolution
from app.resolutions.reading.record import Part
from app.resolutions.reading.record import Role as Asks
from app.schedules import commands, publishing
from app.schedules.roles import SittingRole
from app.schedules.rules import Slot
from tests.papers import pdf

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
FIRST_DAY = date(2026, 4, 14)
ZONE = "America/Caracas"
SITE = Site("http://localhost")
TEN = time(10)

numbers = count(1)


def english(text):
    return text if isinstance(text, Localized) else Localized(en=text)


def make_meeting(db, slug="first", **given):
    """Four days in Caracas, two mandates, two purposes and a theme, no rooms."""
    facts = {
        "kind": MeetingKind.CONFERENCE,
        "title": english("Meeting of Authorities"),
        "ordinal": english("First Meeting"),
        "organization": english("The Organization"),
        "series": "OEA/Ser.K",
        "symbol_prefix": "RTP",
        "place": english("Isla de Margarita"),
        "zone": ZONE,
        "first_day": FIRST_DAY,
        "last_day": FIRST_DAY + timedelta(days=3),
        "about": english("Authorities meet."),
        "public_changed_at": NOW,
    }
    meeting = Meeting(slug=slug, **(facts | given))
    meeting.mandates = [_mandate(0, "2019"), _mandate(1, "2026")]
    meeting.purposes = [
        _purpose(0, "protection"),
        _purpose(1, "prevention"),
        _purpose(2, "rights", cross_cutting=True),
    ]
    meeting.deadlines, meeting.rooms = [], []
    db.add(meeting)
    db.flush()
    return meeting


def _mandate(position, key):
    return Mandate(
        position=position,
        key=key,
        prefix="AG/RES.",
        symbol=f"AG/RES. {key}",
        title=english(f"Mandate {key}"),
        short=english(f"on {key}"),
    )


def _purpose(position, key, *, cross_cutting=False):
    name = english(key.title())
    return Purpose(position=position, key=key, name=name, cross_cutting=cross_cutting)


def loaded(db, meeting):
    """The meeting with its facts; after a commit they have to be read again."""
    return meeting_by_slug(db, meeting.slug) if inspect(meeting).unloaded else meeting


def work_on(db, meeting, *, by=COMMAND_LINE, now=NOW):
    """Somebody at work on the meeting."""
    return begin_work(db, meeting, by=by, now=now, site=SITE)


def make_room(db, meeting, name="Room A", **given):
    room = add_room(work_on(db, meeting), RoomGiven(english(name), **given))
    db.flush()
    db.expire(meeting, ["rooms"])
    return room


def make_item(db, meeting, title="Opening of the meeting", *, mandates=(), purposes=(), **given):
    """Mandates and purposes by their keys."""
    meeting = loaded(db, meeting)
    item = add_item(
        work_on(db, meeting),
        ItemGiven(
            title=english(title),
            minutes=given.get("minutes"),
            mandates=[each for each in meeting.mandates if each.key in mandates],
            purposes=[each for each in meeting.purposes if each.key in purposes],
        ),
    )
    db.flush()
    return item


def slot(meeting, room, start=TEN, *, day=1, minutes=60):
    """On the first day at ten for an hour, by the meeting's clock."""
    date_ = meeting.first_day + timedelta(days=day - 1)
    starts_at = local_instant(date_, start, meeting.zone)
    return Slot(starts_at, starts_at + timedelta(minutes=minutes), room.id)


def words(
    title="First plenary", *, note="", items=(), entities=(), closed=False, minutes=None, people=()
):
    """What is entered of a sitting, its place apart."""
    return commands.SittingGiven(
        title=english(title),
        note=english(note),
        minutes=minutes,
        items=list(items),
        entities=list(entities),
        closed=closed,
        people={person.id: SittingRole(role) for person, role in people},
    )


def make_sitting(db, meeting, title="First plenary", *, room=None, at=TEN, day=1, **given):
    """In the room on the first day at ten; without a room it is not placed."""
    meeting = loaded(db, meeting)
    place = slot(meeting, room, at, day=day) if room else None
    sitting = commands.add_sitting(work_on(db, meeting), words(title, **given), place)
    db.flush()
    return sitting


def make_entity(db, key="cim", name="Commission of Women", **given):
    names = [NameGiven(name=english(name), acronym=english(key.upper()))]
    entity = add_entity(db, key=key, kind=EntityKind.BODY, names=names, **given)
    db.flush()
    return entity


def make_resolution(db, key="source", *, called_upon=()):
    """One operative paragraph, which calls upon these entities."""
    resolution = Resolution(
        key=key, symbol=f"AG/RES. {key}", title=english("On trafficking"), original_language="en"
    )
    calls = ParagraphGiven(
        kind=Part.OPERATIVE,
        number=4,
        text=english("To call upon them."),
        addressees=[AddresseeGiven(entity, Asks.CALLED_UPON) for entity in called_upon],
    )
    add_resolution(db, resolution, [calls])
    db.flush()
    return resolution


TEXT = (Path(__file__).parents[1] / "demo" / "resolution.txt").read_text(encoding="utf-8")


def make_draft(db, person_id, *, text=TEXT, now=NOW):
    """A reading in progress of this person."""
    draft = begin_draft(db, person_id=person_id, title="A draft", text=text, source=None, now=now)
    db.flush()
    return draft


def make_deadline(db, meeting, *, due_on=FIRST_DAY, what="Report", paragraph=None, recipient=None):
    position = db.scalar(
        select(func.count()).select_from(Deadline).where(Deadline.meeting_id == meeting.id)
    )
    deadline = Deadline(
        meeting_id=meeting.id,
        position=position,
        due_on=due_on,
        what=english(what),
        paragraph_id=paragraph.id if paragraph else None,
        recipient_id=recipient.id if recipient else None,
    )
    db.add(deadline)
    db.flush()
    db.expire(meeting, ["deadlines"])
    return deadline


def make_document(db, app, meeting, symbol="RTP/doc.1/06", *, document_class="restricted", **given):
    """With a PDF in English, unless `content` is something else or None."""
    content = given.pop("content", pdf())
    facts = {"title": english("Draft agenda"), "dated": None} | given
    work = work_on(db, loaded(db, meeting))
    entry = DocumentGiven(symbol=symbol, document_class=DocumentClass(document_class), **facts)
    document = add_document(work, entry)
    if content is not None:
        stored = app.state.uploads.take(io.BytesIO(content), "agenda.pdf", field="file")
        add_file(work, document, keep_file(db, stored, by=None, now=NOW), "en")
    db.flush()
    return document


def make_person(db, role="chair", *meetings, language="en", name=""):
    """Somebody with this role in each of the meetings."""
    email = f"{role}-{next(numbers)}@example.org"
    person = add_person(db, email=email, name=name or f"A {role}", language=language)
    db.flush()
    for meeting in meetings:
        grant_role(db, person, meeting.id, Role(role))
    db.flush()
    return person


def publish(db, meeting, *, now=NOW, remark=""):
    """The next edition."""
    work = work_on(db, loaded(db, meeting), now=now)
    return publishing.publish(work, remark=english(remark))[0]


def letter_given(dedupe, **given):
    """A letter to Ana."""
    fixed = {
        "kind": "test",
        "to_name": "Ana Ruiz",
        "to_address": "ana@example.org",
        "language": "en",
        "subject": "Moved to Wed 15 March, 10:00: Second plenary",
        "text": "The second plenary moved.\n",
        "html": "<!doctype html><html lang=en><title>M</title><body><p>It moved.</p></body></html>",
    }
    return LetterGiven(dedupe=dedupe, **(fixed | given))
