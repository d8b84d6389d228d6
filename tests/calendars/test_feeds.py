"""What feeds promise: the same entries everywhere, nothing closed, never empty."""

import json
import re
from datetime import UTC, date, datetime, time, timedelta
from itertools import product
from types import SimpleNamespace

import pytest
from icalendar import Calendar
from sqlalchemy import select

from app.calendars.models import PersonalFeed
from app.core.installation import installation
from app.core.languages import LANGUAGES, Localized
from app.core.security import token_hash
from app.schedules.models import Sitting
from app.schedules.showing import CLOSED_SESSION
from app.schema import metadata
from tests.make import (
    NOW,
    loaded,
    make_entity,
    make_item,
    make_meeting,
    make_room,
    make_sitting,
    publish,
)

ALL = "/calendars/first/en/all.ics"
LATER = NOW + timedelta(hours=1)
LATEST = NOW + timedelta(hours=2)
SECRETS = ["Secret talks", "Confidential case", "names of victims", "INTERPOL", "Police"]
WHOLE = ["Opening", "Shelters", "Plenary", "Secret talks", "Reception"]


def texts(en, es):
    return Localized(en=en, es=es)


@pytest.fixture
def meeting(db):
    """Five sittings on three of four days; nothing is published."""
    meeting = make_meeting(
        db,
        title=texts("Meeting of Authorities", "Reunión de Autoridades"),
        place=texts("Isla de Margarita", "Isla de Margarita, Venezuela"),
    )
    room, other = make_room(db, meeting), make_room(db, meeting, texts("Room B", "Sala B"))
    rights = make_item(
        db, meeting, "The rights of victims", mandates=["2019"], purposes=["protection"]
    )
    shelters = make_item(
        db,
        meeting,
        texts("Shelters, and how", "Refugios"),
        mandates=["2019", "2026"],
        purposes=["prevention"],
    )
    case = make_item(db, meeting, "Confidential case", mandates=["2026"], purposes=["rights"])
    women, children = make_entity(db, "CIM"), make_entity(db, "IIN", "Institute of Children")
    police = make_entity(db, "INTERPOL", "Police")
    make_entity(db, "UN", "United Nations")
    make_sitting(
        db,
        meeting,
        "Opening",
        room=room,
        items=[rights],
        entities=[women],
        note="Bring credentials.",
    )
    make_sitting(
        db,
        meeting,
        texts("Shelters", "Refugios"),
        room=other,
        day=2,
        items=[shelters],
        entities=[women, children],
    )
    make_sitting(db, meeting, "Plenary", room=room, at=time(12), day=2)
    make_sitting(
        db,
        meeting,
        "Secret talks",
        room=room,
        day=3,
        items=[case],
        entities=[police],
        note="names of victims",
    )
    make_sitting(db, meeting, "Reception", room=other, at=time(19), day=3)
    db.commit()
    return meeting


@pytest.fixture
def sittings(db, meeting):
    """By the English title, as ids."""
    return {
        each.title["en"]: each.id
        for each in db.scalars(select(Sitting).where(Sitting.meeting_id == meeting.id))
    }


@pytest.fixture
def published(db, meeting, app):
    def make(now=NOW):
        publish(db, meeting, now=now)
        db.commit()
        app.state.stamps.refresh()

    return make


@pytest.fixture
def chair(client, signed_in, meeting, clock):
    """Works through the API: `chair.change("Opening", closed=True)`."""
    program = signed_in("chair", meeting, bearer=True)

    def change(sitting_id, path="", method="PUT", body=None, **given):
        address = f"/api/v1/meetings/first/sittings/{sitting_id}"
        present = program.get(address)
        if not path:
            kept = {"title", "note", "minutes", "items", "entities", "closed"}
            body = {name: value for name, value in present.json().items() if name in kept} | given
        version = {"If-Match": present.headers["ETag"]}
        answer = program.request(method, address + path, json=body, headers=version)
        assert answer.status_code == 200, answer.text

    def publish_(now):
        clock.now = now
        assert program.post("/api/v1/meetings/first/editions", json={}).status_code == 201

    return SimpleNamespace(change=change, publish=publish_)


