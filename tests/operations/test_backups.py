"""A backup is whole or refused, becomes an installation elsewhere, and never counts back."""

import hashlib
import json
import threading
import zipfile
from datetime import timedelta
from io import BytesIO
from itertools import compress

import pytest
from alembic import command
from icalendar import Calendar
from sqlalchemy import Column, Integer, MetaData, Table, func, inspect, select
from sqlalchemy.types import Interval

from app.calendars.feeds import entries_of, feed_bytes
from app.calendars.rules import everything
from app.core.database import create_engines
from app.core.installation import installation, resume_mail
from app.core.letters import Letter, State, write_letter
from app.core.postman import Postman
from app.core.transports import Folder
from app.meetings.models import Meeting, Room
from app.meetings.queries import meeting_by_slug
from app.operations import restoring
from app.operations.archives import DamagedError
from app.operations.backups import back_up
from app.operations.checks import findings
from app.operations.portable import kind_of
from app.operations.restoring import restore
from app.schedules.models import Edition, Sitting
from app.schedules.queries import current_edition
from app.schema import metadata
from app.settings import Settings
from app.startup import NotReadyError, alembic_config, check_folder
from tests.databases import Files, writing
from tests.make import NOW, letter_given, make_meeting, make_room, make_sitting, publish

LATER = NOW + timedelta(days=30)


@pytest.fixture
def source(settings, demo):
    """An installation with the demo and a file that somebody put there."""
    file = settings.data_dir / "files" / "ab" / "abcd"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"%PDF-1.7 official note")
    (settings.data_dir / "secret.key").write_text("never leaves")
    return settings


@pytest.fixture
def backup(source, tmp_path):
    """A backup of it."""
    file = tmp_path / "backup.zip"
    back_up(source, file, now=NOW)
    return file


@pytest.fixture
def elsewhere(tmp_path, databases):
    """Another machine's empty installation."""
    return Settings(data_dir=tmp_path / "elsewhere", database_url=databases.clone())


def contents(url):
    """Every row of every table, but what a restore is there to change."""
    with writing(url) as db:
        return {
            table.name: sorted(
                str([row[column] for column in row if column not in CHANGED])
                for row in db.execute(select(table)).mappings()
            )
            for table in metadata.sorted_tables
        }


CHANGED = {"sequence_offset", "mail_paused_at", "public_stamp", "public_changed_at"}


def verified(url):
    with writing(url) as db:
        return list(findings(db))


def test_a_backup_becomes_the_same_installation_elsewhere(source, backup, elsewhere):
    restore(elsewhere, backup, now=LATER)

    assert contents(elsewhere.database) == contents(source.database)
    assert (elsewhere.data_dir / "files/ab/abcd").read_bytes() == b"%PDF-1.7 official note"
    assert verified(elsewhere.database) == []
    command.check(alembic_config(elsewhere.database))
    check_folder(elsewhere)
    left = {path.name for path in elsewhere.data_dir.iterdir()}
    assert left == {"files", "installation.json"}


def test_a_backup_moves_between_the_two_databases(source, backup, tmp_path, databases):
    with Files() as files:
        there = Settings(data_dir=tmp_path / "there", database_url=files.clone())
        restore(there, backup, now=NOW)
        again = tmp_path / "again.zip"
        back_up(there, again, now=NOW)
        back = Settings(data_dir=tmp_path / "back", database_url=databases.clone())
        restore(back, again, now=LATER)

        assert contents(there.database) == contents(source.database)
    assert contents(back.database) == contents(source.database)
    assert verified(back.database) == []


def test_the_manifest_tells_versions_and_counts_and_no_secret_leaves(source, backup):
    with zipfile.ZipFile(backup) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        everything_in_it = b"".join(archive.read(name) for name in archive.namelist())

    assert manifest["tables"]["meetings"] == 6
    assert manifest["made_at"] == NOW.isoformat()
    assert b"never leaves" not in everything_in_it
    assert backup.stat().st_mode & 0o077 == 0
    assert [path.name for path in backup.parent.glob(".*")] == []


