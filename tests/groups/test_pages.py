"""The Group's pages: what people type wrong, what two of them save, what members may say."""

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.groups.queries import decision_of, decisions_of, elections_of, members_of, tasks_of
from app.meetings.queries import meeting_by_slug
from app.schedules.models import Edition
from tests.make import NOW, make_meeting, make_room, make_sitting
from tests.make_groups import (
    convened,
    make_clearance,
    make_decision,
    make_delegate,
    make_election,
    make_group,
    make_task,
    seat_latest_person,
    voters,
)

DESK = "/en/desk/first/group"


@pytest.fixture
def meeting(db):
    meeting = make_meeting(db)
    make_group(db, meeting)
    return meeting


@pytest.fixture
def chair(meeting, signed_in):
    return signed_in("chair", meeting)


@pytest.fixture
def staff(meeting, signed_in):
    return signed_in("secretariat", meeting)


def errors_of(page):
    """What the summary says, by field; the same words stand at the field."""
    found = dict(re.findall(r'<li><a href="#([\w-]+)">(.*?)</a></li>', page.text))
    for field, words in found.items():
        assert page.text.count(words) >= 2, words
        assert f'id="{field}"' in page.text
    return found


ELECTION = {"post": "chair", "method": "acclamation", "since": "2026-03-01"}
DECISION = {
    "text_en": "We meet in March.",
    "original_language": "en",
    "decided_on": "2026-03-01",
    "way": "adopted",
}
TASK = {"what_en": "Write", "owner": "chair", "state": "open", "due_on": "2026-04-01"}


def test_an_election_of_somebody_who_is_no_member_is_refused_and_all_typed_is_kept(
    chair, db, meeting
):
    page = chair.post(f"{DESK}/officers", data=ELECTION | {"person": "nobody", "against": "7"})

    assert page.status_code == 422
    assert errors_of(page) == {"person": "Only somebody of a member of the Group can be elected."}
    assert 'name="against" value="7"' in page.text
    assert elections_of(db, meeting.id) == []


def test_two_chairs_at_once_are_refused_at_the_field(chair, db, meeting):
    make_election(db, meeting, "chair", until=date(2026, 3, 31))
    second = make_delegate(db, meeting, 1)
    page = chair.post(f"{DESK}/officers", data=ELECTION | {"person": str(second.id)})

    assert list(errors_of(page)) == ["since"]


def test_an_election_gives_the_desk_and_its_end_takes_it(
    chair, db, meeting, app, client, signed_in
):
    member = signed_in("member", meeting)
    seat_latest_person(db, meeting)
    seat = voters(db, meeting)[0].people[0]
    assert member.get("/en/desk/first").status_code == 403
    chair.post(f"{DESK}/officers", data=ELECTION | {"person": str(seat.id)})
    assert member.get("/en/desk/first").status_code == 200
    election = elections_of(db, meeting.id)[0]
    ended = {"until": "2026-03-01", "version": election.version}
    assert chair.post(f"{DESK}/officers/{election.id}/end", data=ended).status_code == 303

    assert member.get("/en/desk/first").status_code == 403


def test_an_offered_draw_changes_nothing_and_is_the_same_for_all(chair, db, meeting):
    first, again = (chair.get(f"{DESK}/precedence?seed=lots").text for _ in range(2))
    order = re.search(r"<textarea[^>]*>\s*(.*?)</textarea>", first, re.DOTALL)[1].split()

    assert sorted(order) == [each.entity.key for each in voters(db, meeting)]
    assert order == re.search(r"<textarea[^>]*>\s*(.*?)</textarea>", again, re.DOTALL)[1].split()
    taken = {"order": "\n".join(order), "seed": "lots", "drawn_on": "2026-03-02"}
    assert chair.post(f"{DESK}/precedence", data=taken).status_code == 303
    names = chair.get(f"{DESK}?order=precedence").text
    places = [names.index(f"State {key[-2:]}") for key in order]
    assert places == sorted(places)


@pytest.mark.parametrize("deadline", ["2026-03-01T12:00", "soon", ""])
def test_a_silence_deadline_that_cannot_be_is_refused(chair, db, meeting, deadline):
    form = DECISION | {"way": "silence", "deadline": deadline}
    page = chair.post(f"{DESK}/decisions", data=form)

    assert page.status_code == 422
    assert list(errors_of(page)) == ["deadline"]
    assert "We meet in March." in page.text
    assert decisions_of(db, meeting.id) == []


