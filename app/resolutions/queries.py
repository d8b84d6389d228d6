"""A resolution with everything that it says, in a fixed number of statements."""

from collections.abc import Mapping, Sequence
from functools import cache
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.core.errors import NotFound
from app.core.languages import Localized, Message
from app.directory.known import known_entities
from app.directory.models import Entity, EntityKind
from app.directory.queries import entities
from app.resolutions.models import Addressee, Paragraph, Resolution
from app.resolutions.reading.names import KnownName, NameKind
from app.resolutions.reading.record import Role


@cache
def shipped_names() -> tuple[KnownName, ...]:
    """What the reader recognises without a database."""
    return tuple(
        _known_name(
            row["key"],
            NameKind(row["kind"]),
            [(each["name"], each.get("acronym") or {}) for each in row["names"]],
            row.get("aliases") or {},
            parent=row.get("parent"),
            family=row.get("family"),
            local=[text for many in row.get("local", {}).values() for text in many],
        )
        for row in known_entities()
    )


def known_names(db: Session) -> tuple[KnownName, ...]:
    """What the reader recognises: the directory's entities, and the shipped ones beside them."""
    found = {each.key: each for each in shipped_names()}
    for entity in entities(db):
        known = found.get(entity.key)
        found[entity.key] = _known_name(
            entity.key,
            NameKind(entity.kind),
            [(each.name, each.acronym or {}) for each in entity.names],
            entity.aliases,
            parent=entity.parent.key if entity.parent else None,
            family=known.family if known else None,
            local=known.local if known else (),
        )
    return tuple(found.values())


def _known_name(
    key: str,
    kind: NameKind,
    names: Sequence[tuple[Mapping[str, str], Mapping[str, str]]],
    aliases: Mapping[str, Sequence[str]],
    *,
    parent: str | None,
    family: str | None,
    local: Sequence[str],
) -> KnownName:
    """Each spelling once, in a fixed order. Where there is a family, the plain name is local."""
    full = tuple(dict.fromkeys(text for name, _ in names for text in name.values()))
    others = tuple(dict.fromkeys(text for many in aliases.values() for text in many))
    return KnownName(
        key=key,
        kind=kind,
        texts=others if family else full + others,
        parent=parent,
        acronyms=tuple(dict.fromkeys(text for _, short in names for text in short.values())),
        family=family,
        local=tuple(dict.fromkeys([*full, *local])) if family else (),
    )


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
            selectinload(Resolution.paragraphs).selectinload(Paragraph.findings),
            joinedload(Resolution.organ).selectinload(Entity.names),
            joinedload(Resolution.source),
        )
    )
    found = db.scalar(statement)
    if found is None:
        raise NotFound(Message("There is no such resolution."))
    return found


def same_text(db: Session, symbol: str, texts: Sequence[Localized]) -> Resolution | None:
    """The resolution on record with this symbol and these very paragraphs, if there is one."""
    statement = (
        select(Resolution)
        .where(Resolution.symbol == symbol)
        .order_by(Resolution.id)
        .options(selectinload(Resolution.paragraphs))
    )
    for found in db.scalars(statement).all():
        if [each.text for each in found.paragraphs] == list(texts):
            return found
    return None


def resolution_keys(db: Session) -> set[str]:
    """The keys that are taken."""
    return set(db.scalars(select(Resolution.key)))


def addressees(resolution: Resolution, role: Role) -> list[Addressee]:
    """Whom a loaded resolution addresses in this role, in the order of its text."""
    return [
        addressee
        for paragraph in resolution.paragraphs
        for addressee in paragraph.addressees
        if addressee.role == role
    ]


def bodies_called_upon(resolution: Resolution) -> list[Addressee]:
    """Whom a loaded resolution calls upon by name: "member states" are nobody to write to."""
    return [
        each
        for each in addressees(resolution, Role.CALLED_UPON)
        if each.entity.kind is not EntityKind.OPEN_CLASS
    ]


def entities_concerned(db: Session, resolution_id: UUID | None) -> Sequence[Entity]:
    """Whom the resolution calls upon and with whom they are to work, with names, by key."""
    concerned = (
        select(Addressee.entity_id)
        .join(Paragraph)
        .where(
            Paragraph.resolution_id == resolution_id,
            Addressee.role.in_([Role.CALLED_UPON, Role.WORK_WITH]),
        )
    )
    statement = select(Entity).where(Entity.id.in_(concerned)).order_by(Entity.key)
    return db.scalars(statement.options(selectinload(Entity.names))).all()
