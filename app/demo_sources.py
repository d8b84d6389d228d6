"""The demo's directory, which is what everybody knows, and its resolution, from `demo/`."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from app.core.languages import Localized
from app.directory.commands import NameGiven, add_entity
from app.directory.known import known_entities
from app.directory.models import Entity, EntityKind
from app.resolutions.commands import ParagraphGiven, add_resolution
from app.resolutions.models import AddresseeRole, ParagraphKind, Resolution

FOLDER = Path(__file__).parents[1] / "demo"

Json = dict[str, Any]


def read(name: str) -> Any:
    """A file of `demo/`."""
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def load_entities(db: Session) -> dict[str, Entity]:
    """States, bodies and organizations by key, parents first."""
    entities: dict[str, Entity] = {}
    waiting = list(known_entities())
    while waiting:
        later = [row for row in waiting if row.get("parent") and row["parent"] not in entities]
        for row in waiting:
            if row not in later:
                entities[row["key"]] = _entity(db, row, entities)
        if len(later) == len(waiting):
            raise ValueError(f"parents that do not exist: {[row['key'] for row in later]}")
        waiting = later
    return entities


def _entity(db: Session, row: Json, entities: dict[str, Entity]) -> Entity:
    return add_entity(
        db,
        key=row["key"],
        kind=EntityKind(row["kind"]),
        iso3=row.get("iso3"),
        parent=entities.get(row.get("parent") or ""),
        note=Localized(row["note"]) if row.get("note") else None,
        aliases=row.get("aliases"),
        names=[
            NameGiven(
                name=Localized(each["name"]),
                acronym=Localized(each["acronym"]) if each.get("acronym") else None,
                valid_from=day_of(each.get("from")),
                valid_until=day_of(each.get("until")),
            )
            for each in row["names"]
        ],
    )


def day_of(text: str | None) -> date | None:
    """A date as the files write it."""
    return date.fromisoformat(text) if text else None


def load_resolution(db: Session, entities: dict[str, Entity]) -> Resolution:
    """The resolution with its paragraphs and whom each addresses."""
    data = read("resolution.json")
    resolution = Resolution(
        key=data["key"],
        symbol=data["symbol"],
        title=Localized(data["title"]),
        approved_by=Localized(data["approved_by"]),
        approved_on=day_of(data["approved_on"]),
        adopted_on=day_of(data["adopted_on"]),
        original_language=data["original_language"],
    )
    paragraphs = [
        ParagraphGiven(
            kind=ParagraphKind(row["kind"]),
            number=row["number"],
            text=Localized(row["text"]),
            addressees=[
                (entities[each["entity"]], AddresseeRole(each["role"]))
                for each in row.get("addressees", [])
            ],
        )
        for row in data["paragraphs"]
    ]
    return add_resolution(db, resolution, paragraphs)