def events(answer):
    """The VEVENTs of a feed as they stand in it, by the id of the sitting."""
    assert answer.status_code == 200, answer.text
    found = re.findall(rb"BEGIN:VEVENT\r\n.*?END:VEVENT\r\n", answer.content, re.DOTALL)
    return {re.search(rb"UID:sitting-([0-9a-f-]{36})@", each)[1].decode(): each for each in found}


def lines(answer):
    """The unfolded lines of a feed."""
    return answer.text.replace("\r\n ", "").removesuffix("\r\n").split("\r\n")


def properties(vevent):
    """A VEVENT as a dictionary."""
    unfolded = vevent.decode().replace("\r\n ", "").strip().split("\r\n")
    return dict(re.split(":", each, maxsplit=1) for each in unfolded[1:-1])


def only(whole, sittings, *titles):
    """Those entries of the whole feed."""
    return {key: whole[key] for key in (str(sittings[title]) for title in titles)}


# --- Rows 26 to 29 and 34: how a feed is served, and what it is not ---


def test_a_feed_is_a_calendar_to_look_at(client, published, sittings):
    published()
    names = {
        "all.ics": "all.ics",
        "day/2026-04-14.ics": "2026-04-14.ics",
        "mandate/2019.ics": "2019.ics",
        "purpose/protection.ics": "protection.ics",
        "entity/CIM.ics": "CIM.ics",
        f"sitting/{sittings['Opening']}.ics": f"{sittings['Opening']}.ics",
    }
    for path, name in names.items():
        answer = client.get(f"/calendars/first/en/{path}")

        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
        assert answer.headers["Content-Disposition"] == f'inline; filename="first-{name}"'
        assert answer.headers["Cache-Control"] == "public, max-age=300"
        assert lines(answer)[0] == "BEGIN:VCALENDAR"
        assert lines(answer)[-1] == "END:VCALENDAR"
        source = f"SOURCE;VALUE=URI:http://localhost/calendars/first/en/{path}"
        assert [each for each in lines(answer) if each.startswith("SOURCE")] == [source]


def test_a_feed_is_for_every_program_without_redirect_or_question(client, published):
    published()
    programs = [
        "Google-Calendar-Importer",
        "iOS/17 dataaccessd/1.0",
        "Microsoft Office",
        "curl/8",
        "",
    ]
    answers = [client.get(ALL, headers={"User-Agent": each}) for each in programs]

    assert {(each.status_code, each.content) for each in answers} == {(200, answers[0].content)}


def test_a_feed_invites_nobody(client, published):
    published()
    names = {re.split("[:;]", each, maxsplit=1)[0] for each in lines(client.get(ALL))}

    assert names & {"METHOD", "ATTENDEE", "ORGANIZER", "X-ALT-DESC"} == set()


# --- Row 32: never an empty calendar ---


def parts(sittings):
    yield from (f"day/{day}" for day in ("2026-04-14", "2026-04-15", "2026-04-16"))
    yield from ("mandate/2019", "purpose/protection", "entity/CIM")
    yield f"sitting/{sittings['Opening']}"


def test_before_publication_there_is_no_calendar_of_anything(client, meeting, sittings):
    addresses = [ALL, *(f"/calendars/first/en/{part}.ics" for part in parts(sittings))]
    addresses += [f"/api/v1/meetings/first/schedule{end}" for end in ("", ".jcal")]
    answers = [client.get(address) for address in addresses]

    assert [each.status_code for each in answers] == [404] * len(addresses)
    assert ["VCALENDAR" in each.text.upper() for each in answers] == [False] * len(addresses)


def test_an_unknown_part_is_not_found(client, published, sittings):
    published()
    opening = str(sittings["Opening"])
    unknown = {
        "first/en": [
            *("day/2026-04-13", "day/2026-04-18", "day/20260414", "day/today", "day/"),
            *(
                "mandate/2040",
                "mandate/AG%2FRES.%202019",
                "purpose/punishment",
                "purpose/Protection",
            ),
            *("entity/none", "entity/cim", "room/A", "closed/yes", "sitting/none", "sitting/1"),
            "sitting/01890000-0000-7000-8000-000000000000",
            f"sitting/{opening.upper()}",
            f"sitting/{opening.replace('-', '')}",
            f"sitting/{{{opening}}}",
            f"sitting/urn:uuid:{opening}",
        ],
        "first/xx": ["all", "day/2026-04-14"],
        "first/": ["all"],
        "none/en": ["all", "day/2026-04-14", f"sitting/{opening}"],
        "groups/en": ["all"],
    }
    addresses = [f"/calendars/{at}/{part}.ics" for at in unknown for part in unknown[at]]

    assert {each: client.get(each).status_code for each in addresses} == dict.fromkeys(
        addresses, 404
    )


