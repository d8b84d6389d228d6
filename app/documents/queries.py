"""The register of a meeting, in a fixed number of statements."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.core.errors import NotFound
from app.core.languages import Message
from app.documents.models import Document, DocumentClass, DocumentFile

WITH_FILES = (
    selectinload(Document.files).joinedload(DocumentFile.file),
    joinedload(Document.paragraph),
)


def documents_of(
    db: Session, meeting_id: UUID, classes: Collection[str] = tuple(DocumentClass)
) -> Sequence[Document]:
    """The documents of these classes with their files, by symbol, those without one last."""
    statement = select(Document).where(
        Document.meeting_id == meeting_id, Document.document_class.in_(classes)
    )
    found = db.scalars(statement.options(*WITH_FILES).order_by(Document.id)).all()
    return sorted(found, key=lambda each: (not each.symbol, each.symbol_key or each.symbol))


def document_of(
    db: Session,
    meeting_id: UUID,
    document_id: UUID,
    classes: Collection[str] = tuple(DocumentClass),
) -> Document:
    """One document of this very meeting and of these classes, or NotFound."""
    found = any_document_of(db, meeting_id, document_id)
    if found is None or found.document_class not in classes:
        raise no_such_document()
    return found


def any_document_of(db: Session, meeting_id: UUID, document_id: UUID) -> Document | None:
    """The same, or None."""
    statement = select(Document).where(
        Document.meeting_id == meeting_id, Document.id == document_id
    )
    return db.scalar(statement.options(*WITH_FILES))


def no_such_document() -> NotFound:
    """The same words whether it never existed or is not yours."""
    return NotFound(Message("There is no such document in this meeting."))
