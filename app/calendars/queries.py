"""Personal feeds and whose they are."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Grant, Person
from app.calendars.models import PersonalFeed
from app.calendars.rules import AFTERGLOW
from app.core.errors import Gone, NotFound
from app.core.languages import Message
from app.core.security import token_hash
from app.meetings.models import Meeting


def open_feed(db: Session, person_id: UUID) -> PersonalFeed | None:
    """The person's present address, if one was made."""
    statement = select(PersonalFeed).where(PersonalFeed.person_id == person_id)
    return db.scalar(statement.where(PersonalFeed.revoked_at.is_(None)))


def owner_of(db: Session, token: str) -> Person:
    """Whose feed this token opens. NotFound for an unknown one, Gone for a replaced one."""
    statement = select(PersonalFeed).where(PersonalFeed.token_hash == token_hash(token))
    feed = db.scalar(statement)
    if feed is None:
        raise NotFound(Message("There is no calendar at this address."))
    if feed.revoked_at is not None:
        raise Gone(
            Message("This calendar address was replaced."),
            advice=Message("Sign in and take the new address."),
        )
    return db.scalars(select(Person).where(Person.id == feed.person_id)).one()


def meetings_of_person(db: Session, person_id: UUID, *, today: date) -> Sequence[Meeting]:
    """Meetings in which the person has a role and that are not long over, by first day."""
    statement = (
        select(Meeting)
        .where(
            Meeting.id.in_(select(Grant.meeting_id).where(Grant.person_id == person_id)),
            Meeting.last_day >= today - AFTERGLOW,
        )
        .order_by(Meeting.first_day)
    )
    return db.scalars(statement).all()
