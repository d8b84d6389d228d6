"""F3: the server is killed amid an upload."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import select

from app import cli
from app.core.stores import CHUNK
from app.core.uploads import File
from app.operations.checks import findings
from tests.make import make_document, make_meeting
from tests.papers import pdf

PROCESS = Path(__file__).with_name("uploading_process.py")
ROOT = Path(__file__).parents[2]
CONTENT = pdf(b"x" * 8 * CHUNK)
FORM = {"data": {"language": "en"}, "files": {"file": ("agenda.pdf", CONTENT, "application/pdf")}}


@pytest.fixture
def meeting(db):
    return make_meeting(db)


@pytest.fixture
def document(db, app, meeting):
    """Public, so that its file would be anybody's."""
    return make_document(db, app, meeting, content=None, document_class="public")


@pytest.fixture
def chair(signed_in, meeting):
    return signed_in("chair", meeting)


@pytest.fixture
def addresses(document):
    """Where its file is sent to, and where it would be had."""
    return (
        f"/en/desk/first/documents/{document.id}/files",
        f"/en/meetings/first/documents/{document.id}/en",
    )


@pytest.fixture
def environment(settings, monkeypatch):
    """The data folder and the database of the test, for other programs."""
    found = {
        "CONVOCA_DATA_DIR": str(settings.data_dir),
        "CONVOCA_DATABASE_URL": settings.database,
    }
    for name, value in found.items():
        monkeypatch.setenv(name, value)
    return {"PYTHONPATH": str(ROOT), **found}


@pytest.fixture
def killed_at(environment, addresses, chair, db):
    """`killed_at(point)`: an upload to a server that dies there."""

    def upload(point):
        db.commit()
        program = subprocess.Popen(
            [sys.executable, PROCESS, point],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        with program:
            address = program.stdout.readline().strip() + addresses[0]
            with pytest.raises(httpx2.TransportError):
                httpx2.post(address, **FORM, headers=dict(chair.headers), timeout=60)
        assert program.returncode == -signal.SIGKILL

    return upload


@pytest.fixture
def lying(app):
    """`lying()`: the paths of all bytes in the store."""
    store = app.state.uploads.store
    return lambda: sorted(store.root / each.key for each in store.listed())


def sizes_of_rows(db):
    found = db.scalars(select(File.size)).all()
    db.rollback()
    return found


@pytest.mark.parametrize(
    ("point", "lie"),
    [
        ("body 50", 0),
        ("file 50", 1),
        ("stored", 1),
        ("row", 1),
        *(
            pytest.param(f"{part} {percent}", lie, marks=pytest.mark.soak)
            for part, lie in (("body", 0), ("file", 1))
            for percent in (10, 99)
        ),
    ],
)
def test_killed_before_the_row_is_there_the_bytes_are_nobodys_and_are_collected(
    killed_at, point, lie, lying, db, chair, client, addresses
):
    killed_at(point)
    assert (len(lying()), sizes_of_rows(db), list(findings(db))) == (lie, [], [])
    db.rollback()
    upload, download = addresses
    assert [each.get(download).status_code for each in (client, chair)] == [404, 404]

    assert (cli.main(["files", "collect"]), len(lying())) == (0, lie)
    for path in lying():
        os.utime(path, (0, 0))
    assert (cli.main(["files", "collect"]), lying()) == (0, [])
    assert cli.main(["files", "check"]) == 0

    assert chair.post(upload, **FORM).status_code == 303
    assert client.get(download).content == CONTENT


def test_killed_before_the_answer_the_file_is_there_whole(killed_at, lying, db, client, addresses):
    killed_at("answer")
    for path in lying():
        os.utime(path, (0, 0))

    assert [cli.main(["files", each]) for each in ("check", "collect")] == [0, 0]
    assert sizes_of_rows(db) == [len(CONTENT)]
    assert client.get(addresses[1]).content == CONTENT
