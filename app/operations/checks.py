"""What `convoca verify` proves. A further proof is a further function in CHECKS."""

from collections.abc import Callable, Iterator

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from app.agendas.queries import broken_revisions
from app.core.journal import broken_changes
from app.meetings.queries import meetings
from app.schedules.queries import broken_editions

Check = Callable[[Session], Iterator[str]]


def findings(db: Session) -> Iterator[str]:
    """One sentence for each thing that is not as it was left."""
    for check in CHECKS:
        yield from check(db)


def _the_file(db: Session) -> Iterator[str]:
    """SQLite only; PostgreSQL answers for its own pages."""
    connection = _sqlite(db)
    if connection is not None:
        for (words,) in connection.execute(text("PRAGMA integrity_check")):
            if words != "ok":
                yield f"database: {words}"


def _references(db: Session) -> Iterator[str]:
    """SQLite only, where a program that forgets a pragma can leave rows that hang on nothing."""
    connection = _sqlite(db)
    if connection is not None:
        for table, _, missing, _ in connection.execute(text("PRAGMA foreign_key_check")):
            yield f"database: a row of {table} points to one of {missing} that is not there"


def _editions(db: Session) -> Iterator[str]:
    for meeting in meetings(db):
        for number in broken_editions(db, meeting.id):
            yield f"{meeting.slug}: edition {number} is not as published"


def _revisions(db: Session) -> Iterator[str]:
    for meeting in meetings(db):
        for number in broken_revisions(db, meeting.id):
            yield f"{meeting.slug}: agenda revision {number} is not as published"


def _journals(db: Session) -> Iterator[str]:
    for meeting in meetings(db):
        for number in broken_changes(db, meeting.id):
            yield f"{meeting.slug}: step {number} of the history is not as it was written"


def _sqlite(db: Session) -> Connection | None:
    connection = db.connection()
    return connection if connection.dialect.name == "sqlite" else None


CHECKS: tuple[Check, ...] = (_the_file, _references, _editions, _revisions, _journals)
