"""Making and replacing personal calendar addresses."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.calendars.models import PersonalFeed
from app.calendars.queries import open_feed
from app.core.security import new_token, token_hash


def new_personal_feed(db: Session, person_id: UUID, *, now: datetime) -> str:
    """A fresh address's token; the one before stops working. It can be shown only now."""
    revoke_personal_feed(db, person_id, now=now)
    token = new_token()
    feed = PersonalFeed(person_id=person_id, token_hash=token_hash(token), created_at=now)
    db.add(feed)
    return token


def revoke_personal_feed(db: Session, person_id: UUID, *, now: datetime) -> None:
    """The present address stops working, if there is one."""
    feed = open_feed(db, person_id)
    if feed is not None:
        feed.revoked_at = now
