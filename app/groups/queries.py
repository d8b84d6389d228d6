"""The Group with its parts, in a fixed number of statements."""

from collections.abc import Collection, Sequence
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.core.errors import NotFound
from app.core.languages import Message
from app.directory.models import Entity, EntityKind
from app.groups.models import (
    Clearance,
    ClearanceState,
    Decision,
    Delegate,
    Election,
    Group,
    Host,
    Liaison,
    Member,
    Objection,
    Precedence,
    Reservation,
    Task,
)
from app.meetings.models import Meeting, Preparation

NAMED = joinedload(Member.entity).selectinload(Entity.names)
WITH_DELEGATE = (
    joinedload(Election.delegate).joinedload(Delegate.person),
    joinedload(Election.delegate).joinedload(Delegate.member).options(NAMED),
    joinedload(Election.nominated_by).options(NAMED),
    joinedload(Election.seconded_by).options(NAMED),
    joinedload(Election.held_at),
)
WITH_ANSWERS = (
    joinedload(Decision.held_at),
    joinedload(Decision.supersedes),
    selectinload(Decision.reservations).joinedload(Reservation.member).options(NAMED),
    selectinload(Decision.objections).joinedload(Objection.member).options(NAMED),
)
WITH_OWNER = (
    joinedload(Task.entity).selectinload(Entity.names),
    joinedload(Task.paragraph),
    joinedload(Task.decision),
)

Row = TypeVar("Row")


def _one(db: Session, model: type[Row], meeting_id: UUID, row_id: UUID, *options: Any) -> Row:
    found: Any = model
    statement = select(found).where(found.meeting_id == meeting_id, found.id == row_id)
    row: Row | None = db.scalar(statement.options(*options))
    if row is None:
        raise nothing_there()
    return row


def nothing_there() -> NotFound:
    """The same words whether it never existed or is of another Group."""
    return NotFound(Message("There is no such thing in this Group."))


def group_of(db: Session, meeting_id: UUID) -> Group | None:
    """The Group that prepares the conference, if there is one."""
    statement = select(Group).where(Group.meeting_id == meeting_id)
    return db.scalar(statement.options(joinedload(Group.parent).selectinload(Entity.names)))


def the_group_of(db: Session, meeting_id: UUID) -> Group:
    """The same, or NotFound."""
    found = group_of(db, meeting_id)
    if found is None:
        raise NotFound(
            Message("No Working Group prepares this meeting yet."),
            advice=Message("Set it up on the page of the Group."),
        )
    return found


def group_by_key(db: Session, key: str) -> Group:
    """One Group by the name in its address, or NotFound."""
    found = db.scalar(select(Group).where(Group.key == key))
    if found is None:
        raise nothing_there()
    return found


def groups_of(db: Session, meeting_ids: Collection[UUID]) -> dict[UUID, Group]:
    """The Groups that prepare these conferences, by conference."""
    found = db.scalars(select(Group).where(Group.meeting_id.in_(meeting_ids)))
    return {each.meeting_id: each for each in found}


def meetings_of_group(db: Session, meeting_id: UUID) -> Sequence[Meeting]:
    """The meetings of the Group that prepares this conference, the first one first."""
    of_it = Meeting.id == Preparation.meeting_id
    statement = select(Meeting).join(Preparation, of_it)
    statement = statement.where(Preparation.conference_id == meeting_id)
    return db.scalars(statement.order_by(Meeting.first_day, Meeting.slug)).all()


def members_of(db: Session, meeting_id: UUID) -> Sequence[Member]:
    """Delegations and bodies with their names and people, by key."""
    people = selectinload(Member.people).joinedload(Delegate.person)
    statement = select(Member).join(Member.entity).where(Member.meeting_id == meeting_id)
    return db.scalars(statement.options(NAMED, people).order_by(Entity.key)).all()


def member_of(db: Session, meeting_id: UUID, member_id: UUID) -> Member:
    """One member with its name and people, or NotFound."""
    people = selectinload(Member.people).joinedload(Delegate.person)
    return _one(db, Member, meeting_id, member_id, NAMED, people)


def delegate_of(db: Session, meeting_id: UUID, delegate_id: UUID) -> Delegate:
    """Somebody of a member, or NotFound."""
    member = joinedload(Delegate.member).options(NAMED)
    return _one(db, Delegate, meeting_id, delegate_id, joinedload(Delegate.person), member)


def seat_of(db: Session, meeting_id: UUID, person_id: UUID) -> Delegate | None:
    """The member for which this person sits in the Group."""
    statement = select(Delegate).where(
        Delegate.meeting_id == meeting_id, Delegate.person_id == person_id
    )
    return db.scalar(
        statement.options(joinedload(Delegate.person), joinedload(Delegate.member).options(NAMED))
    )


def states(db: Session) -> Sequence[Entity]:
    """The states of the directory with their names, by key."""
    statement = select(Entity).where(Entity.kind == EntityKind.STATE)
    return db.scalars(statement.options(selectinload(Entity.names)).order_by(Entity.key)).all()


