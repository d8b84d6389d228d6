"""Links, sign-ins, and how they end (ASVS 6, 7, 9; L1 to L10)."""

import re
from argparse import Namespace
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.accounts.commands import make_sign_in_link
from app.accounts.models import Person, SignIn, SignInLink
from app.accounts.rules import device_of
from app.console import meetings as console
from app.core.security import token_hash
from app.operations.housekeeping import write_presence
from app.settings import Settings
from tests.make import NOW, make_meeting, make_person


@pytest.fixture
def link(db):
    """A sign-in link of a chair."""
    return (
        f"/es/sign-in/{make_sign_in_link(db, make_person(db, 'chair', make_meeting(db)), now=NOW)}"
    )


def test_l2_opening_a_link_changes_nothing(client, db, link):
    for _ in range(3):
        answer = client.get(link)
        assert (answer.status_code, "set-cookie" in answer.headers) == (200, False)
        assert answer.headers["referrer-policy"] == "no-referrer"
    client.head(link)
    assert db.scalars(select(SignIn)).all() == []
    assert client.post(link).status_code == 303


def test_6_5_1_a_link_signs_in_once(client, link):
    first = client.post(link)
    assert (first.status_code, first.headers["location"]) == (303, "/es/desk")
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(first.headers["set-cookie"].split("; "))
    again = client.post(link)
    assert again.status_code == 410
    assert client.get(link).status_code == 410


def test_9_2_1_a_link_lives_fifteen_minutes(client, clock, link):
    clock.now = NOW + timedelta(minutes=15) - timedelta(seconds=1)
    assert client.get(link).status_code == 200
    clock.now = NOW + timedelta(minutes=15)
    expired = client.get(link)
    assert expired.status_code == 410
    assert client.post(link).status_code == 410


def test_l4_unknown_used_and_expired_links_say_the_same(client, clock, link):
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


def test_l1_the_database_holds_no_token(client, db, link):
    token = link.rpartition("/")[2]
    cookie = client.post(link).headers["set-cookie"]
    session = re.search(r"convoca-session=([^;]+)", cookie)[1]
    stored = [
        *db.scalars(select(SignInLink.token_hash)),
        *db.scalars(select(SignIn.token_hash)),
    ]
    assert sorted(stored) == sorted([token_hash(token), token_hash(session)])
    assert token not in "".join(stored)


def present(visitor):
    return visitor.get("/en/desk/first").status_code == 200


def test_7_3_2_a_sign_in_ends_after_twelve_hours_however_busy(signed_in, clock, db):
    chair = signed_in("chair", make_meeting(db))
    for minutes in range(20, 12 * 60, 20):
        clock.now = NOW + timedelta(minutes=minutes)
        assert present(chair)
    clock.now = NOW + timedelta(hours=12)
    answer = chair.get("/en/desk/first")
    assert (answer.status_code, answer.headers["location"]) == (303, "/en/sign-in")


@pytest.fixture
def half_an_hour(app):
    """What is usual; other tests move the clock further and go on."""
    app.state.presence.idle = timedelta(minutes=Settings().idle_minutes)


def test_7_3_1_a_sign_in_that_nobody_uses_ends_after_half_an_hour(
    half_an_hour, signed_in, clock, db
):
    chair = signed_in("chair", make_meeting(db))
    clock.now = NOW + timedelta(minutes=30) - timedelta(seconds=1)
    assert present(chair)
    clock.now += timedelta(minutes=30)
    assert not present(chair)
    clock.now -= timedelta(minutes=1)
    assert present(chair)


def test_7_3_1_a_page_that_nobody_touches_does_not_keep_it_alive(
    half_an_hour, signed_in, clock, db
):
    chair = signed_in("chair", make_meeting(db))
    for _ in range(6):
        clock.now += timedelta(minutes=5)
        looks = {"Convoca-Unattended": "1"}
        found = chair.get("/en/desk/first/history/after/0", headers=looks).status_code
    assert (found, present(chair)) == (303, False)


def test_7_3_1_other_processes_learn_who_was_there(app, signed_in, clock, db):
    chair = signed_in("chair", make_meeting(db))
    clock.now = NOW + timedelta(minutes=20)
    assert present(chair)
    before = db.scalars(select(SignIn.seen_at)).all()
    db.rollback()
    write_presence(app.state.sessions, app.state.presence)
    write_presence(app.state.sessions, app.state.presence)
    assert (before, db.scalars(select(SignIn.seen_at)).all()) == ([NOW], [clock.now])
    assert app.state.presence.unwritten() == {}


def test_7_3_1_a_later_use_in_another_process_stays(app, signed_in, clock, db):
    chair = signed_in("chair", make_meeting(db))
    clock.now = NOW + timedelta(minutes=5)
    assert present(chair)
    [sign_in] = db.scalars(select(SignIn))
    sign_in.seen_at = NOW + timedelta(minutes=9)
    db.commit()
    write_presence(app.state.sessions, app.state.presence)
    db.refresh(sign_in)
    assert sign_in.seen_at == NOW + timedelta(minutes=9)


