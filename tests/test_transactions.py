"""One transaction a request, committed before the answer leaves, whoever else writes."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from app.accounts.commands import make_sign_in_link
from app.accounts.models import SignIn
from app.agendas.models import Item
from app.meetings.models import Room
from app.schedules.models import Edition, Sitting
from tests.databases import Files
from tests.make import (
    NOW,
    make_item,
    make_meeting,
    make_person,
    make_room,
    make_sitting,
    slot,
)

CROWD = 25


@pytest.fixture
def meeting(db):
    return make_meeting(db)


@pytest.fixture
def chair(signed_in, meeting):
    return signed_in("chair", meeting)


@pytest.fixture
def unshocked(app, chair, client):
    """The chair's browser, which is shown a bug's page instead of raising the bug."""
    browser = TestClient(
        app,
        base_url="http://localhost",
        headers=chair.headers,
        follow_redirects=False,
        raise_server_exceptions=False,
    )
    browser.portal = client.portal
    return browser


@contextmanager
def a_bug_before_each_commit():
    def fail(_session):
        raise RuntimeError("the disk is on fire")

    event.listen(Session, "before_commit", fail)
    yield
    event.remove(Session, "before_commit", fail)


@contextmanager
def a_commit_that_cannot_be(app, databases):
    """The server drops the connection; in SQLite's case, somebody does not stop reading."""
    engine = app.state.sessions.engines.write
    readers = []

    def prevent(connection):
        if isinstance(databases, Files):
            reader = sqlite3.connect(engine.url.database, check_same_thread=False)
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM meetings").fetchone()
            readers.append(reader)
        else:
            pid = connection.connection.dbapi_connection.info.backend_pid
            databases.admin.execute("SELECT pg_terminate_backend(%s)", [pid])

    event.listen(engine, "commit", prevent)
    yield
    event.remove(engine, "commit", prevent)
    for reader in readers:
        reader.close()


ADDRESS = "/en/desk/first/agenda/items"
FORM = {"title_en": "Opening"}


def items(db):
    db.rollback()
    return db.scalars(select(Item)).all()


def test_a_bug_at_the_commit_says_500_and_not_that_it_was_done(db, unshocked):
    db.commit()
    with a_bug_before_each_commit():
        answer = unshocked.post(ADDRESS, data=FORM)

    assert (answer.status_code, answer.headers.get("location")) == (500, None)
    assert answer.headers["x-request-id"] in answer.text
    assert "Something went wrong on our side." in answer.text
    assert "fire" not in answer.text
    assert items(db) == []


def test_a_bug_in_the_api_says_500_with_a_number_and_nothing_else(db, unshocked):
    db.commit()
    with a_bug_before_each_commit():
        answer = unshocked.post("/api/v1/meetings/first/items", json={"title": {"en": "Opening"}})

    assert (answer.status_code, answer.headers["content-type"]) == (500, "application/problem+json")
    assert set(answer.json()) == {"type", "title", "status", "detail", "request_id", "advice"}
    assert answer.json()["request_id"] == answer.headers["x-request-id"]
    assert "fire" not in answer.text


def test_a_commit_that_the_database_refuses_says_busy_and_the_next_one_works(
    hasty, app, databases, db, unshocked
):
    db.commit()
    with a_commit_that_cannot_be(app, databases):
        answer = unshocked.post(ADDRESS, data=FORM)

    assert (answer.status_code, answer.headers.get("retry-after")) == (503, "5")
    assert items(db) == []
    db.rollback()
    assert unshocked.post(ADDRESS, data=FORM).status_code == 303
    assert [item.title["en"] for item in items(db)] == ["Opening"]


def test_a_form_that_is_shown_again_stores_nothing(db, chair, meeting):
    item = make_item(db, meeting, "Opening")
    answer = chair.post(f"{ADDRESS}/{item.id}", data={"title_en": "Closing", "version": "0"})

    assert (answer.status_code, item.title["en"]) == (412, "Opening")


