"""The state of the data folder and the database before anything is served or migrated.

Each finding stops the start with a sentence that says what to do; nothing is made over anything.
"""

import json
import sqlite3
from datetime import datetime
from pathlib import Path

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect
from sqlalchemy.exc import DatabaseError

from app.settings import Settings

ROOT = Path(__file__).parents[1]
IN_USE = "installation.json"
RESTORING = ".restoring"


class NotReadyError(Exception):
    """Why the program does not start, and what to do."""


def alembic_config(url: str) -> Config:
    """Alembic's configuration for this database."""
    config = Config(ROOT / "alembic.ini")
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.attributes["url"] = url
    return config


def check_folder(settings: Settings, *, may_begin: bool = False) -> None:
    """Refuse to go on if the database is damaged, or gone from a folder that is in use.

    Only `may_begin` lets a folder without any database pass.
    """
    if (settings.data_dir / RESTORING).exists():
        raise NotReadyError(
            f"A restore into {settings.data_dir} was cut off. Empty the folder and the database "
            f"(keep secret.key), then run `convoca restore` again."
        )
    file = settings.database_file
    if file is None:
        return
    if file.exists():
        _refuse_damaged(file)
    else:
        _refuse_lost_database(settings, file)
        if not may_begin:
            raise NotReadyError(f"There is no database {file} yet. Run `convoca migrate`.")


def _refuse_lost_database(settings: Settings, file: Path) -> None:
    mark = settings.data_dir / IN_USE
    if mark.exists():
        raise NotReadyError(
            f"{mark} says that this folder is in use, but its database {file} is gone. "
            f"Nothing was created. Put the database file back from your backup; if you really "
            f"want to begin anew, remove {mark} first."
        )


def _refuse_damaged(file: Path) -> None:
    try:
        with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as connection:
            [(found,)] = connection.execute("PRAGMA quick_check(1)")
    except sqlite3.DatabaseError as error:
        found = str(error)
    if found != "ok":
        raise NotReadyError(
            f"The database {file} is damaged ({found}). Nothing was changed. Keep this file, "
            f"and put your last backup in its place."
        )


def revision_of(connection: Connection) -> str | None:
    """The migration that the database stands at; None if it was never migrated."""
    return MigrationContext.configure(connection).get_current_revision()


def known_revisions(url: str) -> frozenset[str]:
    """Every migration that this program has."""
    script = ScriptDirectory.from_config(alembic_config(url))
    return frozenset(revision.revision for revision in script.walk_revisions())


def newest_revision(url: str) -> str | None:
    """The migration at which this program serves."""
    return ScriptDirectory.from_config(alembic_config(url)).get_current_head()


def _revision_in(engine: Engine) -> str | None:
    try:
        with engine.connect() as connection:
            return revision_of(connection)
    except DatabaseError as error:
        raise NotReadyError(f"The database does not answer: {error.orig}") from error


def check_newer(engine: Engine, url: str) -> None:
    """Refuse a database that a newer program made."""
    current = _revision_in(engine)
    if current is not None and current not in known_revisions(url):
        raise NotReadyError(
            f"The database was made by a newer Convoca (schema {current}). Nothing was changed. "
            f"Install that version again, or restore a backup made with this one."
        )


def check_schema(engine: Engine, url: str) -> None:
    """Refuse an empty, a foreign, an older or a newer database, each in its own words."""
    check_newer(engine, url)
    current = _revision_in(engine)
    if current is None:
        kind = "holds other tables" if inspect(engine).get_table_names() else "is empty"
        raise NotReadyError(
            f"The database {kind}. Run `convoca migrate` to set up a new one; check "
            f"CONVOCA_DATABASE_URL and CONVOCA_DATA_DIR if yours should be there."
        )
    if current != newest_revision(url):
        raise NotReadyError(
            f"The database is older (schema {current}). Make a backup, then run `convoca migrate`."
        )


def mark_in_use(settings: Settings, *, now: datetime) -> None:
    """Leave the mark that this folder belongs to an installation."""
    mark = settings.data_dir / IN_USE
    if not mark.exists():
        content = {"program": "convoca", "since": now.isoformat(), "database": settings.database}
        if settings.database_file is None:
            content["database"] = "postgresql"
        mark.write_text(json.dumps(content, indent=2) + "\n")
