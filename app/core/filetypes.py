"""What may be uploaded, told by content. The type we say is from this table, no browser's."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO

from app.core.errors import Invalid, invalid
from app.core.languages import Message
from app.core.packed import BadPackage, Package

CHUNK = 256 * 1024
TAIL = 64 * 1024 + 22
# What makes a browser or a mail scanner take a file for a page.
PAGE_MARKS = (b"<!doctype html", b"<script", b"<html", b"<svg")
END_OF_ZIP = b"PK\x05\x06"
# Markup, and kinds of file that are written in letters too.
OTHERS_IN_TEXT = (b"<", b"%PDF-", b"%!PS", b"{\\rtf")
CONTROLS = bytes(set(range(32)) - {*b"\t\n\r\f"})


@dataclass(frozen=True)
class FileType:
    """One kind of file that is taken; `check` raises BadPackage for what is not of it."""

    name: str
    ending: str
    media_type: str
    check: Callable[[BinaryIO], None]


def _another() -> BadPackage:
    return BadPackage(Message("Its content is something else than its name says."))


def _more_follows() -> BadPackage:
    return BadPackage(Message("Something else follows after the end of the document."))


def _head(file: BinaryIO, size: int = 64) -> bytes:
    file.seek(0)
    return file.read(size)


def _tail(file: BinaryIO) -> bytes:
    size = file.seek(0, 2)
    file.seek(max(size - TAIL, 0))
    return file.read()


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    file.seek(0)
    while chunk := file.read(CHUNK):
        yield chunk


def _refuse_page(file: BinaryIO) -> None:
    """No web page inside, no archive at the end: some program would take it for that."""
    before = b""
    for chunk in _chunks(file):
        seen = (before + chunk).lower()
        if any(mark in seen for mark in PAGE_MARKS):
            raise BadPackage(Message("A web page is hidden in this file."))
        before = chunk[-len(PAGE_MARKS[0]) :]
    if END_OF_ZIP in _tail(file):
        raise _more_follows()


def _pdf(file: BinaryIO) -> None:
    if not _head(file).startswith(b"%PDF-"):
        raise _another()
    _, mark, rest = _tail(file).rpartition(b"%%EOF")
    if not mark:
        raise BadPackage(Message("The file is incomplete: the end of the document is missing."))
    if rest.strip(b"\0\r\n\t\f "):
        raise _more_follows()
    _refuse_page(file)


def _png(file: BinaryIO) -> None:
    if not _head(file).startswith(b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR"):
        raise _another()
    if not _tail(file).endswith(b"\0\0\0\0IEND\xaeB`\x82"):
        raise _more_follows()
    _refuse_page(file)


def _jpeg(file: BinaryIO) -> None:
    if not _head(file).startswith(b"\xff\xd8\xff"):
        raise _another()
    _refuse_page(file)


def _text(file: BinaryIO) -> None:
    """UTF-8 without control characters, which nobody can take for markup."""
    if _head(file).removeprefix(b"\xef\xbb\xbf").lstrip().startswith(OTHERS_IN_TEXT):
        raise _another()
    _refuse_page(file)
    rest = b""
    for chunk in _chunks(file):
        rest += chunk
        if len(rest.translate(None, CONTROLS)) < len(rest):
            raise _another()
        try:
            rest.decode()
            rest = b""
        except UnicodeDecodeError as error:
            # The end of a chunk may cut a character in two; it has four bytes at most.
            rest = rest[error.start :]
            if len(rest) > 3:  # noqa: PLR2004
                raise _not_utf8() from error
    if rest:
        raise _not_utf8()


def _not_utf8() -> BadPackage:
    return BadPackage(Message("The text is not in UTF-8. Save it in that encoding."))


def _package(file: BinaryIO) -> Package:
    if not _head(file).startswith(b"PK\x03\x04"):
        raise _another()
    return Package(file)


OFFICE = "application/vnd.openxmlformats-officedocument."
OPEN_DOCUMENT = "application/vnd.oasis.opendocument."


def _office(name: str, ending: str, kind: str, part: str) -> FileType:
    def check(file: BinaryIO) -> None:
        _package(file).check_office(part, f"{OFFICE}{kind}.main+xml")

    return FileType(name, ending, f"{OFFICE}{kind}", check)


def _open_document(name: str, ending: str, kind: str) -> FileType:
    def check(file: BinaryIO) -> None:
        _package(file).check_open_document(f"{OPEN_DOCUMENT}{kind}")

    return FileType(name, ending, f"{OPEN_DOCUMENT}{kind}", check)


TYPES = (
    FileType("PDF", "pdf", "application/pdf", _pdf),
    _office("Word", "docx", "wordprocessingml.document", "word/document.xml"),
    _office("Excel", "xlsx", "spreadsheetml.sheet", "xl/workbook.xml"),
    _office("PowerPoint", "pptx", "presentationml.presentation", "ppt/presentation.xml"),
    _open_document("OpenDocument", "odt", "text"),
    _open_document("OpenDocument", "ods", "spreadsheet"),
    _open_document("OpenDocument", "odp", "presentation"),
    FileType("PNG", "png", "image/png", _png),
    FileType("JPEG", "jpg", "image/jpeg", _jpeg),
    FileType("JPEG", "jpeg", "image/jpeg", _jpeg),
    FileType("Text", "txt", "text/plain; charset=utf-8", _text),
)
BY_ENDING = {each.ending: each for each in TYPES}
BY_MEDIA_TYPE = {each.media_type: each for each in reversed(TYPES)}
ACCEPTED = ",".join(f".{ending}" for ending in BY_ENDING)


def checked_type(file: BinaryIO, name: str, *, field: str) -> FileType:
    """What this file is; Invalid unless its ending is one of ours and its content agrees."""
    ending = PurePosixPath(name.casefold()).suffix.removeprefix(".")
    found = BY_ENDING.get(ending)
    if found is None:
        endings = {"endings": ", ".join(BY_ENDING)}
        raise invalid(
            field, Message("Files of this kind are not taken. Use: %(endings)s.", endings)
        )
    try:
        found.check(file)
    except BadPackage as error:
        raise _refused(field, name, error.sentence) from error
    return found


def _refused(field: str, name: str, why: Message) -> Invalid:
    return invalid(field, Message("“%(name)s” was not taken. %(why)s", {"name": name, "why": why}))
