"""What the shelf promises: the same bytes for everyone, fresh at once, there without a database."""

import asyncio
import gzip
import re
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import make_url

from app.core.kept import KEEP
from app.meetings.commands import raise_public_stamp
from app.meetings.rules import local_instant
from app.publications import shelf as shelf_module
from app.publications import stamps as stamps_module
from app.publications.shelf import Shelf
from app.publications.stamps import ALL_MEETINGS, Stamps
from tests.make import NOW, ZONE, loaded, make_meeting, make_room, make_sitting, publish

SCHEDULE = "/en/meetings/first/schedule"
FEED = "/calendars/first/en/all.ics"
LIST = "/en/meetings"
ADDRESSES = [
    LIST,
    "/es/meetings/first",
    "/fr/meetings/first/agenda",
    SCHEDULE,
    "/en/meetings/first/schedule?day=all",
    "/pt/meetings/first/schedule?edition=1",
    FEED,
    "/calendars/first/es/day/2026-04-14.ics?cancelled=hide",
    "/api/v1/meetings/first/schedule",
    "/api/v1/meetings/first/schedule?lang=fr",
    "/api/v1/meetings/first/schedule.jcal?lang=pt",
]
PLAIN = {"Accept-Encoding": "identity"}
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def meeting(db):
    """Published, with two sittings on the first day."""
    meeting = make_meeting(db)
    room = make_room(db, meeting)
    make_sitting(db, meeting, "Opening", room=room, at=time(10))
    make_sitting(db, meeting, "Second plenary", room=room, at=time(15))
    publish(db, meeting)
    db.commit()
    return meeting


@pytest.fixture
def shelf(meeting, client, app):
    """The shelf of the running application; `rendered` is what was asked of the pages behind it."""
    shelf = app.middleware_stack.app.app
    behind, shelf.rendered = shelf.app, []

    async def noted(scope, receive, send):
        shelf.rendered.append((scope["path"], scope["query_string"].decode()))
        await behind(scope, receive, send)

    shelf.app = noted
    return shelf


@pytest.fixture
def get(client):
    """The answer uncompressed, unless other headers are given."""

    def ask(address, by=None, **headers):
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return (by or client).get(address, headers=PLAIN | given)

    return ask


@pytest.fixture
def chair(signed_in, meeting):
    """A browser that holds, beside its sign-in, a word for the next page that is its own."""
    chair = signed_in("chair", meeting)
    told = chair.post("/en/desk/first/rooms", data={"name_en": "Room B"})
    chair.headers["Cookie"] += f"; convoca-done={told.cookies['convoca-done']}"
    return chair


def headers_of(answer):
    """All but the one that differs each time."""
    return {name: value for name, value in answer.headers.items() if name != "x-request-id"}


# --- One answer for everyone ---


def test_a_public_answer_says_all_that_caches_need(shelf, get):
    for address in ADDRESSES:
        answer = get(address)

        assert answer.status_code == 200, address
        assert re.fullmatch(r'"[0-9a-f]{24}"', answer.headers["ETag"])
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert answer.headers["Cache-Control"].startswith("public, max-age=")
        assert answer.headers["Content-Length"] == str(len(answer.content))
        assert [name for name in answer.headers if name in {"set-cookie", KEEP}] == []


def test_bytes_and_headers_are_the_same_for_anonymous_and_chair(shelf, get, chair):
    by_chair = {address: get(address, by=chair) for address in ADDRESSES}
    shelf.kept.clear()
    anonymous = {address: get(address) for address in ADDRESSES}

    assert len(shelf.rendered) == 1 + 2 * len(ADDRESSES)  # the first is the chair's own
    for address in ADDRESSES:
        assert by_chair[address].content == anonymous[address].content
        assert headers_of(by_chair[address]) == headers_of(anonymous[address])
    assert "Room added: Room B" in chair.get("/en/desk/first/rooms").text


def test_no_public_answer_ever_sets_a_cookie(shelf, get, chair):
    for address in (*ADDRESSES, "/en/meetings/none", "/calendars/none/en/all.ics", "/"):
        answers = [get(address), get(address), get(address, by=chair), chair.head(address)]
        assert [each.headers.get("Set-Cookie") for each in answers] == [None] * 4


def test_head_is_get_without_a_body(shelf, client):
    for address in ADDRESSES:
        got, asked = client.get(address), client.head(address)

        assert (asked.status_code, asked.content) == (200, b"")
        assert headers_of(asked) == headers_of(got)


