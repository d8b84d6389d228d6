"""Decisions, tasks, clearances, liaison and the host: what they take and what they refuse."""

from datetime import date, timedelta

import pytest

from app.core.changes import Actor, revert
from app.core.errors import Conflict, Invalid, Stale
from app.core.journal import latest_change
from app.core.languages import Localized
from app.groups.clearances import AnswerGiven, answer_clearance, check_cleared, instructing
from app.groups.commands import remove_delegate, remove_member
from app.groups.decisions import (
    DecisionGiven,
    change_decision,
    confirm_outcome,
    confirm_reservation,
    object_to,
)
from app.groups.liaison import HostGiven, set_host
from app.groups.models import ClearanceState, Outcome, Way
from app.groups.queries import (
    decision_of,
    decisions_of,
    host_of,
    member_of,
    seat_of,
    tasks_of,
    the_group_of,
)
from app.groups.rules import Standing, is_late, standing
from app.groups.tasks import TaskGiven, change_task
from tests.make import (
    NOW,
    english,
    loaded,
    make_meeting,
    make_person,
    make_room,
    make_sitting,
    work_on,
)
from tests.make import publish as published
from tests.make_groups import (
    LATER,
    make_clearance,
    make_decision,
    make_delegate,
    make_election,
    make_group,
    make_host,
    make_task,
    voters,
)


@pytest.fixture
def meeting(db):
    meeting = make_meeting(db)
    make_group(db, meeting, needs_clearance=("schedule",))
    return meeting


def work(db, meeting, **given):
    return work_on(db, loaded(db, meeting), **given)


def undo(db, meeting):
    revert(work(db, meeting), latest_change(db, meeting.id).number)
    db.flush()
    db.expire_all()


def by(person):
    return Actor(person.id, person.name)


def test_decisions_are_numbered_and_a_number_is_not_given_twice(db, meeting):
    assert [make_decision(db, meeting).number for _ in range(3)] == [1, 2, 3]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"text": Localized(es="Se decide.")}, "text_en"),
        ({"way": "silence", "deadline_at": None}, "deadline"),
        ({"way": "silence", "deadline_at": NOW}, "deadline"),
        ({"way": "silence", "deadline_at": NOW - timedelta(days=1)}, "deadline"),
        ({"way": "ad_referendum", "reserved": []}, "reserved"),
    ],
)
def test_a_decision_that_lacks_something_names_it(db, meeting, given, field):
    with pytest.raises(Invalid) as refused:
        make_decision(db, meeting, **given)
    assert refused.value.errors[0].field == field
    assert decisions_of(db, meeting.id) == []


def test_ad_referendum_is_open_until_each_has_confirmed(db, meeting):
    members = voters(db, meeting)[:2]
    made = make_decision(db, meeting, way="ad_referendum", reserved=members)
    found = []
    for reservation in list(made.reservations):
        confirm_reservation(work(db, meeting), made, reservation, "note 1/06", version=1)
        found.append(standing(made, superseded=False, now=NOW))

    assert found == [Standing.OPEN_AD_REFERENDUM, Standing.ADOPTED]
    with pytest.raises(Conflict):
        confirm_reservation(work(db, meeting), made, reservation, "again", version=2)


def test_an_objection_breaks_the_silence_and_the_chair_confirms_it(db, meeting):
    made = make_decision(db, meeting, way="silence")
    object_to(work(db, meeting), made, voters(db, meeting)[0], "We cannot agree.")
    made = decision_of(db, meeting.id, made.id)
    confirm_outcome(work(db, meeting), made, version=1)

    assert made.outcome is Outcome.NOT_ADOPTED


def test_a_late_objection_is_kept_and_breaks_nothing(db, meeting):
    made = make_decision(db, meeting, way="silence")
    late = LATER + timedelta(minutes=1)
    row = object_to(work(db, meeting, now=late), made, voters(db, meeting)[0], "Too late.")
    made = decision_of(db, meeting.id, made.id)

    assert is_late(row, made.deadline_at)
    assert standing(made, superseded=False, now=late) is Standing.SILENCE_KEPT
    confirm_outcome(work(db, meeting, now=late), made, version=1)
    assert made.outcome is Outcome.ADOPTED


def test_an_objection_by_note_counts_from_when_it_was_received(db, meeting):
    made = make_decision(db, meeting, way="silence")
    late = work(db, meeting, now=LATER + timedelta(days=1))
    object_to(late, made, voters(db, meeting)[0], "No.", came_by="note 3/06", received_at=LATER)

    found = decision_of(db, meeting.id, made.id)
    assert standing(found, superseded=False, now=late.now) is Standing.SILENCE_BROKEN


