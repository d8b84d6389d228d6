"""The register at the desk, and the way to each file."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from app.core.access import Permission, ViewerDep
from app.core.database import SessionDep, refuse
from app.core.downloads import file_response, no_such_file
from app.core.errors import Conflict, Invalid, Stale, UserError
from app.core.forms import Reader, version_in
from app.core.languages import LANGUAGES, NAMES, Language, Message
from app.core.options import Option, labels_by_value
from app.core.pages import FormDep, shown_errors
from app.core.receiving import Received
from app.core.uploads import Uploads, keep_file
from app.documents import commands
from app.documents.forms import document_form, stored, values_of
from app.documents.models import Document, DocumentClass
from app.documents.queries import document_of, documents_of
from app.documents.rules import classes_for
from app.meetings.pages import Desk, desk_for
from app.meetings.queries import meeting_by_slug
from app.meetings.sending import received_for

router = APIRouter(include_in_schema=False)

EditDocuments = Annotated[Desk, Depends(desk_for(Permission.EDIT_DOCUMENTS))]
ReceivedDep = Annotated[Received, Depends(received_for(Permission.EDIT_DOCUMENTS))]
CLASSES = {
    DocumentClass.PUBLIC: Message("public"),
    DocumentClass.MEMBERS: Message("members of the Group"),
    DocumentClass.RESTRICTED: Message("restricted: who works on the meeting"),
}


def _register(
    db: SessionDep,
    desk: Desk,
    *,
    values: Mapping[str, Any] | None = None,
    problem: UserError | None = None,
) -> Response:
    return desk.page(
        "documents/desk.html",
        "documents",
        status=problem.status if problem else 200,
        errors=shown_errors(desk.request, problem),
        documents=documents_of(db, desk.meeting.id),
        values=values or {"class": DocumentClass.RESTRICTED.value},
        **_choices(desk.lang),
    )


def _choices(lang: Language) -> dict[str, Any]:
    classes = [Option(each.value, CLASSES[each].in_language(lang)) for each in DocumentClass]
    return {
        "class_options": classes,
        "choices": {"class": labels_by_value(classes, lang)},
        "language_options": [Option(code, NAMES[code]) for code in LANGUAGES],
    }


@router.get("/{lang}/desk/{slug}/documents", name="desk_documents")
def register(db: SessionDep, desk: EditDocuments) -> Response:
    """Every document of the meeting, and a form for a further one."""
    return _register(db, desk)


@router.post("/{lang}/desk/{slug}/documents", name="add_document")
def add(db: SessionDep, desk: EditDocuments, form: FormDep) -> Response:
    """A further document."""
    try:
        document = commands.add_document(desk.work, document_form(Reader(form)))
    except Invalid as problem:
        refuse(db)
        return _register(db, desk, values=dict(form), problem=problem)
    words = {"title": document.title}
    return desk.to(f"/documents/{document.id}", Message("Entered: %(title)s", words))


def _document(
    desk: Desk,
    document: Document,
    *,
    values: Mapping[str, Any] | None = None,
    problem: UserError | None = None,
) -> Response:
    conflict = None
    if values is not None and isinstance(problem, Stale):
        opened = version_in(values)
        theirs = stored(document)
        conflict = desk.conflict(document, values_of, theirs=theirs, mine=values, opened=opened)
    return desk.page(
        "documents/one.html",
        "documents",
        status=problem.status if problem else 200,
        errors=shown_errors(desk.request, problem),
        document=document,
        values=values or stored(document),
        conflict=conflict,
        **_choices(desk.lang),
    )


@router.get("/{lang}/desk/{slug}/documents/{document_id}", name="edit_document")
def edit(db: SessionDep, desk: EditDocuments, document_id: UUID) -> Response:
    """One document with its files."""
    return _document(desk, document_of(db, desk.meeting.id, document_id))


@router.post("/{lang}/desk/{slug}/documents/{document_id}", name="change_document")
def change(db: SessionDep, desk: EditDocuments, document_id: UUID, form: FormDep) -> Response:
    """Another symbol, title, date or class."""
    document, reader = document_of(db, desk.meeting.id, document_id), Reader(form)
    try:
        given = document_form(reader)
        commands.change_document(desk.work, document, given, version=reader.version())
    except (Invalid, Stale) as problem:
        refuse(db)
        return _document(desk, document, values=dict(form), problem=problem)
    words = {"title": document.title}
    return desk.to(f"/documents/{document_id}", Message("Document saved: %(title)s", words))


@router.post("/{lang}/desk/{slug}/documents/{document_id}/files", name="add_document_file")
def add_file(
    received: ReceivedDep, db: SessionDep, desk: EditDocuments, document_id: UUID
) -> Response:
    """The document in a language."""
    document = document_of(db, desk.meeting.id, document_id)
    try:
        reader = Reader(received.form)
        languages = reader.chosen("language", LANGUAGES)
        if not languages:
            reader.wrong("language", Message("Choose the language of the file."))
        reader.finish()
        taken = received.taken()
        file = keep_file(db, taken, by=desk.viewer.person_id, now=desk.now)
        commands.add_file(desk.work, document, file, languages[0])
    except (Invalid, Conflict) as problem:
        refuse(db)
        if received.stored is not None:
            received.stored.kept = False
        return _document(desk, document, problem=problem)
    words = {"name": taken.name}
    return desk.to(f"/documents/{document_id}", Message("File added: %(name)s", words))


@router.post(
    "/{lang}/desk/{slug}/documents/{document_id}/files/{code}/removal", name="remove_document_file"
)
def remove_file(
    db: SessionDep, desk: EditDocuments, document_id: UUID, code: Language, form: FormDep
) -> Response:
    """Take a language off."""
    document = document_of(db, desk.meeting.id, document_id)
    commands.remove_file(desk.work, document, code, version=Reader(form).version())
    words = {"language": NAMES[code]}
    return desk.to(f"/documents/{document_id}", Message("File taken off: %(language)s", words))


@router.get("/{lang}/meetings/{slug}/documents/{document_id}/{code}", name="document_file")
def download(
    request: Request,
    db: SessionDep,
    viewer: ViewerDep,
    slug: str,
    document_id: UUID,
    code: Language,
) -> Response:
    """The file, for whoever gets documents of this class; to others it does not exist."""
    meeting = meeting_by_slug(db, slug)
    classes = classes_for(viewer.roles_in(meeting.id))
    document = document_of(db, meeting.id, document_id, classes)
    found = next((each.file for each in document.files if each.language == code), None)
    if found is None:
        raise no_such_file()
    uploads: Uploads = request.app.state.uploads
    public = document.document_class is DocumentClass.PUBLIC
    return file_response(request, uploads.store, found, public=public)
