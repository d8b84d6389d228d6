"""Commitments at the desk and in the API: rows, answers, saying what is done, counting back."""

import re
from datetime import date
from html import unescape

import pytest

from app.accounts.commands import make_sign_in_link, sign_in
from app.accounts.queries import person_by_email
from app.core.changes import revert
from app.core.journal import latest_change
from app.demo import CHAIR
from app.invitations.commands import add_invitation
from app.invitations.models import InvitationKind
from app.meetings.queries import meeting_by_slug
from app.reports.queries import commitments_of, counting_of
from app.reports.rules import AnswerKind, State
from app.resolutions.queries import resolution_by_id
from tests.make import (
    NOW,
    make_deadline,
    make_document,
    make_entity,
    make_item,
    make_meeting,
    make_resolution,
    make_room,
    make_sitting,
    work_on,
)

PAGE = "/en/desk/first/commitments"
API = "/api/v1/meetings/first/commitments"


@pytest.fixture
def body(db):
    return make_entity(db, "cim", "Commission of Women")


@pytest.fixture
def meeting(db, body):
    return make_meeting(db, resolution_id=make_resolution(db, called_upon=[body]).id)


@pytest.fixture
def paragraph(db, meeting):
    return resolution_by_id(db, meeting.resolution_id).paragraphs[0]


@pytest.fixture
def chair(signed_in, meeting):
    return signed_in("chair", meeting)


def told(page):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


def only_row(db, meeting):
    db.rollback()
    [row] = commitments_of(db, meeting_by_slug(db, meeting.slug), today=NOW.date())
    return row


def test_a_row_says_what_is_asked_of_whom_by_when_and_what_answers_it(
    chair, db, app, meeting, paragraph, body
):
    make_deadline(db, meeting, due_on=date(2026, 6, 4), paragraph=paragraph, recipient=body)
    work = work_on(db, meeting)
    add_invitation(work, body, InvitationKind.CALL, paragraph=paragraph)
    for purpose in meeting.purposes:
        purpose.paragraph_id = paragraph.id
    item = make_item(db, meeting, purposes=["protection"])
    make_sitting(db, meeting, "First plenary", room=make_room(db, meeting), items=[item])
    document = make_document(db, app, meeting, content=None)
    document.paragraph = paragraph
    db.commit()

    row = only_row(db, meeting)
    assert {kind: len(row.of(kind)) for kind in AnswerKind} == {
        AnswerKind.CALL: 1,
        AnswerKind.INVITATION: 0,
        AnswerKind.ITEM: 1,
        AnswerKind.SITTING: 1,
        AnswerKind.DOCUMENT: 1,
    }
    page = chair.get(PAGE)
    for words in ("To call upon them.", "Commission of Women", "4 June 2026", "20 April 2026"):
        assert words in told(page)
    assert f'href="/en/desk/first/resolution#{paragraph.anchor}"' in page.text
    hrefs = set(
        re.findall(
            r'href="(/en/desk/first/(?:agenda/items|sittings|documents|invitations)/[^"]*)"',
            page.text,
        )
    )
    assert [chair.get(href).status_code for href in hrefs] == [200] * 4


def test_a_withdrawn_entity_answers_nothing(db, meeting, paragraph, body):
    call = add_invitation(work_on(db, meeting), body, InvitationKind.CALL, paragraph=paragraph)
    call.withdrawn_at = NOW
    db.commit()

    assert only_row(db, meeting).answers == []


def test_it_is_said_to_be_done_undone_and_done_again(chair, db, meeting, paragraph):
    form = {"version": 0, "state": "done", "remark_en": "Asked by note of 3 May."}
    assert chair.post(f"{PAGE}/{paragraph.id}", data=form).status_code == 303
    assert (only_row(db, meeting).state, "Asked by note" in told(chair.get(PAGE))) == (
        State.DONE,
        True,
    )

    for state in (State.OPEN, State.DONE):
        change = latest_change(db, meeting.id)
        revert(work_on(db, meeting_by_slug(db, "first")), change.number)
        db.commit()
        assert only_row(db, meeting).state is state
    assert only_row(db, meeting).remark["en"] == "Asked by note of 3 May."


def test_a_change_of_what_was_said_is_undone_to_what_it_was(chair, db, meeting, paragraph):
    here = f"{PAGE}/{paragraph.id}"
    chair.post(here, data={"version": 0, "state": "done", "remark_en": "One"})
    chair.post(here, data={"version": 1, "state": "open", "remark_en": "Two"})
    revert(work_on(db, meeting_by_slug(db, "first")), latest_change(db, meeting.id).number)
    db.commit()

    row = only_row(db, meeting)
    assert (row.state, row.remark["en"]) == (State.DONE, "One")


