"""F1, F10, F11: publishing is killed at each statement, pressed at once by many, overtaken."""

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import func, select

from app.accounts.commands import make_sign_in_link, sign_in
from app.core.changes import COMMAND_LINE
from app.core.clock import system_clock
from app.core.languages import Localized
from app.core.letters import Letter
from app.meetings.commands import begin_work
from app.meetings.queries import meeting_by_slug
from app.operations.checks import findings
from app.schedules import commands
from app.schedules.models import Edition
from app.schedules.publishing import publish
from app.schedules.queries import current_edition, sittings_of
from tests.databases import writing
from tests.journeys.server import Server
from tests.make import (
    SITE,
    loaded,
    make_meeting,
    make_person,
    make_room,
    make_sitting,
    words,
    work_on,
)

PROCESS = Path(__file__).with_name("publishing_process.py")
ROOT = Path(__file__).parents[2]
API = "/api/v1/meetings/first/editions"


@pytest.fixture
def meeting(db):
    """Three sessions, each with a speaker who is written to."""
    first = (system_clock() + timedelta(days=90)).date()
    meeting = make_meeting(db, first_day=first, last_day=first + timedelta(days=3))
    room, speaker = make_room(db, meeting), make_person(db, "member", meeting)
    for day in (1, 2, 3):
        given = {"room": room, "day": day, "people": [(speaker, "speaks")]}
        make_sitting(db, meeting, f"Session {day}", **given)
    db.commit()
    return meeting


def published(url):
    """How many editions and letters there are, and what is wrong with them."""
    with writing(url) as db:
        counts = [db.scalar(select(func.count()).select_from(each)) for each in (Edition, Letter)]
        return counts, list(findings(db))


def killed_at(url, statement):
    """Whether it got so far."""
    program = [sys.executable, PROCESS, url, str(statement)]
    ended = subprocess.run(program, check=False, cwd=ROOT, env={"PYTHONPATH": str(ROOT)})
    return ended.returncode != 0


@pytest.mark.parametrize("step", [5, pytest.param(1, marks=pytest.mark.soak)])
def test_killed_at_any_statement_all_is_published_or_nothing(database_url, meeting, step):
    statement = 1
    while killed_at(database_url, statement):
        counts, wrong = published(database_url)
        assert (counts, wrong) == ([0, 0], []), f"killed at statement {statement}"
        statement += step

    assert published(database_url) == ([1, 3], [])
    assert statement > 20


@pytest.fixture
def server(settings, meeting):
    with Server(settings) as found:
        yield found


@pytest.fixture
def token(db, meeting):
    now = system_clock()
    person = make_person(db, "chair", meeting)
    _, token, _ = sign_in(db, make_sign_in_link(db, person, now=now), now=now)
    db.commit()
    return token


@pytest.mark.parametrize("keys", ["one", "none"])
@pytest.mark.parametrize("many", [8, pytest.param(20, marks=pytest.mark.soak)])
def test_pressed_at_once_there_is_one_edition_and_one_set_of_letters(
    server, token, database_url, keys, many
):
    """Through pages: who comes second waits, and gets the first one's answer."""
    name = server.app.state.site.cookie_name("session")
    headers = {"Cookie": f"{name}={token}", "Sec-Fetch-Site": "same-origin"}
    data = {"once": "the-same-key-for-all"} if keys == "one" else {}
    ready = threading.Barrier(many)

    def press(_number):
        with httpx2.Client(base_url=server.base_url, timeout=30) as client:
            ready.wait()
            return client.post("/en/desk/first/editions", data=data, headers=headers)

    with ThreadPoolExecutor(many) as pool:
        answers = list(pool.map(press, range(many)))

    assert {answer.status_code for answer in answers} == {303}
    assert {answer.headers["location"] for answer in answers} == {
        "/en/desk/first/schedule?edition=1"
    }
    assert published(database_url) == ([1, 3], [])


def test_a_program_is_told_that_the_first_is_still_at_work(server, token, database_url):
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "programs-own-key"}
    many = 6
    ready = threading.Barrier(many)

    def ask(_number):
        with httpx2.Client(base_url=server.base_url, timeout=30) as client:
            ready.wait()
            return client.post(API, json={"remark": {"en": "News"}}, headers=headers)

    with ThreadPoolExecutor(many) as pool:
        answers = list(pool.map(ask, range(many)))

    assert {answer.status_code for answer in answers} <= {201, 409}
    assert [answer.status_code for answer in answers].count(201) >= 1
    assert all(answer.headers["retry-after"] for answer in answers if answer.status_code == 409)
    assert published(database_url) == ([1, 3], [])


def edit_when(half, database_url):
    """Another person's edit, which begins when the edition is half made."""
    half.wait()
    with writing(database_url) as other:
        work = work_on(other, loaded(other, meeting_by_slug(other, "first")))
        sitting = sittings_of(other, work.meeting_id)[0]
        given = words("Edited meanwhile")
        commands.change_sitting(work, sitting, given, version=sitting.version)
        other.commit()


def test_an_edit_during_publishing_comes_after_it_and_stays_a_draft(database_url, db, meeting):
    half = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        edited = pool.submit(edit_when, half, database_url)
        with writing(database_url) as mine:
            found = meeting_by_slug(mine, "first")
            work = begin_work(mine, found, by=COMMAND_LINE, now=system_clock(), site=SITE)
            publish(work, remark=Localized())
            half.set()
            wait([edited], timeout=0.5)
            mine.commit()
        edited.result()

    edition = current_edition(db, meeting.id)
    titles = {row.content["title"]["en"] for row in edition.sittings}
    assert titles == {"Session 1", "Session 2", "Session 3"}
    assert "Edited meanwhile" in {each.title["en"] for each in sittings_of(db, meeting.id)}
    assert list(findings(db)) == []
