"""Two engines, one session a request, one transaction a session, committed before the answer."""

import logging
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request
from sqlalchemy import (
    DateTime,
    Dialect,
    Engine,
    Enum,
    Integer,
    MetaData,
    create_engine,
    event,
    make_url,
)
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    Session,
    declared_attr,
    mapped_column,
    sessionmaker,
)
from sqlalchemy.orm.attributes import flag_modified
from sqlalchemy.types import TypeDecorator
from uuid_utils.compat import uuid7

from app.core.languages import Localized, LocalizedType

log = logging.getLogger("convoca")

BUSY_SECONDS = 5


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime going in and coming out, on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive value, store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime: {value!r}")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Give UTC back; SQLite returns it naive, PostgreSQL in the server's zone."""
        if value is None:
            return None
        stored: datetime = value
        return stored.replace(tzinfo=UTC) if stored.tzinfo is None else stored.astimezone(UTC)


# Stored as its value in plain text: a new member needs no migration on any database.
TextEnum = Enum(
    StrEnum,
    native_enum=False,
    length=40,
    values_callable=lambda members: [member.value for member in members],
)


class Base(DeclarativeBase):
    """Every table: named constraints, aware datetimes, localized text."""

    type_annotation_map = {  # noqa: RUF012 (SQLAlchemy's form)
        datetime: UtcDateTime,
        Localized: LocalizedType,
        StrEnum: TextEnum,
    }
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Identified:
    """A time-ordered UUID as key: never reused, safe to print, sorts by creation."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)


class Versioned:
    """A version that every UPDATE raises; two editors cannot overwrite each other unseen."""

    version: Mapped[int] = mapped_column(Integer, nullable=False, default=1)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805 (a class-level attribute)
        """Let SQLAlchemy check the version in the WHERE of each UPDATE."""
        return {"version_id_col": cls.version}

    def touched(self) -> None:
        """Raise the version although no column changed, because something that hangs on it did."""
        # Rewriting any column as it is makes the UPDATE that counts; every one of these has this.
        flag_modified(self, "meeting_id")


class FrozenRowError(Exception):
    """Somebody tried to change what was published. A bug, never a visitor's mistake."""


class Frozen:
    """Rows that are written once: editions, what they hold, revisions."""


@event.listens_for(Session, "before_flush")
def _refuse_changes_to_frozen_rows(session: Session, _context: object, _rows: object) -> None:
    changed = [row for row in session.dirty if session.is_modified(row)]
    for row in (*changed, *session.deleted):
        if isinstance(row, Frozen):
            raise FrozenRowError(repr(row))


@dataclass(frozen=True)
class Engines:
    """`read` cannot write; `write` takes the lock before it reads."""

    read: Engine
    write: Engine

    def dispose(self) -> None:
        """Close every connection."""
        self.read.dispose()
        self.write.dispose()


def wal_is_safe(version: tuple[int, ...]) -> bool:
    """Whether this SQLite has the fix for the WAL-reset corruption (3.7.0 to 3.51.2).

    Fixed in 3.51.3, backported to 3.44.6 and 3.50.7; 3.52.0 was withdrawn.
    """
    if version[:3] == (3, 52, 0):
        return False
    backported = (version[:2] == (3, 44) and version >= (3, 44, 6)) or (
        version[:2] == (3, 50) and version >= (3, 50, 7)
    )
    return backported or version >= (3, 51, 3)


def create_engines(url: str) -> Engines:
    """Engines for `sqlite:///...` or `postgresql+psycopg://...`."""
    if make_url(url).get_backend_name() == "sqlite":
        return _sqlite_engines(url)
    write = create_engine(
        url,
        hide_parameters=True,  # an error's words go to the log
        pool_pre_ping=True,
        pool_recycle=1800,
        pool_size=10,
        max_overflow=5,
        connect_args={"options": f"-c lock_timeout={BUSY_SECONDS}s"},
    )
    # One pool serves both; the option makes each transaction of `read` READ ONLY.
    return Engines(read=write.execution_options(postgresql_readonly=True), write=write)


def _sqlite_engines(url: str) -> Engines:
    journal = "WAL" if wal_is_safe(sqlite3.sqlite_version_info) else "DELETE"
    options: dict[str, Any] = {
        "hide_parameters": True,
        "max_overflow": 0,
        "pool_timeout": BUSY_SECONDS,
        "connect_args": {"timeout": BUSY_SECONDS, "check_same_thread": False},
    }
    read = create_engine(url, pool_size=8, **options)
    write = create_engine(url, pool_size=1, **options)
    _prepare(read, begin="BEGIN", pragmas=("query_only=ON",))
    # A deferred BEGIN that reads first cannot become a writer while another writes:
    # most of 200 simultaneous replies would fail. IMMEDIATE waits its turn instead.
    _prepare(write, begin="BEGIN IMMEDIATE", pragmas=(f"journal_mode={journal}",))
    return Engines(read=read, write=write)


def _prepare(engine: Engine, *, begin: str, pragmas: tuple[str, ...]) -> None:
    common = (
        "foreign_keys=ON",
        "synchronous=FULL",
        f"busy_timeout={BUSY_SECONDS * 1000}",
        "temp_store=MEMORY",
        "trusted_schema=OFF",
        "cell_size_check=ON",
    )

    @event.listens_for(engine, "connect")
    def connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # takes BEGIN away from the sqlite3 module
        for pragma in (*common, *pragmas):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def start(connection: Any) -> None:
        connection.exec_driver_sql(begin)

    @event.listens_for(engine, "checkin")
    def end(connection: Any, _record: object) -> None:
        # A COMMIT refused because somebody reads leaves the transaction open, with its lock;
        # SQLAlchemy takes it for ended.
        if connection is not None and connection.in_transaction:
            connection.rollback()


@dataclass(frozen=True)
class Sessions:
    """Makes sessions for a request: reading for GET and HEAD, writing for the rest."""

    engines: Engines
    after_write: Callable[[], None]

    def reading(self) -> Session:
        """A session that cannot write."""
        return sessionmaker(self.engines.read, expire_on_commit=False, autoflush=False)()

    def writing(self) -> Session:
        """A session that holds the write lock from its first statement."""
        return sessionmaker(self.engines.write, expire_on_commit=False)()


def transaction(request: Request) -> Iterator[Session]:
    """Commit if the page returned, roll back if it raised or showed its form again."""
    sessions: Sessions = request.app.state.sessions
    if request.method in {"GET", "HEAD"}:
        with sessions.reading() as session:
            yield session
        return
    with sessions.writing() as session:
        yield session
        if session.info.get("refused"):
            session.rollback()
            return
        session.commit()
    sessions.after_write()


def refuse(session: Session) -> None:
    """The page answers with its form and an error: nothing of this request is kept."""
    session.info["refused"] = True


# The function scope matters: FastAPI's default runs the code after `yield`
# once the response has gone out, so a failed commit would still say 303.
SessionDep = Annotated[Session, Depends(transaction, scope="function")]
