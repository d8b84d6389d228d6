"""Meetings to measure with, made by the program's own commands beside its demo."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as wall_time
from pathlib import Path
from typing import Any, Self

from sqlalchemy import Engine, event, inspect, select
from sqlalchemy.orm import Session

from app.agendas.commands import ItemGiven, add_item
from app.agendas.models import Item
from app.core.changes import COMMAND_LINE
from app.core.database import Sessions, create_engines
from app.core.languages import LANGUAGES, Localized
from app.core.security import Site
from app.directory.models import Entity
from app.meetings.commands import RoomGiven, Work, add_room, begin_work
from app.meetings.models import Meeting
from app.meetings.queries import meeting_by_slug
from app.meetings.rules import local_instant
from app.schedules.commands import SittingGiven, add_sitting, change_sitting
from app.schedules.models import Sitting
from app.schedules.publishing import publish
from app.schedules.queries import sittings_of
from app.settings import Settings
from bench.children import convoca

MODEL = "rtp-1"
HOURS = (9, 10, 11, 15, 16)
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Size:
    """How big a meeting is."""

    sittings: int
    rooms: int
    days: int
    of: str = ""

    @property
    def slug(self) -> str:
        """Its address."""
        return f"bench-{self.of or self.sittings}"


# The usual case, a large conference, and more than anybody should plan in one meeting.
SIZES = (Size(25, 2, 4), Size(200, 4, 10), Size(1000, 10, 20))


@dataclass(frozen=True)
class Publishing:
    """What publishing once took."""

    cpu: float
    statements: int


class Store:
    """The database that the servers read, as their secretariat changes it."""

    def __init__(self, folder: Path) -> None:
        convoca(folder, "migrate")
        convoca(folder, "demo")
        self.engines = create_engines(Settings(data_dir=folder).database)
        self.sessions = Sessions(self.engines, after_write=lambda: None)
        self.now = datetime.now(UTC)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.engines.dispose()

    def later(self) -> datetime:
        """A later moment each time."""
        self.now += timedelta(minutes=1)
        return self.now

    def make_meeting(self, size: Size) -> None:
        """A meeting with two editions, so that its page marks what changed."""
        with self.transaction() as db:
            _make_meeting(db, size, now=self.later())
        for _ in range(2):
            self.publish_a_change(size)

    def publish_a_change(self, size: Size) -> Publishing:
        """Reword one sitting; then publish, which alone is measured."""
        now = self.later()
        with self.transaction() as db:
            meeting = meeting_by_slug(db, size.slug)
            sitting = sittings_of(db, meeting.id)[now.minute % size.sittings]
            given = _words(sitting.title, now.minute, sitting.items, sitting.entities)
            work = _work(db, meeting, now=now)
            change_sitting(work, sitting, given, version=sitting.version)
        return self.publish(size)

    def publish(self, size: Size) -> Publishing:
        """Publish what is in work, which alone is measured."""
        now = self.later()
        with _counted(self.engines.write) as statements:
            began = time.process_time()
            with self.transaction() as db:
                meeting = meeting_by_slug(db, size.slug)
                _, fresh = publish(_work(db, meeting, now=now), remark=Localized())
            took = time.process_time() - began
        if not fresh:
            raise RuntimeError("nothing was published")
        return Publishing(took, len(statements))

    def make_draft(self, size: Size) -> None:
        """A meeting of which nothing is published."""
        with self.transaction() as db:
            _make_meeting(db, size, now=self.later())

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Committed at its end."""
        with self.sessions.writing() as db:
            yield db
            db.commit()


@contextmanager
def _counted(engine: Engine) -> Iterator[list[str]]:
    """The statements sent meanwhile, BEGIN apart; one for many rows counts once."""
    found: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith("BEGIN"):
            found.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)


def _work(db: Session, meeting: Meeting, *, now: datetime) -> Work:
    return begin_work(db, meeting, by=COMMAND_LINE, now=now, site=Site("http://127.0.0.1"))


def _make_meeting(db: Session, size: Size, *, now: datetime) -> None:
    model = meeting_by_slug(db, MODEL)
    first = now.date() + timedelta(days=300)
    last = first + timedelta(days=size.days - 1)
    days = {"first_day": first, "last_day": last, "public_changed_at": now}
    meeting = _copy(model, slug=size.slug, **days)
    meeting.mandates = [_copy(each, meeting_id=None) for each in model.mandates]
    meeting.purposes = [_copy(each, meeting_id=None) for each in model.purposes]
    meeting.deadlines = [_copy(each, meeting_id=None) for each in model.deadlines]
    meeting.rooms = []
    db.add(meeting)
    db.flush()  # rooms and items name their meeting by key
    work = _work(db, meeting, now=now)
    for number in range(size.rooms):
        name = Localized(en=f"Room {number}", es=f"Sala {number}", fr=f"Salle {number}")
        meeting.rooms.append(add_room(work, RoomGiven(name)))
    titles = [each.title for each in sittings_of(db, model.id)]
    items = _items(work, titles, count=max(12, size.sittings // 10))
    entities = db.scalars(select(Entity).order_by(Entity.key)).all()
    for number in range(size.sittings):
        item = items[number % len(items)]
        taking_part = [entities[(number + step) % len(entities)] for step in range(2)]
        given = _words(titles[number % len(titles)], number, [item], taking_part)
        _place(add_sitting(work, given, None), number, meeting, size)


def _copy(row: Any, **other: object) -> Any:
    """A new row with the same columns: a column added later needs no change here."""
    columns = {each.key: getattr(row, each.key) for each in inspect(row).mapper.column_attrs}
    del columns["id"]
    return type(row)(**(columns | other))


def _items(work: Work, titles: list[Localized], *, count: int) -> list[Item]:
    items = []
    mandates, purposes = work.meeting.mandates, work.meeting.purposes
    for number in range(count):
        given = ItemGiven(
            title=_numbered(titles[number % len(titles)], number),
            minutes=60,
            mandates=mandates[: 1 + number % len(mandates)],
            purposes=[purposes[number % len(purposes)]],
        )
        items.append(add_item(work, given))
    return items


def _words(title: Localized, number: int, items: Any, entities: Any) -> SittingGiven:
    note = Localized(en="Interpretation in four languages.", es="Interpretación en cuatro idiomas.")
    return SittingGiven(_numbered(title, number), note, 60, items, entities, closed=False)


def _numbered(title: Localized, number: int) -> Localized:
    return Localized({lang: f"{title[lang]} ({number})" for lang in LANGUAGES if lang in title})


def _place(sitting: Sitting, number: int, meeting: Meeting, size: Size) -> None:
    """Hour after hour through every room.

    Not by the command: it reads the whole timetable for each sitting, which takes a minute for a
    thousand. Publishing checks for clashes all the same.
    """
    hours, room = divmod(number, size.rooms)
    day, hour = divmod(hours, len(HOURS))
    date_: date = meeting.first_day + timedelta(days=day)
    start = local_instant(date_, wall_time(HOURS[hour]), meeting.zone)
    if start is None:
        raise ValueError("the clocks skip this time")
    sitting.starts_at, sitting.ends_at = start, start + HOUR
    sitting.room = meeting.rooms[room]