def test_a_backup_is_of_one_moment_while_people_write(source, tmp_path, db, elsewhere):
    meeting = meeting_by_slug(db, "practice")
    stop = threading.Event()

    def write():
        while not stop.is_set():
            for number in range(2):  # always in pairs
                make_room(db, meeting, f"Room {number}")
            db.commit()

    writer = threading.Thread(target=write)
    before = db.scalar(select(func.count()).select_from(Room))
    db.commit()
    writer.start()
    try:
        facts = [back_up(source, tmp_path / f"{n}.zip", now=NOW) for n in range(3)]
    finally:
        stop.set()
        writer.join()

    counts = [each["tables"]["rooms"] - before for each in facts]
    assert [count % 2 for count in counts] == [0, 0, 0]
    restore(elsewhere, tmp_path / "2.zip", now=LATER)
    with writing(elsewhere.database) as copy:
        assert copy.scalar(select(func.count()).select_from(Room)) == counts[2] + before


def test_a_backup_is_not_written_over(source, backup):
    before = backup.read_bytes()
    with pytest.raises(NotReadyError, match="already"):
        back_up(source, backup, now=NOW)
    assert backup.read_bytes() == before


def test_a_backup_that_fails_leaves_nothing(source, tmp_path, monkeypatch):
    def fail(*_given):
        raise OSError("no space left")

    monkeypatch.setattr("app.operations.backups._add_files", fail)
    with pytest.raises(OSError, match="no space"):
        back_up(source, tmp_path / "b.zip", now=NOW)
    assert list(tmp_path.glob("*.zip*")) + list(tmp_path.glob(".*.part")) == []


