"""Entities with their names, in a fixed number of statements."""

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.core.errors import NotFound
from app.core.languages import Message, folded
from app.directory.models import Entity, EntityKind


def entities(
    db: Session, *, kind: EntityKind | None = None, search: str = "", keys: Collection[str] = ()
) -> Sequence[Entity]:
    """Entities with names and parents, by key; filtered by kind, words of any name, or keys."""
    statement = select(Entity).options(
        selectinload(Entity.names), selectinload(Entity.parent).selectinload(Entity.names)
    )
    if kind is not None:
        statement = statement.where(Entity.kind == kind)
    if keys:
        statement = statement.where(Entity.key.in_(keys))
    for word in folded(search).split():
        statement = statement.where(Entity.search_key.contains(word, autoescape=True))
    return db.scalars(statement.order_by(Entity.key)).all()


def entity_by_key(db: Session, key: str) -> Entity:
    """One entity, or NotFound."""
    for entity in entities(db, keys=[key]):
        return entity
    raise NotFound(Message("There is no such entity."))
