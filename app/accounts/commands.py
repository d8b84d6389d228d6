"""Signing in and out, and giving people roles."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.accounts.models import Grant, Person, SignIn, SignInLink
from app.accounts.queries import link_by_token, open_sign_in
from app.accounts.rules import LINK_LIFE, SIGN_IN_LIFE, normalized_email, usable
from app.core.access import Role
from app.core.security import new_token, token_hash


def add_person(db: Session, *, email: str, name: str, language: str) -> Person:
    """Somebody who may be given roles."""
    person = Person(email=normalized_email(email), name=name, language=language)
    db.add(person)
    return person


def grant_role(db: Session, person: Person, meeting_id: UUID, role: Role) -> None:
    """From now on this person is this in the meeting."""
    db.add(Grant(person=person, meeting_id=meeting_id, role=role))


def make_sign_in_link(db: Session, person: Person, *, now: datetime) -> str:
    """A new link's token. Links made earlier and not used stop working."""
    close_links(db, person, now=now)
    token = new_token()
    db.add(
        SignInLink(
            person_id=person.id,
            token_hash=token_hash(token),
            created_at=now,
            expires_at=now + LINK_LIFE,
        )
    )
    return token


def close_links(db: Session, person: Person, *, now: datetime) -> None:
    """Links made for this person and not used stop working."""
    db.execute(
        update(SignInLink)
        .where(SignInLink.person_id == person.id, SignInLink.used_at.is_(None))
        .values(used_at=now)
    )


def sign_in(db: Session, token: str, *, now: datetime) -> tuple[Person, str, datetime]:
    """Use the link up: the person, the token of the new sign-in, and when it ends.

    Raises Gone if the link is unknown, used or too old.
    """
    link = usable(link_by_token(db, token, lock=True), now=now)
    link.used_at = now
    session_token, expires_at = new_token(), now + SIGN_IN_LIFE
    db.add(
        SignIn(
            person_id=link.person_id,
            token_hash=token_hash(session_token),
            created_at=now,
            expires_at=expires_at,
        )
    )
    return link.person, session_token, expires_at


def sign_out(db: Session, token: str, *, now: datetime) -> None:
    """End the sign-in; its token is worth nothing from the commit on."""
    sign_in = open_sign_in(db, token, now=now)
    if sign_in is not None:
        sign_in.ended_at = now