def cut(content):
    return content[: len(content) // 2]


def flipped(content):
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


def garbled(content):
    """Compressed bytes of a member, past its header, that are no compressed bytes any more."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        largest = max(archive.infolist(), key=lambda member: member.compress_size)
    begin = largest.header_offset + 30 + len(largest.filename) + 40
    return content[:begin] + b"\xff" * 20 + content[begin + 20 :]


def emptied(content):
    return content[:0]


@pytest.mark.parametrize("damage", [cut, flipped, garbled, emptied])
def test_half_a_backup_is_refused_before_anything_is_made(backup, elsewhere, damage):
    backup.write_bytes(damage(backup.read_bytes()))

    with pytest.raises(DamagedError, match="no whole backup"):
        restore(elsewhere, backup, now=NOW)
    assert not elsewhere.data_dir.exists()


def rewritten(backup, change):
    """The archive anew, with other members and a manifest that fits its zip."""
    with zipfile.ZipFile(backup) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(members["manifest.json"])
    change(members, manifest)
    members["manifest.json"] = json.dumps(manifest).encode()
    with zipfile.ZipFile(backup, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def without_a_member(members, manifest):
    del members["files/ab/abcd"]


def with_another(members, manifest):
    members["files/more"] = b"more"


def with_other_content(members, manifest):
    members["files/ab/abcd"] = b"forged"


def leading_elsewhere(members, manifest):
    members["files/../../x"] = members.pop("files/ab/abcd")
    manifest["members"]["files/../../x"] = manifest["members"].pop("files/ab/abcd")


def of_the_future(members, manifest):
    manifest["format"] = 99


@pytest.mark.parametrize(
    "change",
    [without_a_member, with_another, with_other_content, leading_elsewhere, of_the_future],
)
def test_a_forged_backup_is_refused(backup, elsewhere, change):
    rewritten(backup, change)

    with pytest.raises(DamagedError, match="no whole backup"):
        restore(elsewhere, backup, now=NOW)
    assert not elsewhere.data_dir.exists()


def test_a_backup_of_a_newer_program_is_refused(backup, elsewhere):
    def newer(members, manifest):
        manifest["schema"] = "9999"

    rewritten(backup, newer)
    with pytest.raises(NotReadyError, match="newer Convoca"):
        restore(elsewhere, backup, now=NOW)
    assert not elsewhere.data_dir.exists()


@pytest.fixture
def first_schema(databases):
    """The tables of the first release, and their columns."""
    url = databases.clone()
    command.upgrade(alembic_config(url), "0001")
    with writing(url) as db:
        here = inspect(db.connection())
        return {
            table: {column["name"] for column in here.get_columns(table)}
            for table in here.get_table_names()
        }


def test_a_backup_of_an_older_schema_is_brought_up(backup, elsewhere, first_schema):
    def older(members, manifest):
        manifest["schema"] = "0001"
        for name in [name for name in members if name.startswith("tables/")]:
            table = name.partition("-")[2].removesuffix(".jsonl")
            if table in first_schema:
                members[name] = without_columns(members[name], first_schema[table])
                manifest["members"][name] = hashlib.sha256(members[name]).hexdigest()
            else:
                del members[name], manifest["members"][name], manifest["tables"][table]

    rewritten(backup, older)
    restore(elsewhere, backup, now=LATER)

    command.check(alembic_config(elsewhere.database))
    assert verified(elsewhere.database) == []
    with writing(elsewhere.database) as db:
        assert db.scalars(select(Meeting.slug).order_by(Meeting.slug)).all() == [
            "gt-practice-1",
            "gt-practice-2",
            "gt-practice-3",
            "gt-rtp-1",
            "practice",
            "rtp-1",
        ]


def without_columns(lines, known):
    head, *rows = map(json.loads, lines.splitlines())
    kept = [name in known for name in head["columns"]]
    head["columns"] = dict(compress(head["columns"].items(), kept))
    return "\n".join(map(json.dumps, (head, *(list(compress(row, kept)) for row in rows)))).encode()


def test_only_an_empty_place_is_restored_into(source, backup, elsewhere, tmp_path):
    with pytest.raises(NotReadyError, match="is not empty"):
        restore(source, backup, now=NOW)
    other = Settings(data_dir=elsewhere.data_dir, database_url=source.database_url)
    with pytest.raises(NotReadyError, match=r"there already|not empty"):
        restore(other, backup, now=NOW)
    elsewhere.data_dir.mkdir()
    (elsewhere.data_dir / "secret.key").write_text("kept from before")
    restore(elsewhere, backup, now=NOW)
    assert (elsewhere.data_dir / "secret.key").read_text() == "kept from before"


def test_a_restore_that_was_cut_off_is_not_served(backup, elsewhere, monkeypatch):
    def die(*_given, **_named):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(restoring, "findings", die)
        with pytest.raises(KeyboardInterrupt):
            restore(elsewhere, backup, now=NOW)
    with pytest.raises(NotReadyError, match="cut off"):
        check_folder(elsewhere, may_begin=True)


def test_rows_that_are_not_whole_are_not_kept(backup, elsewhere, monkeypatch):
    monkeypatch.setattr(restoring, "findings", lambda _: iter(["first: edition 1 is not"]))
    with pytest.raises(DamagedError, match="edition 1"):
        restore(elsewhere, backup, now=NOW)


def exported(url):
    """UID and SEQUENCE of each entry, as a calendar program reads them."""
    with writing(url) as db:
        meeting = meeting_by_slug(db, "first")
        edition = current_edition(db, meeting.id)
        entries = entries_of(db, meeting, edition, "en", everything, base_url="http://x")
        feed = Calendar.from_ical(feed_bytes(meeting, entries, "en", address="http://x"))
    return {str(event["UID"]): int(event["SEQUENCE"]) for event in feed.walk("VEVENT")}


def move_and_publish(url, times, since):
    """Each edition has the sitting a little later."""
    with writing(url) as db:
        for number in range(times):
            sitting = db.scalars(select(Sitting)).one()
            sitting.starts_at += timedelta(minutes=1)
            sitting.ends_at += timedelta(minutes=1)
            db.flush()
            meeting = meeting_by_slug(db, "first")
            publish(db, meeting, now=since + timedelta(minutes=number))
        db.commit()


def test_an_old_backup_publishes_above_what_was_sent(settings, db, tmp_path, databases):
    meeting = make_meeting(db)
    make_sitting(db, meeting, room=make_room(db, meeting))
    publish(db, meeting)
    db.commit()
    old = tmp_path / "old.zip"
    back_up(settings, old, now=NOW)
    move_and_publish(settings.database, 5, NOW + timedelta(hours=1))
    sent = exported(settings.database)
    highest, now, place = [sent], NOW, old
    for number in range(3):
        now += timedelta(days=1)
        here = Settings(data_dir=tmp_path / f"{number}", database_url=databases.clone())
        restore(here, place, now=now)
        highest.append(exported(here.database))
        move_and_publish(here.database, 2, now)
        highest.append(exported(here.database))

    [uid] = sent
    counts = [each[uid] for each in highest]
    assert counts == sorted(set(counts))
    with writing(here.database) as copy:
        assert installation(copy).sequence_offset == 3 * 86400
        assert copy.scalars(select(Edition.number).order_by(Edition.number)).all() == [1, 2, 3]


def test_a_clock_that_went_back_does_not_lower_the_count(settings, db, tmp_path, databases):
    offsets = []
    here = settings
    for number, now in enumerate([LATER, NOW - timedelta(days=1)]):
        file = tmp_path / f"{number}.zip"
        back_up(here, file, now=now)
        here = Settings(data_dir=tmp_path / f"d{number}", database_url=databases.clone())
        restore(here, file, now=now)
        with writing(here.database) as copy:
            offsets.append(installation(copy).sequence_offset)

    assert offsets == [30 * 86400, 30 * 86400]


def test_every_column_has_a_portable_kind():
    for table in metadata.sorted_tables:
        assert [kind_of(column) for column in table.columns]
    strange = Table("strange", MetaData(), Column("id", Integer), Column("how_long", Interval))
    with pytest.raises(TypeError, match="how_long"):
        kind_of(strange.c.how_long)


def test_tables_are_empty_after_a_refusal(backup, elsewhere, databases):
    rewritten(backup, lambda _, manifest: manifest["tables"].update(rooms=999))

    with pytest.raises(DamagedError, match="other rows"):
        restore(elsewhere, backup, now=NOW)
    if not isinstance(databases, Files):
        with writing(elsewhere.database) as db:
            assert inspect(db.connection()).has_table("rooms")
            assert db.scalar(select(func.count()).select_from(Room)) == 0


def test_a_restored_copy_writes_to_nobody_until_somebody_says_so(settings, db, elsewhere, tmp_path):
    for state in (State.WAITING, State.RETRY, State.SENT):
        given = letter_given(state, subject=state)
        write_letter(db, given, now=NOW).state = state
    write_letter(db, letter_given("calendar", calendar=b"BEGIN:\xc3\xb3"), now=NOW)
    db.commit()
    back_up(settings, tmp_path / "backup.zip", now=NOW)
    restore(elsewhere, tmp_path / "backup.zip", now=LATER)
    engines, folder = create_engines(elsewhere.database), tmp_path / "letters"
    postman = Postman(engines, Folder(folder), "a@example.org", "k" * 40, lambda: LATER)
    assert postman.send_due() == 0
    with writing(elsewhere.database) as copy:
        found = {each.dedupe: each for each in copy.scalars(select(Letter))}
        assert {name: each.state.value for name, each in found.items()} == {
            "waiting": "uncertain",
            "retry": "uncertain",
            "sent": "sent",
            "calendar": "uncertain",
        }
        assert found["calendar"].calendar == b"BEGIN:\xc3\xb3"
        resume_mail(copy)
        copy.commit()
    assert (postman.send_due(), folder.exists()) == (0, False)
    engines.dispose()
