"""`convoca restore`: a backup becomes an installation again, in an empty place.

The copy counts its calendars' sequences on from now, and does not write to anybody until a person
says so: what the backup takes for unsent may have gone out since.
"""

import shutil
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from alembic import command
from sqlalchemy import inspect
from sqlalchemy.orm import Session

from app.core.database import create_engines
from app.core.installation import pause_mail, raise_sequences
from app.core.outbox import doubt_unsent
from app.meetings.commands import raise_public_stamp
from app.meetings.queries import meetings
from app.operations.archives import DamagedError, Reading, checked, sync
from app.operations.backups import FILES
from app.operations.checks import findings
from app.operations.portable import count_on, load
from app.schema import metadata
from app.settings import Settings
from app.startup import RESTORING as MARK
from app.startup import NotReadyError, alembic_config, known_revisions, mark_in_use

MAY_BE_THERE = frozenset({"secret.key", "lost+found", MARK})


def restore(settings: Settings, file: Path, *, now: datetime) -> dict[str, Any]:
    """Put the backup into the configured place; gives what its manifest says."""
    _check_empty(settings)
    with checked(file) as backup:
        _check_schema(backup.manifest, settings.database)
        mark = settings.data_dir / MARK
        shutil.rmtree(mark, ignore_errors=True)
        mark.mkdir(parents=True, mode=0o750)
        for name in backup.names(FILES):
            backup.take_out(name, mark / name)
        _make_database(settings, backup, now=now)
    if (mark / FILES).exists():
        (mark / FILES).rename(settings.data_dir / FILES)
    mark_in_use(settings, now=now)
    mark.rmdir()
    sync(settings.data_dir)
    return backup.manifest


def _check_empty(settings: Settings) -> None:
    folder, file = settings.data_dir, settings.database_file
    there = {path.name for path in folder.glob("*")} if folder.exists() else set()
    if there - MAY_BE_THERE:
        raise NotReadyError(
            f"{folder} is not empty ({', '.join(sorted(there - MAY_BE_THERE)[:3])}). Nothing was "
            f"restored. Name an empty folder in CONVOCA_DATA_DIR; only secret.key may be there."
        )
    if file is not None:
        for path in (file, *(Path(f"{file}-{kind}") for kind in ("wal", "shm", "journal"))):
            if path.exists():
                raise NotReadyError(f"{path} is there already. Nothing was restored.")
        return
    engines = create_engines(settings.database)
    try:
        tables = inspect(engines.read).get_table_names()
    finally:
        engines.dispose()
    if tables:
        raise NotReadyError(
            "The database is not empty. Nothing was restored. Create a new one and name it in "
            "CONVOCA_DATABASE_URL."
        )


def _check_schema(manifest: dict[str, Any], url: str) -> None:
    if manifest["schema"] not in known_revisions(url):
        raise NotReadyError(
            f"The backup was made by a newer Convoca (version {manifest['program']}, schema "
            f"{manifest['schema']}). Nothing was restored. Install that version, then restore."
        )


def _make_database(settings: Settings, backup: Reading, *, now: datetime) -> None:
    """SQLite's file gets its name when all is in it."""
    file = settings.database_file
    if file is None:
        _fill(settings.database, backup, now=now)
        return
    part = file.with_name(f".{file.name}.restoring")
    part.unlink(missing_ok=True)
    try:
        _fill(f"sqlite:///{part}", backup, now=now)
        part.rename(file)
        sync(file.parent)
    finally:
        with suppress(FileNotFoundError):
            part.unlink()


def _fill(url: str, backup: Reading, *, now: datetime) -> None:
    command.upgrade(alembic_config(url), backup.manifest["schema"])
    engines = create_engines(url)
    try:
        with engines.write.begin() as connection:
            names = backup.names("tables")
            counts = dict(load(connection, backup.lines(name)) for name in names)
            if counts != backup.manifest["tables"]:
                raise DamagedError("The backup holds other rows than it says.")
        command.upgrade(alembic_config(url), "head")
        with Session(engines.write) as db:
            for table in metadata.sorted_tables:
                count_on(db.connection(), table)
            _come_back(db, now=now)
            if found := list(findings(db)):
                raise DamagedError(f"What the backup holds is not whole: {'; '.join(found[:3])}.")
            db.commit()
    finally:
        engines.dispose()


def _come_back(db: Session, *, now: datetime) -> None:
    raise_sequences(db, now=now)
    pause_mail(db, now=now)
    doubt_unsent(db)
    for meeting in meetings(db):
        raise_public_stamp(db, meeting.id, now=now)
