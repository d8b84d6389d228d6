"""F23: the folder of files, or that of letters, takes nothing any more."""

import errno
import os
from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from app.core.letters import Letter, write_letter
from app.core.postman import Postman
from app.core.transports import Folder
from app.core.uploads import File
from app.operations.checks import findings
from tests.make import NOW, letter_given, make_document, make_meeting
from tests.papers import pdf


@pytest.fixture
def meeting(db):
    return make_meeting(db)


@pytest.fixture
def chair(signed_in, meeting):
    return signed_in("chair", meeting)


@pytest.fixture
def disk(monkeypatch):
    """`disk.full(True)`: from here on nothing of ours reaches it; `False` makes room."""
    fsync = os.fsync

    def fail(_descriptor):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def full(is_full):
        monkeypatch.setattr(os, "fsync", fail if is_full else fsync)

    return SimpleNamespace(full=full)


def test_a_file_that_finds_no_room_is_refused_whole_and_taken_later(
    disk, app, db, chair, client, meeting
):
    document = make_document(db, app, meeting, content=None, document_class="public")
    upload = f"/en/desk/first/documents/{document.id}/files"
    download = f"/en/meetings/first/documents/{document.id}/en"
    given = {"data": {"language": "en"}, "files": {"file": ("a.pdf", pdf(), "application/pdf")}}
    disk.full(True)
    answer = chair.post(upload, **given)

    assert answer.status_code == 507
    assert "There is not enough space to keep this file." in answer.text
    assert (list(app.state.uploads.store.listed()), db.scalars(select(File)).all()) == ([], [])
    assert list(findings(db)) == []
    pages = (chair.get("/en/desk/first/documents"), client.get("/en/sign-in"))
    assert [page.status_code for page in pages] == [200, 200]
    assert chair.post("/en/desk/first/rooms", data={"name_en": "Room B"}).status_code == 303

    disk.full(False)
    assert chair.post(upload, **given).status_code == 303
    assert client.get(download).content == pdf()


def test_a_letter_that_finds_no_room_waits_with_the_reason_and_leaves_later(
    disk, app, db, clock, tmp_path
):
    folder = tmp_path / "letters"
    engines = app.state.sessions.engines
    postman = Postman(engines, Folder(folder), "a@example.org", "k" * 32, clock, jitter=lambda: 0)
    write_letter(db, letter_given("one"), now=NOW)
    db.commit()

    def letter():
        db.expire_all()
        found = db.scalars(select(Letter)).one()
        told = found.state.value, found.last_error, len(list(folder.glob("*.eml")))
        db.rollback()
        return told

    disk.full(True)
    postman.send_due()
    assert letter() == ("retry", "the disk is full", 0)

    disk.full(False)
    clock.now = NOW + timedelta(minutes=2)
    postman.send_due()
    assert letter() == ("sent", "", 1)