def test_head_is_answered_first_as_well(shelf, client, get):
    asked = client.head(FEED, headers=PLAIN)

    assert headers_of(asked) == headers_of(get(FEED))
    assert len(shelf.rendered) == 1


# --- Not sending what is there already ---


def test_a_known_tag_gets_304_without_body_and_with_the_headers_of_the_answer(shelf, get):
    answer = get(FEED)
    again = get(FEED, If_None_Match=answer.headers["ETag"])

    assert (again.status_code, again.content) == (304, b"")
    dropped = {"content-type", "content-length", "content-disposition"}
    assert headers_of(again) == {
        name: value for name, value in headers_of(answer).items() if name not in dropped
    }


def test_if_none_match_is_a_list_compared_weakly(shelf, get):
    tag = get(FEED).headers["ETag"]
    known = [tag, f"W/{tag}", f'"a", {tag}', f'"a",W/{tag} , "b"', "*"]
    unknown = ['"a"', 'W/"a", "b"', tag.strip('"'), ""]

    assert [get(FEED, If_None_Match=each).status_code for each in known] == [304] * 5
    assert [get(FEED, If_None_Match=each).status_code for each in unknown] == [200] * 4


def test_each_encoding_has_its_own_tag_and_knows_no_other(shelf, get):
    plain, packed = get(FEED), get(FEED, Accept_Encoding="gzip")

    assert plain.headers["ETag"] != packed.headers["ETag"]
    assert get(FEED, If_None_Match=packed.headers["ETag"]).status_code == 200
    asked = {"Accept_Encoding": "gzip", "If_None_Match": packed.headers["ETag"]}
    unchanged = get(FEED, **asked)
    assert unchanged.status_code == 304
    assert unchanged.headers["ETag"] == packed.headers["ETag"]
    asked["If_None_Match"] = plain.headers["ETag"]
    assert get(FEED, **asked).status_code == 200


def test_if_modified_since_knows_the_day_of_the_last_change(shelf, get):
    since = get(FEED).headers["Last-Modified"]

    assert since == "Mon, 02 Mar 2026 12:00:00 GMT"
    assert get(FEED, If_Modified_Since=since).status_code == 304
    assert get(FEED, If_Modified_Since="Mon, 02 Mar 2026 11:59:59 GMT").status_code == 200
    assert get(FEED, If_Modified_Since="yesterday").status_code == 200


def test_a_tag_outranks_the_date(shelf, get):
    answer = get(FEED)
    both = {"If_None_Match": '"a"', "If_Modified_Since": answer.headers["Last-Modified"]}

    assert get(FEED, **both).status_code == 200


def test_a_page_that_depends_on_the_hour_is_not_dated(shelf, get):
    answer = get(SCHEDULE)

    assert answer.headers.get("Last-Modified") is None
    since = get(FEED).headers["Last-Modified"]
    assert get(SCHEDULE, If_Modified_Since=since).status_code == 200
    assert get(SCHEDULE, If_None_Match=answer.headers["ETag"]).status_code == 304


# --- Compression ---


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip", "gzip"),
        ("deflate, gzip, br", "gzip"),
        ("GZIP", "gzip"),
        ("br;q=1.0, gzip;q=0.5", "gzip"),
        ("gzip;q=0.05", "gzip"),
        ("gzip ; q=1", "gzip"),
        ("identity", None),
        ("br, deflate", None),
        ("gzip;q=0", None),
        ("gzip; q=0.000, identity", None),
        ("notgzip", None),
        ("", None),
    ],
)
def test_gzip_is_sent_only_to_those_who_ask(accepted, encoding):
    stub = Stub(b"x" * 5000)
    answer = asked(shelf_over(stub), FEED, accept_encoding=accepted)

    assert answer.headers.get("content-encoding") == encoding
    assert answer.headers["vary"] == "Accept-Encoding"
    assert (gzip.decompress(answer.body) if encoding else answer.body) == stub.body


def test_a_feed_unpacks_to_the_same_bytes(shelf, get):
    packed = get(FEED, Accept_Encoding="gzip")

    assert (packed.headers["Content-Encoding"], packed.headers["Vary"]) == (
        "gzip",
        "Accept-Encoding",
    )
    assert packed.content == get(FEED).content


def test_a_program_that_says_nothing_of_encodings_gets_none():
    stub = Stub(b"x" * 5000)
    answer = asked(shelf_over(stub), "/en/meetings")

    assert (answer.headers.get("content-encoding"), answer.body) == (None, stub.body)


