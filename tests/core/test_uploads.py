"""Files from the form to the store and back: where they lie, what is kept, what is given out."""

import io
import os
import re
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from app import cli
from app.core.database import Sessions, create_engines
from app.core.errors import Invalid, NoSpace, TooLarge
from app.core.scanning import Scanner
from app.core.stores import FolderStore, new_key
from app.core.uploads import (
    File,
    ScanState,
    Uploads,
    broken_files,
    collect_orphans,
    keep_file,
    shown_name,
)
from app.operations.housekeeping import scan_files
from app.settings import SettingsError, load_settings
from tests.make import NOW
from tests.papers import EICAR, pdf
from tests.scanners import scanner

CLOSED_PORT = 1
LATER = datetime.now(UTC) + timedelta(hours=2)


@pytest.fixture
def store(tmp_path):
    return FolderStore(tmp_path / "files")


def take(uploads, content=None, name="agenda.pdf"):
    return uploads.take(io.BytesIO(pdf() if content is None else content), name, field="file")


def kept(db, uploads, content=None, name="agenda.pdf"):
    file = keep_file(db, take(uploads, content, name), by=uuid4(), now=NOW)
    db.commit()
    return file


def bytes_of(store, file):
    return b"".join(store.read(file.key, 0, file.size))


def lying(store):
    return {each.key for each in store.listed()}


def test_a_file_lies_under_a_random_key_and_its_name_only_in_the_database(store, db):
    file = kept(db, Uploads(store), name="Orden del día.pdf")

    assert lying(store) == {file.key}
    assert re.fullmatch(r"([0-9a-f]{2})/\1[0-9a-f]{62}", file.key)
    assert bytes_of(store, file) == pdf()
    assert (file.name, file.media_type, file.size) == (
        "Orden del día.pdf",
        "application/pdf",
        len(pdf()),
    )
    assert file.scan is ScanState.UNSCANNED


def test_only_its_owner_writes_the_folder_and_nobody_else_reads_it(store, db, monkeypatch):
    before = os.umask(0)
    try:
        file = kept(db, Uploads(store))
    finally:
        os.umask(before)

    path = store.root / file.key
    modes = [each.stat().st_mode & 0o777 for each in (path, path.parent, store.root)]
    assert modes == [0o640, 0o750, 0o750]


def test_nothing_is_ever_written_over(store):
    key = new_key()
    store.put(key, io.BytesIO(b"first"))

    with pytest.raises(FileExistsError):
        store.put(key, io.BytesIO(b"second"))

    assert lying(store) == {key}


@pytest.mark.parametrize("key", ["../../x", "/etc/passwd", "ab/../../x", "", "ab/short", "C:x"])
def test_no_key_leads_out_of_the_folder(store, key):
    with pytest.raises(ValueError, match="not a key"):
        store.put(key, io.BytesIO(b"x"))
    with pytest.raises(ValueError, match="not a key"):
        store.read(key, 0, 1)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("/absolute/a.pdf", "a.pdf"),
        (r"C:\Users\ana\Agenda.pdf", "Agenda.pdf"),
        ("nul\0byte.pdf", "nul byte.pdf"),
        ("CON.pdf", "CON.pdf"),
        ("x" * 300 + ".pdf", "x" * 195 + "….pdf".replace("…", "x")),
        ("annex\u202efdp.pdf", "annexfdp.pdf"),
        ('say "hello".pdf', 'say "hello".pdf'),
        ("two\r\nlines.pdf", "two lines.pdf"),
        ("👩‍💻 notes.pdf", "👩‍💻 notes.pdf"),
        ("sesio\u0301n.pdf", "sesión.pdf"),
    ],
)
def test_a_name_is_shown_as_given_without_what_leads_astray(store, db, given, shown):
    file = kept(db, Uploads(store), name=given)

    assert file.name == shown == shown_name(given)
    assert re.fullmatch(r"([0-9a-f]{2})/\1[0-9a-f]{62}", file.key)


@pytest.mark.parametrize(
    ("content", "name"), [(b"", "a.pdf"), (b"<html>", "a.pdf"), (pdf(), "a.exe"), (pdf(), "a.docx")]
)
def test_what_is_refused_is_not_put_away(store, content, name):
    with pytest.raises(Invalid):
        take(Uploads(store), content, name)
    assert lying(store) == set()


def test_one_byte_too_many_is_too_many(store):
    exact = Uploads(store, most_bytes=len(pdf()))
    assert take(exact)
    with pytest.raises(TooLarge):
        take(exact, pdf() + b"\n")


class FullDisk(io.BytesIO):
    """The disk is full when the second piece is to be written."""

    def read(self, size=-1):
        if self.tell():
            raise OSError(28, "No space left on device")
        return super().read(min(size, 10))


def test_a_full_disk_is_said_and_nothing_of_the_file_stays(store):
    with pytest.raises(NoSpace):
        store.put(new_key(), FullDisk(b"x" * 1000))
    assert lying(store) == set()


@contextmanager
def scanned(store, answer=b""):
    with scanner(answer) as listening:
        yield Uploads(store, Scanner(*listening.server_address)), listening


