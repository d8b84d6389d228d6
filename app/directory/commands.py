"""Adding entities and the names they bear."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app.core.languages import Localized
from app.directory.models import Aliases, Entity, EntityKind, EntityName
from app.directory.rules import search_key_of


@dataclass(frozen=True)
class NameGiven:
    """A name as it is entered: with its days, open ends are None."""

    name: Localized
    acronym: Localized | None = None
    valid_from: date | None = None
    valid_until: date | None = None


def add_entity(
    db: Session,
    *,
    key: str,
    kind: EntityKind,
    names: Sequence[NameGiven],
    parent: Entity | None = None,
    iso3: str | None = None,
    note: Localized | None = None,
    aliases: Aliases | None = None,
) -> Entity:
    """A new entity with at least one name, oldest first."""
    entity = Entity(
        key=key,
        kind=kind,
        iso3=iso3,
        parent=parent,
        note=note,
        aliases=aliases or {},
        search_key=search_key_of(key, names, aliases or {}),
    )
    entity.names = [
        EntityName(
            position=position,
            name=given.name,
            acronym=given.acronym,
            valid_from=given.valid_from,
            valid_until=given.valid_until,
        )
        for position, given in enumerate(names)
    ]
    db.add(entity)
    return entity


def add_known_entity(db: Session, row: Mapping[str, Any], parent: Entity | None) -> Entity:
    """An entity that is shipped with the program, as its file has it."""
    return add_entity(
        db,
        key=row["key"],
        kind=EntityKind(row["kind"]),
        iso3=row.get("iso3"),
        parent=parent,
        note=Localized(row["note"]) if row.get("note") else None,
        aliases=row.get("aliases"),
        names=[
            NameGiven(
                name=Localized(each["name"]),
                acronym=Localized(each["acronym"]) if each.get("acronym") else None,
                valid_from=_day(each.get("from")),
                valid_until=_day(each.get("until")),
            )
            for each in row["names"]
        ],
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