def test_a_sitting_of_another_meeting_is_not_found(client, db, published, sittings):
    other = make_meeting(db, "second")
    theirs = make_sitting(db, other, "Theirs", room=make_room(db, other)).id
    publish(db, other)
    published()

    assert client.get(f"/calendars/second/en/sitting/{theirs}.ics").status_code == 200
    assert client.get(f"/calendars/first/en/sitting/{theirs}.ics").status_code == 404
    mine = sittings["Opening"]
    assert client.get(f"/calendars/second/en/sitting/{mine}.ics").status_code == 404


def test_a_part_that_holds_nothing_is_not_found(client, published, chair, sittings):
    chair.change(sittings["Opening"], "/cancellation")
    published()
    assert len(events(client.get(ALL))) == 4  # what never was public is not public as cancelled
    empty = ["day/2026-04-14", "day/2026-04-17", "entity/UN", f"sitting/{sittings['Opening']}"]

    assert [client.get(f"/calendars/first/en/{part}.ics").status_code for part in empty] == [
        404
    ] * 4


def test_a_query_that_is_none_is_not_found(client, published):
    published()

    assert client.get(f"{ALL}?cancelled=show").status_code == 404


# --- Row 36: the same entries in every feed ---


def test_every_part_holds_the_very_entries_of_the_whole(client, published, sittings):
    published()
    whole = events(client.get(ALL))
    expected = {
        "day/2026-04-14": ["Opening"],
        "day/2026-04-15": ["Shelters", "Plenary"],
        "day/2026-04-16": ["Secret talks", "Reception"],
        "mandate/2019": ["Opening", "Shelters"],
        "mandate/2026": ["Shelters", "Secret talks"],
        "purpose/protection": ["Opening"],
        "purpose/prevention": ["Shelters"],
        "purpose/rights": ["Secret talks"],
        "entity/CIM": ["Opening", "Shelters"],
        "entity/IIN": ["Shelters"],
        "entity/INTERPOL": ["Secret talks"],
        **{f"sitting/{sittings[title]}": [title] for title in WHOLE},
    }
    assert whole == only(whole, sittings, *WHOLE)
    for part, titles in expected.items():
        found = events(client.get(f"/calendars/first/en/{part}.ics"))
        assert found == only(whole, sittings, *titles), part


def test_a_day_is_the_meetings_and_not_that_of_utc(client, published, db, meeting, sittings):
    room = loaded(db, meeting).rooms[0]
    late = make_sitting(db, meeting, "Late", room=room, at=time(23), day=1).id
    published()
    whole = events(client.get(ALL))
    day = events(client.get("/calendars/first/en/day/2026-04-14.ics"))

    assert day == only(whole, sittings | {"Late": late}, "Opening", "Late")
    assert properties(whole[str(late)])["DTSTART;TZID=America/Caracas"] == "20260414T230000"
    assert properties(whole[str(late)])["DTEND;TZID=America/Caracas"] == "20260415T000000"


# --- Rows 14 to 20: what an entry and a calendar say ---


def test_an_entry_says_what_the_schedule_says(client, published, sittings, db):
    published()
    opening = sittings["Opening"]
    address = f"http://localhost/en/meetings/first/sittings/{opening}"

    assert properties(events(client.get(ALL))[str(opening)]) == {
        "UID": f"sitting-{opening}@{installation(db).uid_domain}",
        "SEQUENCE": "0",
        "DTSTAMP": "20260302T120000Z",
        "CREATED": "20260302T120000Z",
        "LAST-MODIFIED": "20260302T120000Z",
        "DTSTART;TZID=America/Caracas": "20260414T100000",
        "DTEND;TZID=America/Caracas": "20260414T110000",
        "STATUS": "CONFIRMED",
        "TRANSP": "OPAQUE",
        "SUMMARY;LANGUAGE=en": "Opening",
        "LOCATION;LANGUAGE=en": r"Room A\, Isla de Margarita",
        "DESCRIPTION;LANGUAGE=en": r"Item 1. The rights of victims\nAG/RES. 2019\nCIM\n"
        rf"Bring credentials.\n{address}",
        "CATEGORIES": "AG/RES. 2019,Protection",
        "URL": address,
    }


