"""Recording what the Group decides: adopted, ad referendum, or by silence."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import joinedload

from app.core.access import Permission
from app.core.changes import record_added, recording
from app.core.errors import Conflict, FieldError, Invalid, check_version, invalid
from app.core.journal import Area, Verb
from app.core.languages import NAMES, Localized, Message
from app.core.records import Steps, kept_rows
from app.groups.models import Decision, Member, Objection, Outcome, Reservation, Way
from app.groups.queries import NAMED, decision_of, next_number
from app.groups.rules import Standing, standing
from app.meetings.commands import Work

DECISIONS = Area("group/decisions", Permission.EDIT_GROUP)
ADDED = Verb(DECISIONS, "decision.added", Message("%(who)s recorded decision %(number)s"))
CHANGED = Verb(DECISIONS, "decision.changed", Message("%(who)s changed decision %(number)s"))
OUTCOME = Verb(
    DECISIONS, "decision.outcome", Message("%(who)s confirmed what decision %(number)s came to")
)
RESERVED = Verb(
    DECISIONS, "reservation.added", Message("%(title)s agreed to decision %(number)s ad referendum")
)
CONFIRMED = Verb(
    DECISIONS,
    "reservation.changed",
    Message("%(who)s recorded that %(title)s confirmed decision %(number)s"),
)
OBJECTED = Verb(
    DECISIONS,
    "objection.added",
    Message("%(who)s recorded that %(title)s objects to decision %(number)s"),
)
OBJECTION_CHANGED = Verb(
    DECISIONS,
    "objection.changed",
    Message("%(who)s changed the objection of %(title)s to decision %(number)s"),
)


@dataclass(frozen=True)
class DecisionGiven:
    """A decision as it is entered; `reserved` are the delegations that agree ad referendum."""

    text: Localized
    original_language: str
    decided_on: date
    way: Way
    held_at_id: UUID | None = None
    deadline_at: datetime | None = None
    deadline_zone: str = "UTC"
    source: str = ""
    supersedes_id: UUID | None = None
    reserved: Sequence[Member] = ()


def _check(given: DecisionGiven, *, now: datetime | None) -> None:
    """`now` is None where the procedure began already."""
    errors = []
    if given.original_language not in given.text:
        words = {"language": NAMES[given.original_language]}  # type: ignore[index]
        message = Message("Enter the text in its original language, %(language)s.", words)
        errors.append(FieldError(f"text_{given.original_language}", message))
    if given.way is Way.SILENCE and given.deadline_at is None:
        errors.append(FieldError("deadline", Message("Enter until when members may object.")))
    if given.way is Way.SILENCE and now and given.deadline_at and given.deadline_at <= now:
        errors.append(FieldError("deadline", Message("This moment has passed. Enter a later one.")))
    if given.way is Way.AD_REFERENDUM and not given.reserved:
        message = Message("Choose the delegations that have to confirm.")
        errors.append(FieldError("reserved", message))
    if errors:
        raise Invalid(errors)


def _check_supersedes(work: Work, given: DecisionGiven, number: int) -> None:
    """Only an earlier decision can be superseded, so that none goes in circles."""
    if given.supersedes_id is None:
        return
    found = decision_of(work.db, work.meeting_id, given.supersedes_id)
    if found.number >= number:
        raise invalid("supersedes", Message("A decision takes the place of an earlier one."))


def add_decision(work: Work, given: DecisionGiven) -> Decision:
    """The next decision. Raises Invalid where the way it was taken lacks what it needs."""
    _check(given, now=work.now)
    number = next_number(work.db, Decision, work.meeting_id)
    _check_supersedes(work, given, number)
    decision = Decision(
        meeting_id=work.meeting_id,
        number=number,
        outcome_by="",
        reservations=[],
        objections=[],
        **_columns(given),
    )
    work.db.add(decision)
    record_added(work, ADDED, decision, number=decision.number)
    for member in given.reserved if given.way is Way.AD_REFERENDUM else ():
        _reserve(work, decision, member)
    return decision


def change_decision(work: Work, decision: Decision, given: DecisionGiven, *, version: int) -> None:
    """Other words, translations, date or deadline; the way it was taken stays.

    A delegation is added to those that have to confirm; one is never taken off, it confirms.
    """
    check_version(decision.version, version)
    if given.way is not decision.way:
        raise invalid("way", Message("How it was taken cannot change. Record a new decision."))
    stored = decision.deadline_at
    if stored is not None and given.deadline_at == stored.replace(second=0, microsecond=0):
        given = replace(given, deadline_at=stored)  # forms show no seconds
    moved = given.deadline_at != stored
    _check(given, now=work.now if moved else None)
    if moved and decision.outcome is not None:
        raise invalid("deadline", Message("The outcome is confirmed; the deadline stays."))
    _check_supersedes(work, given, decision.number)
    with recording(work, CHANGED, decision, number=decision.number):
        for name, value in _columns(given).items():
            setattr(decision, name, value)
    there = {each.member_id for each in decision.reservations}
    for member in given.reserved:
        if given.way is Way.AD_REFERENDUM and member.id not in there:
            _reserve(work, decision, member)


def _columns(given: DecisionGiven) -> dict[str, Any]:
    silent = given.way is Way.SILENCE
    columns = {name: value for name, value in vars(given).items() if name != "reserved"}
    return columns | {
        "deadline_at": given.deadline_at if silent else None,
        "deadline_zone": given.deadline_zone if silent else "",
    }


def _reserve(work: Work, decision: Decision, member: Member) -> None:
    row = Reservation(
        meeting_id=work.meeting_id,
        decision_id=decision.id,
        member_id=member.id,
        member=member,
        came_by="",
    )
    decision.reservations.append(row)
    record_added(work, RESERVED, row, number=decision.number)


def confirm_reservation(
    work: Work, decision: Decision, reservation: Reservation, came_by: str, *, version: int
) -> None:
    """The capital agrees; `came_by` says how one knows."""
    check_version(reservation.version, version)
    if reservation.confirmed_at is not None:
        raise Conflict(Message("This delegation has confirmed already."))
    with recording(work, CONFIRMED, reservation, number=decision.number):
        reservation.confirmed_at, reservation.came_by = work.now, came_by


def object_to(
    work: Work,
    decision: Decision,
    member: Member,
    text: str,
    *,
    came_by: str = "",
    received_at: datetime | None = None,
) -> Objection:
    """A delegation breaks the silence. What comes after the deadline is kept, as late.

    `received_at` and `came_by` are for one that the secretariat records from a note.
    """
    if decision.way is not Way.SILENCE:
        raise Conflict(Message("Members object in a silence procedure only."))
    if not member.votes:
        raise Conflict(Message("A body with voice and no vote does not break the silence."))
    if not text:
        raise invalid("objection", Message("Say what the objection is."))
    if received_at is not None and received_at > work.now:
        raise invalid("received", Message("This moment has not come yet."))
    row = Objection(
        meeting_id=work.meeting_id,
        decision_id=decision.id,
        member_id=member.id,
        member=member,
        text=text,
        received_at=received_at or work.now,
        came_by=came_by,
    )
    decision.objections.append(row)
    record_added(work, OBJECTED, row, number=decision.number)
    return row


def confirm_outcome(work: Work, decision: Decision, *, version: int) -> None:
    """What the silence procedure came to, computed from the objections, is confirmed."""
    check_version(decision.version, version)
    found = standing(decision, superseded=False, now=work.now)
    outcomes = {
        Standing.SILENCE_KEPT: Outcome.ADOPTED,
        Standing.SILENCE_BROKEN: Outcome.NOT_ADOPTED,
    }
    if found not in outcomes:
        raise Conflict(Message("There is no outcome to confirm now."))
    with recording(work, OUTCOME, decision, number=decision.number):
        decision.outcome = outcomes[found]
        decision.outcome_at, decision.outcome_by = work.now, work.by.name


def _member_name(row: Reservation | Objection) -> Localized:
    return Localized(row.member.entity.names[-1].name)


kept_rows("decision", Decision, Steps(ADDED, CHANGED), label=lambda decision: decision.text)
kept_rows(
    "reservation",
    Reservation,
    Steps(RESERVED, CONFIRMED),
    label=_member_name,
    load=(joinedload(Reservation.member).options(NAMED),),
)
kept_rows(
    "objection",
    Objection,
    Steps(OBJECTED, OBJECTION_CHANGED),
    label=_member_name,
    load=(joinedload(Objection.member).options(NAMED),),
)
