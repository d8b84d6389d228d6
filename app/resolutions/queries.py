"""A resolution with everything that it says, in a fixed number of statements."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.core.errors import NotFound
from app.core.languages import Localized, Message
from app.directory.known import known_entities
from app.directory.models import Entity
from app.directory.queries import entities
from app.resolutions.models import Addressee, AddresseeRole, Paragraph, Resolution
from app.resolutions.reading.names import KnownName, NameKind


@cache
def shipped_names() -> tuple[KnownName, ...]:
    """What the reader recognises without a database."""
    return tuple(
        KnownName(
            key=row["key"],
            kind=NameKind(row["kind"]),
            texts=_texts([each["name"] for each in row["names"]], row.get("aliases") or {}),
            parent=row.get("parent"),
            acronyms=_texts([each.get("acronym") or {} for each in row["names"]], {}),
            family=row.get("family"),
        )
        for row in known_entities()
    )


def known_names(db: Session) -> list[KnownName]:
    """What the reader recognises: the directory's entities, and the shipped ones beside them."""
    shipped = {each.key: each for each in shipped_names()}
    for entity in entities(db):
        known = shipped.get(entity.key)
        names = [each.name for each in entity.names]
        acronyms = [each.acronym or Localized() for each in entity.names]
        shipped[entity.key] = KnownName(
            key=entity.key,
            kind=NameKind(entity.kind),
            texts=_texts(names, entity.aliases),
            parent=entity.parent.key if entity.parent else None,
            acronyms=_texts(acronyms, {}),
            family=known.family if known else None,
        )
    return list(shipped.values())


def _texts(
    names: Iterable[Mapping[str, str]], aliases: Mapping[str, Sequence[str]]
) -> tuple[str, ...]:
    """Each spelling once, in a fixed order."""
    texts = [text for name in names for text in name.values()]
    return tuple(dict.fromkeys([*texts, *(each for many in aliases.values() for each in many)]))


def resolutions(db: Session) -> Sequence[Resolution]:
    """All resolutions, by symbol, without their paragraphs."""
    return db.scalars(select(Resolution).order_by(Resolution.symbol)).all()


def resolution_by_key(db: Session, key: str) -> Resolution:
    """One resolution with paragraphs, addressees and their names, or NotFound."""
    return _whole(db, Resolution.key == key)


def resolution_by_id(db: Session, resolution_id: UUID) -> Resolution:
    """The same by id."""
    return _whole(db, Resolution.id == resolution_id)


def _whole(db: Session, condition: object) -> Resolution:
    addressed = selectinload(Resolution.paragraphs).selectinload(Paragraph.addressees)
    named = addressed.selectinload(Addressee.entity)
    statement = (
        select(Resolution)
        .where(condition)  # type: ignore[arg-type]
        .options(
            addressed.joinedload(Addressee.paragraph),
            named.selectinload(Entity.names),
            named.selectinload(Entity.parent).selectinload(Entity.names),
        )
    )
    found = db.scalar(statement)
    if found is None:
        raise NotFound(Message("There is no such resolution."))
    return found


def addressees(resolution: Resolution, role: AddresseeRole) -> list[Addressee]:
    """Whom a loaded resolution addresses in this role, in the order of its text."""
    return [
        addressee
        for paragraph in resolution.paragraphs
        for addressee in paragraph.addressees
        if addressee.role == role
    ]


def entities_concerned(db: Session, resolution_id: UUID | None) -> Sequence[Entity]:
    """Whom the resolution calls upon and with whom they are to work, with names, by key."""
    concerned = (
        select(Addressee.entity_id)
        .join(Paragraph)
        .where(
            Paragraph.resolution_id == resolution_id,
            Addressee.role.in_([AddresseeRole.CALLED_UPON, AddresseeRole.PARTNER]),
        )
    )
    statement = select(Entity).where(Entity.id.in_(concerned)).order_by(Entity.key)
    return db.scalars(statement.options(selectinload(Entity.names))).all()
