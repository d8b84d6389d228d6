"""Entities as JSON."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from app.core.api import Flatten, listed, said
from app.core.database import SessionDep
from app.core.languages import Language
from app.core.text import cleaned
from app.directory.models import Entity, EntityKind
from app.directory.queries import entities, entity_by_key

router = APIRouter(prefix="/api/v1/entities", tags=["directory"])


def _answer(entity: Entity, lang: Language | None) -> dict[str, Any]:
    return {
        "key": entity.key,
        "kind": entity.kind,
        "iso3": entity.iso3,
        "parent": entity.parent.key if entity.parent else None,
        "names": [
            {
                "name": said(name.name, lang),
                "acronym": said(name.acronym, lang),
                "from": name.valid_from.isoformat() if name.valid_from else None,
                "until": name.valid_until.isoformat() if name.valid_until else None,
            }
            for name in entity.names
        ],
        "aliases": entity.aliases if lang is None else entity.aliases.get(lang, []),
    }


@router.get("", name="api_entities")
def all_entities(
    db: SessionDep,
    kind: EntityKind | None = None,
    search: Annotated[str, Query(max_length=100)] = "",
    lang: Flatten = None,
) -> dict[str, Any]:
    """States, bodies and organizations with all their names; `search` takes any words of them."""
    found = entities(db, kind=kind, search=cleaned(search))
    return listed([_answer(entity, lang) for entity in found])


@router.get("/{key}", name="api_entity")
def one_entity(db: SessionDep, key: str, lang: Flatten = None) -> dict[str, Any]:
    """One entity."""
    return _answer(entity_by_key(db, key), lang)
