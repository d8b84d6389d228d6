"""The same request twice is carried out once: an Idempotency-Key brings its first answer again.

A form carries the key in a hidden field, a program in a header. The answer is kept in the
transaction that it tells of, for a day. A repeat that comes while the first is at work waits
for it (a page) or is told so at once (a program).
"""

import asyncio
import hashlib
import json
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import Depends, Request, Response
from sqlalchemy import JSON, Index, LargeBinary, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core.clock import Now
from app.core.database import Base, Identified
from app.core.errors import InFlight, invalid
from app.core.languages import Message
from app.core.security import presented_token

KEPT_FOR = timedelta(days=1)
WAIT_SECONDS = 5.0
LENGTHS = range(8, 201)
FIELD = "once"
HEADER = "idempotency-key"
REPEATED = "idempotent-replayed"
KEPT_HEADERS = ("location", "etag", "content-type", "set-cookie")


class KeptAnswer(Identified, Base):
    """What was answered under a key. Who may ask with it is part of `key_hash`."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (Index(None, "created_at"),)

    key_hash: Mapped[str] = mapped_column(unique=True)
    fingerprint: Mapped[str]
    status: Mapped[int]
    headers: Mapped[list[Any]] = mapped_column(JSON)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]


class RepeatedError(Exception):
    """The request was answered before; `answer` is what it got."""

    def __init__(self, answer: Response) -> None:
        super().__init__("answered before")
        self.answer = answer


@dataclass(frozen=True)
class Once:
    """One request under a key, or without one, in which case nothing here does anything."""

    key_hash: str
    fingerprint: str
    now: datetime
    waits: bool

    def begin(self, db: Session) -> None:
        """Before anything is done: raises RepeatedError if it has been done under this key.

        Raises Invalid where the key was used for something else, InFlight where another
        process is still at it.
        """
        if not self.key_hash:
            return
        self._lock(db)
        kept = db.scalar(select(KeptAnswer).where(KeptAnswer.key_hash == self.key_hash))
        if kept is None or kept.created_at <= self.now - KEPT_FOR:
            return
        if kept.fingerprint != self.fingerprint:
            raise invalid(HEADER, Message("This key was used for something else. Use a new one."))
        answer = Response(kept.body, kept.status, {REPEATED: "true"})
        for name, value in kept.headers:
            answer.headers.append(name, value)
        raise RepeatedError(answer)

    def keep(self, db: Session, response: Response) -> Response:
        """Give this answer to every repeat; in the transaction of what it tells."""
        if self.key_hash:
            old = KeptAnswer.created_at <= self.now - KEPT_FOR
            db.execute(delete(KeptAnswer).where(old))
            found = [[name, value] for name, value in response.headers.items()]
            answer = KeptAnswer(
                key_hash=self.key_hash,
                fingerprint=self.fingerprint,
                status=response.status_code,
                headers=[each for each in found if each[0] in KEPT_HEADERS],
                body=bytes(response.body),
                created_at=self.now,
            )
            db.add(answer)
        return response

    def _lock(self, db: Session) -> None:
        """Across processes; SQLite's own write lock does it there."""
        if db.get_bind().dialect.name != "postgresql":
            return
        number = int(self.key_hash[:15], 16)
        if self.waits:
            db.execute(select(func.pg_advisory_xact_lock(number)))
        elif not db.scalar(select(func.pg_try_advisory_xact_lock(number))):
            raise in_flight()


def in_flight() -> InFlight:
    """The first request with this key is still at work."""
    return InFlight(Message("The same request is being carried out."))


def fresh_key() -> str:
    """For the hidden field of a form: each rendering has its own."""
    return secrets.token_urlsafe(16)


# Keys of this process that are at work, with what tells of their end.
_AT_WORK: dict[str, asyncio.Event] = {}


async def once(request: Request, now: Now) -> AsyncIterator[Once]:
    """The key of this request. Named before anything that opens the transaction."""
    key, content = await _asked(request)
    if not key:
        yield Once("", "", now, waits=False)
        return
    if len(key) not in LENGTHS or not key.isascii() or not key.isprintable():
        raise invalid(HEADER, Message("An idempotency key has 8 to 200 plain characters."))
    scope = f"{presented_token(request) or ''}\n{key}"
    key_hash = hashlib.sha256(scope.encode()).hexdigest()
    waits = not request.url.path.startswith("/api/")
    await _turn(key_hash, waits=waits)
    ended = _AT_WORK[key_hash] = asyncio.Event()
    place = f"{request.method} {request.url.path}\n"
    try:
        yield Once(key_hash, hashlib.sha256(place.encode() + content).hexdigest(), now, waits)
    finally:
        del _AT_WORK[key_hash]
        ended.set()


async def _turn(key_hash: str, *, waits: bool) -> None:
    """Wait for whoever is at it in this process."""
    try:
        async with asyncio.timeout(WAIT_SECONDS if waits else 0):
            while (at_work := _AT_WORK.get(key_hash)) is not None:
                await at_work.wait()
    except TimeoutError:
        raise in_flight() from None


async def _asked(request: Request) -> tuple[str, bytes]:
    """The key, and what it stands for."""
    header = request.headers.get(HEADER, "")
    if request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        form = await request.form(max_files=0, max_fields=500)
        pairs = sorted((name, str(value)) for name, value in form.multi_items() if name != FIELD)
        return header or str(form.get(FIELD, "")), json.dumps(pairs).encode()
    return header, await request.body()


# The request's scope matters: the turn ends when the answer has been committed.
OnceDep = Annotated[Once, Depends(once, scope="request")]
