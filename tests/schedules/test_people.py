"""Who does what in a sitting: entered by form and API, seen at the desk, never in public."""

import re

import pytest
from sqlalchemy import select

from app.core.changes import latest_change, revert
from app.schedules.models import SittingPerson
from tests.make import (
    loaded,
    make_meeting,
    make_person,
    make_room,
    make_sitting,
    publish,
    time,
    work_on,
)

DESK = "/en/desk/first"
API = "/api/v1/meetings/first/sittings"


@pytest.fixture
def meeting(db):
    return make_meeting(db)


@pytest.fixture
def chair(signed_in, meeting):
    return signed_in("chair", meeting)


@pytest.fixture
def claire(db, meeting):
    return make_person(db, "member", meeting, name="Claire Toussaint")


@pytest.fixture
def joana(db, meeting):
    return make_person(db, "delegate", meeting, name="Joana Prado")


def field(person):
    return f"person_{person.id}"


def roles_of(chair, sitting):
    found = chair.get(f"{API}/{sitting.id}").json()["people"]
    return {each["person_id"]: each["role"] for each in found}


def save(chair, sitting, version, **given):
    form = {"title_en": sitting.title["en"], "version": version} | given
    return chair.post(f"{DESK}/sittings/{sitting.id}", data=form)


def test_the_form_offers_everybody_of_the_meeting_a_role_and_keeps_it(
    chair, db, meeting, claire, joana
):
    sitting = make_sitting(db, meeting)
    stranger = make_person(db, "chair", make_meeting(db, "second"))
    page = chair.get(f"{DESK}/sittings/{sitting.id}").text
    offered = set(re.findall(r'<select id="(person_[^"]+)"', page))

    assert {field(claire), field(joana)} < offered
    assert field(stranger) not in offered
    roles = {field(claire): "presides", field(joana): "speaks"}
    assert save(chair, sitting, 1, **roles).status_code == 303
    assert roles_of(chair, sitting) == {str(claire.id): "presides", str(joana.id): "speaks"}
    page = chair.get(f"{DESK}/sittings/{sitting.id}").text
    assert re.findall(r'<option value="([a-z]+)" selected', page) == ["presides", "speaks"]


def test_a_role_is_changed_and_taken_away_by_saving_again(chair, db, meeting, claire, joana):
    people = [(claire, "presides"), (joana, "speaks")]
    sitting = make_sitting(db, meeting, people=people)
    save(chair, sitting, 1, **{field(claire): "rapporteur", field(joana): ""})

    assert roles_of(chair, sitting) == {str(claire.id): "rapporteur"}


def test_a_role_that_is_not_in_the_list_is_refused_and_what_was_chosen_stays(
    chair, db, meeting, claire, joana
):
    sitting = make_sitting(db, meeting)
    answer = save(chair, sitting, 1, **{field(claire): "dances", field(joana): "speaks"})

    assert answer.status_code == 422
    assert f'<a href="#{field(claire)}">Choose from the list.' in answer.text
    assert re.findall(r'<option value="([a-z]+)" selected', answer.text) == ["speaks"]
    assert roles_of(chair, sitting) == {}


def body(*people):
    named = [{"person_id": str(person.id), "role": role} for person, role in people]
    return {"title": {"en": "Plenary"}, "people": named}


def test_the_api_takes_and_gives_people(chair, claire, joana):
    added = chair.post(API, json=body((claire, "presides"), (joana, "assists")))

    assert added.status_code == 201
    assert {each["person_id"]: each["role"] for each in added.json()["people"]} == {
        str(claire.id): "presides",
        str(joana.id): "assists",
    }
    address, headers = added.headers["Location"], {"If-Match": added.headers["ETag"]}
    changed = chair.put(address, json=body((joana, "speaks")), headers=headers)
    assert changed.json()["people"] == [{"person_id": str(joana.id), "role": "speaks"}]


def test_the_api_refuses_people_of_elsewhere_other_roles_and_two_for_one(chair, db, claire):
    stranger = make_person(db, "chair", make_meeting(db, "second"))
    refused = [
        chair.post(API, json=body((stranger, "presides"))),
        chair.post(API, json=body((claire, "dances"))),
        chair.post(API, json=body((claire, "speaks"), (claire, "presides"))),
    ]

    assert [answer.status_code for answer in refused] == [422, 422, 422]
    assert [answer.json()["errors"][0]["field"] for answer in refused] == [
        "people",
        "people.0.role",
        "people",
    ]


def test_the_panel_of_the_chosen_sitting_says_who_does_what(chair, db, meeting, claire):
    make_room(db, meeting)
    sitting = make_sitting(db, meeting, people=[(claire, "presides")])

    assert "Claire Toussaint: presides" in chair.get(f"{DESK}/schedule?sitting={sitting.id}").text


def test_nobody_outside_the_desk_learns_who_does_what(client, db, meeting, claire):
    room = make_room(db, meeting)
    sitting = make_sitting(db, meeting, room=room, people=[(claire, "presides")])
    publish(db, meeting)
    addresses = [
        "/en/meetings/first/schedule",
        f"/en/meetings/first/sittings/{sitting.id}",
        "/calendars/first/en/all.ics",
        "/api/v1/meetings/first/schedule",
    ]
    answers = [client.get(address) for address in addresses]

    assert [answer.status_code for answer in answers] == [200] * len(addresses)
    assert not [each for each in answers if "Toussaint" in each.text or claire.email in each.text]


def test_a_sitting_that_is_thrown_away_takes_its_roles_along(chair, db, meeting, claire):
    sitting = make_sitting(db, meeting, people=[(claire, "presides")])
    chair.post(f"{DESK}/sittings/{sitting.id}/removal", data={"version": 1})

    assert db.scalars(select(SittingPerson)).all() == []


def test_placing_a_sitting_keeps_its_people(chair, db, meeting, claire):
    room = make_room(db, meeting)
    sitting = make_sitting(db, meeting, room=room, at=time(9), people=[(claire, "speaks")])
    place = f"{meeting.first_day}/10:00/11:00/{room.id}"
    chair.post(f"{DESK}/sittings/{sitting.id}/placement", data={"version": 1, "place": place})

    assert roles_of(chair, sitting) == {str(claire.id): "speaks"}


def test_undoing_gives_the_roles_back(chair, db, meeting, claire, joana):
    sitting = make_sitting(db, meeting, people=[(claire, "presides"), (joana, "speaks")])
    save(chair, sitting, 1, **{field(joana): "rapporteur"})
    db.expire_all()
    work = work_on(db, loaded(db, meeting))
    revert(work, latest_change(db, meeting.id).number)

    assert roles_of(chair, sitting) == {str(claire.id): "presides", str(joana.id): "speaks"}
