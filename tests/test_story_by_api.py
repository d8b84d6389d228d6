"""The whole story through the API alone: from a sign-in link to a feed that moves by itself."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from app.accounts.commands import make_sign_in_link
from app.accounts.queries import person_by_email
from app.demo import CHAIR
from tests.make import NOW

MEETING = "/api/v1/meetings/practice"
FEED = "/calendars/practice/en/all.ics"


@pytest.fixture
def chair(db, client, demo):
    """A program that holds the chair's token and no cookie."""
    person = person_by_email(db, CHAIR)
    token = make_sign_in_link(db, person, now=NOW)
    answer = client.post("/api/v1/sign-ins", json={"token": token})
    assert answer.status_code == 201
    client.headers = {"Authorization": f"Bearer {answer.json()['token']}"}
    return client


def entries(client):
    """The feed's entries by UID."""
    answer = client.get(FEED)
    assert answer.status_code == 200
    return {str(event["uid"]): event for event in Calendar.from_ical(answer.content).events}


def placement(meeting, *, day, hour, room):
    zone = ZoneInfo(meeting["zone"])
    first = datetime.fromisoformat(meeting["first_day"]).replace(tzinfo=zone)
    start = first + timedelta(days=day - 1, hours=hour)
    end = start + timedelta(hours=1)
    return {"starts_at": start.isoformat(), "ends_at": end.isoformat(), "room_id": room["id"]}


def change(client, method, path, version, body=None):
    answer = client.request(method, MEETING + path, json=body, headers={"If-Match": version})
    assert answer.status_code == 200, answer.text
    return answer


def test_what_the_resolution_asks(chair):
    meeting = chair.get(MEETING).json()
    assert [each["key"] for each in meeting["mandates"]] == ["2019", "2026", "2040"]
    assert {each["paragraph"]["number"] for each in meeting["deadlines"]} >= {3, 6}
    [source] = chair.get("/api/v1/resolutions").json()["items"]
    paragraphs = chair.get(f"/api/v1/resolutions/{source['key']}").json()["paragraphs"]
    [fourth] = [p for p in paragraphs if (p["kind"], p["number"]) == ("operative", 4)]
    called = [each for each in fourth["addressees"] if each["role"] == "called_upon"]
    assert len(called) == 10


def test_the_whole_story(chair):
    meeting = chair.get(MEETING).json()
    assert chair.get(FEED).status_code == 404

    item = chair.post(
        f"{MEETING}/items",
        json={
            "title": {"en": "Return and residence", "es": "Retorno y residencia"},
            "mandates": ["2019", "2040"],
            "purposes": ["protection"],
        },
    )
    assert item.status_code == 201
    first, second = (
        chair.post(
            f"{MEETING}/sittings",
            json={
                "title": {"en": title},
                "items": [item.json()["id"]],
                "placement": placement(meeting, day=2, hour=hour, room=meeting["rooms"][2]),
            },
        )
        for title, hour in (("Shelters", 18), ("Residence permits", 19))
    )
    assert (first.status_code, second.status_code) == (201, 201)
    published = chair.post(f"{MEETING}/editions", json={})
    assert (published.status_code, published.json()["number"]) == (201, 1)
    before = entries(chair)

    moved = placement(meeting, day=3, hour=9, room=meeting["rooms"][2])
    change(chair, "PUT", f"/sittings/{first.json()['id']}/placement", first.headers["ETag"], moved)
    change(chair, "PUT", f"/sittings/{second.json()['id']}/cancellation", second.headers["ETag"])
    assert entries(chair).keys() == before.keys()
    assert chair.post(f"{MEETING}/editions", json={}).json()["number"] == 2

    after = entries(chair)
    assert after.keys() == before.keys()
    [uid] = [uid for uid in after if first.json()["id"] in uid]
    assert after[uid].start == datetime.fromisoformat(moved["starts_at"])
    assert (before[uid]["sequence"], after[uid]["sequence"]) == (0, 1)
    [struck] = [uid for uid in after if second.json()["id"] in uid]
    assert (after[struck]["status"], after[struck]["sequence"]) == ("CANCELLED", 1)
    untouched = after.keys() - {uid, struck}
    assert {uid: after[uid].to_ical() for uid in untouched} == {
        uid: before[uid].to_ical() for uid in untouched
    }
    assert chair.post(f"{MEETING}/editions", json={}).status_code == 200


def test_the_schedule_can_be_read_without_a_token_and_in_one_language(chair, client):
    chair.post(f"{MEETING}/editions", json={})
    client.headers = {}
    answer = client.get(f"{MEETING}/schedule?lang=pt")

    assert answer.status_code == 200
    assert answer.json()["edition"] == 1
    assert {type(each["title"]) for each in answer.json()["sittings"]} == {str}


def test_signing_out_ends_the_token(chair):
    assert chair.get("/api/v1/me").json()["name"] == "Ana Ruiz"
    assert chair.delete("/api/v1/sign-ins/current").status_code == 204
    assert chair.get("/api/v1/me").status_code == 401
