"""A migrated database for each test, the application on it, a clock, and people signed in."""

import logging

import pytest
from alembic import command
from hypothesis import settings as hypothesis_settings
from starlette.testclient import TestClient

from app import cli
from app.accounts.commands import make_sign_in_link, sign_in
from app.core import database
from app.core.installation import found_installation
from app.demo import load_demo
from app.main import create_app
from app.settings import Settings
from app.startup import alembic_config
from tests.databases import Files, writing
from tests.make import NOW, SITE, make_person
from tests.postgres import Postgres

hypothesis_settings.register_profile("default", max_examples=25, derandomize=True, deadline=None)
hypothesis_settings.register_profile("fuzz", max_examples=10_000, deadline=None)
hypothesis_settings.load_profile("default")


def pytest_addoption(parser):
    parser.addoption("--database", choices=["sqlite", "postgresql"], default="sqlite")


def pytest_collection_modifyitems(config, items):
    """A test of one database is not begun on the other."""
    chosen = config.getoption("--database")

    def wanted(item):
        mark = item.get_closest_marker("only")
        return mark is None or mark.args == (chosen,)

    items[:] = [item for item in items if wanted(item)]


class Clock:
    """What the application takes for now: `clock.now = ...`."""

    now = NOW

    def __call__(self):
        return self.now


class Visitor(TestClient):
    """A client of one site. What the test itself wrote is committed before a request leaves."""

    def __init__(self, app, db, **options):
        super().__init__(app, base_url="http://localhost", follow_redirects=False, **options)
        self.db = db

    def request(self, *given, **named):
        self.db.commit()
        return super().request(*given, **named)


@pytest.fixture(autouse=True)
def _logs_stay_as_they_were():
    """A command run inside a test sets up the logs of its process, which is ours."""
    root, requests = logging.getLogger(), logging.getLogger("convoca.requests")
    before = root.handlers[:], root.level, requests.level
    yield
    root.handlers[:], root.level = before[:2]
    requests.setLevel(before[2])


@pytest.fixture(scope="session")
def databases(request):
    sqlite = request.config.getoption("--database") == "sqlite"
    with Files() if sqlite else Postgres() as found:
        yield found


@pytest.fixture(scope="session")
def migrated(databases):
    """The database that the migrations make: to be cloned, not changed."""
    url = databases.clone()
    command.upgrade(alembic_config(url), "head")
    with writing(url) as db:
        found_installation(db, now=NOW)
        db.commit()
    return url


@pytest.fixture(scope="session")
def demonstrated(databases, migrated):
    """The same with the demo in it."""
    url = databases.clone(migrated)
    with writing(url) as db:
        load_demo(db, site=SITE, now=NOW)
        db.commit()
    return url


@pytest.fixture
def database_url(request, databases, migrated):
    """A database of this test's own; with the demo in it if the test asks for `demo`."""
    wants_demo = "demo" in request.fixturenames
    url = databases.clone(request.getfixturevalue("demonstrated") if wants_demo else migrated)
    yield url
    databases.drop(url)


@pytest.fixture
def db(database_url):
    with writing(database_url) as session:
        yield session


@pytest.fixture
def demo(database_url):
    """The demo meetings are in the database."""


@pytest.fixture
def settings(tmp_path, database_url):
    # Tests that move the clock stay signed in for as long as anybody may.
    return Settings(data_dir=tmp_path, database_url=database_url, idle_minutes=720)


@pytest.fixture
def hasty(monkeypatch):
    """Nobody waits long for a lock. To be asked for before the application."""
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.1)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture(scope="session")
def prepared():
    """Templates and routes, which are compiled at their first use, once for all tests."""
    return {}


@pytest.fixture
def app(settings, clock, prepared):
    application = create_app(settings, base_url="http://localhost", clock=clock)
    state, router = application.state, application.router
    state.templates = prepared.setdefault("templates", state.templates)
    router.routes = prepared.setdefault("routes", router.routes)
    yield application
    state.sessions.engines.dispose()


@pytest.fixture
def client(app, db):
    """A browser that nobody has signed in with, on a running application."""
    with Visitor(app, db, headers={"Sec-Fetch-Site": "same-origin"}) as visitor:
        yield visitor
        db.rollback()  # what ends with the application may want to write


@pytest.fixture
def signed_in(app, db, client):
    """`signed_in("chair", meeting)`: a browser, or with `bearer=True` a program."""

    def make(role, *meetings, bearer=False):
        person = make_person(db, role, *meetings)
        _, token, _ = sign_in(db, make_sign_in_link(db, person, now=NOW), now=NOW)
        cookie = {"Cookie": f"convoca-session={token}", "Sec-Fetch-Site": "same-origin"}
        program = {"Authorization": f"Bearer {token}"}
        visitor = Visitor(app, db, headers=program if bearer else cookie)
        visitor.portal = client.portal
        return visitor

    return make


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty data folder, named by the environment; nothing else of ours is set."""
    data = tmp_path / "data"
    monkeypatch.setenv("CONVOCA_DATA_DIR", str(data))
    monkeypatch.delenv("CONVOCA_DATABASE_URL", raising=False)
    return data


@pytest.fixture
def installed(folder):
    """A data folder with the demo in it."""
    assert cli.main(["migrate"]) == 0
    assert cli.main(["demo"]) == 0
    return folder
