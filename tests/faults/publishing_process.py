"""Publishes the meeting `first` and dies at a statement: `publishing_process.py DATABASE N`."""

import os
import signal
import sys

from sqlalchemy import event

from app.core.changes import COMMAND_LINE
from app.core.clock import system_clock
from app.core.database import Sessions, create_engines
from app.core.languages import Localized
from app.core.security import Site
from app.meetings.commands import begin_work
from app.meetings.queries import meeting_by_slug
from app.schedules.publishing import publish


def main(database, last):
    engines = create_engines(database)
    seen = 0

    def count(*_statement):
        nonlocal seen
        seen += 1
        if seen == int(last):
            os.kill(os.getpid(), signal.SIGKILL)

    with Sessions(engines, after_write=lambda: None).writing() as db:
        db.connection()
        event.listen(engines.write, "before_cursor_execute", count)
        event.listen(engines.write, "commit", count)
        meeting = meeting_by_slug(db, "first")
        site = Site("http://localhost")
        work = begin_work(db, meeting, by=COMMAND_LINE, now=system_clock(), site=site)
        publish(work, remark=Localized())
        db.commit()
    engines.dispose()


if __name__ == "__main__":
    main(*sys.argv[1:])