def test_nobody_objects_to_what_is_no_silence_procedure_nor_without_a_word(db, meeting):
    member, silent = voters(db, meeting)[0], make_decision(db, meeting, way="silence")

    with pytest.raises(Conflict):
        object_to(work(db, meeting), make_decision(db, meeting), member, "No.")
    with pytest.raises(Invalid):
        object_to(work(db, meeting), silent, member, "")
    with pytest.raises(Invalid):
        object_to(work(db, meeting), silent, member, "No.", received_at=LATER)


def test_an_outcome_is_not_confirmed_while_the_silence_runs(db, meeting):
    made = make_decision(db, meeting, way="silence")

    with pytest.raises(Conflict):
        confirm_outcome(work(db, meeting), made, version=1)


def test_a_later_decision_supersedes_and_both_stay(db, meeting):
    first = make_decision(db, meeting, "We meet in March.")
    make_decision(db, meeting, "We meet in April.", supersedes_id=first.id)

    assert [each.text["en"] for each in decisions_of(db, meeting.id)] == [
        "We meet in April.",
        "We meet in March.",
    ]


def test_a_deadline_with_seconds_stays_when_something_else_is_saved(db, meeting):
    exact = LATER.replace(second=42)
    made = make_decision(db, meeting, way="silence", deadline_at=exact)
    shown = {"deadline_at": LATER, "deadline_zone": "America/New_York"}
    given = DecisionGiven(english("Reworded."), "en", NOW.date(), Way.SILENCE, **shown)
    change_decision(work(db, meeting), made, given, version=1)

    assert (made.text["en"], made.deadline_at) == ("Reworded.", exact)


def test_decisions_do_not_supersede_each_other_in_a_circle(db, meeting):
    first = make_decision(db, meeting, "We meet in March.")
    second = make_decision(db, meeting, "We meet in April.", supersedes_id=first.id)
    given = DecisionGiven(first.text, "en", NOW.date(), Way.ADOPTED, supersedes_id=second.id)

    with pytest.raises(Invalid) as refused:
        change_decision(work(db, meeting), first, given, version=1)
    assert refused.value.errors[0].field == "supersedes"


def test_a_decision_with_objections_is_not_undone_by_itself(db, meeting):
    made = make_decision(db, meeting, way="silence")
    number = latest_change(db, meeting.id).number
    object_to(work(db, meeting), made, voters(db, meeting)[0], "No.")

    with pytest.raises(Conflict):
        revert(work(db, meeting), number)
    db.expire_all()
    assert [each.number for each in decisions_of(db, meeting.id)] == [1]


def test_an_objection_can_be_undone_and_done_again(db, meeting):
    made = make_decision(db, meeting, way="silence")
    object_to(work(db, meeting), made, voters(db, meeting)[0], "No.")
    undo(db, meeting)
    assert decision_of(db, meeting.id, made.id).objections == []

    undo(db, meeting)
    assert [each.text for each in decision_of(db, meeting.id, made.id).objections] == ["No."]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"due_on": date(2026, 4, 18)}, "due_on"),
        ({"days_before": -4}, "days_before"),
        ({"days_before": 3, "due_on": date(2026, 4, 1)}, "due_on"),
        ({"post": None}, "owner"),
    ],
)
def test_a_task_that_cannot_be_names_the_field(db, meeting, given, field):
    with pytest.raises(Invalid) as refused:
        make_task(db, meeting, **given)
    assert refused.value.errors[0].field == field
    assert tasks_of(db, meeting.id) == []


def test_a_task_after_the_conference_is_taken_where_it_is_meant(db, meeting):
    task = make_task(db, meeting, due_on=date(2026, 4, 24), after_the_conference=True)

    assert task.due_on == date(2026, 4, 24)


def test_a_task_keeps_each_step_and_goes_back(db, meeting):
    task = make_task(db, meeting)
    given = TaskGiven(what=english("Write it"), post="secretariat", days_before=10)
    change_task(work(db, meeting), task, given, version=1)
    undo(db, meeting)

    found = tasks_of(db, meeting.id)[0]
    assert (found.what["en"], found.post, found.days_before) == ("Write the report", "chair", None)
    with pytest.raises(Stale):
        change_task(work(db, meeting), found, given, version=1)


