"""Whether this process should be asked for anything: each reason why not, by name."""

import shutil
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import FrameType

from sqlalchemy import insert
from sqlalchemy.exc import SQLAlchemyError

from app.core.clock import Clock
from app.core.database import Sessions
from app.core.installation import Installation, installation
from app.core.outbox import outbox
from app.core.postman import Postman
from app.settings import Settings
from app.startup import newest_revision, revision_of

LEAST_FREE = 0.05
# Longer than the slowest letter takes.
SILENT_AFTER = timedelta(minutes=15)
LATE_AFTER = timedelta(hours=6)
KEPT_SECONDS = 1.0


class Health:
    """Asked by balancers and orchestrators; an answer serves for a second."""

    def __init__(
        self, sessions: Sessions, settings: Settings, clock: Clock, postman: Postman | None
    ) -> None:
        self.sessions = sessions
        self.settings = settings
        self.clock = clock
        self.postman = postman
        self.stopping = False
        self.kept_seconds = KEPT_SECONDS
        self.checks: dict[str, Callable[[], bool]] = {
            "database": self._writes,
            "schema": self._stands_at_head,
            "disk": self._has_room,
            "postman": self._is_heard,
            "letters": self._sends_in_time,
        }
        self._newest = newest_revision(settings.database)
        self._asking = threading.Lock()
        self._found: tuple[float, list[str]] = (float("-inf"), [])

    def failing(self) -> list[str]:
        """The names of what fails, none if this process is ready."""
        if self.stopping:
            return ["stopping"]
        # Whoever asks all the time asks the database once a second.
        with self._asking:
            since, found = self._found
            if time.monotonic() - since >= self.kept_seconds:
                found = [name for name, works in self.checks.items() if not works()]
                self._found = (time.monotonic(), found)
        return found

    def _writes(self) -> bool:
        row = insert(Installation).values(id=0, uid_domain="", created_at=self.clock())
        try:
            with self.sessions.writing() as db:
                db.execute(row)
                db.rollback()
        except SQLAlchemyError:
            return False
        return True

    def _stands_at_head(self) -> bool:
        try:
            with self.sessions.reading() as db:
                return revision_of(db.connection()) == self._newest
        except SQLAlchemyError:
            return False

    def _has_room(self) -> bool:
        usage = shutil.disk_usage(self.settings.data_dir)
        return usage.free >= usage.total * LEAST_FREE

    def _is_heard(self) -> bool:
        """Whether whoever sends letters here, if anybody does, is at work."""
        if self.postman is None or self.postman.heard_at is None:
            return True
        return self.clock() - self.postman.heard_at < SILENT_AFTER

    def _sends_in_time(self) -> bool:
        """Whether no letter has waited for hours, unless mail was paused on purpose."""
        try:
            with self.sessions.reading() as db:
                paused = installation(db).mail_paused_at is not None
                return paused or not outbox(db).overdue(now=self.clock(), after=LATE_AFTER)
        except SQLAlchemyError:
            return False


@contextmanager
def noticing_stop(health: Health, drain_seconds: float) -> Iterator[None]:
    """From SIGTERM on, not ready; the server's own handler acts when balancers could notice."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    stop = signal.getsignal(signal.SIGTERM)

    def notice(number: int, frame: FrameType | None) -> None:
        if not callable(stop):
            return
        if health.stopping or not drain_seconds:
            stop(number, frame)
        else:
            timer = threading.Timer(drain_seconds, stop, (number, frame))
            timer.daemon = True
            timer.start()
        health.stopping = True

    signal.signal(signal.SIGTERM, notice)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, stop)
