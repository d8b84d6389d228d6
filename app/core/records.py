"""How the journal keeps things that are rows of their own: columns as plain JSON, and back."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Enum, Uuid, inspect, select
from sqlalchemy.exc import IntegrityError

from app.core.changes import Kind, record_added, recording, recording_removal
from app.core.database import UtcDateTime
from app.core.errors import Conflict
from app.core.journal import State, Verb
from app.core.languages import Localized, LocalizedType, Message

# What every such row has and the journal keeps by itself.
KEPT_APART = frozenset({"id", "meeting_id", "version"})


def row_state(row: Any) -> State:
    """The row's own columns as JSON, without its key, meeting and version."""
    return {name: _plain(getattr(row, name)) for name in _columns(type(row))}


def values_of_state(model: type, state: State) -> dict[str, Any]:
    """The columns that such a state tells, as the row wants them."""
    return {name: _typed(column, state[name]) for name, column in _columns(model).items()}


def _columns(model: type) -> dict[str, Any]:
    columns: Iterable[Any] = inspect(model).columns
    return {each.key: each.type for each in columns if each.key not in KEPT_APART}


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Localized):
        return dict(value)
    if isinstance(value, UUID | StrEnum):
        return str(value)
    return value


def _typed(column: Any, value: Any) -> Any:
    if value is None:
        return None
    readers: dict[type, Callable[[Any], Any]] = {
        UtcDateTime: datetime.fromisoformat,
        Date: date.fromisoformat,
        LocalizedType: Localized,
        Uuid: UUID,
        Enum: getattr(column, "enum_class", str),
    }
    reader = next((readers[kind] for kind in readers if isinstance(column, kind)), None)
    return reader(value) if reader else value


@dataclass(frozen=True)
class Steps:
    """What can happen to one kind of row; a row that is never taken away names no removal."""

    added: Verb
    changed: Verb
    removed: Verb | None = None


def _nothing(_doing: Any, _row: Any) -> None:
    """Nothing follows."""


def kept_rows(
    key: str,
    model: Any,
    steps: Steps,
    *,
    label: Callable[[Any], Localized],
    load: Sequence[Any] = (),
    follow: Callable[[Any, Any], None] = _nothing,
) -> None:
    """Make rows of this kind known to the journal; `load` is what the label needs.

    `follow` does what hangs on a restored row, or on one that was taken away; it raises Conflict
    where the row cannot be as it was, which takes all of it back.
    """

    def find(doing: Any, row_id: UUID) -> Any:
        statement = select(model).where(model.meeting_id == doing.meeting_id, model.id == row_id)
        fresh = statement.options(*load).execution_options(populate_existing=True)
        return doing.db.scalar(fresh)

    def restore(doing: Any, row_id: UUID, state: State | None) -> None:
        row = find(doing, row_id)
        if row is None and state is not None:
            row = model(id=row_id, meeting_id=doing.meeting_id, **values_of_state(model, state))
            doing.db.add(row)
            doing.db.flush()  # what the label needs is read from the database
            row = find(doing, row_id)
            record_added(doing, steps.added, row)
        elif state is not None:
            with recording(doing, steps.changed, row):
                for name, value in values_of_state(model, state).items():
                    setattr(row, name, value)
        elif row is not None:
            _take_away(doing, steps, row)
        if row is not None:
            follow(doing, row)

    Kind(key, model, find=find, state=row_state, label=label, restore=restore)


def _take_away(doing: Any, steps: Steps, row: Any) -> None:
    try:
        with doing.db.begin_nested(), recording_removal(doing, steps.removed or steps.added, row):
            doing.db.delete(row)
    except IntegrityError:
        raise Conflict(
            Message("Other things hang on it by now, so this step cannot be undone by itself."),
            advice=Message("Undo the later steps first, or change it by hand."),
        ) from None
