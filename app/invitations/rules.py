"""What the text asks for and the list lacks; what the journal keeps. Pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar
from uuid import UUID

from app.core.languages import Localized


class Named(Protocol):
    """Whoever a paragraph addresses, or the list holds."""

    @property
    def entity_id(self) -> UUID: ...


class Listed(Named, Protocol):
    """An entity on the list."""

    @property
    def note(self) -> Localized: ...
    @property
    def withdrawn_at(self) -> datetime | None: ...


Addressed = TypeVar("Addressed", bound=Named)


def lacking(addressed: Iterable[Addressed], listed: Iterable[Named]) -> Sequence[Addressed]:
    """Whom the text names and the list does not, in the text's order, each once."""
    known = {each.entity_id for each in listed}
    first = {each.entity_id: each for each in reversed(list(addressed))}
    return [each for each in reversed(first.values()) if each.entity_id not in known]


def invitation_state(listed: Listed) -> dict[str, Any]:
    """What the journal keeps of an entity on the list."""
    return {"note": dict(listed.note), "withdrawn": listed.withdrawn_at is not None}
