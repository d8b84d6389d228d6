"""Signing in and out, and giving people roles."""

import logging
from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.accounts.models import Grant, Person, SignIn, SignInLink
from app.accounts.queries import (
    grant_of,
    grants_in,
    link_by_token,
    open_sign_in,
    open_sign_ins,
)
from app.accounts.rules import AGENT_LENGTH, LINK_LIFE, SIGN_IN_LIFE, normalized_email, usable
from app.core.access import Role
from app.core.security import new_token, token_hash
from app.core.text import cleaned

log = logging.getLogger("convoca.security")


def add_person(db: Session, *, email: str, name: str, language: str) -> Person:
    """Somebody who may be given roles."""
    person = Person(email=normalized_email(email), name=name, language=language)
    db.add(person)
    return person


def grant_role(db: Session, person: Person, meeting_id: UUID, role: Role) -> None:
    """From now on this person is this in the meeting."""
    db.add(Grant(person=person, meeting_id=meeting_id, role=role))


def give_role(
    db: Session,
    person_id: UUID,
    meeting_id: UUID,
    role: Role,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
) -> None:
    """From a moment until another this person is this in the meeting, whatever was before."""
    grant = grant_of(db, person_id, meeting_id, role)
    if grant is None:
        grant = Grant(person_id=person_id, meeting_id=meeting_id, role=role)
        db.add(grant)
    grant.valid_from, grant.valid_until = since, until
    db.flush()  # the same role may be looked up again


def take_role(db: Session, person_id: UUID, meeting_id: UUID, role: Role) -> None:
    """This person is this no longer, and was not so for the record: elections keep that."""
    grant = grant_of(db, person_id, meeting_id, role)
    if grant is not None:
        db.delete(grant)
        db.flush()  # the same role may be given again


def copy_roles(db: Session, source_id: UUID, target_id: UUID, roles: Collection[Role]) -> None:
    """Whoever has one of these roles in one meeting has it in the other for the same time."""
    for each in grants_in(db, source_id):
        if each.role in roles:
            give_role(
                db,
                each.person_id,
                target_id,
                each.role,
                since=each.valid_from,
                until=each.valid_until,
            )


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


def sign_in(
    db: Session, token: str, *, now: datetime, agent: str = ""
) -> tuple[Person, str, datetime]:
    """Use the link up: the person, the token of the new sign-in, and when it ends.

    `agent` is what the browser or program calls itself.

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
            seen_at=now,
            expires_at=expires_at,
            agent=cleaned(agent)[:AGENT_LENGTH],
        )
    )
    log.info("signed in", extra={"facts": {"person": str(link.person_id)}})
    return link.person, session_token, expires_at


def sign_out(db: Session, token: str, *, now: datetime) -> None:
    """End the sign-in; its token is worth nothing from the commit on."""
    sign_in = open_sign_in(db, token, now=now)
    if sign_in is not None:
        sign_in.ended_at = now


def note_seen(db: Session, seen: Mapping[UUID, datetime]) -> None:
    """These sign-ins were used then; a later time that another process wrote stays."""
    for sign_in_id, at in seen.items():
        later = SignIn.id == sign_in_id, SignIn.seen_at < at
        db.execute(update(SignIn).where(*later).values(seen_at=at))


def end_expired(db: Session, *, now: datetime) -> None:
    """Links and sign-ins whose time is over are over for good, wherever the clock goes."""
    for row, ended in ((SignInLink, SignInLink.used_at), (SignIn, SignIn.ended_at)):
        over = update(row).where(ended.is_(None), row.expires_at <= now)
        db.execute(over.values({ended: row.expires_at}))


def end_sign_ins(
    db: Session,
    person_id: UUID,
    *,
    now: datetime,
    only: UUID | None = None,
    but: UUID | None = None,
) -> int:
    """End a person's sign-ins: `only` this one, or all `but` this one, or all; how many ended."""
    found = [
        each
        for each in open_sign_ins(db, person_id, now=now)
        if each.id != but and only in {None, each.id}
    ]
    for each in found:
        each.ended_at = now
    return len(found)
