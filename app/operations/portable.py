"""Tables as lines of JSON that any of our databases can take: the form of a backup.

The first line names the columns and their kinds, so that rows of an older schema go back into
that schema.
"""

import base64
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    Float,
    Integer,
    LargeBinary,
    String,
    Table,
    Time,
    Uuid,
    column,
    insert,
    select,
    table,
    text,
)
from sqlalchemy.sql.expression import TableClause
from sqlalchemy.types import TypeDecorator, TypeEngine

from app.core.database import UtcDateTime

AT_ONCE = 500


@dataclass(frozen=True)
class Kind:
    """How a column's values are read, written down, and read back."""

    type: TypeEngine[Any]
    write: Callable[[Any], Any] = lambda value: value
    read: Callable[[Any], Any] = lambda value: value


KINDS = {
    "uuid": Kind(Uuid(), str, UUID),
    "instant": Kind(UtcDateTime(), datetime.isoformat, datetime.fromisoformat),
    "date": Kind(Date(), date.isoformat, date.fromisoformat),
    "time": Kind(Time(), time.isoformat, time.fromisoformat),
    "bytes": Kind(LargeBinary(), lambda raw: base64.b64encode(raw).decode(), base64.b64decode),
    "json": Kind(JSON(none_as_null=True)),
    "truth": Kind(Boolean()),
    "integer": Kind(Integer()),
    "number": Kind(Float()),
    "text": Kind(String()),
}
KIND_OF = (
    (Uuid, "uuid"),
    (UtcDateTime, "instant"),
    (Date, "date"),
    (Time, "time"),
    (LargeBinary, "bytes"),
    (JSON, "json"),
    (Boolean, "truth"),
    (Integer, "integer"),
    (Float, "number"),
    (String, "text"),
)


def kind_of(found: Column[Any]) -> str:
    """The kind of a column; TypeError for a type that this module has not met."""
    plain = found.type
    if isinstance(plain, TypeDecorator) and not isinstance(plain, UtcDateTime):
        plain = plain.impl_instance
    for known, kind in KIND_OF:
        if isinstance(plain, known):
            return kind
    raise TypeError(f"{found}: no kind for {found.type!r}")


def lines_of(connection: Connection, source: Table) -> Iterator[str]:
    """The head, then a line for each row; a row comes after those of its table it points to."""
    kinds = {each.name: kind_of(each) for each in source.columns}
    yield json.dumps({"table": source.name, "columns": kinds})
    plain = _plain(source.name, kinds)
    keys = [plain.c[key.name] for key in source.primary_key]
    rows = connection.execution_options(yield_per=AT_ONCE).execute(select(plain).order_by(*keys))
    for row in _parents_first(source, (each._asdict() for each in rows)):
        yield json.dumps([_written(kinds[name], row[name]) for name in kinds], ensure_ascii=False)


def load(connection: Connection, lines: Iterable[str]) -> tuple[str, int]:
    """Insert what `lines_of` wrote; gives the table and the number of rows."""
    source = iter(lines)
    head = json.loads(next(source))
    kinds: dict[str, str] = head["columns"]
    plain = _plain(head["table"], kinds)
    count = 0
    while some := [_values(kinds, json.loads(line)) for line in islice(source, AT_ONCE)]:
        connection.execute(insert(plain), some)
        count += len(some)
    return head["table"], count


def count_on(connection: Connection, source: Table) -> None:
    """PostgreSQL's own counter of a numbered key, above the keys that were given."""
    [key, *further] = source.primary_key
    if connection.dialect.name == "sqlite" or further or kind_of(key) != "integer":
        return
    counter = "pg_get_serial_sequence(:table, :key)"
    highest = f'(SELECT max("{key.name}") FROM "{source.name}")'  # noqa: S608 (our own names)
    connection.execute(
        text(f"SELECT setval({counter}, {highest}) WHERE {counter} IS NOT NULL"),
        {"table": source.name, "key": key.name},
    )


def _plain(name: str, kinds: dict[str, str]) -> TableClause:
    return table(name, *(column(each, KINDS[kind].type) for each, kind in kinds.items()))


def _written(kind: str, value: Any) -> Any:
    return None if value is None else KINDS[kind].write(value)


def _values(kinds: dict[str, str], row: Sequence[Any]) -> dict[str, Any]:
    pairs = zip(kinds.items(), row, strict=True)
    return {
        name: None if value is None else KINDS[kind].read(value) for (name, kind), value in pairs
    }


def _parents_first(source: Table, rows: Iterable[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    own = [key for key in source.foreign_keys if key.column.table is source]
    if not own:
        return rows
    return _ordered(list(rows), [(key.parent.name, key.column.name) for key in own])


def _ordered(
    rows: list[dict[str, Any]], pointers: list[tuple[str, str]]
) -> Iterator[dict[str, Any]]:
    waiting = rows
    while waiting:
        unwritten = {(there, row[there]) for row in waiting for _, there in pointers}
        ready = [
            row
            for row in waiting
            if not any(
                (there, row[here]) in unwritten and row[here] != row[there]
                for here, there in pointers
            )
        ]
        yield from ready or waiting
        done = {id(row) for row in ready or waiting}
        waiting = [row for row in waiting if id(row) not in done]
