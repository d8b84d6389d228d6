"""Whatever stands in an address or a form, the answer is one of ours."""

import pytest

from tests.make import make_meeting, make_room, make_sitting, publish

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture
def chair(db, signed_in):
    meeting = make_meeting(db)
    make_sitting(db, meeting, room=make_room(db, meeting))
    publish(db, meeting)
    return signed_in("chair", meeting)


@pytest.mark.parametrize(
    "address",
    [
        "/{}",
        "/{}/meetings",
        "/en/meetings/{}",
        "/en/meetings/first{}/schedule",
        "/en/meetings/first/sittings/{}",
        "/en/desk/{}",
        "/en/desk/first/sittings/{}",
        "/en/desk/first/schedule?sitting={}",
        "/en/meetings/first/schedule?day={}",
        "/en/meetings/first/schedule?edition={}",
        "/calendars/{}/en/all.ics",
        "/calendars/first/en/entity/{}.ics",
        "/calendars/first/en/day/{}.ics",
        "/calendars/personal/{}.ics",
        "/api/v1/entities/{}",
        "/api/v1/resolutions/{}",
        "/api/v1/meetings/{}",
        "/api/v1/meetings/{}/schedule",
        "/api/v1/meetings/{}/items",
        "/static/{}/public.css",
        "/static/0/{}",
    ],
)
@pytest.mark.parametrize(
    "piece", ["%00", "%0d%0aSet-Cookie:%20a=b", "%ed%a0%80", "a" * 5000, "..%2f..%2fapp", "%2e%2e"]
)
def test_what_cannot_be_an_address_is_not_found(chair, address, piece):
    answer = chair.get(address.format(piece))

    # Any version serves the file; a piece that holds a slash is a folder more.
    assert answer.status_code in ({200, 404} if address.startswith("/static/{}") else {404})
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("number", ["0", "-1", "2", "99999999999", "9" * 30, "1.5", "first", "1e3"])
def test_an_edition_that_cannot_be_is_not_found(chair, number):
    page = chair.get(f"/en/meetings/first/schedule?edition={number}")
    data = chair.get(f"/api/v1/meetings/first/schedule?edition={number}")

    assert (page.status_code, data.status_code in {404, 422}) == (404, True)


@pytest.mark.parametrize("text", ["%00", "%ed%a0%80", "%25", "a" * 100])
def test_a_search_for_what_cannot_be_finds_what_is_left_of_it(chair, text):
    assert chair.get(f"/api/v1/entities?search={text}").json()["items"] == []


@pytest.mark.parametrize("path", ["agenda/items", "sittings", "rooms", "editions"])
@pytest.mark.parametrize(
    "content",
    [
        b"title_en=%ED%A0%80&name_en=%00&remark=%00",
        b"title_en=a&name_en=a&entities=%00&mandates=%00&items=%00&day=%00&room=%00",
        b"title_en=a&name_en=a&version=%C2%B2&minutes=%D9%A3&seats=%C2%B2",
        b"\xff\xfe",
        b"&".join(b"f%d=" % number for number in range(600)),
    ],
    ids=["controls", "keys", "digits", "bytes", "many"],
)
def test_a_form_that_no_browser_sends_gets_an_answer(chair, path, content):
    answer = chair.post(f"/en/desk/first/{path}", content=content, headers=FORM)

    assert answer.status_code in {303, 400, 422}


@pytest.mark.parametrize(
    "content_type", ["multipart/form-data; boundary=x", "multipart/form-data", "text/plain", ""]
)
def test_a_form_of_another_kind_gets_an_answer(chair, content_type):
    headers = {"Content-Type": content_type}
    answer = chair.post("/en/desk/first/rooms", content=b"--x\r\nnonsense", headers=headers)

    assert answer.status_code in {400, 422}


def test_an_address_that_takes_no_such_verb_says_so(chair):
    assert chair.request("DELETE", "/en/meetings").status_code == 405
    assert chair.request("PROPFIND", "/en/desk").status_code == 405
