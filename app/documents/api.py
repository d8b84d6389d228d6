"""The register as JSON: for everybody what is public, for others what their role allows."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from pydantic import Field

from app.core.access import Permission, ViewerDep
from app.core.api import (
    Body,
    Flatten,
    IfMatch,
    LocalizedInput,
    listed,
    said,
    tagged,
    telling_present,
)
from app.core.database import SessionDep
from app.core.errors import invalid
from app.core.languages import Language, Localized, Message
from app.documents import commands
from app.documents.forms import SYMBOL_LENGTH
from app.documents.models import Document, DocumentClass
from app.documents.queries import document_of, documents_of
from app.documents.rules import classes_for
from app.meetings.api import ApiDesk, api_desk_for, paragraph_told
from app.meetings.queries import meeting_by_slug

router = APIRouter(prefix="/api/v1/meetings/{slug}/documents", tags=["documents"])

EditDocuments = Annotated[ApiDesk, Depends(api_desk_for(Permission.EDIT_DOCUMENTS))]


class DocumentBody(Body):
    """A document, its files apart; `symbol` as the documents section gave it, or empty."""

    symbol: str = Field(default="", max_length=SYMBOL_LENGTH)
    title: LocalizedInput
    dated: str | None = Field(default=None, pattern=r"^\d{4}-\d{2}-\d{2}$")
    document_class: Annotated[DocumentClass, Field(strict=False)]


def _given(body: DocumentBody) -> commands.DocumentGiven:
    title = Localized(body.title)
    if not title:
        raise invalid("title", Message("Enter the document's title in at least one language."))
    try:
        dated = date.fromisoformat(body.dated) if body.dated else None
    except ValueError as error:
        raise invalid("dated", Message("Enter a date like 2006-03-14.")) from error
    return commands.DocumentGiven(body.symbol, title, dated, body.document_class)


def _answer(document: Document, slug: str, lang: Language | None = None) -> dict[str, Any]:
    base = f"/meetings/{slug}/documents/{document.id}"
    return {
        "id": str(document.id),
        "version": document.version,
        "symbol": document.symbol,
        "title": said(document.title, lang),
        "dated": document.dated.isoformat() if document.dated else None,
        "document_class": document.document_class,
        "paragraph": paragraph_told(document.paragraph),
        "files": [
            {
                "language": each.language,
                "name": each.file.name,
                "media_type": each.file.media_type,
                "size": each.file.size,
                "sha256": each.file.sha256,
                "href": f"/{each.language}{base}/{each.language}",
            }
            for each in document.files
            if each.file.served
        ],
    }


@router.get("", name="api_documents")
def register(db: SessionDep, viewer: ViewerDep, slug: str, lang: Flatten = None) -> dict[str, Any]:
    """The documents that whoever asks may have."""
    meeting = meeting_by_slug(db, slug)
    found = documents_of(db, meeting.id, classes_for(viewer.roles_in(meeting.id)))
    return listed([_answer(each, slug, lang) for each in found])


@router.post("", name="api_add_document", status_code=201)
def add(desk: EditDocuments, response: Response, body: DocumentBody) -> dict[str, Any]:
    """A further document."""
    document = commands.add_document(desk.work, _given(body))
    tagged(response, document.version)
    response.headers["Location"] = desk.path(f"/documents/{document.id}")
    return _answer(document, desk.meeting.slug)


@router.get("/{document_id}", name="api_document")
def read(
    db: SessionDep, viewer: ViewerDep, response: Response, slug: str, document_id: UUID
) -> dict[str, Any]:
    """One document, if whoever asks may have it."""
    meeting = meeting_by_slug(db, slug)
    classes = classes_for(viewer.roles_in(meeting.id))
    document = document_of(db, meeting.id, document_id, classes)
    tagged(response, document.version)
    return _answer(document, slug)


@router.put("/{document_id}", name="api_change_document")
def change(
    db: SessionDep,
    desk: EditDocuments,
    response: Response,
    document_id: UUID,
    version: IfMatch,
    body: DocumentBody,
) -> dict[str, Any]:
    """Another symbol, title, date or class."""
    document = document_of(db, desk.meeting.id, document_id)
    with telling_present(lambda: _answer(document, desk.meeting.slug)):
        commands.change_document(desk.work, document, _given(body), version=version)
    tagged(response, document.version)
    return _answer(document, desk.meeting.slug)
