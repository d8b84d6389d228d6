"""How much, how often, from where, and what a body may hold (ASVS 2, 4, 5, 15)."""

from datetime import timedelta

import pytest
from fastapi import Request

from app.accounts.commands import make_sign_in_link
from app.core.errors import TooMany
from app.core.limits import MOST_BODY, Limit, Limits, Rates, proxies_in
from app.settings import SettingsError, load_settings
from tests.make import NOW, make_item, make_meeting, make_person
from tests.papers import pdf


def in_pieces(content):
    """Without a Content-Length."""
    for start in range(0, len(content), 65536):
        yield content[start : start + 65536]


@pytest.mark.parametrize("send", [bytes, in_pieces])
@pytest.mark.parametrize(("more", "status"), [(0, 422), (1, 413)])
def test_5_2_1_a_json_body_has_an_end(program, send, more, status):
    frame = b'{"title": {"en": "%s"}}'
    body = frame % (b"a" * (MOST_BODY - len(frame) + 2 + more))
    headers = {"Content-Type": "application/json"}
    answer = program.post("/api/v1/meetings/first/items", content=send(body), headers=headers)
    assert answer.status_code == status
    assert problem(answer)["status"] == status


@pytest.mark.parametrize("send", [bytes, in_pieces])
@pytest.mark.parametrize(("more", "status"), [(0, 422), (1, 413)])
def test_5_2_1_a_form_has_an_end(signed_in, db, send, more, status):
    chair = signed_in("chair", make_meeting(db))
    body = b"name_en=" + b"a" * (MOST_BODY - 8 + more)
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = chair.post("/en/desk/first/rooms", content=send(body), headers=headers)
    assert answer.status_code == status
    assert "<h1>" in answer.text


def test_cve_2023_30798_a_form_of_a_million_parts_is_refused(signed_in, db):
    chair = signed_in("chair", make_meeting(db))
    part = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    answer = chair.post("/en/desk/first/rooms", content=part * 20_000, headers=headers)
    assert answer.status_code == 400


@pytest.fixture
def rates(app, clock):
    """`rates(links_asked=2)`: other limits than usual."""

    def set_to(**given):
        changed = {name: Limit(name, most, timedelta(hours=1)) for name, most in given.items()}
        app.state.limits = Limits(Rates(**changed), clock)

    return set_to


@pytest.mark.parametrize("path", ["/en/sign-in", "/api/v1/sign-in-links"])
def test_2_4_1_links_are_asked_for_so_often_and_then_later_again(client, clock, rates, path):
    rates(links_asked=2)

    def asked():
        given = {"email": "a@example.org", "address": "a@example.org"}
        if path.startswith("/api"):
            return client.post(path, json={"address": "a@example.org"})
        return client.post(path, data=given)

    assert [asked().status_code for _ in range(2)] != [429, 429]
    refused = asked()
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "3600")
    clock.now = NOW + timedelta(hours=1)
    assert asked().status_code != 429


def test_2_4_1_guessing_slows_down_and_a_right_link_still_works(client, db, rates):
    rates(wrong_links=3)
    token = make_sign_in_link(db, make_person(db, "chair", make_meeting(db)), now=NOW)
    guesses = [client.get(f"/en/sign-in/{number}").status_code for number in range(5)]
    feeds = client.get("/calendars/personal/nobodys.ics").status_code
    assert (guesses, feeds) == ([410, 410, 410, 429, 429], 429)
    assert client.get(f"/en/sign-in/{token}").status_code == 200
    assert client.post(f"/en/sign-in/{token}").status_code == 303


def test_2_4_1_files_are_sent_so_often_and_nothing_of_one_more_is_kept(signed_in, db, rates, app):
    rates(uploads=1)
    chair = signed_in("chair", make_meeting(db))
    chair.post("/en/desk/first/documents", data={"title_en": "A", "class": "public"})
    [document] = chair.get("/api/v1/meetings/first/documents").json()["items"]
    address = f"/en/desk/first/documents/{document['id']}/files"
    sent = [
        chair.post(
            address, data={"language": lang, "version": "1"}, files={"file": ("a.pdf", pdf())}
        )
        for lang in ("en", "es")
    ]
    assert [each.status_code for each in sent] == [303, 429]
    assert len(list(app.state.uploads.store.listed())) == 1