def test_packed_bytes_unpack_to_the_plain_ones():
    stub = Stub(b"x" * 5000)
    answer = asked(shelf_over(stub), "/en/meetings", accept_encoding="gzip")

    assert answer.headers["content-encoding"] == "gzip"
    assert gzip.decompress(answer.body) == stub.body
    assert answer.headers["content-length"] == str(len(answer.body))


def test_an_answer_too_short_to_gain_stays_plain():
    answer = asked(shelf_over(Stub(b"short")), "/en/meetings", accept_encoding="gzip")

    assert (answer.headers.get("content-encoding"), answer.body) == (None, b"short")


# --- Fresh at once ---


def test_publishing_changes_the_bytes_at_once(shelf, get, meeting, signed_in, clock, db):
    chair = signed_in("chair", meeting)
    before = {address: get(address) for address in (FEED, SCHEDULE)}
    make_sitting(db, meeting, "Closing", room=loaded(db, meeting).rooms[0], at=time(17))
    assert get(FEED).content == before[FEED].content
    clock.now = LATER
    assert chair.post("/en/desk/first/editions", data={"remark": ""}).status_code == 303

    for address, old in before.items():
        tag = old.headers["ETag"]
        answer = get(address, If_None_Match=tag)
        assert (answer.status_code, answer.headers["ETag"] != tag) == (200, True)
        assert ("Closing" in answer.text, "Closing" in old.text) == (True, False)
    assert get(FEED).headers["Last-Modified"] == "Mon, 02 Mar 2026 13:00:00 GMT"


def test_a_change_in_another_meeting_leaves_the_kept_bytes(shelf, get, meeting, app, db):
    other = make_meeting(db, "second")
    db.commit()
    app.state.stamps.refresh()
    for _ in range(2):
        raise_public_stamp(db, other.id, now=LATER)
        db.commit()
        app.state.stamps.refresh()
        assert [get(address).status_code for address in (FEED, LIST)] == [200, 200]

    assert shelf.rendered == [("/calendars/first/en/all.ics", ""), (LIST, ""), (LIST, "")]


def test_what_another_process_published_is_seen_with_the_next_stamp(shelf, get, meeting, app, db):
    before = get(FEED)
    make_sitting(db, meeting, "Closing", room=loaded(db, meeting).rooms[0], at=time(17))
    publish(db, meeting, now=LATER)
    db.commit()
    app.state.stamps.refresh()

    assert ("Closing" in get(FEED).text, "Closing" in before.text) == (True, False)


def test_a_stamp_that_rises_during_rendering_makes_the_rendering_old():
    stub = Stub(b"before")
    shelf = shelf_over(stub)

    def rise():
        stub.body = b"after"
        shelf.stamps.current = {"first": 2, ALL_MEETINGS: 2}

    stub.meanwhile = rise
    first = asked(shelf, FEED)
    stub.meanwhile = None

    assert first.body == b"before"
    assert [asked(shelf, FEED).body, asked(shelf, FEED).body] == [b"after", b"after"]
    assert stub.answered == 2


def test_a_slow_reading_of_stamps_does_not_hide_a_newer_one(app, db, meeting, monkeypatch):
    read, hurry = stamps_module.public_stamps, threading.Event()
    began = threading.Event()

    def slow(session):
        found = read(session)
        if threading.current_thread() is slow_one:
            session.rollback()  # what it read stays read; it holds up nobody
            began.set()
            hurry.wait(timeout=10)
        return found

    monkeypatch.setattr(stamps_module, "public_stamps", slow)
    stamps = Stamps(app.state.sessions.engines)
    slow_one = threading.Thread(target=stamps.refresh)
    slow_one.start()
    assert began.wait(timeout=10)
    raise_public_stamp(db, meeting.id, now=LATER)
    db.commit()
    newer_one = threading.Thread(target=stamps.refresh)
    newer_one.start()
    newer_one.join(timeout=0.2)  # it may have to wait for the slow one
    hurry.set()
    slow_one.join()
    newer_one.join()

    assert stamps.current["first"] == read(db)["first"]


# --- What is kept, and how much ---