def test_a_clean_file_is_said_to_be_clean_and_was_shown_whole(store, db):
    with scanned(store) as (uploads, listening):
        file = kept(db, uploads, pdf(b"x" * 600_000))
        assert listening.seen == [pdf(b"x" * 600_000)]
    assert (file.scan, file.served) == (ScanState.CLEAN, True)


@pytest.mark.parametrize(("name", "content"), [("a.txt", EICAR), ("a.pdf", pdf(EICAR))])
def test_a_virus_is_refused_by_name_and_not_put_away(store, name, content):
    with scanned(store) as (uploads, _), pytest.raises(Invalid) as caught:
        take(uploads, content, name)
    assert "Win.Test.EICAR" in caught.value.errors[0].message.in_language("en")
    assert lying(store) == set()


@pytest.mark.parametrize("answer", [b"INSTREAM size limit exceeded. ERROR\0", b"hello", b"\0"])
def test_an_answer_that_decides_nothing_leaves_the_file_waiting(store, answer):
    with scanned(store, answer) as (uploads, _):
        assert take(uploads).scan is ScanState.PENDING


@pytest.fixture
def sessions(database_url):
    engines = create_engines(database_url)
    yield Sessions(engines, after_write=lambda: None)
    engines.dispose()


def test_while_the_scanner_is_away_files_wait_and_are_judged_later(store, db, sessions):
    away = Uploads(store, Scanner("127.0.0.1", CLOSED_PORT))
    good, bad = kept(db, away), kept(db, away, pdf(b"infected"))
    assert {good.scan, bad.scan} == {ScanState.PENDING}
    assert not good.served
    db.rollback()  # its lock would keep the others out

    assert scan_files(sessions, away) == {ScanState.PENDING: 2}
    with scanned(store) as (uploads, _):
        assert scan_files(sessions, uploads) == {ScanState.CLEAN: 1, ScanState.REFUSED: 1}
        assert scan_files(sessions, uploads) == {}

    db.expire_all()
    assert (good.scan, bad.scan) == (ScanState.CLEAN, ScanState.REFUSED)
    assert (good.served, bad.served) == (True, False)
    assert lying(store) == {good.key, bad.key}


def test_a_scanner_that_comes_later_sees_what_nobody_looked_at(store, db, sessions):
    file = kept(db, Uploads(store))
    db.rollback()
    with scanned(store) as (uploads, _):
        scan_files(sessions, uploads)
    db.expire_all()
    assert file.scan is ScanState.CLEAN


def test_what_no_row_names_is_collected_after_an_hour_and_nothing_else(store, db):
    file = kept(db, Uploads(store))
    orphan = take(Uploads(store))
    (store.root / "note.txt").write_text("not ours")

    assert collect_orphans(db, store, now=LATER - timedelta(hours=2)) == []
    assert lying(store) == {file.key, orphan.key}
    assert collect_orphans(db, store, now=LATER) == [orphan.key]
    assert lying(store) == {file.key}
    assert collect_orphans(db, store, now=LATER) == []
    assert (store.root / "note.txt").exists()


def test_a_file_that_is_gone_or_altered_is_named(store, db):
    whole, gone, altered, longer = (kept(db, Uploads(store)) for _ in range(4))
    (store.root / gone.key).unlink()
    path = store.root / altered.key
    path.write_bytes(path.read_bytes().replace(b"1.7", b"1.6"))
    with (store.root / longer.key).open("ab") as file:
        file.write(b"\n")

    assert broken_files(db, store) == [gone, altered, longer]
    assert whole not in broken_files(db, store)


def test_the_program_collects_scans_and_checks(tmp_path, monkeypatch, capsys, database_url, db):
    data = tmp_path / "data"
    data.mkdir()
    monkeypatch.setenv("CONVOCA_DATA_DIR", str(data))
    monkeypatch.setenv("CONVOCA_DATABASE_URL", database_url)
    store = FolderStore(data / "files")
    file = kept(db, Uploads(store))
    orphan = take(Uploads(store))
    os.utime(store.root / orphan.key, (0, 0))
    db.rollback()

    assert cli.main(["files", "collect"]) == 0
    assert cli.main(["files", "check"]) == 0
    assert lying(store) == {file.key}
    db.rollback()
    with scanner() as listening:
        host, port = listening.server_address
        monkeypatch.setenv("CONVOCA_CLAMAV", f"{host}:{port}")
        assert cli.main(["files", "scan"]) == 0
    (store.root / file.key).unlink()
    db.rollback()
    assert cli.main(["files", "check"]) == 3

    assert capsys.readouterr().out.splitlines() == [
        "collected: 1",
        "every file is as it was sent",
        "clean: 1, pending: 0, refused: 0, unscanned: 0",
        f"file {file.id} (agenda.pdf) is gone or altered",
        "1 gone or altered",
    ]
    assert db.scalars(select(File)).one() == file


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FILES_URL", "gs://bucket"),
        ("FILES_URL", "/srv/files"),
        ("FILES_URL", "s3://"),
        ("CLAMAV", "scanner"),
        ("CLAMAV", "scanner:port"),
        ("CLAMAV", ":3310"),
    ],
)
def test_a_wrong_place_stops_the_start_by_name(name, value):
    with pytest.raises(SettingsError, match=f"CONVOCA_{name}"):
        load_settings({f"CONVOCA_{name}": value})