def test_revision_times_are_those_of_the_edition_that_last_changed_the_entry(
    client, published, chair, sittings
):
    published()
    before = events(client.get(ALL))
    chair.change(sittings["Opening"], title={"en": "Grand opening"})
    chair.publish(LATER)
    chair.change(sittings["Plenary"], "/cancellation")
    chair.publish(LATEST)
    after = events(client.get(ALL))
    names = ("CREATED", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "STATUS")
    changed = {
        key: tuple(properties(after[key])[name] for name in names)
        for key in after
        if after[key] != before[key]
    }

    first, second, third = "20260302T120000Z", "20260302T130000Z", "20260302T140000Z"
    assert changed == {
        str(sittings["Opening"]): (first, second, second, "0", "CONFIRMED"),
        str(sittings["Plenary"]): (first, third, third, "1", "CANCELLED"),
    }
    assert after.keys() == before.keys()


def test_a_calendar_says_its_name_zone_and_when_to_look_again(client, published):
    published()
    found = lines(client.get("/calendars/first/en/mandate/2019.ics"))

    assert found[: found.index("BEGIN:VTIMEZONE")] == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Convoca//Meeting planner//EN",
        "CALSCALE:GREGORIAN",
        "NAME;LANGUAGE=en:Meeting of Authorities: AG/RES. 2019",
        "X-WR-CALNAME:Meeting of Authorities: AG/RES. 2019",
        r"DESCRIPTION;LANGUAGE=en:Calendars can lag a day\; the page is always right.",
        r"X-WR-CALDESC:Calendars can lag a day\; the page is always right.",
        "X-WR-TIMEZONE:America/Caracas",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
        "SOURCE;VALUE=URI:http://localhost/calendars/first/en/mandate/2019.ics",
    ]
    assert found.count("BEGIN:VTIMEZONE") == 1


def test_a_feed_does_not_change_while_nothing_does(client, app, published, clock):
    published()
    before = client.get(ALL)
    app.middleware_stack.app.app.kept.clear()
    clock.now = LATEST

    assert client.get(ALL).content == before.content


# --- Cancelled ---


def test_a_cancelled_sitting_stays_struck_unless_the_reader_prefers_without(
    client, published, chair, sittings
):
    published()
    chair.change(sittings["Shelters"], "/cancellation")
    chair.publish(LATER)
    shelters = str(sittings["Shelters"])
    whole = events(client.get(ALL))
    struck = properties(whole[shelters])

    assert (struck["STATUS"], struck["TRANSP"]) == ("CANCELLED", "TRANSPARENT")
    assert struck["SUMMARY;LANGUAGE=en"] == "CANCELLED: Shelters"
    hidden = client.get(f"{ALL}?cancelled=hide")
    rest = {key: each for key, each in whole.items() if key != shelters}
    assert (len(rest), events(hidden)) == (4, rest)
    assert f"SOURCE;VALUE=URI:http://localhost{ALL}?cancelled=hide" in lines(hidden)
    day = "/calendars/first/en/day/2026-04-15.ics"
    assert events(client.get(day)) == only(whole, sittings, "Shelters", "Plenary")
    assert events(client.get(f"{day}?cancelled=hide")) == only(whole, sittings, "Plenary")


def test_where_only_cancelled_ones_are_left_hiding_them_leaves_no_calendar(
    client, published, chair, sittings
):
    published()
    chair.change(sittings["Opening"], "/placement", method="DELETE")
    chair.publish(LATER)
    opening = f"/calendars/first/en/sitting/{sittings['Opening']}.ics"

    [struck] = events(client.get(opening)).values()
    assert properties(struck)["STATUS"] == "CANCELLED"
    assert client.get(f"{opening}?cancelled=hide").status_code == 404


# --- Closed ---


def public_views(client, sittings):
    """Everything public that could say what happens in a sitting, with its status."""
    parts_of = ("all", "day/2026-04-16", "mandate/2026", "purpose/rights", "entity/INTERPOL")
    secret = sittings["Secret talks"]
    addresses = [
        f"/calendars/first/{lang}/{part}.ics"
        for lang, part in product(("en", "es"), (*parts_of, f"sitting/{secret}"))
    ]
    pages = ("schedule", "schedule?day=all", "schedule?day=2026-04-16", "schedule?edition=1")
    addresses += [f"/en/meetings/first/{page}" for page in (*pages, f"sittings/{secret}")]
    data = ("schedule", "schedule?edition=1", "schedule?lang=es", "schedule.jcal")
    addresses += [f"/api/v1/meetings/first/{each}" for each in data]
    return {address: client.get(address) for address in addresses}


