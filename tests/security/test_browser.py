"""What other sites and caches may do with a visitor's browser (ASVS 3, 14; L7)."""

import re
from pathlib import Path

import pytest
from sqlalchemy import select
from starlette.datastructures import Headers

from app.accounts.commands import make_sign_in_link
from app.core.security import CONTENT_SECURITY_POLICY, Site, is_cross_site
from app.main import create_app
from app.schema import metadata
from app.settings import Settings
from tests.conftest import Visitor
from tests.make import NOW, make_meeting, make_person
from tests.security.conftest import CHANGES, GETS

PLAIN = Site("http://127.0.0.1:8000")


SECURE = Site("https://convoca.example")


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
def test_3_5_1_a_change_made_by_another_site_is_known(site, headers, refused):
    assert is_cross_site(Headers(headers), site) is refused


def test_3_5_1_a_change_from_another_site_is_refused_in_words(signed_in, db):
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
def test_l7_another_host_is_not_served(client, host):
    answer = client.get("/en/meetings", headers={"Host": host})
    assert answer.status_code == 421
    assert "http://localhost" in answer.text


def test_a_health_check_may_come_by_any_name(client):
    assert client.get("/livez", headers={"Host": "10.0.0.7"}).text == "alive\n"


def test_cve_2021_30185_a_forwarded_host_changes_no_link(client, demo):
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
def test_3_4_every_answer_carries_the_headers(client, demo, address):
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


def test_3_3_3_the_names_of_cookies():
    assert SECURE.cookie_name("session") == "__Host-convoca-session"
    assert PLAIN.cookie_name("session") == "convoca-session"


def test_3_3_1_the_cookie_of_a_secure_site(tmp_path, database_url, clock, db):
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


def test_14_3_2_private_pages_are_stored_nowhere(signed_in, db):
    meeting = make_meeting(db)
    headers = signed_in("chair", meeting).get("/en/desk/first").headers
    assert (headers["cache-control"], headers["vary"]) == ("no-store", "Cookie")


PUBLIC = (
    "/{lang}/meetings",
    "/calendars/{slug}",
    "/calendars/groups",
    "/api/v1/meetings/{slug}/schedule",
)


def test_3_4_4_every_answer_says_what_it_is_and_who_may_keep_it(chair, world):
    for path in GETS:
        says_what_it_is(path, chair.get(world.address(path)).headers)


def says_what_it_is(path, headers):
    assert headers["x-content-type-options"] == "nosniff"
    assert "unsafe" not in headers["content-security-policy"]
    assert "default-src 'none'" in headers["content-security-policy"]
    kind = headers.get("content-type", "")
    assert "charset=utf-8" in kind or not kind.startswith("text/")
    if "no-store" not in headers["cache-control"]:
        assert path.startswith((*PUBLIC, "/api/v1", "/calendars/personal")), path
    if path.startswith("/{lang}/desk") and kind.startswith("text/html"):
        assert (headers["cache-control"], headers["vary"]) == ("no-store", "Cookie")


def test_3_4_2_no_other_site_reads_an_answer(chair, world):
    evil = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    for method, path in [(method, path) for path in GETS for method in ("GET", "OPTIONS")]:
        answer = chair.request(method, world.address(path), headers=evil)
        assert not [name for name in answer.headers if name.startswith("access-control")], path


def test_3_5_1_no_change_is_made_for_another_site(chair, world):
    evil = {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}
    for method, path in CHANGES:
        answer = chair.request(method, world.address(path), headers=evil)
        assert answer.status_code == 403, (method, path)


def everything(db):
    db.rollback()
    found = {table.name: db.execute(select(table)).all() for table in metadata.sorted_tables}
    db.rollback()
    return found


def test_3_5_3_reading_changes_nothing(chair, world, db):
    before = everything(db)
    for path in GETS:
        chair.get(world.address(path))
        chair.head(world.address(path))
    assert everything(db) == before


def test_3_5_2_a_body_that_needs_no_preflight_is_not_taken(chair, world):
    content = b'{"title": {"en": "A"}}'
    headers = {"Content-Type": "text/plain", "Sec-Fetch-Site": "same-origin"}
    answer = chair.post("/api/v1/meetings/first/items", content=content, headers=headers)
    assert answer.status_code == 415
    assert len(chair.get("/api/v1/meetings/first/items").json()["items"]) == 1


@pytest.mark.parametrize("back", ["//evil.example", "/\\evil", "https:evil", "%0d%0aX: y", "../.."])
def test_3_7_2_nobody_is_led_away(chair, world, back):
    address = world.address("/{lang}/desk/{slug}/history/{number}/reversal")
    for answer in (
        chair.post(address, data={"back": back}),
        chair.get("/", params={"next": back}),
        chair.get("/en/sign-in", params={"next": back}),
    ):
        location = answer.headers.get("location", "/en")
        assert location.startswith("/en")
        assert "evil" not in location


def test_14_3_3_the_scripts_keep_nothing_in_the_browser():
    for script in Path("static/js").rglob("*.js"):
        text = script.read_text()
        assert not re.search(
            r"localStorage|sessionStorage|indexedDB|innerHTML|insertAdjacentHTML", text
        )
