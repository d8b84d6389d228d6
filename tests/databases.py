"""Where tests keep their databases, and how they look into them."""

import shutil
import threading
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import event, make_url
from sqlalchemy.orm import Session

from app.core.database import create_engines
from tests.postgres import memory_disk


class Files:
    """SQLite databases with the verbs of `Postgres`."""

    def __enter__(self):
        self.folder = TemporaryDirectory(prefix="convoca-sqlite-", dir=memory_disk())
        self.numbers = count(1)
        return self

    def __exit__(self, *raised):
        self.folder.cleanup()

    def clone(self, template=None):
        """Make a copy of the database at that URL, or name a file that is not there yet."""
        file = Path(self.folder.name, f"{next(self.numbers)}.db")
        if template:
            shutil.copyfile(make_url(template).database, file)
        return f"sqlite:///{file}"

    def drop(self, url):
        """Remove the database."""
        Path(make_url(url).database).unlink()


class writing(Session):  # noqa: N801 (reads as a verb: with writing(url) as db)
    """A session of its own engines, which end with it."""

    def __init__(self, url):
        self.engines = create_engines(url)
        super().__init__(self.engines.write)

    def close(self):
        super().close()
        self.engines.dispose()


@contextmanager
def statements_of(engine):
    """The statements that an engine sends meanwhile."""
    statements = []

    def note(_connection, _cursor, statement, *_rest):
        if threading.current_thread().name != "stamps":  # it asks every second, for nobody
            statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)