def leaks(answers):
    return {
        (address, secret)
        for address, answer in answers.items()
        for secret in SECRETS
        if secret in answer.text.replace("\r\n ", "")
    }


def test_of_a_closed_sitting_only_time_and_room_are_public_and_this_at_once(
    client, published, chair, sittings, clock
):
    published()
    before = public_views(client, sittings)
    assert {secret for _, secret in leaks(before)} == set(SECRETS)
    clock.now = LATER
    chair.change(sittings["Secret talks"], closed=True)
    after = public_views(client, sittings)

    assert leaks(after) == set()
    secret = str(sittings["Secret talks"])
    gone = [f"sitting/{secret}.ics", "rights.ics", "INTERPOL.ics", f"sittings/{secret}"]
    assert {address: answer.status_code for address, answer in after.items()} == {
        address: 404 if any(address.endswith(end) for end in gone) else 200 for address in after
    }
    shelters = "/calendars/first/en/mandate/2026.ics"
    assert events(after[shelters]) == only(events(before[ALL]), sittings, "Shelters")


def test_closing_masks_the_entry_and_moves_its_stamp_but_not_its_sequence(
    client, published, chair, sittings, clock
):
    published()
    secret = str(sittings["Secret talks"])
    day = "/calendars/first/en/day/2026-04-16.ics"
    before = events(client.get(ALL))
    assert events(client.get(day)) == only(before, sittings, "Secret talks", "Reception")
    clock.now = LATER
    chair.change(secret, closed=True)
    masked = events(client.get(ALL))
    assert events(client.get(day)) == only(masked, sittings, "Secret talks", "Reception")

    assert {key for key in before if masked[key] != before[key]} == {secret}
    told = ("UID", "SEQUENCE", "CREATED", "STATUS", "TRANSP", "LOCATION;LANGUAGE=en")
    times = tuple(f"{name};TZID=America/Caracas" for name in ("DTSTART", "DTEND"))
    kept = {name: properties(before[secret])[name] for name in told + times}
    assert properties(masked[secret]) == kept | {
        "DTSTAMP": "20260302T130000Z",
        "LAST-MODIFIED": "20260302T130000Z",
        "SUMMARY;LANGUAGE=en": "Closed session",
        "DESCRIPTION;LANGUAGE=en": "http://localhost/en/meetings/first",
    }
    clock.now = LATEST
    chair.change(secret, closed=False)
    opened = properties(events(client.get(ALL))[secret])
    stamps = dict.fromkeys(("DTSTAMP", "LAST-MODIFIED"), "20260302T140000Z")
    assert opened == properties(before[secret]) | stamps


def test_what_is_closed_before_it_is_published_was_never_told(client, published, chair, sittings):
    chair.change(sittings["Secret talks"], closed=True)
    published()

    assert leaks(public_views(client, sittings)) == set()
    secret = str(sittings["Secret talks"])
    summaries = {
        lang: properties(events(client.get(f"/calendars/first/{lang}/all.ics"))[secret])[
            f"SUMMARY;LANGUAGE={lang}"
        ]
        for lang in LANGUAGES
    }
    assert summaries == {lang: CLOSED_SESSION.in_language(lang) for lang in LANGUAGES}
    assert len(set(summaries.values())) == 4


def test_a_closed_sitting_that_is_cancelled_and_changed_stays_closed(
    client, published, chair, sittings, clock
):
    published()
    secret = sittings["Secret talks"]
    chair.change(secret, closed=True)
    chair.change(secret, title={"en": "Secret talks again"}, note={"en": "names of victims"})
    chair.change(secret, "/cancellation")
    chair.publish(LATER)

    assert leaks(public_views(client, sittings)) == set()
    struck = properties(events(client.get(ALL))[str(secret)])
    assert struck["SUMMARY;LANGUAGE=en"] == "CANCELLED: Closed session"
    assert (struck["STATUS"], struck["SEQUENCE"]) == ("CANCELLED", "1")