def test_an_unknown_query_is_answered_as_well_but_not_kept(shelf, get):
    for address in (
        f"{FEED}?utm_source=mail",
        f"{FEED}?cancelled=hide&utm_source=mail",
        f"{SCHEDULE}?edition=1&day=all",
        f"{SCHEDULE}?fbclid=1",
        "/api/v1/meetings/first/schedule?a=b",
    ):
        shelf.rendered.clear()
        answer, again = get(address), get(address)

        assert (answer.status_code, answer.content) == (200, again.content)
        assert answer.headers["ETag"] == again.headers["ETag"]
        assert (answer.headers["Vary"], answer.headers.get(KEEP)) == ("Accept-Encoding", None)
        assert get(address, If_None_Match=answer.headers["ETag"]).status_code == 304
        assert (len(shelf.rendered), len(shelf.kept), shelf.rendering) == (3, 0, {})


def test_a_query_that_means_nothing_to_its_address_is_not_kept(shelf, get):
    for address in (
        "/en/meetings?day=all",
        "/en/meetings/first?edition=77",
        "/en/meetings/first/agenda?day=anything",
        f"{SCHEDULE}?cancelled=hide",
        f"{FEED}?day=anything",
        "/api/v1/meetings/first/schedule?cancelled=hide",
        "/api/v1/meetings/first/schedule.jcal?edition=77",
    ):
        assert get(address).status_code == 200
        assert len(shelf.kept) == 0


def test_nothing_else_is_kept(shelf, get):
    for address, status in {
        f"{SCHEDULE}?edition=2": 404,
        f"{SCHEDULE}?day=2026-04-18": 404,
        "/en/meetings/none": 404,
        "/calendars/none/en/all.ics": 404,
        "/xx/meetings": 404,
        "/en/desk/first": 303,
        "/livez": 200,
        "/api/v1/openapi.json": 200,
    }.items():
        assert get(address).status_code == status
        assert (len(shelf.kept), shelf.rendering) == (0, {})


def test_each_known_address_is_rendered_once(shelf, get):
    for address in ADDRESSES * 2:
        get(address)

    assert len(shelf.rendered) == len(shelf.kept) == len(ADDRESSES)


def test_memory_is_bounded_and_what_was_not_read_lately_goes(monkeypatch):
    monkeypatch.setattr(shelf_module, "MOST_BYTES", 5_000)
    shelf = shelf_over(Stub(b"x" * 400))  # 800 bytes each: too short to pack, counted twice
    addresses = [f"/en/meetings/first/sittings/{number}" for number in range(20)]
    for address in addresses:
        asked(shelf, address)
        asked(shelf, addresses[0])

    kept = [path for path, _ in shelf.kept]
    assert kept == [*addresses[-5:], addresses[0]]
    assert shelf.size == sum(each.size for each in shelf.kept.values()) == 4_800


def test_an_answer_larger_than_the_shelf_is_still_answered(monkeypatch):
    monkeypatch.setattr(shelf_module, "MOST_BYTES", 100)
    shelf = shelf_over(Stub(b"x" * 400))
    bodies = [asked(shelf, f"/en/meetings/first/sittings/{n}").body for n in range(3)]

    assert bodies == [b"x" * 400] * 3
    assert len(shelf.kept) == 1


def test_rendering_again_does_not_count_twice():
    stub = Stub(b"x" * 400)
    shelf = shelf_over(stub)
    for stamp in range(5):
        shelf.stamps.current = {"first": stamp}
        stub.body = b"x" * (400 - stamp)
        asked(shelf, FEED)

    assert (stub.answered, len(shelf.kept), shelf.size) == (5, 1, 2 * 396)


def test_parallel_misses_render_once():
    stub = Stub(b"once", pause=0.01)
    shelf = shelf_over(stub)

    async def crowd():
        return await asyncio.gather(*(ask(shelf, FEED) for _ in range(20)))

    bodies = [answer.body for answer in asyncio.run(crowd())]
    assert (bodies, stub.answered) == ([b"once"] * 20, 1)
    assert shelf.rendering == {}


def test_parallel_misses_of_different_addresses_do_not_wait_for_each_other():
    stub = Stub(b"once")
    shelf = shelf_over(stub)
    stub.barrier = asyncio.Barrier(2)

    async def crowd():
        return await asyncio.gather(ask(shelf, FEED), ask(shelf, SCHEDULE))

    assert [answer.body for answer in asyncio.run(crowd())] == [b"once"] * 2


def test_a_rendering_that_fails_leaves_nothing_behind():
    stub = Stub(b"")

    def fail():
        raise RuntimeError("a bug")

    stub.meanwhile = fail
    shelf = shelf_over(stub)
    for _ in range(2):
        with pytest.raises(RuntimeError, match="a bug"):
            asked(shelf, FEED)

    assert (len(shelf.kept), shelf.rendering) == (0, {})


