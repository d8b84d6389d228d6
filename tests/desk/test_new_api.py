"""Reading a text and making a meeting of it, by a program."""

import pytest
from sqlalchemy import func, select

from app.desk.models import MeetingDraft
from app.invitations.queries import invitations_of
from app.meetings.models import Meeting
from app.meetings.queries import meeting_by_slug
from app.resolutions.models import Resolution
from tests.make import TEXT, make_meeting

READINGS, MEETINGS = "/api/v1/readings", "/api/v1/meetings"
FACTS = {
    "slug": "rtp-2",
    "title": {"en": "Meeting of National Authorities"},
    "zone": "America/Caracas",
    "first_day": "2027-03-02",
    "last_day": "2027-03-04",
}


@pytest.fixture
def program(signed_in, db):
    return signed_in("secretariat", make_meeting(db), bearer=True)


def body(**given):
    return {"text": TEXT, "resolution": {"title": {"en": "Fighting"}}, "meeting": FACTS} | given


def test_a_reading_is_told_and_nothing_is_stored(program, db):
    answer = program.post(READINGS, json={"text": TEXT})

    found = answer.json()
    assert (answer.status_code, found["status"], found["language"]) == (200, "draft", "en")
    assert [each["number"] for each in found["operative"]] == list("1234567")
    assert {each["id"].rsplit("-", 3)[0] for each in found["findings"]} >= {"operative-4"}
    assert db.scalars(select(MeetingDraft)).all() == []
    assert db.scalars(select(Resolution)).all() == []


@pytest.mark.parametrize("text", ["", "Soup, fish, fruit"])
def test_what_is_no_resolution_is_a_problem_of_the_field(program, text):
    answer = program.post(READINGS, json={"text": text})

    assert (answer.status_code, [each["field"] for each in answer.json()["errors"]]) == (
        422,
        ["text"],
    )


def test_a_meeting_is_made_of_what_is_confirmed(program, db):
    found = program.post(READINGS, json={"text": TEXT}).json()["findings"]
    women = next(
        each for each in found if each["paragraph"] == "operative-4" and each["name"] == "CIM"
    )
    findings = [
        {"id": women["id"], "kept": False},
        {
            "id": "mine",
            "kind": "deadline",
            "paragraph": "operative-4",
            "day": "2027-01-10",
            "words": {"en": "Replies", "es": "Respuestas"},
        },
    ]
    answer = program.post(MEETINGS, json=body(findings=findings))

    assert (answer.status_code, answer.headers["location"]) == (201, f"{MEETINGS}/rtp-2")
    meeting = meeting_by_slug(db, "rtp-2")
    calls = [each.entity.key for each in invitations_of(db, meeting.id) if each.kind == "call"]
    assert (len(calls), "CIM" in calls) == (9, False)
    assert [each.what["es"] for each in meeting.deadlines if each.due_on] == ["Respuestas"]
    assert program.get(f"{MEETINGS}/rtp-2/commitments").status_code == 200


def test_the_same_key_makes_one(program, db):
    headers = {"Idempotency-Key": "once-and-for-all"}
    answers = [program.post(MEETINGS, json=body(), headers=headers) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert db.scalar(select(func.count()).select_from(Meeting)) == 2


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"findings": [{"id": "nowhere"}]}, "findings.0.id"),
        ({"findings": [{"id": "x", "kind": "body", "paragraph": "operative-99"}]}, "findings.0.id"),
        (
            {"findings": [{"id": "x", "kind": "body", "paragraph": "operative-4", "use": "theme"}]},
            "findings.0.use",
        ),
        ({"meeting": FACTS | {"slug": "first"}}, "slug"),
        ({"meeting": FACTS | {"slug": "new"}}, "meeting.slug"),
        ({"meeting": FACTS | {"zone": "Mars"}}, "meeting.zone"),
        ({"meeting": FACTS | {"last_day": "2027-03-01"}}, "meeting.last_day"),
        ({"meeting": FACTS | {"title": {}}}, "meeting.title"),
        ({"resolution": {"title": {}}}, "resolution.title"),
        ({"text": "Soup"}, "text"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_made(program, db, change, field):
    answer = program.post(MEETINGS, json=body(**change))

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    assert db.scalars(select(Meeting.slug)).all() == ["first"]
