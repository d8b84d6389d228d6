"""What programs rely on beside the story: what is read can be written back, versions, languages."""

import pytest

from tests.make import (
    make_entity,
    make_item,
    make_meeting,
    make_resolution,
    make_room,
    make_sitting,
    slot,
)

FIRST = "/api/v1/meetings/first"


@pytest.fixture
def meeting(db):
    entity = make_entity(db, "cim", "Comisión de Mujeres")
    source = make_resolution(db, called_upon=[entity])
    return make_meeting(db, resolution_id=source.id)


@pytest.fixture
def program(signed_in, meeting):
    return signed_in("secretariat", meeting, bearer=True)


def put_back(program, address, found, *without):
    body = {name: value for name, value in found.items() if name not in without}
    return program.put(address, json=body, headers={"If-Match": f'"v{found["version"]}"'})


def test_an_item_can_be_written_back_as_it_was_read(program, db, meeting):
    item = make_item(db, meeting, minutes=30, mandates=["2019"], purposes=["rights"])
    before = program.get(f"{FIRST}/items/{item.id}").json()
    answer = put_back(program, f"{FIRST}/items/{item.id}", before, "id", "version", "number")

    assert (answer.status_code, answer.json()) == (200, before | {"version": 2})


def test_a_room_can_be_written_back_as_it_was_read(program, db, meeting):
    room = make_room(db, meeting, seats=300, booths=4)
    before = program.get(f"{FIRST}/rooms/{room.id}").json()
    answer = put_back(program, f"{FIRST}/rooms/{room.id}", before, "id", "version")

    # Nothing differs, so nothing is written and the version stays.
    assert (answer.status_code, answer.json()) == (200, before)


def test_a_sitting_with_a_long_note_can_be_written_back_as_it_was_read(program, db, meeting):
    room, item = make_room(db, meeting), make_item(db, meeting)
    given = {"note": "x" * 4000, "items": [item], "closed": True, "minutes": 45}
    sitting = make_sitting(db, meeting, room=room, **given)
    address = f"{FIRST}/sittings/{sitting.id}"
    before = program.get(address).json()
    derived = ("id", "version", "starts_at", "ends_at", "room_id", "cancelled")
    answer = put_back(program, address, before, *derived)

    assert (answer.status_code, answer.json()) == (200, before | {"version": 2})


def test_a_note_has_an_end(program):
    body = {"title": {"en": "Plenary"}, "note": {"es": "x" * 4001}}
    answer = program.post(f"{FIRST}/sittings", json=body)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"].startswith("note")


def test_each_answer_tells_the_version_that_the_next_change_needs(program, db, meeting):
    room = make_room(db, meeting)
    place = slot(meeting, room)
    placement = {
        "starts_at": place.starts_at.isoformat(),
        "ends_at": place.ends_at.isoformat(),
        "room_id": str(room.id),
    }
    answer = program.post(f"{FIRST}/sittings", json={"title": {"en": "Plenary"}})
    address = answer.headers["location"]
    tags = [answer.headers["etag"]]
    for method, path, body in (
        ("PUT", "/placement", placement),
        ("PUT", "/cancellation", None),
        ("DELETE", "/cancellation", None),
        ("PUT", "", {"title": {"en": "Closing"}}),
        ("DELETE", "/placement", None),
    ):
        headers = {"If-Match": tags[-1]}
        answer = program.request(method, address + path, json=body, headers=headers)
        assert (answer.status_code, answer.json()["version"]) == (200, len(tags) + 1)
        tags.append(answer.headers["etag"])

    assert tags == [f'"v{number}"' for number in range(1, 7)]
    assert program.get(address).headers["etag"] == tags[-1]
    gone = program.delete(address, headers={"If-Match": tags[-1]})
    assert (gone.status_code, gone.content) == (204, b"")
    assert program.get(address).status_code == 404


@pytest.mark.parametrize("tag", ['"v1"', 'W/"v1"', "v1", ' "v1" '])
def test_a_version_is_taken_in_whatever_dress_it_comes(program, db, meeting, tag):
    item = make_item(db, meeting)
    headers = {"If-Match": tag}

    answer = program.put(f"{FIRST}/items/{item.id}", json={"title": {"en": "New"}}, headers=headers)
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "tag", ["*", '"1"', '"v"', '"v1", "v2"', '"v-1"', '"v²"', f'"v{"9" * 5000}"']
)
def test_what_is_none_of_our_versions_is_stale(program, db, meeting, tag):
    item = make_item(db, meeting)
    answer = program.delete(f"{FIRST}/items/{item.id}", headers={"If-Match": tag.encode("latin-1")})

    assert answer.status_code == 412


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"ends_at": "2026-04-14T14:00:00+00:00"}, "until"),
        ({"ends_at": "2026-04-14T13:59:59Z"}, "until"),
        ({"starts_at": "2026-04-14T10:00:00"}, "starts_at"),
        ({"starts_at": 1776175200}, "starts_at"),
        ({"starts_at": "1776175200"}, "starts_at"),
        ({"starts_at": "2026-04-14"}, "starts_at"),
        ({"starts_at": "tomorrow"}, "starts_at"),
        ({"ends_at": "2027-04-14T15:00:00Z"}, "day"),
        ({"starts_at": "0001-01-01T00:00:00+14:00"}, "day"),
        ({"ends_at": "9999-12-31T23:59:59-14:00"}, "day"),
        ({"room_id": "01900000-0000-7000-8000-000000000000"}, "room"),
        ({"room_id": None}, "room_id"),
        ({"surprise": True}, "surprise"),
    ],
)
def test_a_placement_that_cannot_be_names_its_field(program, db, meeting, change, field):
    room, sitting = make_room(db, meeting), make_sitting(db, meeting)
    place = slot(meeting, room)
    body = {
        "starts_at": place.starts_at.isoformat(),
        "ends_at": place.ends_at.isoformat(),
        "room_id": str(room.id),
    }
    answer = program.put(
        f"{FIRST}/sittings/{sitting.id}/placement", json=body | change, headers={"If-Match": '"v1"'}
    )

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


