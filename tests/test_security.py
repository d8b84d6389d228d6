"""Who may reach what under which name, what every answer carries, and how one signs in."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select
from starlette.datastructures import Headers

from app.accounts.commands import make_sign_in_link
from app.accounts.models import SignIn, SignInLink
from app.core.languages import LANGUAGES, Message, negotiate
from app.core.security import CONTENT_SECURITY_POLICY, Site, is_cross_site, token_hash
from app.settings import Settings
from tests.make import (
    NOW,
    english,
    make_entity,
    make_item,
    make_meeting,
    make_person,
    make_room,
    make_sitting,
    publish,
)

PLAIN = Site("http://127.0.0.1:8000")
SECURE = Site("https://convoca.example")
NASTY = "<script>alert(1)</script>\"'&{{7*7}}"


@pytest.mark.parametrize(
    ("site", "headers", "refused"),
    [
        (PLAIN, {"sec-fetch-site": "same-origin", "cookie": "a=b"}, False),
        (PLAIN, {"sec-fetch-site": "none", "cookie": "a=b"}, False),
        (PLAIN, {"sec-fetch-site": "same-site"}, True),
        (PLAIN, {"sec-fetch-site": "cross-site"}, True),
        (PLAIN, {"sec-fetch-site": "cross-site", "origin": "http://127.0.0.1:8000"}, True),
        (PLAIN, {"origin": "http://127.0.0.1:8000", "cookie": "a=b"}, False),
        (PLAIN, {"origin": "http://localhost:8000", "cookie": "a=b"}, False),
        (PLAIN, {"origin": "http://127.0.0.1:9000", "cookie": "a=b"}, True),
        (PLAIN, {"origin": "https://127.0.0.1:8000"}, True),
        (PLAIN, {"origin": "null"}, True),
        (PLAIN, {"cookie": "a=b"}, True),
        (PLAIN, {}, False),
        (SECURE, {"origin": "https://convoca.example", "cookie": "a=b"}, False),
        (SECURE, {"origin": "http://convoca.example", "cookie": "a=b"}, True),
        (SECURE, {"origin": "http://"}, True),
        (SECURE, {"origin": "https://convoca.example.evil"}, True),
    ],
)
def test_a_change_made_by_another_site_is_known(site, headers, refused):
    assert is_cross_site(Headers(headers), site) is refused


def test_a_change_from_another_site_is_refused_in_words(signed_in, db):
    meeting = make_meeting(db)
    chair = signed_in("chair", meeting)
    before = chair.get("/en/desk/first/rooms").text

    answer = chair.post(
        "/en/desk/first/rooms", data={"name_en": "Trap"}, headers={"Sec-Fetch-Site": "cross-site"}
    )

    assert answer.status_code == 403
    assert "another site" in answer.text
    assert chair.get("/en/desk/first/rooms").text == before


@pytest.mark.parametrize("host", ["evil.example", "localhost:81", "localhost.evil.example", ""])
def test_another_host_is_not_served(client, host):
    answer = client.get("/en/meetings", headers={"Host": host})
    assert answer.status_code == 421
    assert "http://localhost" in answer.text


def test_a_health_check_may_come_by_any_name(client):
    assert client.get("/livez", headers={"Host": "10.0.0.7"}).text == "alive\n"


def test_a_forwarded_host_changes_no_link(client, demo):
    forwarded = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
    answer = client.get("/en/meetings/rtp-1/schedule", headers=forwarded)
    assert "evil.example" not in answer.text


ADDRESSES = [
    "/en/meetings",
    "/en/meetings/rtp-1/schedule",
    "/calendars/rtp-1/en/all.ics",
    "/api/v1/meetings",
    "/api/v1/meetings/nowhere",
    "/en/nowhere",
    "/en/sign-in",
    "/static/public.css",
    "/livez",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_answer_carries_the_headers(client, demo, address):
    headers = client.get(address).headers
    assert headers["content-security-policy"] == CONTENT_SECURITY_POLICY
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["referrer-policy"] == "same-origin"
    assert re.search(r"; charset=utf-8|application/.*json", headers["content-type"])
    assert "access-control-allow-origin" not in headers
    assert "strict-transport-security" not in headers
    assert len(headers["x-request-id"]) == 36


def test_by_https_browsers_are_told_to_stay_there():
    assert SECURE.cookie_name("session") == "__Host-convoca-session"
    assert PLAIN.cookie_name("session") == "convoca-session"


def test_the_cookie_of_a_secure_site(tmp_path, database_url, clock, db):
    from app.main import create_app  # noqa: PLC0415 (only here is another site served)
    from tests.conftest import Visitor  # noqa: PLC0415

    settings = Settings(
        data_dir=tmp_path, database_url=database_url, base_url="https://convoca.example"
    )
    token = make_sign_in_link(db, make_person(db), now=NOW)
    app = create_app(settings, base_url="unused", clock=clock)
    with Visitor(app, db, headers={"Sec-Fetch-Site": "same-origin"}) as visitor:
        visitor.base_url = "https://convoca.example"
        answer = visitor.post(f"/en/sign-in/{token}")

    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-convoca-session=")
    assert {"Secure", "HttpOnly", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))
    assert "Domain" not in cookie
    assert "max-age=31536000" in answer.headers["strict-transport-security"]


def test_private_pages_are_stored_nowhere(signed_in, db):
    meeting = make_meeting(db)
    headers = signed_in("chair", meeting).get("/en/desk/first").headers
    assert (headers["cache-control"], headers["vary"]) == ("no-store", "Cookie")


@pytest.fixture
def link(db):
    """A sign-in link of a chair."""
    return (
        f"/es/sign-in/{make_sign_in_link(db, make_person(db, 'chair', make_meeting(db)), now=NOW)}"
    )


def test_opening_a_link_changes_nothing(client, db, link):
    for _ in range(3):
        answer = client.get(link)
        assert (answer.status_code, "set-cookie" in answer.headers) == (200, False)
        assert answer.headers["referrer-policy"] == "no-referrer"
    client.head(link)
    assert db.scalars(select(SignIn)).all() == []
    assert client.post(link).status_code == 303


def test_a_link_signs_in_once(client, link):
    first = client.post(link)
    assert (first.status_code, first.headers["location"]) == (303, "/es/desk")
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(first.headers["set-cookie"].split("; "))
    again = client.post(link)
    assert again.status_code == 410
    assert client.get(link).status_code == 410


def test_a_link_lives_fifteen_minutes(client, clock, link):
    clock.now = NOW + timedelta(minutes=15) - timedelta(seconds=1)
    assert client.get(link).status_code == 200
    clock.now = NOW + timedelta(minutes=15)
    expired = client.get(link)
    assert expired.status_code == 410
    assert client.post(link).status_code == 410


def test_unknown_used_and_expired_links_say_the_same(client, clock, link):
    def words(answer):
        return re.sub(r"[0-9a-f-]{36}", "", answer.text)

    unknown = words(client.post("/es/sign-in/no-such-token"))
    client.post(link)
    used = words(client.post(link))
    assert unknown == used.replace(link.rpartition("/")[2], "no-such-token")


def test_a_newer_link_ends_the_one_before(client, db):
    person = make_person(db)
    older = make_sign_in_link(db, person, now=NOW)
    newer = make_sign_in_link(db, person, now=NOW)
    assert client.post(f"/en/sign-in/{older}").status_code == 410
    assert client.post(f"/en/sign-in/{newer}").status_code == 303


def test_the_database_holds_no_token(client, db, link):
    token = link.rpartition("/")[2]
    cookie = client.post(link).headers["set-cookie"]
    session = re.search(r"convoca-session=([^;]+)", cookie)[1]
    stored = [
        *db.scalars(select(SignInLink.token_hash)),
        *db.scalars(select(SignIn.token_hash)),
    ]
    assert sorted(stored) == sorted([token_hash(token), token_hash(session)])
    assert token not in "".join(stored)


def test_a_sign_in_ends_after_twelve_hours(signed_in, clock, db):
    chair = signed_in("chair", make_meeting(db))
    clock.now = NOW + timedelta(hours=12) - timedelta(seconds=1)
    assert chair.get("/en/desk/first").status_code == 200
    clock.now = NOW + timedelta(hours=12)
    answer = chair.get("/en/desk/first")
    assert (answer.status_code, answer.headers["location"]) == (303, "/en/sign-in")


def test_signing_out_ends_the_sign_in_at_once(signed_in, db):
    chair = signed_in("chair", make_meeting(db))
    answer = chair.post("/en/sign-out")
    assert (answer.status_code, answer.headers["clear-site-data"]) == (303, '"cache", "storage"')
    assert chair.get("/en/desk/first").status_code == 303


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    "address",
    ["/meetings/nowhere", "/meetings/rtp-1/schedule?edition=99", "/meetings/rtp-1/schedule?day=x"],
)
def test_what_is_not_there_is_said_in_the_readers_language(client, demo, lang, address):
    answer = client.get(f"/{lang}{address}")
    title = Message("We did not find this page").in_language(lang)
    assert answer.status_code == 404
    assert f"<h1>{title}</h1>" in answer.text
    assert f'<html lang="{lang}">' in answer.text


def test_an_unknown_language_is_answered_in_the_readers_best_one(client):
    answer = client.get("/de/meetings", headers={"Accept-Language": "de, pt-BR;q=0.8, en;q=0.5"})
    assert (answer.status_code, '<html lang="pt">' in answer.text) == (404, True)


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        ("", "en"),
        ("fr-CA", "fr"),
        ("de, es;q=0.5", "es"),
        ("en;q=0.1, pt;q=0.9", "pt"),
        ("es;q=x, fr", "fr"),
        ("*", "en"),
    ],
)
def test_the_best_language(accepted, expected):
    assert negotiate(accepted) == expected


def test_text_from_people_never_becomes_markup(client, signed_in, db):
    meeting = make_meeting(db, title=english(NASTY), place=english(NASTY), about=english(NASTY))
    room = make_room(db, meeting, NASTY)
    item = make_item(db, meeting, NASTY, mandates=["2019"], purposes=["protection"])
    entity = make_entity(db, "X", NASTY)
    sitting = make_sitting(
        db, meeting, NASTY, room=room, items=[item], entities=[entity], note=NASTY
    )
    make_sitting(db, meeting, NASTY)
    publish(db, meeting, remark=NASTY)
    chair = signed_in("chair", meeting)
    pages = [
        "/en/meetings",
        "/en/meetings/first",
        "/en/meetings/first/agenda",
        "/en/meetings/first/schedule",
        f"/en/meetings/first/sittings/{sitting.id}",
        "/en/desk",
        "/en/desk/first",
        "/en/desk/first/agenda",
        f"/en/desk/first/agenda/items/{item.id}",
        "/en/desk/first/schedule",
        f"/en/desk/first/schedule?sitting={sitting.id}",
        f"/en/desk/first/sittings/{sitting.id}",
        "/en/desk/first/editions/new",
        "/en/desk/first/rooms",
        f"/en/desk/first/rooms/{room.id}",
    ]
    for page in pages:
        answer = chair.get(page)
        assert answer.status_code in {200, 303}, page
        assert "<script>alert" not in answer.text, page
        assert "49" not in re.sub(r"[0-9a-f-]{8,}", "", answer.text) or "{{7*7}}" in answer.text
    assert chair.get("/en/meetings/first").text.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 3


def test_what_was_typed_comes_back_escaped(signed_in, db):
    meeting = make_meeting(db)
    answer = signed_in("chair", meeting).post(
        "/en/desk/first/sittings",
        data={"title_en": NASTY, "day": NASTY, "from": NASTY, "until": NASTY, "room": NASTY},
    )
    assert answer.status_code == 422
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;alert(1)" in answer.text


def test_control_characters_do_not_survive(signed_in, db):
    meeting = make_meeting(db)
    chair = signed_in("chair", meeting)
    answer = chair.post("/en/desk/first/rooms", data={"name_en": "Room\x00 \x07A\r\nB"})
    assert answer.status_code == 303
    assert "Room A B" in chair.get("/en/desk/first/rooms").text


@pytest.fixture
def program(signed_in, db):
    """The API with a chair's token."""
    meeting = make_meeting(db)
    make_item(db, meeting)
    return signed_in("chair", meeting, bearer=True)


