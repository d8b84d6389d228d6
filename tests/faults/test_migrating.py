"""F5, F6: migrating is killed at each statement, and begun by several at once."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import func, select, text

from app.core.database import create_engines
from app.core.installation import Installation
from app.operations.checks import findings
from app.startup import NotReadyError, alembic_config, check_schema, newest_revision, revision_of
from tests.databases import writing

PROCESS = Path(__file__).with_name("migrating_process.py")
ROOT = Path(__file__).parents[2]
FIRST = "0001"
KILLED = -signal.SIGKILL


@pytest.fixture
def empty(databases):
    """`empty()`: a database in which nothing was made yet."""
    made = []

    def make():
        made.append(databases.clone())
        return made[-1]

    yield make
    for url in made:
        if not url.startswith("sqlite") or Path(url.removeprefix("sqlite:///")).exists():
            databases.drop(url)


@pytest.fixture
def older(databases, demonstrated):
    """`older()`: the demo as the first release of the schema left it."""
    template = databases.clone(demonstrated)
    command.downgrade(alembic_config(template), FIRST)
    made = [template]

    def make():
        made.append(databases.clone(template))
        return made[-1]

    yield make
    for url in made:
        databases.drop(url)


@pytest.fixture
def migrate(tmp_path):
    """`migrate(url, last=N)`: a program of its own that migrates, and dies at statement N."""

    def start(url, *, last=0):
        folder = tmp_path / url.rpartition("/")[2].partition("?")[0]
        settings = {"CONVOCA_DATABASE_URL": url, "CONVOCA_DATA_DIR": str(folder)}
        return subprocess.Popen(
            [sys.executable, PROCESS, str(last)],
            cwd=ROOT,
            env={"PYTHONPATH": str(ROOT), **settings},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    return start


def ended(program):
    """Its exit code and what it said."""
    said, _ = program.communicate(timeout=120)
    return program.returncode, said


def revision(url):
    engines = create_engines(url)
    with engines.read.connect() as connection:
        found = revision_of(connection)
    engines.dispose()
    return found


def refused(url):
    """Whether the program would not serve this database."""
    engines = create_engines(url)
    try:
        check_schema(engines.read, url)
    except NotReadyError as error:
        return "convoca migrate" in str(error)
    finally:
        engines.dispose()
    return False


def whole(url):
    """What is wrong with a database that is said to be migrated."""
    command.check(alembic_config(url))
    with writing(url) as db:
        installations = db.scalar(select(func.count()).select_from(Installation))
        return revision(url), installations, list(findings(db))


def meetings(url):
    engines = create_engines(url)
    with engines.read.connect() as connection:
        found = connection.execute(text("SELECT slug, zone FROM meetings ORDER BY slug")).all()
    engines.dispose()
    return found


@pytest.mark.parametrize(
    ("begun", "step"),
    [
        ("empty", 60),
        ("older", 35),
        pytest.param("empty", 5, marks=pytest.mark.soak),
        pytest.param("older", 3, marks=pytest.mark.soak),
    ],
)
def test_killed_at_any_statement_it_is_finished_by_the_next(request, migrate, begun, step):
    make = request.getfixturevalue(begun)
    before = meetings(make()) if begun == "older" else []
    statement, kills = step, 0
    while (found := ended(migrate(url := make(), last=statement)))[0] == KILLED:
        kills += 1
        at_head = revision(url) == newest_revision(url)
        assert refused(url) is not at_head, f"killed at statement {statement}"
        assert ended(migrate(url)) == (0, "")
        assert whole(url) == (newest_revision(url), 1, []), f"killed at statement {statement}"
        assert meetings(url) == before
        statement += step

    assert found == (0, "")
    assert kills


@pytest.mark.parametrize("many", [2, pytest.param(6, marks=pytest.mark.soak)])
@pytest.mark.parametrize("begun", ["empty", "older"])
def test_of_several_at_once_one_migrates_and_the_others_wait(request, migrate, begun, many):
    url = request.getfixturevalue(begun)()

    found = [ended(program) for program in [migrate(url) for _ in range(many)]]

    assert found == [(0, "")] * many
    assert whole(url) == (newest_revision(url), 1, [])