@pytest.mark.parametrize("made", [{"status": 404}, {"keep": None}, {"status": 500, "keep": None}])
def test_an_answer_that_may_not_be_kept_passes_as_it_is(made):
    stub = Stub(b"not kept", **made)
    shelf = shelf_over(stub)
    answers = [asked(shelf, FEED), asked(shelf, FEED)]

    assert {(each.status, each.body) for each in answers} == {(stub.status, b"not kept")}
    assert (stub.answered, len(shelf.kept)) == (2, 0)


def test_a_meeting_whose_stamp_is_not_known_yet_is_answered_but_not_kept():
    stub = Stub(b"new")
    shelf = shelf_over(stub, {ALL_MEETINGS: 1})
    answer = asked(shelf, FEED)

    assert (answer.status, answer.body, answer.headers.get(KEEP)) == (200, b"new", None)
    assert len(shelf.kept) == 0


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_what_is_not_reading_passes(method):
    stub = Stub(b"once")
    shelf = shelf_over(stub)
    asked(shelf, FEED)
    asked(shelf, FEED, method=method)

    assert (stub.answered, len(shelf.kept)) == (2, 1)


# --- Pages that depend on the hour ---


def at(clock_time, *, day=14):
    return local_instant(date(2026, 4, day), clock_time, ZONE)


def now_and_next(page):
    """What the page says takes place, and comes next."""
    section = re.search(r'aria-label="Now and next">(.*?)</section>', page, re.DOTALL)
    found = dict.fromkeys(("Now", "Next"))
    for part in re.findall(r"<h2>.*?</div>", section[1] if section else "", re.DOTALL):
        found[re.search(r"<h2>(\w+)", part)[1]] = re.search(r"<a[^>]*>(.*?)</a>", part)[1]
    return found["Now"], found["Next"]


TURNS = [
    (at(time(0)), (None, "Opening")),
    (at(time(10)), ("Opening", "Second plenary")),
    (at(time(11)), (None, "Second plenary")),
    (at(time(15)), ("Second plenary", None)),
    (at(time(16)), (None, None)),
    *((at(time(0), day=day), (None, None)) for day in (15, 16, 17)),
    (at(time(0), day=18), (None, None)),
]


def test_the_schedule_is_rendered_again_after_each_start_end_and_midnight(shelf, get, clock):
    clock.now = TURNS[0][0] - timedelta(seconds=1)
    before = now_and_next(get(SCHEDULE).text)
    assert before == (None, None)
    for number, (moment, expected) in enumerate(TURNS, start=1):
        clock.now = moment - timedelta(microseconds=1)
        assert (now_and_next(get(SCHEDULE).text), len(shelf.rendered)) == (before, number)
        clock.now = moment
        answer = get(SCHEDULE)
        assert (now_and_next(answer.text), len(shelf.rendered)) == (expected, number + 1)
        clock.now = moment + timedelta(microseconds=1)
        assert get(SCHEDULE).headers["ETag"] == answer.headers["ETag"]
        assert len(shelf.rendered) == number + 1
        before = expected
    clock.now += timedelta(days=9_999)
    get(SCHEDULE)
    assert len(shelf.rendered) == len(TURNS) + 1


def test_during_the_meeting_the_schedule_opens_on_today(shelf, get, clock):
    chosen = {}
    for day in range(13, 19):
        clock.now = at(time(9), day=day)
        page = get(SCHEDULE).text
        [chosen[day]] = re.findall(r'schedule\?day=([^"]*)" aria-current', page)

    assert chosen == {
        13: "all",
        **{day: f"2026-04-{day}" for day in range(14, 18)},
        18: "all",
    }


def test_a_past_edition_does_not_depend_on_the_hour(shelf, get, clock):
    clock.now = at(time(9, 59))
    before = get(f"{SCHEDULE}?edition=1")
    clock.now = at(time(10, 30))

    assert now_and_next(before.text) == (None, None)
    assert get(f"{SCHEDULE}?edition=1").headers["ETag"] == before.headers["ETag"]
    assert len(shelf.rendered) == 1


def test_the_list_of_meetings_is_rendered_again_at_midnight(shelf, get, clock):
    clock.now = datetime(2026, 4, 17, 23, 59, 59, tzinfo=UTC)
    coming = get(LIST).text
    clock.now = datetime(2026, 4, 18, tzinfo=UTC)

    assert (">Coming<" in coming, ">Past<" in coming) == (True, False)
    past = get(LIST).text
    assert (">Coming<" in past, ">Past<" in past) == (False, True)
    assert len(shelf.rendered) == 2