def test_what_a_sitting_names_must_be_of_its_meeting(program, db, meeting):
    other = make_item(db, make_meeting(db, "second"))
    for field, value in (("items", [str(other.id)]), ("entities", ["unknown"])):
        body = {"title": {"en": "Plenary"}, field: value}
        answer = program.post(f"{FIRST}/sittings", json=body)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


def test_one_language_is_given_flat_with_what_there_is(program, db, meeting):
    item = make_item(db, meeting, "Opening")

    answers = [program.get(f"{FIRST}/items/{item.id}?lang={lang}") for lang in ("en", "pt")]
    assert [answer.json()["title"] for answer in answers] == ["Opening", "Opening"]
    assert program.get(f"{FIRST}/items/{item.id}").json()["title"] == {"en": "Opening"}
    assert program.get(f"{FIRST}/items/{item.id}?lang=de").status_code == 422


def test_entities_are_found_by_words_of_any_name_and_by_kind(client, demo):
    def keys(query):
        return [each["key"] for each in client.get(f"/api/v1/entities?{query}").json()["items"]]

    assert keys("search=COMISION mujeres") == keys("search=comisión+Mujeres") != []
    assert keys("search=%25") == keys("search=_") == []
    assert len(keys("kind=state")) >= 34
    assert set(keys("kind=state")) < set(keys(""))


def test_an_entity_tells_its_names_with_their_days(client, db, meeting):
    entity = client.get("/api/v1/entities/cim").json()

    assert entity == {
        "key": "cim",
        "kind": "body",
        "iso3": None,
        "parent": None,
        "names": [
            {
                "name": {"en": "Comisión de Mujeres"},
                "acronym": {"en": "CIM"},
                "from": None,
                "until": None,
            }
        ],
        "aliases": {},
    }


def test_a_resolution_tells_its_paragraphs_and_whom_they_address(client, db, meeting):
    answer = client.get("/api/v1/resolutions/source").json()

    assert answer["paragraphs"] == [
        {
            "kind": "operative",
            "number": 4,
            "printed": None,
            "opening": "",
            "text": {"en": "To call upon them."},
            "parts": [],
            "addressees": [{"entity": "cim", "role": "called_upon", "qualifier": None}],
            "findings": [],
        }
    ]
    assert client.get("/api/v1/resolutions/none").status_code == 404


def test_who_one_is_says_the_roles_by_meeting(program, meeting):
    assert program.get("/api/v1/me").json() == {
        "name": "A secretariat",
        "language": "en",
        "roles": {str(meeting.id): ["secretariat"]},
    }


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/v1/nowhere", 404),
        ("GET", "/api/v1/meetings/none", 404),
        ("GET", "/api/v1/meetings/first/items/not-a-key", 404),
        ("PATCH", "/api/v1/meetings", 405),
        ("POST", "/api/v1/sign-ins", 422),
    ],
)
def test_a_problem_is_told_in_the_readers_language(program, method, path, status):
    answer = program.request(method, path, headers={"Accept-Language": "pt, es;q=0.5"})
    problem = answer.json()

    assert (answer.status_code, problem["status"]) == (status, status)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["content-language"] == "pt"
    assert problem["request_id"] == answer.headers["x-request-id"]
    assert problem["title"] not in {"", "We did not find this page", "That did not work"}


BROKEN = (
    b"",
    b"{",
    b"[]",
    b'"x"',
    b"[" * 100_000,
    b'{"title": {"en": "\xff"}}',
    b'{"title": {"en": "\\ud800"}}',
    b'{"title": {"\\ud800": "A"}}',
    b'{"title": {"en": "A"}, "\\udfff": 1}',
    b'{"title": {"en": "A"}, "minutes": 1e400}',
    b'{"title": {"en": "A"}, "minutes": NaN}',
)


@pytest.mark.parametrize("content", BROKEN, ids=range(len(BROKEN)))
def test_a_body_that_is_no_text_or_no_json_is_refused(program, content):
    headers = {"Content-Type": "application/json"}
    answer = program.post(f"{FIRST}/items", content=content, headers=headers)

    assert answer.status_code in {400, 422}
    assert answer.json()["status"] == answer.status_code
    assert program.get(f"{FIRST}/items").json()["items"] == []


@pytest.mark.parametrize("key", ["\\u0000", "\\ud800", "", "a b", "a" * 101])
def test_a_key_that_cannot_be_is_refused(program, key):
    content = f'{{"title": {{"en": "A"}}, "entities": ["{key}"]}}'
    headers = {"Content-Type": "application/json"}

    assert program.post(f"{FIRST}/sittings", content=content, headers=headers).status_code == 422


def test_a_token_that_cannot_be_is_refused(client):
    headers = {"Content-Type": "application/json"}
    for text, status in (("\\u0000", 410), ("\\ud800", 422), ("", 410)):
        content = f'{{"token": "{text}"}}'
        answer = client.post("/api/v1/sign-ins", content=content, headers=headers)
        assert answer.status_code == status


def test_the_description_of_the_api_names_every_route_of_it(client, app):
    described = client.get("/api/v1/openapi.json").json()["paths"]

    assert len(described) >= 20
    assert all(path.startswith("/api/v1/") for path in described)
