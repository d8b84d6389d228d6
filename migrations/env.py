"""Runs migrations, one program at a time; whoever comes second waits and finds them done.

On PostgreSQL each has a transaction of its own, on SQLite all have one: its lock is the queue.
"""

import os
from typing import Any

from alembic import context
from sqlalchemy import Connection, text

from app.core.database import UtcDateTime, create_engines
from app.core.languages import LocalizedType
from app.schema import metadata
from app.settings import load_settings

MIGRATION_LOCK = 5_404_606
PATIENCE = 600  # seconds


def render_item(kind: str, value: Any, _context: Any) -> str | bool:
    """Write our own column types as the plain types that they store."""
    if kind == "type" and isinstance(value, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(value, LocalizedType):
        return "sa.JSON()"
    return False


def run(connection: Connection) -> None:
    """Migrate over this connection."""
    sqlite = connection.dialect.name == "sqlite"
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_item=render_item,
        render_as_batch=sqlite,
        transaction_per_migration=not sqlite,
        transactional_ddl=True,  # on SQLite too, since our engine begins each transaction itself
    )
    if sqlite:
        driver: Any = connection.connection.driver_connection
        driver.execute(f"PRAGMA busy_timeout={PATIENCE * 1000}")
        # A table that is made anew is dropped first, and others point to it. Looked at in the end.
        driver.execute("PRAGMA foreign_keys=OFF")
    else:
        connection.execute(text(f"SET statement_timeout = '{PATIENCE}s'"))
        # Two containers that start together: one migrates, the other waits its turn.
        connection.execute(text("SET lock_timeout = 0"))
        connection.execute(text(f"SELECT pg_advisory_lock({MIGRATION_LOCK})"))
        connection.execute(text("SET lock_timeout = '5s'"))
        connection.commit()
    with context.begin_transaction():
        context.run_migrations()
        if sqlite and (lost := connection.exec_driver_sql("PRAGMA foreign_key_check").all()):
            raise RuntimeError(f"rows that point to nothing: {lost[:5]}")
    if sqlite:
        driver.execute("PRAGMA foreign_keys=ON")


def main() -> None:
    """Use the connection that the caller brings, or open the configured database."""
    given = context.config.attributes.get("connection")
    if given is not None:
        run(given)
        return
    url = context.config.attributes.get("url") or load_settings(os.environ).database
    engines = create_engines(url)
    with engines.write.connect() as connection:
        run(connection)
    engines.dispose()


main()
