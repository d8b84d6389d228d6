"""The letters of a meeting at the desk: what became of each, and what is done about it."""

import io
import re
import zipfile
from html import unescape

import pytest
from fast_mail_parser import parse_email
from sqlalchemy import select

from app.core.installation import pause_mail
from app.core.journal import latest_change
from app.core.letters import Letter, State, write_letter
from tests.make import NOW, letter_given, make_meeting

LETTERS = "/en/desk/first/letters"


@pytest.fixture
def meeting(db):
    return make_meeting(db)


@pytest.fixture
def chair(signed_in, meeting):
    return signed_in("chair", meeting)


@pytest.fixture
def letter(db, meeting):
    """`letter(state)`: one of this meeting."""

    def make(state=State.WAITING, name=None, **given):
        given = {"meeting_id": meeting.id} | given
        found = write_letter(db, letter_given(name or state, **given), now=NOW)
        found.state = state
        db.flush()
        return found

    return make


def told(page):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


def state_of(db, letter):
    db.rollback()
    return db.scalar(select(Letter.state).where(Letter.id == letter.id))


def test_what_needs_somebody_stands_first(chair, letter):
    for state in State:
        letter(state)
    page = chair.get(LETTERS)
    headings = re.findall(r'<h2 id="(\w+)">[^:]*: (\d+)', page.text)

    assert headings == [
        ("uncertain", "1"),
        ("failed", "1"),
        ("waiting", "3"),
        ("sent", "2"),
        ("withdrawn", "2"),
    ]
    assert "2 letters need you." in told(page)


def test_without_letters_the_page_says_when_there_will_be_some(chair):
    assert "No letter was written yet." in told(chair.get(LETTERS))


def test_a_pause_and_trouble_are_said(chair, db, letter):
    letter(State.RETRY)
    letter(State.SENT)
    assert "Mail does not get through: 1 of 2 sent" in told(chair.get(LETTERS))

    pause_mail(db, now=NOW)
    assert "Sending is paused since" in told(chair.get(LETTERS))


def test_why_a_letter_failed_is_said_in_plain_words(chair, letter):
    found = letter(State.FAILED)
    found.last_error = "550 no such user <b>"
    page = chair.get(f"{LETTERS}/{found.id}")

    assert "Often the address is wrong." in told(page)
    assert "550 no such user &lt;b&gt;" in page.text


def test_a_letter_keeps_its_lines(chair, letter):
    found = letter(text="Moved: <b>Plenary</b>\n\nBefore: 10:00\nNow: 15:00\n")
    page = chair.get(f"{LETTERS}/{found.id}").text
    shown = re.search(r'<pre class="letter record" lang="en">(.*?)</pre>', page, re.DOTALL)[1]

    assert unescape(shown) == found.text
    assert "<b>Plenary" not in page


@pytest.mark.parametrize(
    ("state", "verb", "after"),
    [
        (State.FAILED, "attempts", State.WAITING),
        (State.RETRY, "attempts", State.WAITING),
        (State.UNCERTAIN, "attempts", State.WAITING),
        (State.UNCERTAIN, "arrival", State.SENT),
        (State.SENT, "attempts", None),
        (State.WAITING, "arrival", None),
        (State.SENDING, "address", None),
    ],
)
def test_a_verb_does_what_it_says_or_says_why_not(chair, db, letter, state, verb, after):
    found = letter(state)
    answer = chair.post(f"{LETTERS}/{found.id}/{verb}", data={"address": "b@example.org"})

    assert (answer.status_code, state_of(db, found)) == ((303, after) if after else (409, state))


def test_a_corrected_address_is_used_and_noted(chair, db, meeting, letter):
    found = letter(State.FAILED)
    answer = chair.post(f"{LETTERS}/{found.id}/address", data={"address": "Right@example.org"})
    db.expire_all()

    assert (answer.status_code, found.to_address, found.state) == (
        303,
        "Right@example.org",
        State.WAITING,
    )
    step = latest_change(db, meeting.id)
    assert (step.verb, step.words["to"]) == ("letter.corrected", "Right@example.org")


