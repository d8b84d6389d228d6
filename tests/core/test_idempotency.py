"""One key, one deed: a repeat gets the first answer, whatever happened since."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from app.core.idempotency import KeptAnswer
from app.schedules.models import Edition
from tests.make import NOW, make_meeting, make_room, make_sitting

PAGE, API = "/en/desk/first/editions", "/api/v1/meetings/first/editions"
KEY = {"Idempotency-Key": "0123456789abcdef"}


@pytest.fixture
def meeting(db):
    meeting = make_meeting(db)
    make_sitting(db, meeting, room=make_room(db, meeting))
    return meeting


@pytest.fixture
def program(signed_in, meeting):
    return signed_in("chair", meeting, bearer=True)


@pytest.fixture
def chair(signed_in, meeting):
    return signed_in("chair", meeting)


def editions(db):
    found = db.scalar(select(func.count()).select_from(Edition))
    db.rollback()
    return found


def remark(words="News"):
    return {"remark": {"en": words}}


def test_a_repeat_gets_the_same_answer_and_does_nothing(program, db):
    first = program.post(API, json=remark(), headers=KEY)
    again = program.post(API, json=remark(), headers=KEY)

    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert (first.json()["number"], editions(db)) == (1, 1)
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"


def test_without_a_key_a_remark_makes_a_further_edition(program, db):
    for _ in range(2):
        program.post(API, json=remark())

    assert editions(db) == 2


def test_the_same_key_for_something_else_is_refused(program, db):
    program.post(API, json=remark(), headers=KEY)
    other = program.post(API, json=remark("Other"), headers=KEY)

    assert (other.status_code, editions(db)) == (422, 1)
    assert other.json()["errors"][0]["field"] == "idempotency-key"


def test_after_a_day_the_key_is_new(program, db, clock):
    program.post(API, json=remark(), headers=KEY)
    clock.now = NOW + timedelta(days=1)
    db.execute(text("UPDATE sign_ins SET expires_at = '2030-01-01', seen_at = '2029-01-01'"))
    later = program.post(API, json=remark("Later"), headers=KEY)

    assert (later.status_code, editions(db)) == (201, 2)
    assert db.scalar(select(func.count()).select_from(KeptAnswer)) == 1


@pytest.mark.parametrize("jump", [timedelta(hours=-2), timedelta(hours=2)])
def test_a_clock_that_jumps_makes_no_second_edition(program, db, clock, jump):
    program.post(API, json=remark(), headers=KEY)
    clock.now = NOW + jump
    program.post(API, json=remark(), headers=KEY)

    assert editions(db) == 1


def test_somebody_elses_key_is_another_key(program, signed_in, meeting, db):
    program.post(API, json=remark(), headers=KEY)
    other = signed_in("secretariat", meeting, bearer=True)

    assert other.post(API, json=remark(), headers=KEY).json()["number"] == 2


def test_a_refused_request_keeps_nothing(program, db, meeting):
    long = program.post(API, json=remark("x" * 400), headers=KEY)
    good = program.post(API, json=remark(), headers=KEY)

    assert (long.status_code, good.status_code) == (422, 201)


@pytest.mark.parametrize("key", ["short", "x" * 201, "sieben\u00fc\u00fc\u00fc".encode()])
def test_a_key_that_cannot_be_is_refused(program, key, db):
    answer = program.post(API, json=remark(), headers={"Idempotency-Key": key})

    assert (answer.status_code, editions(db)) == (422, 0)


def test_the_page_carries_a_key_of_its_own_and_a_double_press_publishes_once(chair, db):
    keys = [
        re.search(r'name="once" value="([^"]+)"', chair.get(f"{PAGE}/new").text)[1]
        for _ in range(2)
    ]
    answers = [chair.post(PAGE, data={"remark": "News", "once": keys[0]}) for _ in range(2)]

    assert keys[0] != keys[1]
    assert [answer.headers["location"] for answer in answers] == [
        "/en/desk/first/schedule?edition=1"
    ] * 2
    assert all("convoca-done" in answer.headers["set-cookie"] for answer in answers)
    assert editions(db) == 1