def test_a_late_objection_is_recorded_and_marked(staff, db, meeting, clock):
    soon = NOW + timedelta(hours=1)
    decision = make_decision(db, meeting, way="silence", deadline_at=soon)
    clock.now = NOW + timedelta(hours=2)
    member = voters(db, meeting)[0]
    form = {"member": str(member.id), "objection": "Too late", "objection_came_by": "note 9/06"}
    answer = staff.post(f"{DESK}/decisions/{decision.id}/objections", data=form)
    page = staff.get(f"{DESK}/decisions/{decision.id}").text

    assert answer.status_code == 303
    assert "after the deadline" in page
    assert "note 9/06" in page
    assert "Nobody objected; the chair has to confirm" in page


def test_a_task_after_the_conference_is_a_sentence_at_its_field(chair, db, meeting):
    page = chair.post(f"{DESK}/tasks", data=TASK | {"due_on": "2026-05-01"})
    assert list(errors_of(page)) == ["due_on"]
    meant = TASK | {"due_on": "2026-05-01", "after": "yes"}

    assert chair.post(f"{DESK}/tasks", data=meant).status_code == 303
    assert [each.due_on for each in tasks_of(db, meeting.id)] == [date(2026, 5, 1)]


def test_an_overdue_task_is_said_in_words_on_the_line_and_in_the_table(chair, db, meeting):
    make_task(db, meeting, due_on=date(2026, 2, 20))
    page = chair.get(f"{DESK}/tasks").text

    assert "Overdue: 20 February 2026" in page
    assert "task 1, overdue</tspan>" in page
    assert "1 is overdue." in page


def test_two_people_edit_one_decision_and_nothing_is_lost(chair, staff, db, meeting):
    decision = make_decision(db, meeting, "We meet in March.")
    address = f"{DESK}/decisions/{decision.id}"
    theirs = DECISION | {"text_en": "We meet in April.", "version": "1"}
    mine = DECISION | {"text_en": "We meet in May.", "version": "1"}
    assert staff.post(address, data=theirs).status_code == 303
    page = chair.post(address, data=mine)

    assert page.status_code == 412
    for text in ("We meet in March.", "We meet in April.", "We meet in May."):
        assert text in page.text
    db.expire_all()
    assert decision_of(db, meeting.id, decision.id).text["en"] == "We meet in April."


@pytest.mark.parametrize("part", ["", "/officers", "/tasks", "/decisions", "/liaison"])
def test_a_form_left_empty_says_what_is_missing_and_keeps_nothing(chair, db, meeting, part):
    page = chair.post(DESK + part, data={"version": "1"})

    assert page.status_code == 422
    assert errors_of(page)


def test_a_member_objects_for_its_delegation_on_its_own_page(db, meeting, signed_in):
    member = signed_in("member", meeting)
    seat_latest_person(db, meeting)
    decision = make_decision(db, meeting, "By silence.", way="silence")
    home = member.get("/fr/group/gt-first").text
    address = f"/fr/group/gt-first/decisions/{decision.id}"
    empty = member.post(f"{address}/objections", data={"objection": " "})
    answer = member.post(f"{address}/objections", data={"objection": "Non."})
    db.expire_all()

    assert "By silence." in home
    assert (empty.status_code, answer.status_code) == (422, 303)
    found = decision_of(db, meeting.id, decision.id).objections
    assert [(each.text, each.came_by) for each in found] == [("Non.", "")]


def test_a_body_with_voice_and_no_vote_reads_and_does_not_object(db, meeting, signed_in):
    member = signed_in("member", meeting)
    seat_latest_person(db, meeting)
    for each in voters(db, meeting):
        each.votes = False
    decision = make_decision(db, meeting, way="silence")
    address = f"/en/group/gt-first/decisions/{decision.id}"

    assert "We object" not in member.get(address).text
    answer = member.post(f"{address}/objections", data={"objection": "No."})
    assert answer.status_code == 409


def test_an_administrator_of_a_mission_gives_a_colleague_a_sign_in(db, meeting, signed_in):
    member = signed_in("member", meeting)
    seat_latest_person(db, meeting)
    given = {"person_name": "Luz", "email": "luz@example.org", "language": "es"}
    answer = member.post("/en/group/gt-first/people", data=given | {"administrator": "yes"})
    again = member.post("/en/group/gt-first/people", data=given)
    db.expire_all()
    people = members_of(db, meeting.id)[0].people

    assert (answer.status_code, again.status_code) == (303, 422)
    assert [(each.person.name, each.administrator) for each in people][1:] == [("Luz", False)]


