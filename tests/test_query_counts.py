"""A page's number of statements does not grow with its rows (promise 12)."""

import pytest

from app.core.letters import write_letter
from app.invitations.commands import add_invitation
from app.invitations.models import InvitationKind
from tests.databases import statements_of
from tests.make import (
    NOW,
    letter_given,
    make_document,
    make_entity,
    make_item,
    make_meeting,
    make_resolution,
    make_room,
    make_sitting,
    publish,
    time,
    work_on,
)

FEW, MANY = 10, 200


def number_of_statements(app, visitor, address):
    """How many statements one request takes, when nothing is on the shelf."""
    app.middleware_stack.app.app.kept.clear()
    engines = app.state.sessions.engines
    # On PostgreSQL both engines share their events; each statement must count once.
    sqlite = engines.read.url.get_backend_name() == "sqlite"
    with statements_of(engines.read if sqlite else engines.write) as statements:
        assert visitor.get(address).status_code == 200
    return len(statements)


def fill(app, db, meeting, rooms, item, count, start):
    """So many more sittings, each with an item, an entity, a letter and an invitation."""
    for number in range(start, count):
        day, rest = divmod(number, len(rooms) * 20)
        room, place = divmod(rest, 20)
        make_sitting(
            db,
            meeting,
            f"Sitting {number}",
            room=rooms[room],
            at=time(place),
            day=day + 1,
            items=[item],
            entities=[entity_of(db, number)],
        )
        add_invitation(work_on(db, meeting), entity_of(db, f"I{number}"), InvitationKind.CALL)
        make_document(db, app, meeting, f"doc.{number}", document_class="public")
        write_letter(db, letter_given(f"{number}", meeting_id=meeting.id), now=NOW)


def entity_of(db, number):
    return make_entity(db, f"E{number}", f"Entity {number}")


PAGES = [
    "/en/meetings/first",
    "/en/meetings/first/agenda",
    "/en/meetings/first/schedule",
    "/en/desk/first",
    "/en/desk/first/agenda",
    "/en/desk/first/schedule",
    "/en/desk/first/rooms",
    "/en/desk/first/editions/new",
    "/en/desk/first/history",
    "/en/desk/first/letters",
    "/en/desk/first/documents",
    "/en/desk/first/invitations",
    "/en/desk/first/resolution",
    "/en/desk/first/commitments",
    "/api/v1/meetings/first/commitments",
    "/en/meetings/first/documents",
    "/en/desk/first/sittings/new",
    "/calendars/first/en/all.ics",
    "/api/v1/meetings/first/schedule",
    "/api/v1/meetings/first/schedule.jcal",
    "/api/v1/meetings/first/documents",
    "/api/v1/meetings/first/invitations",
    "/api/v1/meetings/first/items",
    "/api/v1/meetings/first/sittings",
    "/api/v1/meetings/first/changes",
    "/api/v1/meetings/first/editions",
    "/api/v1/meetings/first/letters",
    "/api/v1/entities",
]


def test_pages_of_a_meeting_cost_the_same_for_two_hundred_sittings(app, db, client, signed_in):
    meeting = make_meeting(db, resolution_id=make_resolution(db).id)
    rooms = [make_room(db, meeting, f"Room {number}") for number in range(4)]
    item = make_item(db, meeting, mandates=["2019"], purposes=["protection"])
    chair = signed_in("chair", meeting)
    fill(app, db, meeting, rooms, item, FEW - 1, 0)
    publish(db, meeting)
    fill(app, db, meeting, rooms, item, FEW, FEW - 1)
    publish(db, meeting)
    few = {address: number_of_statements(app, chair, address) for address in PAGES}
    for number in range(FEW, MANY):
        make_item(db, meeting, f"Item {number}", mandates=["2026"], purposes=["prevention"])
    fill(app, db, meeting, rooms, item, MANY, FEW)
    publish(db, meeting)

    assert {address: number_of_statements(app, chair, address) for address in PAGES} == few
    assert max(few.values()) < 40


@pytest.mark.parametrize("address", ["/en/meetings", "/en/desk", "/api/v1/meetings"])
def test_lists_of_meetings_cost_the_same_for_two_hundred(app, db, client, signed_in, address):
    first = [make_meeting(db, f"m{number}") for number in range(FEW)]
    visitor = signed_in("chair", *first)
    few = number_of_statements(app, visitor, address)
    for number in range(FEW, MANY):
        make_meeting(db, f"m{number}")
    rest = [make_meeting(db, f"n{number}") for number in range(FEW)]
    visitor = signed_in("chair", *first, *rest)

    assert number_of_statements(app, visitor, address) == few


def test_the_personal_calendar_costs_a_fixed_number_for_each_meeting(app, db, client, signed_in):
    meeting = make_meeting(db)
    room = make_room(db, meeting)
    item = make_item(db, meeting)
    chair = signed_in("chair", meeting)
    address = chair.post("/en/my-calendar").text.split("/calendars/personal/")[1].split(".ics")[0]
    fill(app, db, meeting, [room], item, 2, 0)
    publish(db, meeting)
    few = number_of_statements(app, chair, f"/calendars/personal/{address}.ics")
    fill(app, db, meeting, [room], item, 40, 2)
    publish(db, meeting)

    assert number_of_statements(app, chair, f"/calendars/personal/{address}.ics") == few