# --- Without a database ---


@pytest.fixture
def database_away(app, databases, database_url):
    """`with database_away():` no connection to it is left, and none can be made."""

    @contextmanager
    def on_sqlite():
        folder = Path(make_url(database_url).database).parent
        elsewhere = folder.rename(folder.with_name(f"{folder.name}-away"))
        app.state.sessions.engines.dispose()
        yield
        elsewhere.rename(folder)

    @contextmanager
    def on_postgresql():
        run, name = databases.admin.execute, make_url(database_url).database
        run(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        yield
        run(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')

    return on_sqlite if database_url.startswith("sqlite") else on_postgresql


def test_while_the_database_is_away_the_last_bytes_serve(shelf, get, app, database_away):
    before = {address: get(address) for address in ADDRESSES}
    with database_away():
        app.state.stamps.refresh()
        for address, answer in before.items():
            again = get(address)
            assert (again.status_code, again.content) == (200, answer.content)
            unchanged = get(address, If_None_Match=answer.headers["ETag"])
            assert unchanged.status_code == 304

    assert len(shelf.rendered) == len(ADDRESSES)


def test_an_address_that_was_never_kept_answers_503_until_the_database_is_back(
    shelf, get, database_away
):
    with database_away():
        answer, data = get(FEED), get("/api/v1/meetings/first/schedule")
        assert (answer.status_code, data.status_code) == (503, 503)
        assert (answer.headers["Retry-After"], data.headers["Retry-After"]) == ("5", "5")
        assert answer.headers["Cache-Control"] == "no-store"
        assert len(shelf.kept) == 0

    assert get(FEED).status_code == 200


def test_a_page_whose_hour_is_over_serves_on_while_the_database_is_away(
    shelf, get, clock, database_away
):
    clock.now = at(time(9, 59))
    before = get(SCHEDULE)
    clock.now = at(time(10))
    with database_away():
        assert get(SCHEDULE).content == before.content
        clock.now += timedelta(seconds=4)
        assert (get(SCHEDULE).content, len(shelf.rendered)) == (before.content, 2)
    clock.now += timedelta(seconds=1)

    assert now_and_next(get(SCHEDULE).text) == ("Opening", "Second plenary")


def test_what_has_changed_is_not_served_as_it_was_even_if_the_database_is_away(
    shelf, get, app, db, meeting, database_away
):
    get(FEED)
    raise_public_stamp(db, meeting.id, now=LATER)
    db.commit()
    app.state.stamps.refresh()
    with database_away():
        assert get(FEED).status_code == 503


# --- A shelf of its own, over an application that answers as it is told ---


class Stub:
    """Answers with `body` after `meanwhile()`; counts how often."""

    def __init__(self, body, *, status=200, keep="always", pause=0):
        self.body = body
        self.status = status
        self.keep = keep
        self.pause = pause
        self.meanwhile = None
        self.barrier = None
        self.answered = 0

    async def __call__(self, scope, receive, send):
        self.answered += 1
        body = self.body
        await asyncio.sleep(self.pause)
        if self.barrier:
            await self.barrier.wait()
        if self.meanwhile:
            self.meanwhile()
        headers = [(b"content-type", b"text/html"), (b"content-length", str(len(body)).encode())]
        if self.keep:
            headers.append((KEEP.encode(), self.keep.encode()))
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": body[:3], "more_body": True})
        await send({"type": "http.response.body", "body": body[3:]})


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


def shelf_over(app, stamps=None):
    current = stamps or {"first": 1, ALL_MEETINGS: 1}
    return Shelf(app, SimpleNamespace(current=current), lambda: NOW)


async def ask(shelf, path, *, method="GET", accept_encoding=None):
    headers = [(b"accept-encoding", accept_encoding.encode())] if accept_encoding else []
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": b"",
        "headers": headers,
    }
    sent = []

    async def send(message):
        sent.append(message)

    async def receive():
        return {"type": "http.request"}

    await shelf(scope, receive, send)
    raw = sent[0]["headers"]
    return Answer(
        sent[0]["status"],
        {name.decode(): value.decode() for name, value in raw},
        b"".join(message.get("body", b"") for message in sent[1:]),
    )


def asked(shelf, path, **given):
    return asyncio.run(ask(shelf, path, **given))
