"""What is done beside requests: who was seen and what ended written down, files looked after."""

import logging
import threading
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy.exc import SQLAlchemyError

from app.accounts.commands import end_expired, note_seen
from app.accounts.presence import Presence
from app.accounts.queries import anything_expired
from app.core.clock import Clock
from app.core.database import Sessions
from app.core.errors import UserError
from app.core.uploads import File, ScanState, Uploads, collect_orphans, waiting_files

log = logging.getLogger("convoca")

EVERY = timedelta(minutes=1)
ROUNDS_PER_COLLECTION = 60


def collect_files(sessions: Sessions, uploads: Uploads, clock: Clock) -> list[str]:
    """Delete bytes that no row names; the keys of them."""
    with sessions.reading() as db:
        return collect_orphans(db, uploads.store, now=clock())


def scan_files(sessions: Sessions, uploads: Uploads) -> dict[ScanState, int]:
    """Show what waits to the scanner; how many files came to which state.

    The scanner is asked outside of any transaction. Several programs may do it at once.
    """
    counts: dict[ScanState, int] = {}
    if uploads.scanner is None:
        return counts
    with sessions.reading() as db:
        waiting = waiting_files(db)
    for file in waiting:
        state = uploads.scan_again(file)
        counts[state] = counts.get(state, 0) + 1
        if state not in {file.scan, ScanState.PENDING}:
            _note(sessions, file, state)
    return counts


def _note(sessions: Sessions, file: File, state: ScanState) -> None:
    with sessions.writing() as db:
        db.get_one(File, file.id).scan = state
        db.commit()
    sessions.after_write()
    if state is ScanState.REFUSED:
        log.warning("file %s holds a virus and is not served", file.id)


def write_presence(sessions: Sessions, presence: Presence) -> None:
    """Who was seen lately comes into the database, in a transaction of its own."""
    seen = presence.unwritten()
    if not seen:
        return
    with sessions.writing() as db:
        note_seen(db, seen)
        db.commit()
    presence.written(seen)


def write_ends(sessions: Sessions, clock: Clock) -> None:
    """What has expired comes into the database as ended."""
    now = clock()
    with sessions.reading() as db:
        if not anything_expired(db, now=now):
            return
    with sessions.writing() as db:
        end_expired(db, now=now)
        db.commit()


class Housekeeping:
    """One thread of the serving program."""

    def __init__(
        self, sessions: Sessions, uploads: Uploads, clock: Clock, presence: Presence
    ) -> None:
        self.sessions, self.uploads, self.clock = sessions, uploads, clock
        self.presence = presence
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="housekeeping", daemon=True)

    def start(self) -> None:
        """From here on, once a minute."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=5)

    def _run(self) -> None:
        rounds = 0
        while not self._stop.wait(EVERY.total_seconds()):
            rounds += 1
            self._try(self._round, collects=rounds % ROUNDS_PER_COLLECTION == 0)
        self._try(write_presence, self.sessions, self.presence)

    def _round(self, *, collects: bool) -> None:
        write_presence(self.sessions, self.presence)
        write_ends(self.sessions, self.clock)
        scan_files(self.sessions, self.uploads)
        if collects:
            collect_files(self.sessions, self.uploads, self.clock)

    def _try(self, work: Callable[..., object], *given: object, **named: object) -> None:
        try:
            work(*given, **named)
        except (SQLAlchemyError, UserError, OSError) as error:
            log.warning("housekeeping has to wait: %s", error)
