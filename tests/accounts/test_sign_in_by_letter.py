"""A letter with a link, for whoever asks and is known; nobody learns who is."""

import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select

from app.accounts.models import SignInLink
from app.core.letters import Letter, State
from app.core.mail import message_of
from tests.make import NOW, make_meeting, make_person

ASK = "/en/sign-in"


@pytest.fixture
def person(db):
    return make_person(db, "chair", make_meeting(db), language="es")


def letters(db):
    found = db.scalars(select(Letter).order_by(Letter.id)).all()
    db.rollback()
    return found


def sent(app, letter):
    """The message as it leaves, as text."""
    content = message_of(letter, sender="a@example.org", secret_key=app.state.secret_key, now=NOW)
    return content.decode().replace("=\r\n", "")


def test_who_is_known_gets_a_link_that_signs_in_once(app, client, db, person):
    answer = client.post(ASK, data={"email": f" {person.email.upper()} "})
    [letter] = letters(db)
    token = re.search(r"/es/sign-in/([\w-]+)", sent(app, letter))[1]
    first, second = (client.post(f"/es/sign-in/{token}") for _ in range(2))

    assert (answer.status_code, answer.headers["location"]) == (303, ASK)
    assert letter.subject == "Acceda antes de las 12:15 UTC: su enlace a Convoca"
    assert (first.status_code, first.headers["location"]) == (303, "/es/desk")
    assert second.status_code == 410


def test_the_database_holds_no_link_that_works(app, client, db, person):
    client.post(ASK, data={"email": person.email})
    [letter] = letters(db)
    token = re.search(r"/es/sign-in/([\w-]+)", sent(app, letter))[1]
    [link] = db.scalars(select(SignInLink))
    stored = " ".join(str(value) for row in (letter, link) for value in vars(row).values())

    assert token not in stored


def test_the_answer_is_the_same_for_known_and_unknown(client, db, person):
    answers = [client.post(ASK, data={"email": each}) for each in (person.email, "no@example.org")]
    told = [client.get(ASK, headers={"Cookie": each.headers["set-cookie"]}) for each in answers]

    assert len(letters(db)) == 1
    assert {answer.status_code for answer in answers} == {303}
    assert len({unescape(page.text) for page in told}) == 1
    assert "If this address is known here" in told[0].text


def test_of_six_requests_in_an_hour_five_make_a_letter_and_the_newest_counts(
    client, db, person, clock
):
    for _ in range(6):
        client.post(ASK, data={"email": person.email})
    assert [each.state for each in letters(db)] == [*[State.SUPERSEDED] * 4, State.WAITING]

    clock.now = NOW + timedelta(hours=1, seconds=1)
    client.post(ASK, data={"email": person.email})
    assert len(letters(db)) == 6


@pytest.mark.parametrize("email", ["", "nobody", "a@b@c", "x" * 400 + "@example.org"])
def test_what_is_no_address_is_said_and_kept(client, db, email):
    answer = client.post(ASK, data={"email": email})

    assert answer.status_code == 422
    assert f'value="{email}"' in answer.text
    assert letters(db) == []


@pytest.mark.parametrize("email", ["a@example.org\r\nBcc: evil@example.org", "a@example.org\0"])
def test_a_header_cannot_be_smuggled_in(client, db, email):
    assert client.post(ASK, data={"email": email}).status_code in {303, 422}
    assert letters(db) == []


def test_programs_ask_too(client, db, person):
    answers = [
        client.post("/api/v1/sign-in-links", json={"address": each})
        for each in (person.email, "no@example.org")
    ]

    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].json() == answers[1].json()
    assert len(letters(db)) == 1
