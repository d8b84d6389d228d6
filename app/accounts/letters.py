"""The letter with a sign-in link, for whoever asks and is known here."""

from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from app.accounts.commands import close_links
from app.accounts.models import SignInAsked, SignInLink
from app.accounts.queries import person_by_email
from app.accounts.rules import LINK_LIFE, MOST_LETTERS, normalized_email
from app.core.languages import Language, Message
from app.core.letters import LetterGiven, write_letter
from app.core.security import Site, derived_token, new_mark, token_hash
from app.core.stationery import Composed, compose
from app.core.text import unlinked

SIGN_IN = "sign-in"
WINDOW = timedelta(hours=1)
ON_ITS_WAY = Message("If this address is known here, a letter with a link is on its way.")


def send_sign_in_link(
    db: Session, address: str, lang: Language, *, site: Site, secret_key: str, now: datetime
) -> None:
    """A letter with a link, if the address is known and not asked for too often.

    Known or not, the same is counted, derived and composed, so that nobody learns by asking
    who is here. Raises Invalid for what is no address.
    """
    email = normalized_email(address)
    asked = _count_asked(db, email, now=now)
    person = person_by_email(db, email)
    language = cast("Language", person.language) if person else lang
    link = SignInLink(id=uuid7(), created_at=now, expires_at=now + LINK_LIFE)
    about, mark = f"{SIGN_IN}:{link.id}", new_mark()
    link.token_hash = token_hash(derived_token(secret_key, about))
    composed = _composed(person.name if person else email, language, mark, site=site, now=now)
    if person is None or asked > MOST_LETTERS:
        return
    close_links(db, person, now=now)
    link.person_id = person.id
    db.add(link)
    given = LetterGiven(
        kind=SIGN_IN,
        to_name=person.name,
        to_address=person.email,
        language=language,
        subject=composed.subject,
        text=composed.text,
        html=composed.html,
        dedupe=about,
        thread=f"{SIGN_IN}:{person.id}",
        token_mark=mark,
        token_for=about,
    )
    write_letter(db, given, now=now)


def _count_asked(db: Session, email: str, *, now: datetime) -> int:
    """How often this address was typed within the last hour; what is older goes."""
    db.execute(delete(SignInAsked).where(SignInAsked.asked_at <= now - WINDOW))
    address_hash = token_hash(email)
    db.add(SignInAsked(address_hash=address_hash, asked_at=now))
    db.flush()  # this one counts
    counted = select(func.count()).where(SignInAsked.address_hash == address_hash)
    return db.scalars(counted).one()


def _composed(name: str, lang: Language, mark: str, *, site: Site, now: datetime) -> Composed:
    return compose(
        "sign_in",
        lang,
        name=unlinked(name),
        until=f"{now + LINK_LIFE:%H:%M} UTC",
        minutes=LINK_LIFE // timedelta(minutes=1),
        address=f"{site.base_url}/{lang}/sign-in/{mark}",
    )