# --- Language ---


def test_a_feed_speaks_the_language_of_its_address(client, published, chair, sittings):
    published()
    chair.change(sittings["Shelters"], "/cancellation")
    chair.publish(LATER)
    shelters = str(sittings["Shelters"])
    answer = client.get("/calendars/first/es/all.ics", headers={"Accept-Language": "fr"})
    found = properties(events(answer)[shelters])
    address = f"http://localhost/es/meetings/first/sittings/{shelters}"
    bodies = r"Commission of Women\, Institute of Children"  # which have no Spanish acronym

    assert found["SUMMARY;LANGUAGE=es"] == "CANCELADA: Refugios"
    assert found["LOCATION;LANGUAGE=es"] == r"Sala B\, Isla de Margarita\, Venezuela"
    described = rf"Tema 2. Refugios\nAG/RES. 2019\; AG/RES. 2026\n{bodies}\n{address}"
    assert (found["DESCRIPTION;LANGUAGE=es"], found["URL"]) == (described, address)
    assert "NAME;LANGUAGE=es:Reunión de Autoridades" in lines(answer)
    english = properties(events(client.get(ALL))[shelters])
    same = ("UID", "SEQUENCE", "DTSTAMP", "STATUS", "DTSTART;TZID=America/Caracas")
    assert {name: found[name] for name in same} == {name: english[name] for name in same}


def test_a_text_that_the_language_does_not_have_is_told_in_the_one_there_is(
    client, published, sittings
):
    published()
    found = events(client.get("/calendars/first/fr/all.ics"))

    assert properties(found[str(sittings["Plenary"])])["SUMMARY;LANGUAGE=fr"] == "Plenary"


# --- jCal and JSON ---


def test_jcal_holds_the_very_entries_of_the_feed(client, published):
    published()
    answer = client.get("/api/v1/meetings/first/schedule.jcal?lang=es")
    feed = client.get("/calendars/first/es/all.ics")
    name, own, components = answer.json()
    source = f"http://localhost{answer.url.path}?lang=es"
    expected = Calendar.from_ical(feed.content).to_jcal()

    assert answer.headers["Content-Type"] == "application/calendar+json"
    assert (name, components) == ("vcalendar", json.loads(json.dumps(expected[2])))
    assert ["source", {}, "uri", source] in own
    event = next(each for each in components if each[0] == "vevent")
    assert ["dtstart", {"tzid": "America/Caracas"}, "date-time", "2026-04-14T10:00:00"] in event[1]
    assert ["dtstamp", {}, "date-time", "2026-03-02T12:00:00Z"] in event[1]
    assert ["sequence", {}, "integer", 0] in event[1]
    assert ["categories", {}, "text", "AG/RES. 2019", "Protection"] in event[1]


def test_jcal_is_english_unless_asked_otherwise(client, published):
    published()
    address = "/api/v1/meetings/first/schedule.jcal"
    summaries = {
        value
        for component in client.get(address).json()[2]
        for name, _, _, value, *_ in component[1]
        if name == "summary"
    }

    assert summaries == set(WHOLE)


def test_json_tells_the_published_schedule(client, published, sittings, db):
    published()
    document = client.get("/api/v1/meetings/first/schedule").json()
    told = document.pop("sittings")
    opening = told[0]
    [item] = opening.pop("items")
    item.pop("id")

    assert document == {
        "meeting": "first",
        "zone": "America/Caracas",
        "edition": 1,
        "published_at": "2026-03-02T12:00:00+00:00",
        "remark": {},
    }
    assert opening == {
        "id": str(sittings["Opening"]),
        "uid": f"sitting-{sittings['Opening']}@{installation(db).uid_domain}",
        "title": {"en": "Opening"},
        "note": {"en": "Bring credentials."},
        "starts_at": "2026-04-14T14:00:00+00:00",
        "ends_at": "2026-04-14T15:00:00+00:00",
        "room": {"en": "Room A"},
        "status": "confirmed",
        "closed": False,
        "sequence": 0,
        "changed_at": "2026-03-02T12:00:00+00:00",
        "mandates": ["2019"],
        "purposes": ["protection"],
        "entities": ["CIM"],
    }
    assert item == {"number": "1", "title": {"en": "The rights of victims"}}
    assert [each["id"] for each in told] == [str(sittings[title]) for title in WHOLE]


