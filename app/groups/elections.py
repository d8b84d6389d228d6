"""Electing officers, whose role follows the election, and the order of precedence."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.accounts.commands import give_role, take_role
from app.core.access import Permission
from app.core.changes import record_added, recording
from app.core.errors import Conflict, FieldError, Invalid, check_version, invalid
from app.core.journal import Area, Verb
from app.core.languages import Localized, Message
from app.core.records import Steps, kept_rows
from app.groups.commands import end_of, prepared_meetings, start_of
from app.groups.models import Delegate, Election, Member, Method, Post, Precedence
from app.groups.queries import elections_of, the_group_of
from app.groups.rules import POST_NAMES, ROLE_OF_POST, overlapping
from app.meetings.commands import Work

OFFICERS = Area("group/officers", Permission.EDIT_GROUP)
ELECTED = Verb(
    OFFICERS, "election.added", Message("%(who)s recorded the election of %(title)s: %(post)s")
)
TERM_CHANGED = Verb(
    OFFICERS, "election.changed", Message("%(who)s recorded until when %(title)s is in office")
)
DRAWN = Verb(
    OFFICERS, "precedence.added", Message("%(who)s recorded an order of precedence (%(title)s)")
)
REDRAWN = Verb(
    OFFICERS, "precedence.changed", Message("%(who)s changed the order of precedence (%(title)s)")
)


@dataclass(frozen=True)
class ElectionGiven:
    """An election as it is entered; counts only of a vote."""

    post: Post
    delegate: Delegate
    method: Method
    since: date
    until: date | None = None
    nominated_by: Member | None = None
    seconded_by: Member | None = None
    in_favour: int | None = None
    against: int | None = None
    abstained: int | None = None
    held_at_id: UUID | None = None


def elect(work: Work, given: ElectionGiven) -> Election:
    """Somebody is in office. An open term of the same post ends the day before.

    Raises Invalid where two would hold the post on one day, or the form contradicts itself.
    """
    _check(given)
    for before in elections_of(work.db, work.meeting_id):
        if before.post == given.post and before.until is None and before.since < given.since:
            _end(work, before, given.since - timedelta(days=1))
    _check_post_is_free(work, given.post, given.since, given.until, but=None)
    election = Election(
        meeting_id=work.meeting_id,
        delegate_id=given.delegate.id,
        delegate=given.delegate,
        nominated_by_id=given.nominated_by.id if given.nominated_by else None,
        seconded_by_id=given.seconded_by.id if given.seconded_by else None,
        **{name: value for name, value in vars(given).items() if name not in NAMED},
    )
    work.db.add(election)
    record_added(work, ELECTED, election, post=POST_NAMES[given.post].text)
    follow_elections(work, election)
    return election


NAMED = frozenset({"delegate", "nominated_by", "seconded_by"})


def _check(given: ElectionGiven) -> None:
    errors = []
    if given.until is not None and given.until < given.since:
        errors.append(FieldError("until", Message("The term ends before it begins.")))
    if given.method is Method.VOTE and given.in_favour is None:
        errors.append(FieldError("in_favour", Message("Enter how many were in favour.")))
    same = given.nominated_by is not None and given.nominated_by is given.seconded_by
    if same:
        errors.append(
            FieldError("seconded_by", Message("Another delegation seconds than nominates."))
        )
    if errors:
        raise Invalid(errors)


def _check_post_is_free(
    work: Work, post: Post, since: date, until: date | None, *, but: Election | None
) -> None:
    terms = [
        each
        for each in elections_of(work.db, work.meeting_id)
        if each.post == post and each is not but
    ]
    for other in overlapping(terms, since, until):
        raise invalid(
            "since",
            Message(
                "%(name)s holds this post on that day. End that term first.",
                {"name": other.delegate.person.name},
            ),
        )


def end_term(work: Work, election: Election, until: date, *, version: int) -> None:
    """The last day in office; the permission ends with it."""
    check_version(election.version, version)
    if until < election.since:
        raise invalid("until", Message("The term ends before it begins."))
    _check_post_is_free(work, election.post, election.since, until, but=election)
    _end(work, election, until)


def _end(work: Work, election: Election, until: date) -> None:
    with recording(work, TERM_CHANGED, election):
        election.until = until
    follow_elections(work, election)


def follow_elections(work: Work, election: Election) -> None:
    """Give whoever was elected the role for the days of the term, or take it where none is left.

    Raises Conflict where two would hold the post on one day, which undoing can lead to.
    """
    role = ROLE_OF_POST.get(election.post)
    terms = [each for each in elections_of(work.db, work.meeting_id) if each.post == election.post]
    for each in terms:
        if len(overlapping(terms, each.since, each.until)) > 1:
            raise Conflict(Message("Two people would hold this post on one day."))
    if role is None:
        return
    zone = the_group_of(work.db, work.meeting_id).zone
    delegate = work.db.scalars(select(Delegate).where(Delegate.id == election.delegate_id)).one()
    mine = sorted(
        (each for each in terms if each.delegate_id == delegate.id), key=lambda each: each.since
    )
    for meeting_id in prepared_meetings(work):
        take_role(work.db, delegate.person_id, meeting_id, role)
        if mine:
            # Of several terms the latest counts: what is over gives no permission any more.
            since, until = start_of(mine[-1].since, zone), mine[-1].until
            ends = end_of(until, zone) if until else None
            give_role(work.db, delegate.person_id, meeting_id, role, since=since, until=ends)


@dataclass(frozen=True)
class PrecedenceGiven:
    """An order of members' keys; `seed` if it is the planner's offer that was taken."""

    drawn_on: date
    order: Sequence[str]
    seed: str = ""
    held_at_id: UUID | None = None


MISSING = Message("These members are missing: %(keys)s.")
TWICE = Message("These stand there twice: %(keys)s.")
STRANGE = Message("These are no members: %(keys)s.")


def set_precedence(work: Work, given: PrecedenceGiven, known: Sequence[str]) -> Precedence:
    """The order in force from now on. Invalid unless it names each of `known` once."""
    wrong = {
        MISSING: [key for key in known if key not in given.order],
        TWICE: sorted({key for key in given.order if given.order.count(key) > 1}),
        STRANGE: [key for key in given.order if key not in known],
    }
    for message, keys in wrong.items():
        if keys:
            raise invalid("order", Message(message.text, {"keys": ", ".join(keys)}))
    row = Precedence(
        meeting_id=work.meeting_id,
        drawn_on=given.drawn_on,
        order=list(given.order),
        seed=given.seed,
        held_at_id=given.held_at_id,
    )
    work.db.add(row)
    record_added(work, DRAWN, row)
    return row


def _elected_name(election: Any) -> Localized:
    return Localized(en=election.delegate.person.name)


kept_rows(
    "election",
    Election,
    Steps(ELECTED, TERM_CHANGED),
    label=_elected_name,
    load=(joinedload(Election.delegate).joinedload(Delegate.person),),
    follow=follow_elections,
)
kept_rows(
    "precedence",
    Precedence,
    Steps(DRAWN, REDRAWN),
    label=lambda row: Localized(en=row.drawn_on.isoformat()),
)
