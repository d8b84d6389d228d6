"""Rooms, the resolution and the frame that stands around every page of a meeting."""

import re

import pytest

from tests.make import make_entity, make_meeting, make_resolution, make_room

ROOMS = "/en/desk/first/rooms"


@pytest.fixture
def meeting(db):
    source = make_resolution(db, called_upon=[make_entity(db, "cim", "Commission of Women")])
    return make_meeting(db, resolution_id=source.id)


@pytest.fixture
def chair(signed_in, meeting):
    return signed_in("chair", meeting)


def stored(chair):
    rooms = chair.get("/api/v1/meetings/first").json()["rooms"]
    return [(room["name"], room["seats"], room["booths"]) for room in rooms]


def test_rooms_are_added_in_order(chair):
    for form in ({"name_en": "Hall", "seats": "300", "booths": "4"}, {"name_es": "Sala B"}):
        assert chair.post(ROOMS, data=form).headers["location"] == ROOMS

    assert stored(chair) == [({"en": "Hall"}, 300, 4), ({"es": "Sala B"}, None, None)]


def test_a_room_needs_a_name_and_possible_numbers(chair):
    form = {"seats": "0", "booths": "101", "name_fr": " "}
    answer = chair.post(ROOMS, data=form)

    assert (answer.status_code, stored(chair)) == (422, [])
    assert "Enter the room’s name." in answer.text or "Enter the room&#39;s name." in answer.text
    assert re.findall(r'<input[^>]*value="(0|101)"', answer.text) == ["0", "101"]


def test_a_room_is_renamed_for_those_who_saw_it_as_it_is(chair, db, meeting):
    room = make_room(db, meeting, "Hall")
    address = f"{ROOMS}/{room.id}"
    form = {"name_en": "Great Hall", "seats": "200", "version": 1}

    assert 'value="Hall"' in chair.get(address).text or ">Hall<" in chair.get(address).text
    assert chair.post(address, data=form).status_code == 303
    late = chair.post(address, data=form | {"name_en": "Small Hall"})
    assert (late.status_code, "Small Hall" in late.text) == (412, True)
    assert stored(chair) == [({"en": "Great Hall"}, 200, None)]


def test_the_resolution_is_shown_with_whom_it_calls_upon(chair):
    page = chair.get("/en/desk/first/resolution").text

    for words in ("AG/RES. source", "To call upon them.", "Commission of Women"):
        assert words in page


def test_a_meeting_without_a_resolution_has_the_page_too(signed_in, db):
    meeting = make_meeting(db, "second")

    assert signed_in("chair", meeting).get("/en/desk/second/resolution").status_code == 200


def test_the_navigation_knows_where_one_is(chair):
    nav = re.search(r'<nav class="nav".*?</nav>', chair.get(ROOMS).text, re.DOTALL)[0]

    assert re.findall(r'href="([^"]*)"( aria-current="page")?', nav) == [
        ("/en/desk/first", ""),
        ("/en/desk/first/resolution", ""),
        ("/en/desk/first/commitments", ""),
        ("/en/desk/first/invitations", ""),
        ("/en/desk/first/agenda", ""),
        ("/en/desk/first/schedule", ""),
        ("/en/desk/first/documents", ""),
        (ROOMS, ' aria-current="page"'),
        ("/en/desk/first/group", ""),
        ("/en/desk/first/letters", ""),
        ("/en/desk/first/history", ""),
    ]


def test_every_page_offers_itself_in_each_language(chair):
    langs = re.search(r'<nav class="langs".*?</nav>', chair.get(f"{ROOMS}?a=b").text, re.DOTALL)[0]

    assert re.findall(r'href="([^"]*)"', langs) == [
        f"/{lang}/desk/first/rooms?a=b" for lang in ("en", "es", "fr", "pt")
    ]
