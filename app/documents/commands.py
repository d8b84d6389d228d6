"""Keeping the register: entering documents, correcting them, adding and taking off files."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from app.core.access import Permission
from app.core.changes import Kind, record_added, recording
from app.core.errors import Conflict, check_version, invalid
from app.core.journal import Area, State, Verb
from app.core.languages import Localized, Message
from app.core.uploads import File
from app.documents.models import Document, DocumentClass, DocumentFile
from app.documents.queries import any_document_of
from app.documents.rules import document_state, symbol_key
from app.meetings.commands import Work, raise_public_stamp
from app.resolutions.models import Paragraph

DOCUMENTS = Area("documents", Permission.EDIT_DOCUMENTS)
ADDED = Verb(
    DOCUMENTS,
    "document.added",
    Message("%(who)s entered the document %(symbol)s, “%(title)s”"),
    can_be_undone=False,
)
CHANGED = Verb(
    DOCUMENTS, "document.changed", Message("%(who)s changed the document %(symbol)s, “%(title)s”")
)
FILE_ADDED = Verb(
    DOCUMENTS, "document.file_added", Message("%(who)s added a file (%(language)s) to “%(title)s”")
)
FILE_REMOVED = Verb(
    DOCUMENTS,
    "document.file_removed",
    Message("%(who)s took a file (%(language)s) off “%(title)s”"),
)


@dataclass(frozen=True)
class DocumentGiven:
    """A document as it is entered, its files apart."""

    symbol: str
    title: Localized
    dated: date | None
    document_class: DocumentClass


def add_document(
    work: Work, given: DocumentGiven, *, paragraph: Paragraph | None = None
) -> Document:
    """A further entry. Raises Invalid for a symbol that another document bears."""
    document = Document(meeting_id=work.meeting_id, files=[], paragraph=paragraph)
    _fill(work, document, given)
    work.db.add(document)
    record_added(work, ADDED, document, symbol=document.symbol)
    _public(work, document)
    return document


def change_document(work: Work, document: Document, given: DocumentGiven, *, version: int) -> None:
    """Another symbol, title, date or class; a class takes effect at once, on every way."""
    check_version(document.version, version)
    was_public = document.document_class is DocumentClass.PUBLIC
    with recording(work, CHANGED, document, symbol=given.symbol):
        _fill(work, document, given)
    if was_public or document.document_class is DocumentClass.PUBLIC:
        raise_public_stamp(work.db, work.meeting_id, now=work.now)


def add_file(work: Work, document: Document, file: File, language: str) -> None:
    """The document in one more language. Raises Conflict if it has a file in it."""
    if any(each.language == language for each in document.files):
        raise Conflict(
            Message("The document has a file in this language."),
            advice=Message("Take that one off first, then add the new one."),
        )
    work.db.flush()  # the file's key
    with recording(work, FILE_ADDED, document, language=language):
        document.files.append(DocumentFile(language=language, file_id=file.id, file=file))
        document.touched()
    _public(work, document)


def remove_file(work: Work, document: Document, language: str, *, version: int) -> None:
    """Take a language off. The bytes stay, so that it can be undone and the audit is whole."""
    check_version(document.version, version)
    with recording(work, FILE_REMOVED, document, language=language):
        document.files = [each for each in document.files if each.language != language]
        document.touched()
    _public(work, document)


def _fill(work: Work, document: Document, given: DocumentGiven) -> None:
    key = symbol_key(given.symbol)
    if key is not None:
        other = select(Document.id).where(
            Document.meeting_id == work.meeting_id,
            Document.symbol_key == key,
            Document.id != document.id,
        )
        with work.db.no_autoflush:
            if work.db.scalar(other) is not None:
                raise invalid("symbol", Message("Another document of this meeting bears it."))
    document.symbol, document.symbol_key = given.symbol, key
    document.title, document.dated = given.title, given.dated
    document.document_class = given.document_class


def _public(work: Work, document: Document) -> None:
    if document.document_class is DocumentClass.PUBLIC:
        raise_public_stamp(work.db, work.meeting_id, now=work.now)


def _restore(work: Work, document_id: UUID, state: State | None) -> None:
    document = any_document_of(work.db, work.meeting_id, document_id)
    if document is None or state is None:
        return
    wanted = {language: UUID(file_id) for language, file_id in state["files"]}
    there = {each.language: each.file_id for each in document.files}
    for language in there.keys() - wanted.keys():
        remove_file(work, document, language, version=document.version)
    for language in wanted.keys() - there.keys():
        add_file(work, document, work.db.get_one(File, wanted[language]), language)
    if wanted.keys() == there.keys():
        given = DocumentGiven(
            symbol=state["symbol"],
            title=Localized(state["title"]),
            dated=date.fromisoformat(state["dated"]) if state["dated"] else None,
            document_class=DocumentClass(state["class"]),
        )
        change_document(work, document, given, version=document.version)


Kind(
    "document",
    Document,
    find=lambda work, key: any_document_of(work.db, work.meeting_id, key),
    state=document_state,
    label=lambda document: document.title,
    restore=_restore,
)