def test_json_of_a_closed_sitting_tells_time_and_room(client, published, chair, sittings):
    chair.change(sittings["Secret talks"], closed=True)
    published()
    told = client.get("/api/v1/meetings/first/schedule?lang=en").json()["sittings"]
    [closed] = [each for each in told if each["closed"]]
    empty = ("note", "items", "mandates", "purposes", "entities")

    assert [closed[name] for name in ("title", "room")] == ["Closed session", "Room A"]
    assert {name: closed[name] for name in empty} == {name: closed[name][:0] for name in empty}


def test_json_still_tells_an_earlier_edition(client, published, chair, sittings):
    published()
    chair.change(sittings["Opening"], title={"en": "Grand opening"})
    chair.publish(LATER)
    address = "/api/v1/meetings/first/schedule"
    titles = [
        client.get(address + query).json()["sittings"][0]["title"]["en"]
        for query in ("?edition=1", "?edition=2", "")
    ]

    assert titles == ["Opening", "Grand opening", "Grand opening"]
    assert client.get(f"{address}?edition=3").status_code == 404


# --- The personal calendar ---


@pytest.fixture
def second(db):
    """Another meeting, in another zone, published."""
    second = make_meeting(
        db, "second", zone="Europe/Lisbon", first_day=date(2026, 5, 4), last_day=date(2026, 5, 5)
    )
    make_sitting(db, second, "Follow-up", room=make_room(db, second))
    publish(db, second)
    db.commit()
    return second


@pytest.fixture
def third(db):
    """A published meeting in which nobody here has a role."""
    third = make_meeting(db, "third")
    make_sitting(db, third, "Not for them", room=make_room(db, third))
    publish(db, third)
    db.commit()
    return third


@pytest.fixture
def delegate(client, signed_in, meeting, second, third):
    """Somebody with a role in the first two meetings."""
    return signed_in("delegate", meeting, second)


def make_address(visitor):
    """The path of a new personal calendar, from the page that shows it once."""
    page = visitor.post("/en/my-calendar")
    assert page.status_code == 200
    [address] = set(re.findall(r'"http://localhost(/calendars/personal/[^"]+)"', page.text))
    assert f"webcal://localhost{address}" in page.text
    return address


def token_of(address):
    return address.removeprefix("/calendars/personal/").removesuffix(".ics")


def test_of_a_personal_address_only_the_hash_is_stored(delegate, db):
    token = token_of(make_address(delegate))
    stored = [
        str(value)
        for table in metadata.sorted_tables
        for row in db.execute(select(table))
        for value in row
    ]

    assert len(token) >= 22  # 128 bits and more
    assert [value for value in stored if token in value] == []
    assert [feed.token_hash for feed in db.scalars(select(PersonalFeed))] == [token_hash(token)]
    assert token not in delegate.get("/en/my-calendar").text


def test_a_personal_calendar_is_private(delegate, client, app):
    address = make_address(delegate)
    answer = client.get(address)
    told = {name.lower(): value for name, value in answer.headers.items()}

    assert answer.status_code == 200
    assert told["content-type"] == "text/calendar; charset=utf-8"
    assert told["content-disposition"] == 'inline; filename="convoca.ics"'
    assert told["cache-control"] == "private, max-age=300"
    assert told["x-robots-tag"] == "noindex"
    assert told["referrer-policy"] == "no-referrer"
    assert told.get("set-cookie") is None
    assert token_of(address) not in answer.text
    assert [key for key, _ in app.middleware_stack.app.app.kept if "personal" in key] == []


def test_a_personal_calendar_is_sent_again_only_if_it_changed(
    delegate, client, published, chair, sittings
):
    published()
    address = make_address(delegate)
    answer, asked = client.get(address), client.head(address)
    tag = answer.headers["ETag"]
    assert (asked.status_code, asked.content, asked.headers["ETag"]) == (200, b"", tag)
    forms = [tag, f"W/{tag}", f'"a", {tag}']
    unchanged = [client.get(address, headers={"If-None-Match": each}) for each in forms]
    assert [(each.status_code, each.content) for each in unchanged] == [(304, b"")] * 3
    chair.change(sittings["Opening"], "/cancellation")
    chair.publish(LATER)

    assert client.get(address, headers={"If-None-Match": tag}).status_code == 200