def test_the_chair_clears_in_person_and_others_say_who_said_so(db, meeting):
    chair, staff = make_person(db, "chair", meeting), make_person(db, "secretariat", meeting)
    cleared = AnswerGiven(ClearanceState.CLEARED)
    first, second = make_clearance(db, meeting), make_clearance(db, meeting)
    answer_clearance(work(db, meeting, by=by(chair)), first, cleared, version=1)
    with pytest.raises(Invalid) as refused:
        answer_clearance(work(db, meeting, by=by(staff)), second, cleared, version=1)
    told = AnswerGiven(ClearanceState.CLEARED, said_by="A. Ruiz", came_by="by telephone, 10:12")
    answer_clearance(work(db, meeting, by=by(staff)), second, told, version=1)

    assert refused.value.errors[0].field == "said_by"
    assert [(each.said_by, each.came_by) for each in (first, second)] == [
        (chair.name, ""),
        ("A. Ruiz", "by telephone, 10:12"),
    ]


def test_what_goes_back_needs_a_word_and_is_answered_once(db, meeting):
    chair, row = make_person(db, "chair", meeting), make_clearance(db, meeting)
    mine = work(db, meeting, by=by(chair))
    with pytest.raises(Invalid) as refused:
        answer_clearance(mine, row, AnswerGiven(ClearanceState.RETURNED), version=1)
    answer_clearance(mine, row, AnswerGiven(ClearanceState.RETURNED, "Item 4 first"), version=1)

    assert refused.value.errors[0].field == "word"
    with pytest.raises(Conflict):
        answer_clearance(mine, row, AnswerGiven(ClearanceState.CLEARED), version=2)


def test_publishing_waits_for_a_clearance_of_what_goes_out(db, meeting):
    chair, staff = make_person(db, "chair", meeting), make_person(db, "secretariat", meeting)
    theirs, mine = work(db, meeting, by=by(staff)), work(db, meeting, by=by(chair))
    with pytest.raises(Conflict):
        check_cleared(theirs, "schedule", "now")
    row = make_clearance(db, meeting)
    row.matter, row.fingerprint = "schedule", "now"
    with pytest.raises(Conflict):
        check_cleared(theirs, "schedule", "now")
    answer_clearance(mine, row, AnswerGiven(ClearanceState.CLEARED), version=row.version)
    check_cleared(theirs, "schedule", "now")
    with pytest.raises(Conflict):
        check_cleared(theirs, "schedule", "changed since")
    check_cleared(mine, "schedule", "changed since")
    check_cleared(theirs, "agenda", "never asked")


def test_who_publishes_says_on_whose_instructions_where_a_chair_is_in_office(db, meeting):
    staff = make_person(db, "secretariat", meeting)
    theirs = work(db, meeting, by=by(staff))
    assert instructing(theirs, "") == ""
    chair = make_delegate(db, meeting, name="Ana Ruiz")
    make_election(db, meeting, "chair", delegate=chair)

    with pytest.raises(Invalid) as refused:
        instructing(theirs, "")
    assert refused.value.errors[0].field == "instructed_by"
    assert instructing(theirs, "Ana Ruiz") == "Ana Ruiz"
    assert instructing(work(db, meeting, by=by(chair.person)), "") == "Ana Ruiz"


def test_an_edition_that_was_published_before_keeps_its_hash(db, meeting):
    make_sitting(db, meeting, room=make_room(db, meeting))
    edition = published(db, meeting).edition

    assert edition.instructed_by == ""


def test_the_host_is_one_row_and_is_not_signed_tomorrow(db, meeting):
    row = make_host(db, meeting)
    given = HostGiven(entity=row.entity, signed_on=NOW.date() + timedelta(days=1))
    with pytest.raises(Invalid):
        set_host(work(db, meeting), given, version=1)
    with pytest.raises(Stale):
        set_host(work(db, meeting), HostGiven(entity=row.entity), version=0)
    set_host(work(db, meeting), HostGiven(entity=row.entity, offer="CP/INF.5225/05"), version=1)

    assert host_of(db, meeting.id).offer == "CP/INF.5225/05"


def test_a_seat_gives_the_role_and_taking_it_takes_the_role(db, meeting):
    delegate = make_delegate(db, meeting)
    person_id = delegate.person_id
    remove_delegate(work(db, meeting), delegate, version=1)
    assert seat_of(db, meeting.id, person_id) is None

    undo(db, meeting)
    assert seat_of(db, meeting.id, person_id).member_id == delegate.member_id


def test_who_was_elected_and_a_member_with_people_stay(db, meeting):
    election = make_election(db, meeting)
    member = member_of(db, meeting.id, election.delegate.member_id)

    with pytest.raises(Conflict):
        remove_delegate(work(db, meeting), election.delegate, version=1)
    with pytest.raises(Conflict):
        remove_member(work(db, meeting), member, version=1)


def test_the_group_is_set_up_once(db, meeting):
    assert the_group_of(db, meeting.id).needs_clearance == ["schedule"]
