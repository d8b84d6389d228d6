"""The agenda at the desk, as a chair works on it."""

import re
from html import unescape

import pytest
from sqlalchemy import select

from app.agendas.models import Item
from app.schedules.queries import sitting_of
from tests.make import make_item, make_meeting, make_room, make_sitting, publish

DESK = "/en/desk/first/agenda"
FORM = {"title_en": "Opening", "title_es": "Apertura", "minutes": "30", "mandates": ["2019"]}


@pytest.fixture
def meeting(db):
    return make_meeting(db)


@pytest.fixture
def chair(signed_in, meeting):
    return signed_in("chair", meeting)


def titles(db):
    db.rollback()
    there = select(Item).where(Item.removed_at.is_(None)).order_by(Item.position)
    return [item.title["en"] for item in db.scalars(there)]


def test_an_item_is_added_last_and_the_next_page_says_so_once(chair, db, meeting):
    make_item(db, meeting, "Election")
    answer = chair.post(f"{DESK}/items", data=FORM)
    chair.headers["Cookie"] += f"; convoca-done={answer.cookies['convoca-done']}"
    told = chair.get(DESK)

    assert (answer.status_code, answer.headers["location"]) == (303, DESK)
    assert titles(db) == ["Election", "Opening"]
    assert "Item 2 added: Opening" in told.text
    assert 'convoca-done=""' in told.headers["set-cookie"]


def test_words_for_the_next_page_that_nobody_here_wrote_are_not_shown(chair):
    chair.headers["Cookie"] += '; convoca-done="Pay the fee at once".abc.def'
    page = chair.get(DESK)

    assert (page.status_code, "Pay the fee" in page.text) == (200, False)


def test_a_new_item_starts_with_every_mandate_and_no_purpose(chair):
    page = chair.get(f"{DESK}/items/new").text

    assert re.findall(r'<input[^>]*value="(\w+)"[^>]* checked', page) == ["2019", "2026"]


def test_what_is_wrong_is_said_and_what_was_typed_is_kept(chair, db):
    form = {"title_fr": "Ouverture", "title_en": "x" * 301, "minutes": "soon", "mandates": ["2026"]}
    answer = chair.post(f"{DESK}/items", data=form)
    page = unescape(answer.text)

    assert (answer.status_code, titles(db)) == (422, [])
    assert "Use at most 300 characters." in page
    assert "Enter a whole number from 1 to 1440." in page
    assert ("Ouverture" in page, "x" * 301 in page, 'value="soon"' in page) == (True, True, True)
    assert re.findall(r'<input[^>]*value="(\w+)"[^>]* checked', page) == ["2026"]
    assert "<title>Error:" in page


def test_an_item_is_changed_in_every_respect(chair, db, meeting):
    item = make_item(db, meeting, "Before", mandates=["2026"], purposes=["protection"])
    form = FORM | {"purposes": ["prevention", "rights"], "version": 1}
    answer = chair.post(f"{DESK}/items/{item.id}", data=form)
    [stored] = chair.get("/api/v1/meetings/first/items").json()["items"]

    assert answer.status_code == 303
    assert stored == {
        "id": str(item.id),
        "version": 2,
        "number": "1",
        "title": {"en": "Opening", "es": "Apertura"},
        "minutes": 30,
        "mandates": ["2019"],
        "purposes": ["prevention", "rights"],
    }


def test_a_change_of_tags_alone_counts_as_one(chair, db, meeting):
    item = make_item(db, meeting, "Opening")
    form = {"title_en": "Opening", "version": 1}
    address = f"{DESK}/items/{item.id}"

    assert chair.post(address, data=form | {"mandates": ["2019"]}).status_code == 303
    assert chair.post(address, data=form | {"mandates": ["2026"]}).status_code == 412


@pytest.mark.parametrize(
    ("title", "to", "order"),
    [("B", "up", "BAC"), ("B", "down", "ACB"), ("A", "up", "ABC"), ("C", "down", "ABC")],
)
def test_an_item_moves_one_place_and_stops_at_the_ends(chair, db, meeting, title, to, order):
    keys = {name: make_item(db, meeting, name).id for name in "ABC"}
    answer = chair.post(f"{DESK}/items/{keys[title]}/move", data={"to": to})

    assert (answer.status_code, "".join(titles(db))) == (303, order)


def test_a_removed_item_leaves_sittings_and_the_rest_closes_up(chair, db, meeting):
    first, second = make_item(db, meeting, "Opening"), make_item(db, meeting, "Closing")
    sitting = make_sitting(db, meeting, items=[first, second])
    answer = chair.post(f"{DESK}/items/{first.id}/removal", data={"version": 1})

    assert (answer.status_code, titles(db)) == (303, ["Closing"])
    db.expire_all()
    [left] = sitting_of(db, meeting.id, sitting.id).items
    assert (left.id, left.number) == (second.id, "1")


def test_an_item_that_somebody_changed_is_not_removed(chair, db, meeting):
    item = make_item(db, meeting)
    answer = chair.post(f"{DESK}/items/{item.id}/removal", data={"version": 0})

    assert (answer.status_code, titles(db)) == (412, ["Opening of the meeting"])


def test_what_is_published_of_an_agenda_stays_when_it_changes(chair, client, db, meeting):
    item = make_item(db, meeting, "Opening")
    make_sitting(db, meeting, room=make_room(db, meeting))
    publish(db, meeting)
    chair.post(f"{DESK}/items/{item.id}/removal", data={"version": 1})

    assert "Opening" in client.get("/en/meetings/first/agenda").text


def test_what_the_agenda_lacks_is_said(chair, db, meeting):
    make_item(db, meeting, "Opening", mandates=["2019"], purposes=["prevention"])
    page = chair.get(DESK).text

    assert "No item addresses AG/RES. 2026" in page
    assert "No item pursues: Protection" in page
    assert "Rights" not in re.findall(r"No item pursues: (\w+)", page)
    assert "Item 1 has no title in: Español, Français, Português" in page


def test_a_stale_form_keeps_both_texts(signed_in, db):
    meeting = make_meeting(db)
    item = make_item(db, meeting, "Before")
    chair = signed_in("chair", meeting)
    address = f"/en/desk/first/agenda/items/{item.id}"
    assert chair.post(address, data={"title_en": "Theirs", "version": 1}).status_code == 303

    answer = chair.post(address, data={"title_en": "Mine", "version": 1})

    assert answer.status_code == 412
    cells = re.findall(r'<td role="cell">(.*?)</td>', answer.text)
    assert cells[:3] == ["Before", "Theirs", "Mine"]
    assert 'name="version" value="2"' in answer.text
    assert chair.get("/api/v1/meetings/first/items").json()["items"][0]["title"] == {"en": "Theirs"}
