"""What machines ask: alive, ready or what fails, figures; and lines of the log."""

import io
import json
import logging
import logging.config
import re
import shutil
from datetime import timedelta
from types import SimpleNamespace

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from starlette.testclient import TestClient

from app.core.installation import pause_mail
from app.core.letters import State, write_letter
from app.core.postman import Postman
from app.main import create_app
from app.operations import health as health_module
from app.operations.logs import log_settings
from app.settings import Settings
from tests.make import NOW, letter_given, make_meeting, make_room, make_sitting, publish

Usage = SimpleNamespace
TOKEN = "t" * 40


@pytest.fixture(autouse=True)
def _each_question_is_asked(app):
    app.state.health.kept_seconds = 0


def failing(client):
    answer = client.get("/readyz")
    document = answer.json()
    assert answer.status_code == (503 if document["failing"] else 200)
    assert document["ready"] is not bool(document["failing"])
    return document["failing"]


def test_all_is_well(client):
    assert client.get("/livez").text == "alive\n"
    assert failing(client) == []


def test_an_older_schema_is_named(client, db):
    db.execute(text("UPDATE alembic_version SET version_num = '0001'"))

    assert failing(client) == ["schema"]


class Away:
    """Sessions of a database that takes nothing."""

    def __init__(self, sessions):
        self.reading = sessions.reading

    def writing(self):
        raise OperationalError("INSERT", {}, Exception("away"))


def test_a_database_that_takes_nothing_is_named(client, app, monkeypatch):
    monkeypatch.setattr(app.state.health, "sessions", Away(app.state.sessions))

    assert failing(client) == ["database"]
    assert client.get("/livez").status_code == 200


def test_a_disk_that_is_nearly_full_is_named(client, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(total=1000, used=960, free=40))

    assert failing(client) == ["disk"]


def test_a_letter_that_should_have_left_long_ago_is_named(client, db, clock):
    write_letter(db, letter_given("a"), now=NOW)
    clock.now = NOW + timedelta(hours=7)
    assert failing(client) == ["letters"]

    pause_mail(db, now=NOW)
    assert failing(client) == []


def test_a_postman_who_is_not_heard_is_named(client, app, clock):
    engines = app.state.sessions.engines
    postman = app.state.health.postman = Postman(engines, None, "", "", clock)
    assert failing(client) == []

    postman.heard_at = NOW - timedelta(minutes=16)
    assert failing(client) == ["postman"]


def test_from_the_word_to_stop_on_it_is_not_ready(client, app):
    app.state.health.stopping = True

    assert failing(client) == ["stopping"]


def test_an_answer_serves_for_a_second(client, app, monkeypatch):
    app.state.health.kept_seconds = 1000
    assert failing(client) == []
    monkeypatch.setattr(
        health_module.shutil, "disk_usage", lambda _path: Usage(total=1000, used=960, free=40)
    )

    assert failing(client) == []


@pytest.fixture
def watched(settings, clock, prepared):
    """The application whose figures are for whoever has the token."""
    given = settings.model_copy(update={"metrics_token": TOKEN})
    app = create_app(given, base_url="http://localhost", clock=clock)
    app.state.templates = prepared.setdefault("templates", app.state.templates)
    yield app
    app.state.sessions.engines.dispose()


def figures(client):
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    return {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_figures_count_what_happened(watched, db):
    meeting = make_meeting(db)
    make_sitting(db, meeting, room=make_room(db, meeting))
    publish(db, meeting)
    write_letter(db, letter_given("a"), now=NOW - timedelta(minutes=5)).state = State.RETRY
    db.commit()
    with TestClient(watched, base_url="http://localhost") as client:
        for _ in range(3):
            client.get("/en/meetings/first")
        client.get("/en/nothing/here")
        found = figures(client)

    assert found["convoca_request_seconds_count", "/{lang}/meetings/{slug}", "200", "GET"] == 1
    assert found["convoca_request_seconds_count", "(shelf)", "200", "GET"] == 2
    assert found["convoca_editions",] == 1
    assert found["convoca_letters", "retry"] == 1
    assert found["convoca_oldest_letter_seconds",] == 300
    assert found["convoca_disk_free_bytes",] > 0


@pytest.mark.parametrize("header", [None, "Bearer wrong", f"Basic {TOKEN}", TOKEN])
def test_figures_are_for_whoever_has_the_token(watched, header):
    client = TestClient(watched, base_url="http://localhost")
    headers = {"Authorization": header} if header else {}

    assert client.get("/metrics", headers=headers).status_code == 404


@pytest.fixture
def lines(tmp_path):
    """`lines()`: what the log says meanwhile, as JSON."""
    out = io.StringIO()
    given = log_settings(Settings(data_dir=tmp_path, log="json"))
    given["handlers"]["stderr"]["stream"] = out
    logging.config.dictConfig(given)
    yield lambda: [json.loads(line) for line in out.getvalue().splitlines()]
    logging.config.dictConfig(log_settings(Settings(data_dir=tmp_path, log="plain")))


def test_each_request_is_one_line_that_names_nobody(signed_in, db, lines):
    meeting = make_meeting(db)
    chair = signed_in("chair", meeting)
    agent = {"User-Agent": 'x\r\n{"forged": true}\x1b[31m'}
    answer = chair.get("/en/desk/first/agenda", headers={"User-Agent": ascii(agent)})
    [_signed_in, line] = lines()

    assert line["request_id"] == answer.headers["x-request-id"]
    assert (line["route"], line["status"], line["meeting"]) == (
        "/{lang}/desk/{slug}/agenda",
        200,
        "first",
    )
    assert re.fullmatch(r"[0-9a-f-]{36}", line["person"])
    assert "chair" not in json.dumps(line)


def test_no_line_holds_a_token(client, lines):
    secret = "abcdefghijklmnopqrstuvwxyz0123456789"
    for address in (f"/en/sign-in/{secret}", f"/calendars/personal/{secret}.ics"):
        client.get(address)
    client.get("/api/v1/me", headers={"Authorization": f"Bearer {secret}"})

    assert len(lines()) == 3
    assert secret not in json.dumps(lines())


def test_a_line_cannot_be_forged(lines):
    logging.getLogger("convoca").warning("first\r\n%s", '{"level": "forged"}\x1b[31m')

    [line] = lines()
    assert line["level"] == "warning"