@pytest.fixture
def crowd(app, db, client, chair):
    """Asks from many threads at once, each with a connection of its own."""

    def ask(method, path, bodies, *, headers=chair.headers):
        db.commit()
        program = TestClient(app, base_url="http://localhost", headers=headers)
        program.portal = client.portal
        with ThreadPoolExecutor(CROWD) as pool:
            return list(pool.map(lambda body: program.request(method, path, **body), bodies))

    return ask


def statuses(answers):
    return sorted(answer.status_code for answer in answers)


def test_many_writers_wait_their_turn_and_all_succeed(crowd, db, meeting):
    answers = crowd(
        "POST",
        "/api/v1/meetings/first/items",
        [{"json": {"title": {"en": f"Item {number}"}}} for number in range(CROWD)],
    )

    assert statuses(answers) == [201] * CROWD
    assert sorted(int(answer.json()["number"]) for answer in answers) == list(range(1, CROWD + 1))


def test_many_rooms_at_once_each_get_their_place(crowd, db, meeting):
    bodies = [{"json": {"name": {"en": f"Room {number}"}}} for number in range(CROWD)]
    answers = crowd("POST", "/api/v1/meetings/first/rooms", bodies)

    assert statuses(answers) == [201] * CROWD
    assert sorted(db.scalars(select(Room.position))) == list(range(CROWD))


def test_one_slot_is_given_to_one_of_many(crowd, db, meeting):
    room = make_room(db, meeting)
    place = slot(meeting, room)
    placement = {
        "starts_at": place.starts_at.isoformat(),
        "ends_at": place.ends_at.isoformat(),
        "room_id": str(room.id),
    }
    body = {"json": {"title": {"en": "Plenary"}, "placement": placement}}
    answers = crowd("POST", "/api/v1/meetings/first/sittings", [body] * CROWD)

    assert statuses(answers) == [201] + [422] * (CROWD - 1)
    assert len(db.scalars(select(Sitting)).all()) == 1


def test_publishing_many_times_at_once_publishes_once(crowd, db, meeting):
    make_item(db, meeting)
    make_sitting(db, meeting, room=make_room(db, meeting))
    answers = crowd("POST", "/api/v1/meetings/first/editions", [{"json": {}}] * CROWD)

    assert statuses(answers) == [200] * (CROWD - 1) + [201]
    assert db.scalars(select(Edition.number)).all() == [1]


def test_of_many_that_saw_the_same_version_one_saves(crowd, db, meeting):
    item = make_item(db, meeting)
    headers = {"If-Match": '"v1"'}
    answers = crowd(
        "PUT",
        f"/api/v1/meetings/first/items/{item.id}",
        [{"json": {"title": {"en": f"By {n}"}}, "headers": headers} for n in range(CROWD)],
    )

    assert statuses(answers)[0] == 200
    assert set(statuses(answers)[1:]) <= {409, 412}
    db.refresh(item)
    assert item.version == 2


def test_a_sign_in_link_works_once_however_often_it_is_pressed(crowd, db, meeting):
    token = make_sign_in_link(db, make_person(db, "chair", meeting), now=NOW)
    before = len(db.scalars(select(SignIn)).all())
    answers = crowd("POST", "/api/v1/sign-ins", [{"json": {"token": token}}] * 5, headers={})

    assert statuses(answers) == [201, 410, 410, 410, 410]
    assert len(db.scalars(select(SignIn)).all()) == before + 1


def test_clocks_of_two_requests_are_their_own(chair, db, clock, meeting):
    make_sitting(db, meeting, room=make_room(db, meeting))
    published = []
    for hours in (1, 2):
        clock.now = NOW + timedelta(hours=hours)
        body = {"remark": {"en": "News"}}
        answer = chair.post("/api/v1/meetings/first/editions", json=body)
        published.append(answer.json()["published_at"])

    assert published == ["2026-03-02T13:00:00+00:00", "2026-03-02T14:00:00+00:00"]
