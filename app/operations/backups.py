"""`convoca backup`: one file with the database and the uploads, made while people work."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Connection

from app.core.database import create_engines
from app.operations.archives import DamagedError, Writing, chunks_of, written
from app.operations.portable import lines_of
from app.schema import metadata
from app.settings import Settings
from app.startup import NotReadyError, check_folder, check_schema, revision_of

FILES = "files"


def back_up(settings: Settings, file: Path, *, now: datetime) -> dict[str, Any]:
    """Write the backup; gives what its manifest says. The secret key is not in it."""
    if file.exists():
        raise NotReadyError(f"There is a file {file} already. Choose another name.")
    if not file.parent.is_dir():
        raise NotReadyError(f"There is no folder {file.parent}.")
    check_folder(settings)
    with written(file) as backup:
        with _snapshot(settings, file.parent) as connection:
            facts = {
                "program": version("convoca"),
                "schema": revision_of(connection),
                "database": connection.dialect.name,
                "made_at": now.isoformat(),
                "tables": _add_tables(backup, connection),
            }
        # After the rows: a file is stored before the row that names it.
        _add_files(backup, settings.data_dir / FILES)
        backup.finish(facts)
    return facts


@contextmanager
def _snapshot(settings: Settings, beside: Path) -> Iterator[Connection]:
    """One moment of the database, which goes on being written."""
    file = settings.database_file
    if file is None:
        engines = create_engines(settings.database)
        reading = engines.read.execution_options(isolation_level="REPEATABLE READ")
        try:
            check_schema(engines.read, settings.database)
            with reading.connect() as connection:
                yield connection
        finally:
            engines.dispose()
        return
    with TemporaryDirectory(dir=beside, prefix=".convoca-") as folder:
        copy = Path(folder, "snapshot.db")
        _copy(file, copy)
        engines = create_engines(f"sqlite:///{copy}")
        try:
            check_schema(engines.read, settings.database)
            with engines.read.connect() as connection:
                yield connection
        finally:
            engines.dispose()


def _copy(file: Path, copy: Path) -> None:
    """SQLite's own way: a copied file would lack what is still in the journal."""
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
        [(found,)] = target.execute("PRAGMA integrity_check(1)")
    if found != "ok":
        raise DamagedError(f"The database {file} is damaged ({found}). No backup was made.")


def _add_tables(backup: Writing, connection: Connection) -> dict[str, int]:
    counts = {}
    for number, table in enumerate(metadata.sorted_tables):
        count = -1  # the head is no row

        def lines() -> Iterator[bytes]:
            nonlocal count
            for line in lines_of(connection, table):  # noqa: B023 (used up within the turn)
                count += 1
                yield f"{line}\n".encode()

        backup.add(f"tables/{number:03}-{table.name}.jsonl", lines())
        counts[table.name] = count
    return counts


def _add_files(backup: Writing, folder: Path) -> None:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            with path.open("rb") as source:
                name = path.relative_to(folder).as_posix()
                backup.add(f"{FILES}/{name}", chunks_of(source))
