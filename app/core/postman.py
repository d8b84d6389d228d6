"""Sends what is in the outbox: each letter once, or said to be uncertain.

A letter is claimed for a while and the claim committed before anything leaves; no transaction is
open while the mail server is spoken to. Any number of postmen may work on one database.
"""

import logging
import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from secrets import token_hex

from sqlalchemy import ColumnElement, Select, Update, and_, or_, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.core.clock import Clock
from app.core.database import Engines
from app.core.installation import installation
from app.core.letters import Letter, State, is_superseded
from app.core.mail import message_of
from app.core.transports import Transport, Unanswered, Undelivered, Unreachable

log = logging.getLogger("convoca")

# Longer than a slow server may take for one letter.
LEASE = timedelta(minutes=10)
TRIES = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60)]
LONGEST_WAIT = 2 * TRIES[-1]
GIVE_UP = timedelta(hours=48)
LOOK_EVERY = 5.0  # seconds
REST_AFTER_TROUBLE = timedelta(minutes=1)
FINISHING = 10  # tries to write down what became of a letter


class LeaseLostError(Exception):
    """Somebody else has taken the letter over; it must not leave from here."""


@dataclass
class Postman:
    """One sender of letters. `heard_at` tells when it last looked into the outbox."""

    engines: Engines
    transport: Transport
    sender: str
    secret_key: str
    clock: Clock
    lease: timedelta = LEASE
    jitter: Callable[[], float] = random.random
    heard_at: datetime | None = None
    _not_before: datetime | None = None
    _awake: threading.Event = field(default_factory=threading.Event)
    _stopping: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Send in a thread of its own from here on."""
        self._thread = threading.Thread(target=self.run, name="postman", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Something was written: look now."""
        self._awake.set()

    def stop(self) -> None:
        """Finish the present letter, then end."""
        self._stopping.set()
        self._awake.set()
        if self._thread is not None and self._thread.is_alive():
            self._thread.join(timeout=20)

    def run(self) -> None:
        """Send what is due, again and again, until stopped."""
        while not self._stopping.is_set():
            self._awake.clear()
            try:
                self.send_due()
            except SQLAlchemyError as error:
                log.warning("the outbox does not answer: %s", error)
            self._awake.wait(LOOK_EVERY)

    def send_due(self) -> int:
        """Send until nothing is due or nothing can leave; how many letters were dealt with."""
        dealt_with = 0
        try:
            while not self._stopping.is_set():
                now = self.heard_at = self.clock()
                if self._rests(now) or not self._anything_to_do(now):
                    break
                letter = self._claimed(now)
                if letter is None:
                    break
                self._send(letter)
                dealt_with += 1
        finally:
            self.transport.rest()
        return dealt_with

    def _rests(self, now: datetime) -> bool:
        """Whether nothing could leave a moment ago. A clock set back does not prolong it."""
        until = self._not_before
        return until is not None and now < until <= now + REST_AFTER_TROUBLE

    def _anything_to_do(self, now: datetime) -> bool:
        """Asked without the write lock, since mostly there is nothing."""
        with Session(self.engines.read) as db:
            found = select(Letter.id).where(or_(_due(now), self._lost(now))).limit(1)
            return db.scalar(found) is not None and installation(db).mail_paused_at is None

    def _lost(self, now: datetime) -> ColumnElement[bool]:
        """Of a postman who is gone, or of a time before the clock was set back."""
        until = Letter.lease_until
        return and_(Letter.state == State.SENDING, or_(until < now, until > now + self.lease))

    def _claimed(self, now: datetime) -> Letter | None:
        """The next due letter, ours until its lease runs out; None if there is none."""
        with Session(self.engines.write, expire_on_commit=False) as db:
            if installation(db).mail_paused_at is not None:
                return None
            self._settle_lost(db, now)
            letter = db.scalar(_next_due(now))
            if letter is not None:
                letter.state, letter.lease = State.SENDING, token_hex(8)
                letter.lease_until, letter.handed_over_at = now + self.lease, None
                letter.attempts += 1
            db.commit()
            return letter

    def _settle_lost(self, db: Session, now: datetime) -> None:
        """Letters of a postman who is gone: not handed over, so due again; or uncertain."""
        lost = update(Letter).where(self._lost(now))
        again = lost.where(Letter.handed_over_at.is_(None))
        db.execute(again.values(state=State.RETRY, lease=None, next_try_at=now))
        words = "the program stopped before the mail server answered"
        db.execute(lost.values(state=State.UNCERTAIN, last_error=words))

    def _send(self, letter: Letter) -> None:
        now = self.clock()
        message = message_of(letter, sender=self.sender, secret_key=self.secret_key, now=now)
        name = f"{letter.created_at:%Y%m%dT%H%M%SZ}-{letter.id}"

        def hand_over() -> None:
            taken = _held(letter).values(handed_over_at=self.clock())
            if not self._written(taken.where(Letter.state == State.SENDING)):
                raise LeaseLostError

        try:
            self.transport.send(name, letter.to_address, message, hand_over=hand_over)
        except LeaseLostError:
            return
        except Unanswered as error:
            self._finish(letter, state=State.UNCERTAIN, last_error=str(error))
        except Undelivered as error:
            self._put_off(letter, error)
        else:
            self._finish(letter, state=State.SENT, sent_at=self.clock(), last_error="")

    def _put_off(self, letter: Letter, error: Undelivered) -> None:
        """Try later, or give up; where nothing can leave, the others wait as well."""
        now = self.clock()
        if isinstance(error, Unreachable):
            self._not_before = now + REST_AFTER_TROUBLE
            log.warning("letters cannot leave: %s", error)
        wait = TRIES[min(letter.attempts, len(TRIES)) - 1] * (1 + self.jitter() / 10)
        keep_on = error.again and now + wait <= letter.created_at + GIVE_UP
        state = State.RETRY if keep_on else State.FAILED
        with Session(self.engines.read) as db:
            if is_superseded(db, letter):
                state = State.SUPERSEDED
        self._finish(letter, state=state, last_error=str(error), next_try_at=now + wait)

    def _finish(self, letter: Letter, **values: object) -> None:
        """Write down what became of it, whatever it takes: the letter itself has left."""
        done = _held(letter).values(lease=None, lease_until=None, **values)
        for _ in range(FINISHING):
            try:
                self._written(done)
            except SQLAlchemyError as error:
                log.warning("letter %s: its state is not written yet: %s", letter.id, error)
                self._stopping.wait(1)
            else:
                return

    def _written(self, change: Update) -> bool:
        """Whether there was something to change."""
        with self.engines.write.begin() as connection:
            return connection.execute(change).rowcount > 0


def _due(now: datetime) -> ColumnElement[bool]:
    """New letters at once, others when it is time, or when the clock was set back meanwhile."""
    again = Letter.next_try_at
    in_time = or_(again <= now, again > now + LONGEST_WAIT)
    return or_(Letter.state == State.WAITING, and_(Letter.state == State.RETRY, in_time))


def _next_due(now: datetime) -> Select[Letter]:
    """SQLite ignores the row lock: there one writer at a time is the lock."""
    return (
        select(Letter)
        .where(_due(now))
        .order_by(Letter.next_try_at, Letter.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


def _held(letter: Letter) -> Update:
    """The letter, as long as it is ours."""
    return update(Letter).where(Letter.id == letter.id, Letter.lease == letter.lease)
