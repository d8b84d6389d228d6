"""Each meeting's public stamp, kept fresh by one thread, so that no page has to ask for it."""

import logging
import threading
from collections.abc import Mapping

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.core.database import Engines
from app.meetings.queries import public_stamps

log = logging.getLogger("convoca")

EVERY_SECONDS = 0.5
ALL_MEETINGS = ""


class Stamps:
    """The last known stamps by slug; under ALL_MEETINGS one that changes with any of them.

    While the database is away the last values serve.
    """

    def __init__(self, engines: Engines) -> None:
        self.engines = engines
        self.current: Mapping[str, int] = {}
        self._refreshing = threading.Lock()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="stamps", daemon=True)

    def refresh(self) -> None:
        """Read them now; a database that does not answer changes nothing."""
        # One after the other, or a slow reading from before a commit would hide the one after it.
        with self._refreshing:
            try:
                with Session(self.engines.read) as db:
                    stamps = public_stamps(db)
            except SQLAlchemyError as error:
                log.warning("public stamps not refreshed: %s", error)
                return
            self.current = {**stamps, ALL_MEETINGS: hash(tuple(sorted(stamps.items())))}

    def start(self) -> None:
        """Refresh now and twice a second from here on."""
        self.refresh()
        self._thread.start()

    def stop(self) -> None:
        """End the thread."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=5)

    def _run(self) -> None:
        while not self._stop.wait(EVERY_SECONDS):
            self.refresh()
