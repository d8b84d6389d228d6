"""What the database does for everyone: one writer, real instants, rows that stay as published."""

import sqlite3
from datetime import UTC, datetime, timedelta, timezone
from types import SimpleNamespace
from uuid import uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

from app.agendas.models import AgendaRevision, Item
from app.core.database import FrozenRowError, create_engines, transaction, wal_is_safe
from app.core.installation import Installation, found_installation, installation
from app.core.languages import Localized
from app.meetings.models import Meeting
from app.schedules.models import Edition, EditionSitting
from tests.make import NOW, make_item, make_meeting, make_room, make_sitting, publish

SAFE_WAL = {
    (3, 7, 0): False,
    (3, 40, 1): False,
    (3, 44, 5): False,
    (3, 44, 6): True,
    (3, 44, 9): True,
    (3, 45, 0): False,
    (3, 50, 6): False,
    (3, 50, 7): True,
    (3, 51, 0): False,
    (3, 51, 2): False,
    (3, 51, 3): True,
    (3, 52, 0): False,
    (3, 52, 1): True,
    (3, 53, 0): True,
    (4, 0, 0): True,
}


@pytest.fixture
def sqlite(tmp_path):
    """SQLite's engines on a new file, whichever database the other tests use."""
    engines = create_engines(f"sqlite:///{tmp_path / 'new.db'}")
    yield engines
    engines.dispose()


def test_the_write_ahead_log_is_used_only_where_sqlite_has_the_fix():
    assert {version: wal_is_safe(version) for version in SAFE_WAL} == SAFE_WAL


def test_sqlite_keeps_its_promises_on_every_connection(sqlite):
    journal = "wal" if wal_is_safe(sqlite3.sqlite_version_info) else "delete"
    pragmas = {"foreign_keys": 1, "synchronous": 2, "trusted_schema": 0, "busy_timeout": 5000}
    with sqlite.write.connect() as writing, sqlite.read.connect() as reading:
        for connection, reads_only in ((writing, 0), (reading, 1)):
            expected = {**pragmas, "journal_mode": journal, "query_only": reads_only}
            assert expected == {
                name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in expected
            }


def test_a_writer_has_the_lock_before_it_reads(sqlite):
    with sqlite.write.connect() as first:
        first.execute(text("SELECT 1"))
        second = sqlite3.connect(sqlite.write.url.database, timeout=0, isolation_level=None)
        with pytest.raises(sqlite3.OperationalError, match="database is locked"):
            second.execute("BEGIN IMMEDIATE")
        second.close()


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_request_that_only_reads_cannot_write(app, db, method):
    meeting = make_meeting(db)
    db.commit()
    session = next(transaction(SimpleNamespace(app=app, method=method)))
    try:
        session.get(Meeting, meeting.id).series = "changed"
        with pytest.raises(DBAPIError, match=r"readonly database|read-only transaction"):
            session.flush()
    finally:
        session.close()
    assert meeting.series == "OEA/Ser.K"


def test_a_row_without_what_it_points_to_is_refused(db):
    db.add(Item(meeting_id=uuid4(), position=0, title=Localized(en="Of no meeting")))

    with pytest.raises(IntegrityError):
        db.flush()


def test_a_time_without_zone_is_refused(db):
    with pytest.raises(StatementError, match="naive datetime"):
        make_meeting(db, public_changed_at=NOW.replace(tzinfo=None))


def test_an_instant_comes_back_in_utc_whatever_its_zone_was(db):
    caracas = timezone(timedelta(hours=-4))
    meeting = make_meeting(db, public_changed_at=datetime(2026, 4, 14, 10, tzinfo=caracas))
    db.commit()

    found = meeting.public_changed_at
    assert (found, found.tzinfo) == (datetime(2026, 4, 14, 14, tzinfo=UTC), UTC)


@pytest.fixture
def published(db):
    meeting = make_meeting(db)
    make_item(db, meeting)
    make_sitting(db, meeting, room=make_room(db, meeting))
    publish(db, meeting)
    db.commit()


FROZEN = {
    Edition: ("remark", Localized(en="Other words")),
    EditionSitting: ("sequence", 7),
    AgendaRevision: ("items", []),
    Installation: ("uid_domain", "elsewhere"),
}


@pytest.mark.parametrize("kind", FROZEN)
def test_what_is_frozen_cannot_be_changed(db, published, kind):
    field, value = FROZEN[kind]
    setattr(db.scalars(select(kind)).one(), field, value)

    with pytest.raises(FrozenRowError):
        db.flush()


@pytest.mark.parametrize("kind", FROZEN)
def test_what_is_frozen_cannot_be_deleted(db, published, kind):
    db.delete(db.scalars(select(kind)).one())

    with pytest.raises(FrozenRowError):
        db.flush()


def test_a_version_rises_with_each_change_and_only_then(db):
    item = make_item(db, make_meeting(db))
    versions = [item.version]
    for title in ("Opening of the meeting", "Closing", "Closing"):
        item.title = Localized(en=title)
        db.commit()
        versions.append(item.version)

    assert versions == [1, 1, 2, 2]


def test_an_installation_is_founded_once(db):
    before = installation(db).uid_domain
    found_installation(db, now=NOW)

    assert installation(db).uid_domain == before
