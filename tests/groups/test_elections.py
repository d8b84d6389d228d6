"""The permission follows the election; nobody holds a post twice; undo goes the same way back."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.accounts.commands import grant_role, make_sign_in_link, sign_in
from app.accounts.models import Person
from app.accounts.queries import grant_of, insider_of, open_sign_in
from app.core.access import Role
from app.core.changes import revert
from app.core.errors import Conflict, Invalid, Stale
from app.core.journal import latest_change
from app.groups.elections import PrecedenceGiven, end_term, set_precedence
from app.groups.models import Method
from app.groups.queries import elections_of, precedences_of
from tests.make import NOW, loaded, make_meeting, work_on
from tests.make_groups import convened, make_delegate, make_election, make_group, voters

DAY = date(2026, 3, 1)


@pytest.fixture
def meeting(db):
    meeting = make_meeting(db)
    make_group(db, meeting)
    return meeting


def roles_at(db, delegate, meeting, moment):
    """What somebody who signs in then may be."""
    db.flush()
    person = db.get(Person, delegate.person_id)
    token = make_sign_in_link(db, person, now=moment)
    _, session, _ = sign_in(db, token, now=moment)
    db.flush()
    db.expire_all()
    found = insider_of(open_sign_in(db, session, now=moment), now=moment)
    return set(found.roles_in(meeting.id))


def at(day, hour=12):
    return datetime.combine(day, time(hour), tzinfo=ZoneInfo("America/New_York"))


def test_the_chair_has_the_permission_from_the_first_day_to_the_last(db, meeting):
    delegate = make_delegate(db, meeting)
    last = DAY + timedelta(days=9)
    make_election(db, meeting, "chair", delegate=delegate, since=DAY, until=last)

    moments = [at(DAY, 0) - timedelta(seconds=1), at(DAY, 0), at(last, 23), at(last, 23)]
    moments[3] += timedelta(hours=1)
    found = [Role.CHAIR in roles_at(db, delegate, meeting, moment) for moment in moments]
    assert found == [False, True, True, False]


def test_a_member_stays_a_member_when_the_term_ends(db, meeting):
    delegate = make_delegate(db, meeting)
    make_election(db, meeting, "chair", delegate=delegate, since=DAY, until=DAY)

    assert roles_at(db, delegate, meeting, at(DAY + timedelta(days=5))) == {Role.MEMBER}


def test_electing_the_next_chair_ends_the_open_term_before(db, meeting):
    first, second = make_delegate(db, meeting), make_delegate(db, meeting, 1)
    make_election(db, meeting, "chair", delegate=first, since=DAY)
    make_election(db, meeting, "chair", delegate=second, since=DAY + timedelta(days=7))

    terms = [(each.delegate_id, each.until) for each in elections_of(db, meeting.id)]
    assert terms == [(second.id, None), (first.id, DAY + timedelta(days=6))]
    later = at(DAY + timedelta(days=8))
    assert roles_at(db, first, meeting, later) == {Role.MEMBER}
    assert roles_at(db, second, meeting, later) == {Role.MEMBER, Role.CHAIR}


def test_two_chairs_on_one_day_are_refused_by_name(db, meeting):
    make_election(db, meeting, "chair", since=DAY, until=DAY + timedelta(days=30))

    with pytest.raises(Invalid) as refused:
        make_election(db, meeting, "chair", since=DAY + timedelta(days=30))
    assert refused.value.errors[0].field == "since"


def test_a_rapporteur_works_as_a_member(db, meeting):
    delegate = make_delegate(db, meeting)
    make_election(db, meeting, "rapporteur", delegate=delegate, since=DAY)

    assert roles_at(db, delegate, meeting, at(DAY)) == {Role.MEMBER}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"until": DAY - timedelta(days=1)}, "until"),
        ({"method": Method.VOTE}, "in_favour"),
    ],
)
def test_an_election_that_contradicts_itself_names_the_field(db, meeting, given, field):
    delegate = make_delegate(db, meeting)

    with pytest.raises(Invalid) as refused:
        make_election(db, meeting, "chair", delegate=delegate, since=DAY, **given)
    assert refused.value.errors[0].field == field
    assert elections_of(db, meeting.id) == []


def test_a_delegation_does_not_second_itself(db, meeting):
    member = voters(db, meeting)[0]

    with pytest.raises(Invalid) as refused:
        make_election(db, meeting, nominated_by=member, seconded_by=member)
    assert refused.value.errors[0].field == "seconded_by"


def test_ending_a_term_takes_the_permission_and_undoing_it_gives_it_back(db, meeting):
    delegate = make_delegate(db, meeting)
    election = make_election(db, meeting, "chair", delegate=delegate, since=DAY)
    work = work_on(db, loaded(db, meeting))
    end_term(work, election, DAY, version=1)
    later = at(DAY + timedelta(days=2))
    assert Role.CHAIR not in roles_at(db, delegate, meeting, later)

    revert(work_on(db, loaded(db, meeting)), latest_change(db, meeting.id).number)
    assert Role.CHAIR in roles_at(db, delegate, meeting, later)


def test_undoing_an_election_takes_the_permission(db, meeting):
    delegate = make_delegate(db, meeting)
    make_election(db, meeting, "chair", delegate=delegate, since=DAY)
    revert(work_on(db, loaded(db, meeting)), latest_change(db, meeting.id).number)

    assert elections_of(db, meeting.id) == []
    assert roles_at(db, delegate, meeting, at(DAY)) == {Role.MEMBER}


def test_undoing_must_not_make_two_chairs(db, meeting):
    first = make_election(db, meeting, "chair", since=DAY)
    work = work_on(db, loaded(db, meeting))
    end_term(work, first, DAY, version=1)
    ended = latest_change(db, meeting.id).number
    make_election(db, meeting, "chair", since=DAY + timedelta(days=1))

    with pytest.raises(Conflict):
        revert(work_on(db, loaded(db, meeting)), ended)


def test_a_stale_end_of_term_is_refused(db, meeting):
    election = make_election(db, meeting, since=DAY)

    with pytest.raises(Stale):
        end_term(work_on(db, loaded(db, meeting)), election, DAY, version=7)


def test_the_election_counts_in_the_meetings_of_the_group_too(db, meeting):
    before = convened(db, meeting)[0].held_id
    delegate = make_delegate(db, meeting)
    make_election(db, meeting, "chair", delegate=delegate, since=DAY)
    after = convened(db, meeting)[0].held_id

    for held in (before, after):
        grant = grant_of(db, delegate.person_id, held, Role.CHAIR)
        assert grant is not None
        assert grant.valid_from == at(DAY, 0)


def test_a_role_given_by_hand_to_somebody_else_stays(db, meeting):
    other = make_delegate(db, meeting, 1)
    grant_role(db, other.person, meeting.id, Role.CHAIR)
    make_election(db, meeting, "chair", since=DAY)

    assert Role.CHAIR in roles_at(db, other, meeting, NOW)


def test_the_latest_order_of_precedence_is_in_force(db, meeting):
    keys = [each.entity.key for each in voters(db, meeting)]
    work = work_on(db, loaded(db, meeting))
    for order in (keys, keys[::-1]):
        set_precedence(work, PrecedenceGiven(DAY, order), keys)

    assert precedences_of(db, meeting.id)[0].order == keys[::-1]


@pytest.mark.parametrize("change", [lambda k: k[1:], lambda k: [*k, k[0]], lambda k: [*k, "XX"]])
def test_an_order_names_each_member_once(db, meeting, change):
    keys = [each.entity.key for each in voters(db, meeting)]

    with pytest.raises(Invalid) as refused:
        set_precedence(work_on(db, loaded(db, meeting)), PrecedenceGiven(DAY, change(keys)), keys)
    assert refused.value.errors[0].field == "order"