@pytest.fixture
def two(client, db):
    """One person's two browsers."""
    person = make_person(db, "chair", make_meeting(db))
    found = []
    for agent in ("Mozilla/5.0 (Windows NT 10.0) Firefox/140.0", "curl/8"):
        link = f"/en/sign-in/{make_sign_in_link(db, person, now=NOW)}"
        cookie = client.post(link, headers={"User-Agent": agent}).headers["set-cookie"]
        client.cookies.clear()
        found.append({"Cookie": cookie.split(";")[0]})
    return found


def signed_in_with(client, cookie):
    return client.get("/en/desk/first", headers=cookie).status_code == 200


def test_7_4_5_somebody_sees_where_and_ends_it_everywhere_else(client, two):
    here, there = two
    page = client.get("/en/sign-ins", headers=here).text
    assert "Firefox, Windows" in page
    assert "curl/8" in page
    client.post("/en/sign-ins/others/end", headers=here)
    assert (signed_in_with(client, here), signed_in_with(client, there)) == (True, False)


def test_7_4_5_one_of_them_is_ended(client, two):
    here, there = two
    listed = client.get("/api/v1/sign-ins", headers=here).json()["items"]
    [other] = [each["id"] for each in listed if not each["current"]]
    assert client.post(f"/en/sign-ins/{other}/end", headers=here).status_code == 303
    assert client.post(f"/en/sign-ins/{other}/end", headers=here).status_code == 404
    assert (signed_in_with(client, here), signed_in_with(client, there)) == (True, False)


def test_7_4_2_an_administrator_ends_them_all(
    client, two, settings, db, capsys, clock, monkeypatch
):
    monkeypatch.setattr(console, "system_clock", clock)
    given = Namespace(email=db.scalar(select(Person.email)), end=True)
    db.rollback()
    assert console._sign_ins(settings, given) == 0
    assert "ended: 2" in capsys.readouterr().out
    assert not any(signed_in_with(client, each) for each in two)


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140 Safari/537.36",
            "Chrome, Linux",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18 Safari/604.1",
            "Safari, iPhone",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140 Safari/537.36 Edg/140", "Edge, Windows"),
        ("x" * 500, "x" * 60),
        ("", ""),
    ],
)
def test_a_device_is_called_as_people_call_it(agent, device):
    assert device_of(agent) == device


def test_7_2_4_a_sign_in_has_a_token_of_its_own(client, db):
    person = make_person(db, "chair", make_meeting(db))
    tokens = set()
    for _ in range(2):
        link = f"/en/sign-in/{make_sign_in_link(db, person, now=NOW)}"
        cookie = client.post(link).headers["set-cookie"]
        tokens.add(re.search(r"convoca-session=([^;]+)", cookie)[1])
        client.cookies.clear()
    assert len(tokens) == 2
    assert {len(token) for token in tokens} == {43}


@pytest.mark.parametrize(
    "alter", [str.swapcase, lambda token: token[:-1], lambda token: token + "="]
)
def test_7_2_1_a_token_that_was_altered_is_nobodys(client, two, alter):
    name, _, token = two[0]["Cookie"].partition("=")
    assert (
        client.get("/en/desk/first", headers={"Cookie": f"{name}={alter(token)}"}).status_code
        == 303
    )


def test_9_2_2_a_token_is_good_for_its_purpose_only(client, db, two):
    session = two[0]["Cookie"].partition("=")[2]
    link = make_sign_in_link(db, make_person(db), now=NOW)
    feed = client.post("/en/my-calendar", headers=two[0]).text
    feed = re.search(r"personal/([\w-]+)\.ics", feed)[1]
    assert client.get(f"/calendars/personal/{session}.ics").status_code == 404
    assert client.get(f"/calendars/personal/{link}.ics").status_code == 404
    for token in (feed, link):
        bearer = {"Authorization": f"Bearer {token}"}
        assert client.get("/api/v1/me", headers=bearer).status_code == 401
    for token in (feed, session):
        assert client.post(f"/en/sign-in/{token}").status_code == 410


def test_l8_signing_in_from_another_site_is_refused(client, link):
    answer = client.post(link, headers={"Sec-Fetch-Site": "cross-site"})
    assert (answer.status_code, "set-cookie" in answer.headers) == (403, False)
    assert client.post(link).status_code == 303


def test_6_3_2_a_new_installation_has_nobody_to_sign_in_as(db):
    assert db.scalars(select(Person)).all() == []


def test_16_3_1_signing_in_is_logged_without_a_name(client, link, caplog):
    caplog.set_level("INFO", logger="convoca.security")
    client.post(link)
    [record] = [each for each in caplog.records if each.name == "convoca.security"]
    assert record.getMessage() == "signed in"
    assert record.facts.keys() == {"person"}


def test_7_4_1_signing_out_ends_the_sign_in_at_once(signed_in, db):
    chair = signed_in("chair", make_meeting(db))
    answer = chair.post("/en/sign-out")
    assert (answer.status_code, answer.headers["clear-site-data"]) == (303, '"cache", "storage"')
    assert chair.get("/en/desk/first").status_code == 303
