"""How the public sees an edition: as it was published, but honouring today's closed flags."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from app.core.languages import LANGUAGES, Localized, Message
from app.schedules.rules import FrozenSitting

CLOSED_SESSION = Message("Closed session")


class ClosedFlag(Protocol):
    """Whether a sitting is closed now, and since when it is so or is no longer."""

    @property
    def closed(self) -> bool: ...
    @property
    def closed_changed_at(self) -> datetime | None: ...


@dataclass(frozen=True)
class ShownItem:
    """An agenda item that a sitting treats."""

    id: str
    number: str
    title: Localized


@dataclass(frozen=True)
class ShownEntity:
    """An entity that takes part in a sitting."""

    key: str
    name: Localized
    acronym: Localized

    def short(self, lang: str) -> str:
        """The acronym in this language, otherwise the name."""
        return self.acronym.get(lang) or self.name.shown_in(lang).text


@dataclass(frozen=True)
class ShownSitting:
    """A sitting as the public may see it; of a closed one only time and room are left."""

    id: UUID
    starts_at: datetime
    ends_at: datetime
    cancelled: bool
    closed: bool
    title: Localized
    note: Localized
    room: Localized | None
    items: tuple[ShownItem, ...]
    mandates: tuple[str, ...]
    purposes: tuple[str, ...]
    entities: tuple[ShownEntity, ...]
    sequence: int
    changed_at: datetime
    first_published_at: datetime


def shown_sittings(
    rows: Iterable[FrozenSitting], flags: Mapping[UUID, ClosedFlag]
) -> list[ShownSitting]:
    """An edition's sittings, those closed now masked."""
    return [_shown(row, flags.get(row.sitting_id)) for row in rows]


def _shown(row: FrozenSitting, flag: ClosedFlag | None) -> ShownSitting:
    closed = flag is not None and flag.closed
    content = _masked(row.content) if closed else row.content
    toggled = flag.closed_changed_at if flag is not None else None
    return ShownSitting(
        id=row.sitting_id,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        cancelled=row.cancelled,
        closed=closed,
        title=Localized(content["title"]),
        note=Localized(content["note"]),
        room=Localized(content["room"]) if content["room"] else None,
        items=tuple(
            ShownItem(item["id"], item["number"], Localized(item["title"]))
            for item in content["items"]
        ),
        mandates=tuple(content["mandates"]),
        purposes=tuple(content["purposes"]),
        entities=tuple(
            ShownEntity(each["key"], Localized(each["name"]), Localized(each["acronym"]))
            for each in content["entities"]
        ),
        sequence=row.sequence,
        changed_at=max(row.changed_at, toggled) if toggled else row.changed_at,
        first_published_at=row.first_published_at,
    )


def _masked(content: Mapping[str, Any]) -> dict[str, Any]:
    nothing: dict[str, Any] = {"items": [], "mandates": [], "purposes": [], "entities": []}
    title = {lang: CLOSED_SESSION.in_language(lang) for lang in LANGUAGES}
    return {**nothing, "title": title, "note": {}, "room": content["room"]}