def test_15_2_2_lists_are_taken_away_so_often(signed_in, db, rates):
    rates(exports=2)
    chair = signed_in("chair", make_meeting(db))
    taken = ["history.csv", "letters.zip", "history.csv"]
    assert [chair.get(f"/en/desk/first/{each}").status_code for each in taken] == [200, 200, 429]


def counts(clock, most=2, **given):
    return Limits(Rates(), clock, **given), Limit("tries", most, timedelta(minutes=1))


def test_2_4_1_a_refusal_is_not_counted_and_the_window_slides(clock):
    limits, limit = counts(clock)
    limits.take(limit, "a")
    clock.now = NOW + timedelta(seconds=40)
    limits.take(limit, "a")
    with pytest.raises(TooMany) as refused:
        limits.take(limit, "a")
    assert refused.value.retry_after == 20
    limits.take(limit, "b")
    clock.now = NOW + timedelta(seconds=60)
    limits.take(limit, "a")


def test_f17_a_clock_that_was_put_back_locks_nobody_out(clock):
    limits, limit = counts(clock, most=1)
    limits.take(limit, "a")
    clock.now = NOW - timedelta(hours=2)
    limits.take(limit, "a")


def test_2_4_1_no_crowd_of_visitors_fills_the_memory(clock):
    limits, limit = counts(clock, most=1, most_visitors=3)
    for who in "abcd":
        limits.take(limit, who)
    with pytest.raises(TooMany):
        limits.take(limit, "d")
    limits.take(limit, "a")


OURS = proxies_in("10.0.0.0/8, 127.0.0.1, ::1")


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("203.0.113.9", [], "203.0.113.9"),
        ("203.0.113.9", ["198.51.100.1"], "203.0.113.9"),
        ("10.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["1.1.1.1, 198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["1.1.1.1", "198.51.100.1, 10.2.3.4"], "198.51.100.1"),
        ("127.0.0.1", ["not an address"], "not an address"),
        ("127.0.0.1", [""], "127.0.0.1"),
        ("10.0.0.1", ["10.0.0.2"], "10.0.0.2"),
        ("2001:db8:1:2:3:4:5:6", [], "2001:db8:1:2::"),
        ("::ffff:203.0.113.9", [], "::ffff:203.0.113.9"),
        ("testclient", [], "testclient"),
    ],
)
def test_4_1_3_the_visitor_is_whom_our_own_proxies_name(clock, peer, forwarded, expected):
    headers = [(b"x-forwarded-for", each.encode()) for each in forwarded]
    request = Request({"type": "http", "client": (peer, 1), "headers": headers})
    assert Limits(Rates(), clock, OURS).visitor(request) == expected


@pytest.mark.parametrize("value", ["*", "on", "proxy.example", "10.0.0.0/99"])
def test_cve_2023_44463_trust_is_an_address_or_nothing(value):
    with pytest.raises(SettingsError, match="CONVOCA_TRUSTED_PROXIES"):
        load_settings({"CONVOCA_TRUSTED_PROXIES": value})


@pytest.mark.parametrize("contact", ["", "mailto:security@example.org"])
def test_whom_to_tell_of_a_weakness(client, app, contact):
    app.state.security_contact = contact
    answer = client.get("/.well-known/security.txt")
    if not contact:
        assert answer.status_code == 404
        return
    assert answer.text.splitlines()[:2] == [f"Contact: {contact}", "Expires: 2027-03-02T12:00:00Z"]


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json", "/.git/config"])
def test_13_4_5_nothing_for_developers_is_served(client, path):
    assert client.get(path).status_code == 404


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
def test_2_2_1_a_wrong_body_is_refused_by_field(program, body, field):
    answer = program.post("/api/v1/meetings/first/items", json=body)
    assert answer.status_code == 422
    assert field in problem(answer)["errors"][0]["field"]
    assert len(program.get("/api/v1/meetings/first/items").json()["items"]) == 1


def test_a_wrong_query_of_the_api_is_named(program):
    answer = program.get("/api/v1/meetings/first/schedule?edition=first")
    assert (answer.status_code, problem(answer)["errors"][0]["field"]) == (422, "edition")
