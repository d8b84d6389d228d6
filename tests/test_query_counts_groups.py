"""Pages of the Group cost the same for ten rows and for five hundred (promise 12)."""

from datetime import date, timedelta

from app.accounts.models import Person
from app.groups.models import (
    Clearance,
    ClearanceState,
    Decision,
    Delegate,
    Liaison,
    Member,
    Objection,
    Task,
    TaskState,
    Way,
)
from tests.make import NOW, english, make_entity, make_meeting
from tests.make_groups import convened, make_election, make_group, notice
from tests.test_query_counts import number_of_statements

FEW, MANY = 10, 500
BASE = "/en/desk/first"
API = "/api/v1/meetings/first/group"
PAGES = [
    BASE,
    f"{BASE}/move",
    f"{BASE}/group",
    f"{BASE}/group?order=precedence",
    f"{BASE}/group/officers",
    f"{BASE}/group/precedence",
    f"{BASE}/group/decisions",
    f"{BASE}/group/tasks",
    f"{BASE}/group/clearances",
    f"{BASE}/group/liaison",
    f"{BASE}/group/meetings",
    f"{BASE}/group/meetings/1",
    "/en/group/gt-first",
    "/calendars/groups/gt-first/en/all.ics",
    f"{API}/members",
    f"{API}/elections",
    f"{API}/decisions",
    f"{API}/tasks",
    f"{API}/clearances",
    f"{API}/liaisons",
    f"{API}/meetings",
]


def fill(db, meeting, numbers):
    """So many more members with people, decisions with objections, tasks, clearances, liaisons."""
    for number in numbers:
        entity = make_entity(db, f"E{number}", f"Entity {number}")
        person = Person(email=f"p{number}@example.org", name=f"P {number}", language="en")
        member = Member(meeting_id=meeting.id, entity_id=entity.id, votes=True)
        db.add_all([person, member])
        db.flush()
        seat = {"member_id": member.id, "person_id": person.id, "administrator": False}
        decision = Decision(
            meeting_id=meeting.id,
            number=number + 1,
            text=english(f"Decision {number}"),
            original_language="en",
            decided_on=NOW.date(),
            way=Way.SILENCE,
            deadline_at=NOW + timedelta(days=1),
            deadline_zone="UTC",
            outcome_by="",
            source="",
        )
        db.add_all([Delegate(meeting_id=meeting.id, **seat), decision])
        db.flush()
        objects = {"decision_id": decision.id, "member_id": member.id, "came_by": ""}
        asked = {"asked_by": "Ana", "asked_at": NOW, "state": ClearanceState.ASKED}
        empty = {"text": "", "path": "", "fingerprint": "", "word": "", "said_by": ""}
        owed = {"entity_id": entity.id, "days_before": number % 60, "state": TaskState.OPEN}
        rows = [
            Objection(meeting_id=meeting.id, text="No.", received_at=NOW, **objects),
            Clearance(
                meeting_id=meeting.id, matter="other", title="A", came_by="", **asked, **empty
            ),
            Task(meeting_id=meeting.id, number=number + 1, what=english("Write"), **owed),
            Liaison(
                meeting_id=meeting.id,
                entity_id=entity.id,
                considers=english("A part"),
                contact="",
                dates=[],
                papers=[],
            ),
        ]
        db.add_all(rows)
    db.flush()


def test_pages_of_the_group_cost_the_same_for_five_hundred_rows(app, db, client, signed_in):
    meeting = make_meeting(db)
    make_group(db, meeting)
    make_election(db, meeting)
    chair = signed_in("chair", meeting)
    # Three delegations are there already.
    fill(db, meeting, range(FEW - 3))
    convened(db, meeting, *(notice(date(2026, 3, 3) + timedelta(days=n)) for n in range(3)))
    few = {address: number_of_statements(app, chair, address) for address in PAGES}
    fill(db, meeting, range(FEW - 3, MANY - 3))
    convened(db, meeting, *(notice(date(2026, 3, 8) + timedelta(days=n)) for n in range(20)))

    assert {address: number_of_statements(app, chair, address) for address in PAGES} == few
    assert max(few.values()) < 50