def elections_of(db: Session, meeting_id: UUID) -> Sequence[Election]:
    """Every election with people and delegations, the latest first."""
    statement = select(Election).where(Election.meeting_id == meeting_id).options(*WITH_DELEGATE)
    return db.scalars(statement.order_by(Election.since.desc(), Election.id.desc())).all()


def election_of(db: Session, meeting_id: UUID, election_id: UUID) -> Election:
    """One election, or NotFound."""
    return _one(db, Election, meeting_id, election_id, *WITH_DELEGATE)


def precedences_of(db: Session, meeting_id: UUID) -> Sequence[Precedence]:
    """Every order that was drawn, the one in force first."""
    statement = select(Precedence).where(Precedence.meeting_id == meeting_id)
    statement = statement.options(joinedload(Precedence.held_at))
    return db.scalars(statement.order_by(Precedence.id.desc())).all()


def decisions_of(db: Session, meeting_id: UUID) -> Sequence[Decision]:
    """Every decision with reservations and objections, the latest first."""
    statement = select(Decision).where(Decision.meeting_id == meeting_id).options(*WITH_ANSWERS)
    return db.scalars(statement.order_by(Decision.number.desc())).all()


def decision_of(db: Session, meeting_id: UUID, decision_id: UUID) -> Decision:
    """One decision, or NotFound."""
    return _one(db, Decision, meeting_id, decision_id, *WITH_ANSWERS)


def superseding(db: Session, decision: Decision) -> Decision | None:
    """The later decision that took its place."""
    later = Decision.supersedes_id == decision.id
    return db.scalar(select(Decision).where(later).order_by(Decision.number).limit(1))


def reservation_of(db: Session, meeting_id: UUID, reservation_id: UUID) -> Reservation:
    """One delegation's open agreement, or NotFound."""
    member = joinedload(Reservation.member).options(NAMED)
    return _one(db, Reservation, meeting_id, reservation_id, member)


def tasks_of(db: Session, meeting_id: UUID) -> Sequence[Task]:
    """Every task with who owes it and where it comes from, by number."""
    statement = select(Task).where(Task.meeting_id == meeting_id).options(*WITH_OWNER)
    return db.scalars(statement.order_by(Task.number)).all()


def task_of(db: Session, meeting_id: UUID, task_id: UUID) -> Task:
    """One task, or NotFound."""
    return _one(db, Task, meeting_id, task_id, *WITH_OWNER)


def next_number(db: Session, model: type[Decision | Task], meeting_id: UUID) -> int:
    """The number after the last one of its kind; numbers are never given twice."""
    last = db.scalar(select(func.max(model.number)).where(model.meeting_id == meeting_id))
    return (last or 0) + 1


def clearances_of(db: Session, meeting_id: UUID) -> Sequence[Clearance]:
    """Everything the chair was asked, the latest first."""
    statement = select(Clearance).where(Clearance.meeting_id == meeting_id)
    return db.scalars(statement.order_by(Clearance.id.desc())).all()


def clearance_of(db: Session, meeting_id: UUID, clearance_id: UUID) -> Clearance:
    """One question to the chair, or NotFound."""
    return _one(db, Clearance, meeting_id, clearance_id)


def latest_clearance(db: Session, meeting_id: UUID, matter: str) -> Clearance | None:
    """What the chair was last asked about this matter."""
    mine = Clearance.meeting_id == meeting_id, Clearance.matter == matter
    return db.scalar(select(Clearance).where(*mine).order_by(Clearance.id.desc()).limit(1))


def waiting_clearances(db: Session, meeting_id: UUID) -> Sequence[Clearance]:
    """What the chair has not answered yet, the oldest first."""
    mine = Clearance.meeting_id == meeting_id, Clearance.state == ClearanceState.ASKED
    return db.scalars(select(Clearance).where(*mine).order_by(Clearance.id)).all()


def liaisons_of(db: Session, meeting_id: UUID) -> Sequence[Liaison]:
    """Committees with their names and paragraphs, as they were entered."""
    named = joinedload(Liaison.entity).selectinload(Entity.names)
    statement = select(Liaison).where(Liaison.meeting_id == meeting_id)
    statement = statement.options(named, joinedload(Liaison.paragraph))
    return db.scalars(statement.order_by(Liaison.id)).all()


def liaison_of(db: Session, meeting_id: UUID, liaison_id: UUID) -> Liaison:
    """One committee, or NotFound."""
    named = joinedload(Liaison.entity).selectinload(Entity.names)
    return _one(db, Liaison, meeting_id, liaison_id, named, joinedload(Liaison.paragraph))


def host_of(db: Session, meeting_id: UUID) -> Host | None:
    """The country that receives the conference."""
    named = joinedload(Host.entity).selectinload(Entity.names)
    return db.scalar(select(Host).where(Host.meeting_id == meeting_id).options(named))
