"""A resolution with everything that it says, in a fixed number of statements."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.core.errors import NotFound
from app.core.languages import Message
from app.directory.models import Entity
from app.resolutions.models import Addressee, AddresseeRole, Paragraph, Resolution


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