def test_two_who_say_something_at_once_both_see_it(chair, db, meeting, paragraph):
    here = f"{PAGE}/{paragraph.id}"
    chair.post(here, data={"version": 0, "state": "done", "remark_en": "Mine"})
    late = chair.post(here, data={"version": 0, "state": "open", "remark_en": "Yours"})

    assert (late.status_code, "Mine" in told(late), "Yours" in late.text) == (412, True, True)
    assert only_row(db, meeting).remark["en"] == "Mine"


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"state": ""}, "state"),
        ({"state": "nearly"}, "state"),
        ({"state": "done", "remark_en": "x" * 5000}, "remark_en"),
    ],
)
def test_what_is_wrong_is_named_and_kept(chair, db, meeting, paragraph, form, field):
    answer = chair.post(f"{PAGE}/{paragraph.id}", data={"version": 0, "remark_es": "Hola"} | form)

    assert (answer.status_code, f'href="#{field}"' in answer.text) == (422, True)
    assert "Hola" in answer.text
    assert only_row(db, meeting).by_hand is False


def test_a_meeting_that_took_place_is_what_was_asked_for(db, paragraph, meeting):
    meeting.purposes[0].paragraph_id = paragraph.id
    meeting.first_day = meeting.last_day = date(2026, 2, 1)
    db.commit()

    row = only_row(db, meeting)
    assert (row.state, row.by_hand) == (State.DONE, False)


def test_a_day_is_set_where_the_text_gave_none(chair, db, meeting, paragraph):
    deadline = make_deadline(
        db, meeting, due_on=None, what="Before the session", paragraph=paragraph
    )
    assert "no day yet" in told(chair.get(PAGE))
    assert "no day yet" in told(chair.get("/en/desk/first"))
    here = f"{PAGE}/dues/{deadline.id}"
    form = {"version": 1, "due_on": "2026-02-01", "what_en": "Before the session"}
    assert chair.post(here, data=form).status_code == 303

    assert only_row(db, meeting).state is State.LATE
    assert chair.post(here, data=form).status_code == 412
    assert chair.post(here, data=form | {"version": 2, "due_on": "soon"}).status_code == 422
    revert(work_on(db, meeting_by_slug(db, "first")), latest_change(db, meeting.id).number)
    db.commit()
    assert only_row(db, meeting).dues[0].day is None


def test_a_meeting_counts_its_own_way(chair, db, meeting, paragraph, body):
    make_deadline(db, meeting, due_on=date(2026, 9, 1), paragraph=paragraph, recipient=body)
    form = {f"days_{place}": days for place, days in enumerate((60, 40, 20, 10))}
    answer = chair.post(f"{PAGE}/counting", data=form | {"version": 0, "source_en": "The Chair"})
    assert answer.status_code == 303

    assert [step.day.isoformat() for step in only_row(db, meeting).dues[0].steps] == [
        *("2026-07-03", "2026-07-23", "2026-08-12", "2026-08-22")
    ]
    assert "Source: The Chair" in told(chair.get(PAGE))
    revert(work_on(db, meeting_by_slug(db, "first")), latest_change(db, meeting.id).number)
    db.commit()
    assert list(counting_of(db, meeting.id).days) == [45, 30, 15, 7]


@pytest.mark.parametrize("days", [(1, 2, 3, 4), (45, 30, 15, ""), (999, 3, 2, 1), ("x", 3, 2, 1)])
def test_a_ladder_that_is_none_is_refused(chair, db, meeting, days):
    form = {f"days_{place}": each for place, each in enumerate(days)}

    assert chair.post(f"{PAGE}/counting", data=form | {"version": 0}).status_code == 422
    assert counting_of(db, meeting.id).version == 0


def test_the_api_tells_the_rows_and_takes_what_is_said(signed_in, db, meeting, paragraph):
    program = signed_in("secretariat", meeting, bearer=True)
    [row] = program.get(API).json()["items"]
    path = f"{API}/{row['id']}/fulfilment"
    said = program.put(path, json={"done": True}, headers={"If-Match": '"v0"'})
    stale = program.put(path, json={"done": False}, headers={"If-Match": '"v0"'})

    assert (row["state"], row["paragraph"]["printed"], row["whom"][0]["role"]) == (
        "open",
        "4",
        "called_upon",
    )
    assert (said.status_code, said.json()["state"], said.headers["etag"]) == (200, "done", '"v1"')
    assert (stale.status_code, stale.json()["present"]["state"]) == (412, "done")
    assert program.put(path, json={"done": True}).status_code == 428


@pytest.fixture
def demo_chair(app, db, demo, client):
    person = person_by_email(db, CHAIR)
    _, token, _ = sign_in(db, make_sign_in_link(db, person, now=NOW), now=NOW)
    client.headers["Cookie"] = f"convoca-session={token}"
    return client


def test_the_first_meeting_of_2006_is_told_as_far_as_it_is_known(demo_chair, db):
    rows = commitments_of(db, meeting_by_slug(db, "rtp-1"), today=NOW.date())

    assert [each.state for each in rows] == [
        State.OPEN,
        State.OPEN,
        State.DONE,
        State.OPEN,
        State.OPEN,
        State.DONE,
        State.OPEN,
    ]
    remja = next(due for due in rows[5].dues if due.squeezed)
    assert remja.steps[0].day == date(2006, 3, 17)
    assert len(rows[3].of(AnswerKind.CALL)) == 10
    for lang in ("en", "es", "fr", "pt"):
        assert demo_chair.get(f"/{lang}/desk/rtp-1/commitments").status_code == 200
