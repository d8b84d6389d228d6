"""Who is behind a token or an address."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, joinedload

from app.accounts.models import Grant, Person, SignIn, SignInLink
from app.accounts.rules import holds
from app.core.access import Insider, Role
from app.core.security import token_hash


def person_by_email(db: Session, email: str) -> Person | None:
    """The person with this (normalized) address."""
    return db.scalar(select(Person).where(Person.email == email))


def in_force(now: datetime) -> ColumnElement[bool]:
    """Grants that hold at this moment."""
    return and_(
        or_(Grant.valid_from.is_(None), Grant.valid_from <= now),
        or_(Grant.valid_until.is_(None), Grant.valid_until > now),
    )


def grant_of(db: Session, person_id: UUID, meeting_id: UUID, role: Role) -> Grant | None:
    """The role of a person in a meeting, whether it holds now or not."""
    mine = Grant.person_id == person_id, Grant.meeting_id == meeting_id, Grant.role == role
    return db.scalar(select(Grant).where(*mine))


def grants_in(db: Session, meeting_id: UUID) -> Sequence[Grant]:
    """Every role that somebody holds, held or will hold in the meeting."""
    return db.scalars(select(Grant).where(Grant.meeting_id == meeting_id)).all()


def people_of(db: Session, meeting_id: UUID) -> Sequence[Person]:
    """Everybody who holds a role in the meeting, by name."""
    held = select(Grant.person_id).where(Grant.meeting_id == meeting_id)
    return db.scalars(select(Person).where(Person.id.in_(held)).order_by(Person.name)).all()


def first_with_role(db: Session, meeting_id: UUID, role: Role, *, now: datetime) -> Person | None:
    """Of those who have this role in the meeting now, whoever got it first."""
    held = Grant.meeting_id == meeting_id, Grant.role == role, in_force(now)
    statement = select(Person).join(Grant).where(*held)
    return db.scalar(statement.order_by(Grant.id).limit(1))


def link_by_token(db: Session, token: str, *, lock: bool = False) -> SignInLink | None:
    """The link that this token opens, with its person; locked, so that two cannot use it."""
    statement = (
        select(SignInLink)
        .where(SignInLink.token_hash == token_hash(token))
        .options(joinedload(SignInLink.person))
    )
    return db.scalar(statement.with_for_update(of=SignInLink) if lock else statement)


def open_sign_in(db: Session, token: str, *, now: datetime) -> SignIn | None:
    """The sign-in of this token, with person and roles, if it has not ended."""
    statement = (
        select(SignIn)
        .where(
            SignIn.token_hash == token_hash(token),
            SignIn.ended_at.is_(None),
            SignIn.expires_at > now,
        )
        .options(joinedload(SignIn.person).selectinload(Person.grants))
    )
    return db.scalar(statement)


def open_sign_ins(db: Session, person_id: UUID, *, now: datetime) -> Sequence[SignIn]:
    """What this person has not signed out of, the newest first."""
    statement = select(SignIn).where(
        SignIn.person_id == person_id, SignIn.ended_at.is_(None), SignIn.expires_at > now
    )
    return db.scalars(statement.order_by(SignIn.id.desc())).all()


def anything_expired(db: Session, *, now: datetime) -> bool:
    """Whether the time of a link or of a sign-in is over, and nobody has written that down."""
    over = (
        select(row.id).where(ended.is_(None), row.expires_at <= now).exists()
        for row, ended in ((SignInLink, SignInLink.used_at), (SignIn, SignIn.ended_at))
    )
    return bool(db.scalar(select(or_(*over))))


def insider_of(sign_in: SignIn, *, now: datetime) -> Insider:
    """The person of a sign-in, with all roles that hold now."""
    roles: defaultdict[UUID, set[Role]] = defaultdict(set)
    for grant in sign_in.person.grants:
        if holds(grant.valid_from, grant.valid_until, now=now):
            roles[grant.meeting_id].add(grant.role)
    return Insider(
        person_id=sign_in.person.id,
        sign_in_id=sign_in.id,
        name=sign_in.person.name,
        language=sign_in.person.language,
        grants={meeting_id: frozenset(held) for meeting_id, held in roles.items()},
    )