def problem(answer):
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.json()


def test_a_change_without_a_version_is_asked_for_one(program):
    [item] = program.get("/api/v1/meetings/first/items").json()["items"]
    address, body = f"/api/v1/meetings/first/items/{item['id']}", {"title": {"en": "New"}}

    missing = program.put(address, json=body)
    stale = program.put(address, json=body, headers={"If-Match": '"v7"'})
    fresh = program.put(address, json=body, headers={"If-Match": '"v1"'})

    assert (missing.status_code, problem(missing)["status"]) == (428, 428)
    assert (stale.status_code, stale.headers["etag"]) == (412, '"v1"')
    assert (fresh.status_code, fresh.headers["etag"]) == (200, '"v2"')


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"title": {"en": "A"}, "surprise": 1}, "surprise"),
        ({"title": {"xx": "A"}}, "title"),
        ({"title": {}}, "title"),
        ({"title": {"en": "A" * 301}}, "title"),
        ({"title": {"en": "A"}, "minutes": "ten"}, "minutes"),
        ({"title": {"en": "A"}, "minutes": 0}, "minutes"),
        ({"title": {"en": "A"}, "mandates": ["9999"]}, "mandates"),
        ({}, "title"),
    ],
)
def test_a_wrong_body_is_refused_by_field(program, body, field):
    answer = program.post("/api/v1/meetings/first/items", json=body)
    assert answer.status_code == 422
    assert field in problem(answer)["errors"][0]["field"]
    assert len(program.get("/api/v1/meetings/first/items").json()["items"]) == 1


def test_a_wrong_query_of_the_api_is_named(program):
    answer = program.get("/api/v1/meetings/first/schedule?edition=first")
    assert (answer.status_code, problem(answer)["errors"][0]["field"]) == (422, "edition")


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