def test_a_member_finds_the_group_among_the_meetings(db, meeting, signed_in):
    make_meeting(db, "second")
    page = signed_in("member", meeting).get("/en/desk").text

    assert 'href="/en/group/gt-first"' in page


def test_the_chair_clears_from_the_first_screen(chair, db, meeting):
    row = make_clearance(db, meeting, "Draft agenda, rev. 2")
    first = chair.get("/en/desk/first").text
    form = {"version": row.version, "answer": "cleared", "back": "desk"}
    answer = chair.post(f"{DESK}/clearances/{row.id}", data=form)

    assert "Draft agenda, rev. 2" in first
    assert answer.headers["location"] == "/en/desk/first"
    assert "Nothing waits." in chair.get("/en/desk/first").text


def test_publishing_waits_for_the_chair_and_records_on_whose_instructions(
    staff, chair, db, meeting
):
    elected = make_delegate(db, meeting, name="Ana Ruiz")
    make_election(db, meeting, "chair", delegate=elected)
    make_sitting(db, meeting, room=make_room(db, meeting))
    group = make_group(db, meeting)
    group.needs_clearance = ["schedule"]
    asked = staff.post("/en/desk/first/editions", data={"instructed_by": "Ana Ruiz"})
    assert asked.status_code == 409
    assert staff.post("/en/desk/first/editions/clearance").status_code == 303
    page = chair.get(f"{DESK}/clearances").text
    address = re.search(r'href="(/en/desk/first/group/clearances/[\w-]+)"', page)[1]
    told = {"version": "1", "answer": "cleared", "said_by": "Ana Ruiz", "came_by": "by telephone"}
    assert staff.post(address, data=told).status_code == 303
    silent = staff.post("/en/desk/first/editions", data={"instructed_by": ""})
    done = staff.post("/en/desk/first/editions", data={"instructed_by": "Ana Ruiz"})
    db.expire_all()

    assert "by telephone" in staff.get(address).text
    assert (silent.status_code, done.status_code) == (422, 303)
    assert [each.instructed_by for each in db.scalars(select(Edition))] == ["Ana Ruiz"]
    history = staff.get("/en/desk/first/history").text
    assert "published edition 1 on the instructions of Ana Ruiz" in history


def test_convening_twice_with_one_key_convenes_once(chair, db, meeting):
    form = {"day": "2026-03-10", "starts": "10:00", "ends": "13:00", "once": "the-same-key"}
    answers = [chair.post(f"{DESK}/meetings", data=form).status_code for _ in range(2)]

    assert answers == [303, 303]
    assert "Meeting 2 of the Group" not in chair.get(f"{DESK}/meetings").text


def test_a_series_after_the_conference_is_refused(chair):
    form = {"day": "2026-05-10", "starts": "10:00", "ends": "13:00", "weeks": "2"}

    assert list(errors_of(chair.post(f"{DESK}/meetings", data=form))) == ["day"]


def test_the_quorum_is_said_with_its_figures(chair, db, meeting):
    convened(db, meeting)
    keys = [each.entity.key for each in voters(db, meeting)]
    chair.post(f"{DESK}/meetings/1", data={"version": "1", "present": keys[:1]})
    page = chair.get(f"{DESK}/meetings/1").text

    assert "1 of 3 present, 1 needed to open, 2 to decide." in page
    assert "Enough to open, not to decide" in page


def test_a_meeting_of_the_group_has_no_group_of_its_own(db, meeting, signed_in):
    held = meeting_by_slug(db, convened(db, meeting)[0].held.slug)
    visitor = signed_in("chair", held)

    assert visitor.get("/en/desk/gt-first-1/group").status_code == 404
    assert "/desk/gt-first-1/group" not in visitor.get("/en/desk/gt-first-1/agenda").text


@pytest.mark.parametrize("lang", ["en", "es", "fr", "pt"])
def test_each_page_is_there_in_each_language(chair, db, meeting, lang):
    decision, task = make_decision(db, meeting, way="silence"), make_task(db, meeting)
    convened(db, meeting)
    pages = ["", "/officers", "/precedence", "/decisions", "/tasks", "/clearances", "/liaison"]
    pages += ["/meetings", "/meetings/1", f"/decisions/{decision.id}", f"/tasks/{task.id}"]
    for page in (*(f"group{each}" for each in pages), "move", ""):
        answer = chair.get(f"/{lang}/desk/first/{page}".rstrip("/"))
        assert (answer.status_code, f'<html lang="{lang}"' in answer.text) == (200, True), page
