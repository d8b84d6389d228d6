"""Who is behind a token, and that a sign-in which nobody uses ends.

Each use is noted in memory and written within a minute, apart from any request: reading a page
must not wait for the database's one writer. Several processes meet in the database.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from threading import Lock
from uuid import UUID

from sqlalchemy.orm import Session

from app.accounts.models import SignIn
from app.accounts.queries import insider_of, open_sign_in, open_sign_ins
from app.core.access import Insider


class Presence:
    """When each sign-in was last used here; without use for `idle` it ends."""

    def __init__(self, idle: timedelta) -> None:
        self.idle = idle
        self._seen: dict[UUID, datetime] = {}
        self._lock = Lock()

    def viewer(self, db: Session, token: str, *, now: datetime, active: bool) -> Insider | None:
        """Whoever presents this token, with all roles; nobody if it is not valid any more."""
        sign_in = open_sign_in(db, token, now=now)
        if sign_in is None or not self.lasts(sign_in, now=now):
            return None
        if active:
            with self._lock:
                self._seen[sign_in.id] = now
        return insider_of(sign_in, now=now)

    def seen_at(self, sign_in: SignIn) -> datetime:
        """When it was last used, as far as this process knows."""
        return max(sign_in.seen_at, self._seen.get(sign_in.id, sign_in.seen_at))

    def lasts(self, sign_in: SignIn, *, now: datetime) -> bool:
        """Whether somebody used it lately."""
        return now - self.seen_at(sign_in) < self.idle

    def live(self, db: Session, person_id: UUID, *, now: datetime) -> list[SignIn]:
        """Where this person is signed in now, the newest first."""
        found = open_sign_ins(db, person_id, now=now)
        return [each for each in found if self.lasts(each, now=now)]

    def unwritten(self) -> dict[UUID, datetime]:
        """What the database does not know yet."""
        with self._lock:
            return dict(self._seen)

    def written(self, seen: Mapping[UUID, datetime]) -> None:
        """The database knows this now."""
        with self._lock:
            for sign_in_id, at in seen.items():
                if self._seen.get(sign_in_id) == at:
                    del self._seen[sign_in_id]