def test_a_personal_calendar_holds_a_persons_meetings_each_in_its_own_zone(
    delegate, client, published
):
    published()
    answer = client.get(make_address(delegate))
    first, second = (
        events(client.get(f"/calendars/{slug}/en/all.ics")) for slug in ("first", "second")
    )

    assert events(answer) == first | second
    assert (len(first), len(second)) == (5, 1)
    zones = [each for each in lines(answer) if each.startswith("TZID:")]
    assert zones == ["TZID:America/Caracas", "TZID:Europe/Lisbon"]
    [follow_up] = second.values()
    assert properties(follow_up)["DTSTART;TZID=Europe/Lisbon"] == "20260504T100000"
    assert events(client.get("/calendars/third/en/all.ics")).keys() - events(answer).keys()


def test_a_meeting_that_is_not_published_is_not_in_a_personal_calendar(delegate, client):
    found = events(client.get(make_address(delegate)))

    assert found == events(client.get("/calendars/second/en/all.ics"))


def test_a_closed_sitting_is_closed_in_a_personal_calendar_too(
    delegate, client, published, chair, sittings
):
    published()
    chair.change(sittings["Secret talks"], closed=True)
    answer = client.get(make_address(delegate))

    assert leaks({"personal": answer}) == set()
    secret = str(sittings["Secret talks"])
    assert events(answer)[secret] == events(client.get(ALL))[secret]


def test_a_personal_calendar_speaks_its_persons_language(client, db, signed_in, meeting, published):
    published()
    visitor = signed_in("delegate", meeting)
    make_address(visitor)  # in English
    [feed] = db.scalars(select(PersonalFeed))
    db.execute(metadata.tables["people"].update().values(language="es"))
    address = make_address(visitor)
    assert feed.revoked_at == NOW

    assert events(client.get(address)) == events(client.get("/calendars/first/es/all.ics"))


def test_a_personal_calendar_drops_a_meeting_thirty_days_after_its_last_day(
    delegate, client, published, clock
):
    published()
    address = make_address(delegate)
    first, second = (
        events(client.get(f"/calendars/{slug}/en/all.ics")) for slug in ("first", "second")
    )
    clock.now = datetime(2026, 5, 17, 23, 59, tzinfo=UTC)  # 17 April and thirty days
    assert events(client.get(address)) == first | second
    clock.now = datetime(2026, 5, 18, tzinfo=UTC)

    assert events(client.get(address)) == second
    assert events(client.get(ALL)) == first


def test_a_replaced_address_is_gone_and_the_new_one_works(delegate, client):
    old, new = make_address(delegate), make_address(delegate)
    answer = client.get(old)

    assert (answer.status_code, client.get(new).status_code) == (410, 200)
    assert "VCALENDAR" not in answer.text


def test_a_revoked_address_is_gone(delegate, client):
    address = make_address(delegate)
    assert client.get(address).status_code == 200
    assert delegate.post("/en/my-calendar/revocation").status_code == 303
    answer = client.get(address)

    assert (answer.status_code, "VCALENDAR" in answer.text) == (410, False)
    assert client.head(address).status_code == 410


def test_an_unknown_address_is_not_found(delegate, client, db):
    token = token_of(make_address(delegate))
    tries = ["a", token[:-1], token.swapcase(), token_hash(token), "%00"]
    answers = [client.get(f"/calendars/personal/{each}.ics") for each in tries]

    assert [each.status_code for each in answers] == [404] * len(tries)
    assert ["VCALENDAR" in each.text for each in answers] == [False] * len(tries)


def test_ones_own_address_says_nothing_of_others(delegate, client, signed_in, third):
    other = signed_in("chair", third)
    theirs, mine = make_address(other), make_address(delegate)

    assert events(client.get(theirs)) == events(client.get("/calendars/third/en/all.ics"))
    assert events(client.get(mine)) == events(client.get("/calendars/second/en/all.ics"))
    assert other.post("/en/my-calendar/revocation").status_code == 303
    assert (client.get(theirs).status_code, client.get(mine).status_code) == (410, 200)


def test_a_personal_address_is_made_only_for_somebody_signed_in(client, db):
    assert client.get("/en/my-calendar").headers["Location"] == "/en/sign-in"
    assert client.post("/en/my-calendar").headers["Location"] == "/en/sign-in"
    assert db.scalars(select(PersonalFeed)).all() == []
