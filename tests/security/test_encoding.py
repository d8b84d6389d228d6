"""Nothing that people type becomes anything but text (ASVS 1; L13 to L20)."""

import csv
import io
from html.parser import HTMLParser

import pytest
from icalendar import Calendar

from tests.make import make_meeting
from tests.security.conftest import BAD, GETS

PAGES = [path for path in GETS if path.startswith("/{lang}")]


class Looker(HTMLParser):
    """What of a page is an element or an attribute, and where its links lead."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.attributes, self.links = set(), set(), set()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links |= {value or "" for name, value in attrs if name in {"href", "src", "action"}}


def harmless(text):
    found = Looker(text)
    handlers = {name for name in found.attributes if name.startswith("on") or name == "style"}
    schemes = {link.split(":")[0] for link in found.links if ":" in link.split("/")[0]}
    assert "x-evil" not in found.elements
    assert handlers == set()
    assert schemes <= {"http", "https", "webcal", "mailto", "data"}, schemes
    assert str(77777 * 7) not in text


def test_1_2_1_no_page_takes_a_text_for_markup(chair, world):
    shown = 0
    for path in PAGES:
        answer = chair.get(world.address(path))
        assert answer.status_code in {200, 303}, path
        if answer.headers.get("content-type", "").startswith("text/html"):
            harmless(answer.text)
            shown += "&lt;x-evil" in answer.text
    assert shown > 15


@pytest.mark.parametrize("version", [1, 99])
def test_l14_the_page_of_two_texts_escapes_all_three(chair, world, version):
    item = world.address("/{lang}/desk/{slug}/agenda/items/{item_id}")
    assert chair.post(item, data={"title_en": f"{BAD} theirs", "version": 1}).status_code == 303
    answer = chair.post(item, data={"title_en": f"{BAD} mine", "version": version})
    assert answer.status_code == 412
    harmless(answer.text)


@pytest.mark.parametrize("path", ["agenda/items", "sittings", "rooms", "documents"])
def test_1_2_1_a_form_that_comes_back_escapes_what_was_typed(chair, world, path):
    typed = dict.fromkeys(("day", "from", "until", "room", "minutes", "seats", "dated"), BAD)
    answer = chair.post(f"/en/desk/first/{path}", data=typed | {"title_en": BAD * 9})
    assert answer.status_code == 422
    harmless(answer.text)


def test_1_2_2_no_field_brings_an_address_of_another_kind(chair, world):
    pages = "".join(chair.get(world.address(path)).text for path in PAGES)
    assert "javascript:" not in pages


def test_l13_no_line_is_smuggled_into_a_calendar(chair, world):
    for path in ("all.ics", "entity/cim.ics"):
        feed = Calendar.from_ical(chair.get(f"/calendars/first/en/{path}").content)
        [event] = feed.events
        assert BAD in str(event["SUMMARY"])
        assert "ATTENDEE" not in event


def test_l16_no_cell_is_a_formula(chair, world, db):
    db.commit()
    text = chair.get("/en/desk/first/history.csv").text.removeprefix("\ufeff")
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert cells
    assert not [cell for cell in cells if cell[:1] in {"=", "+", "-", "@", "\t", "\r"}]


def test_3_2_1_a_name_in_the_api_stays_json(chair, world):
    answer = chair.get("/api/v1/meetings/first")
    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["title"]["en"] == BAD


def test_1_2_9_a_search_takes_no_pattern(chair, world):
    for text in ("(a+)+$", "[", "%", "_", "\\"):
        assert chair.get("/api/v1/entities", params={"search": text}).status_code == 200


def test_1_3_11_control_characters_do_not_survive(signed_in, db):
    meeting = make_meeting(db)
    chair = signed_in("chair", meeting)
    answer = chair.post("/en/desk/first/rooms", data={"name_en": "Room\x00 \x07A\r\nB"})
    assert answer.status_code == 303
    assert "Room A B" in chair.get("/en/desk/first/rooms").text
