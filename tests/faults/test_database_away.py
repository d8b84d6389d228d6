"""F21 to F23: the database crashes under load, is locked, or has no room left."""

import threading
import time
from datetime import timedelta

import httpx2
import pytest
from alembic import command
from sqlalchemy import func, select, text

from app.accounts.commands import make_sign_in_link, sign_in
from app.core.clock import system_clock
from app.core.installation import found_installation
from app.core.letters import Letter, State, write_letter
from app.core.postman import Postman
from app.core.transports import Folder
from app.meetings.models import Room
from app.settings import Settings
from app.startup import alembic_config
from tests.databases import writing
from tests.journeys.server import Server
from tests.make import letter_given, make_meeting, make_person
from tests.postgres import Postgres

ROOMS = "/en/desk/first/rooms"
TEXTS = {"name_en": "Room <b>&", "name_es": "Sala\r\nB", "seats": "40", "once": "a-key-of-ours"}
CLIENTS = 4
PATIENCE = 60


@pytest.fixture
def meeting(db):
    return make_meeting(db)


@pytest.fixture
def chair(signed_in, meeting):
    return signed_in("chair", meeting)


def rooms(db):
    found = sorted(room.name["en"] for room in db.scalars(select(Room)))
    db.rollback()
    return found


def keeps(page, texts):
    """Whether a page holds a form that sends the same fields again, and shows the texts."""
    hidden = [page.count(f'<input type="hidden" name="{name}"') for name in texts]
    escaped = "Room &lt;b&gt;&amp;" in page and "Room <b>" not in page
    return escaped and hidden == [1] * len(texts)


def test_f22_a_locked_database_is_said_and_what_was_typed_is_kept(
    hasty, app, db, database_url, chair
):
    db.commit()
    with writing(database_url) as other:
        other.execute(text("UPDATE meetings SET series = 'held'"))
        page = chair.post(ROOMS, data=TEXTS)
        data = chair.post("/api/v1/meetings/first/rooms", json={"name": {"en": "Room B"}})
        still = chair.get(ROOMS)

    sentence = "The database is busy or does not answer."
    assert (page.status_code, page.headers["retry-after"]) == (503, "5")
    assert (sentence in page.text, keeps(page.text, TEXTS)) == (True, True)
    assert f'action="{ROOMS}"' in page.text
    assert (data.status_code, data.json()["detail"]) == (503, sentence)
    assert (still.status_code, rooms(db)) == (200, [])
    assert chair.post(ROOMS, data=TEXTS).status_code == 303


def test_what_was_typed_outlives_the_sign_in(app, chair, clock, client, db):
    app.state.presence.idle = timedelta(0)
    page = chair.post(ROOMS, data=TEXTS)
    assert (page.status_code, keeps(page.text, TEXTS)) == (401, True)
    assert 'href="/en/sign-in"' in page.text
    assert (chair.post(ROOMS, data={}).status_code, rooms(db)) == (303, [])
    assert client.post(ROOMS, data=TEXTS).headers["location"] == "/en/sign-in"


@pytest.mark.only("sqlite")
def test_f23_without_room_nothing_is_half_written_and_reading_goes_on(app, db, chair, client):
    chair.get(ROOMS)
    with app.state.sessions.engines.write.connect() as connection:
        [(pages,)] = connection.exec_driver_sql("PRAGMA page_count")
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
    accepted = []
    while len(accepted) < 200:
        name = f"Room {len(accepted)} {'x' * 250}"
        answer = chair.post(ROOMS, data={"name_en": name})
        if answer.status_code != 303:
            break
        accepted.append(name)

    assert (answer.status_code, "no room left" in answer.text, name in answer.text) == (
        507,
        True,
        True,
    )
    assert rooms(db) == sorted(accepted)
    assert db.scalar(text("PRAGMA integrity_check")) == "ok"
    db.rollback()
    assert (chair.get(ROOMS).status_code, client.get("/en/sign-in").status_code) == (200, 200)

    with app.state.sessions.engines.write.connect() as connection:
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages * 10}")
    assert chair.post(ROOMS, data={"name_en": name}).status_code == 303


@pytest.fixture
def fragile(tmp_path):
    """A PostgreSQL of this test's own, in which what was acknowledged is on the disk."""
    with Postgres(synchronous_commit="on") as server:
        url = server.clone()
        command.upgrade(alembic_config(url), "head")
        with writing(url) as db:
            found_installation(db, now=system_clock())
            meeting = make_meeting(db)
            person = make_person(db, "chair", meeting)
            link = make_sign_in_link(db, person, now=system_clock())
            _, token, _ = sign_in(db, link, now=system_clock())
            db.commit()
        settings = Settings(data_dir=tmp_path, database_url=url)
        with Server(settings) as web:
            yield server, web, f"convoca-session={token}"


def worker(web, cookie, number, acknowledged, others, until):
    """Adds one room after another and reads in between, until the answer comes again."""
    headers = {"Cookie": cookie, "Sec-Fetch-Site": "same-origin"}
    with httpx2.Client(base_url=web.base_url, headers=headers, timeout=30) as client:
        turn = 0
        while not until.is_set():
            name = f"Room {number}-{turn}"
            turn += 1
            for answer in (client.post(ROOMS, data={"name_en": name}), client.get(ROOMS)):
                if answer.status_code == 303:
                    acknowledged.append(name)
                elif answer.status_code != 200:
                    others.append((answer.status_code, answer.headers.get("retry-after")))


def wait_for(condition):
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it did not come back"
        time.sleep(0.02)


@pytest.mark.only("postgresql")
@pytest.mark.parametrize("fault", [Postgres.crash, Postgres.cut_off])
@pytest.mark.parametrize("times", [1, pytest.param(8, marks=pytest.mark.soak)])
def test_f21_a_database_that_drops_everybody_loses_nothing_and_recovers(fragile, fault, times):
    server, web, cookie = fragile
    acknowledged, others, until = [], [], threading.Event()
    given = (web, cookie)
    threads = [
        threading.Thread(target=worker, args=(*given, number, acknowledged, others, until))
        for number in range(CLIENTS)
    ]
    for each in threads:
        each.start()
    for _ in range(times):
        seen = len(acknowledged)
        wait_for(lambda seen=seen: len(acknowledged) >= seen + 10)
        fault(server)
    seen = len(acknowledged)
    wait_for(lambda: len(acknowledged) >= seen + 10)
    until.set()
    for each in threads:
        each.join()

    with web.writing() as db:
        stored = set(rooms(db))
    assert set(acknowledged) <= stored
    assert set(others) <= {(503, "5")}


@pytest.mark.only("postgresql")
def test_f21_letters_leave_after_the_database_is_back(fragile, tmp_path):
    server, web, _ = fragile
    engines = web.app.state.sessions.engines
    postman = Postman(
        engines, Folder(tmp_path / "letters"), "a@example.org", "k" * 32, system_clock
    )
    postman.start()
    wait_for(lambda: postman.heard_at is not None)
    server.crash()
    with writing(web.settings.database) as db:
        write_letter(db, letter_given("after"), now=system_clock())
        db.commit()
    postman.wake()

    def sent():
        with writing(web.settings.database) as db:
            return db.scalar(select(func.count()).where(Letter.state == State.SENT)) == 1

    wait_for(sent)
    postman.stop()