def test_what_is_no_address_is_said_and_kept(chair, db, letter):
    found = letter(State.FAILED)
    answer = chair.post(f"{LETTERS}/{found.id}/address", data={"address": "no address"})

    assert (answer.status_code, 'value="no address"' in answer.text) == (422, True)
    assert state_of(db, found) is State.FAILED


def test_ticked_letters_are_marked_as_sent_by_hand(chair, db, letter):
    first, second, third = (letter(State.WAITING, name) for name in "abc")
    answer = chair.post(f"{LETTERS}/by-hand", data={"letters": [str(first.id), str(third.id)]})

    assert answer.status_code == 303
    assert [state_of(db, each) for each in (first, second, third)] == [
        State.SENT_BY_HAND,
        State.WAITING,
        State.SENT_BY_HAND,
    ]


def test_if_one_of_the_ticked_letters_has_left_none_is_marked(chair, db, letter):
    waiting, sent = letter(State.WAITING), letter(State.SENT)
    data = {"letters": [str(waiting.id), str(sent.id)]}

    assert chair.post(f"{LETTERS}/by-hand", data=data).status_code == 409
    assert state_of(db, waiting) is State.WAITING


@pytest.mark.parametrize("data", [{}, {"letters": "x"}])
def test_nothing_ticked_is_said(chair, letter, data):
    letter()

    assert chair.post(f"{LETTERS}/by-hand", data=data).status_code == 422


def test_the_letters_that_wait_come_as_files(chair, letter):
    letter(State.WAITING, subject="First")
    letter(State.RETRY, subject="Second")
    letter(State.SENT, subject="Gone")
    answer = chair.get(f"{LETTERS}.zip")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        subjects = [parse_email(archive.read(name)).subject for name in archive.namelist()]

    assert subjects == ["First", "Second"]
    assert answer.headers["content-disposition"] == 'attachment; filename="first-letters.zip"'


def test_ticked_letters_come_as_files(chair, letter):
    letter(State.WAITING, subject="First")
    chosen = letter(State.SENT, subject="Gone")
    answer = chair.get(f"{LETTERS}.zip", params={"letters": str(chosen.id)})
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        [name] = archive.namelist()
        assert parse_email(archive.read(name)).subject == "Gone"


def test_a_letter_of_another_meeting_is_not_found(chair, db, letter):
    other = letter(State.FAILED, meeting_id=make_meeting(db, "second").id)

    for answer in (
        chair.get(f"{LETTERS}/{other.id}"),
        chair.get(f"{LETTERS}.zip", params={"letters": str(other.id)}),
        chair.post(f"{LETTERS}/{other.id}/attempts"),
        chair.post(f"{LETTERS}/by-hand", data={"letters": str(other.id)}),
    ):
        assert answer.status_code == 404
    assert state_of(db, other) is State.FAILED


def test_many_letters_come_in_pages(chair, letter):
    for number in range(60):
        letter(State.SENT, f"l{number}", subject=f"Letter {number}")
    first = chair.get(f"{LETTERS}?state=sent")
    earlier = unescape(re.search(r'href="([^"]*before=[^"]*)"', first.text)[1])
    shown = re.findall(r">Letter (\d+)<", first.text + chair.get(earlier).text)

    assert [int(number) for number in shown] == list(range(59, -1, -1))


def test_programs_see_and_do_the_same(signed_in, db, meeting, letter):
    program = signed_in("secretariat", meeting, bearer=True)
    failed, uncertain = letter(State.FAILED), letter(State.UNCERTAIN)
    address = "/api/v1/meetings/first/letters"
    [listed] = program.get(f"{address}?state=failed").json()["items"]
    put = program.put(f"{address}/{failed.id}/address", json={"address": "b@example.org"})
    arrived = program.post(f"{address}/{uncertain.id}/arrival")

    assert (listed["id"], listed["to"]["name"]) == (str(failed.id), "Ana Ruiz")
    assert (put.status_code, put.json()["state"]) == (200, "waiting")
    assert (arrived.status_code, arrived.json()["state"]) == (201, "sent")
    assert program.get(f"{address}/{failed.id}").json()["text"] == failed.text
