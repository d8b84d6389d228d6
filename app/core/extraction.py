"""The text of a file that somebody gives us: plain, HTML, Word, or PDF with a text layer."""

import subprocess
import sys
from io import BytesIO
from pathlib import Path

from app.core.errors import UserError
from app.core.html_text import text_of_html
from app.core.languages import Message
from app.core.packed import BadPackage
from app.core.word_text import text_of_word

MOST_BYTES = 20 * 1024 * 1024
MOST_TEXT = 3 * 1024 * 1024  # of a file that is text itself
PDF_SECONDS = 1.5
PDF_CHILD = Path(__file__).with_name("pdf_child.py")
OLD_OFFICE = b"\xd0\xcf\x11\xe0"
TEXT_CONTROLS = frozenset(b"\t\n\f\r\x1b")
HEAD = 2048


class Unreadable(UserError):
    """There is no text in the file, or none that we can get at."""

    status = 422
    title = Message("We cannot read this file")
    advice = Message("Nothing was kept. Paste the text instead, or choose another file.")


def text_of_file(content: bytes) -> str:
    """The text, by what the content is, whatever its name says; Unreadable in one sentence."""
    if len(content) > MOST_BYTES:
        raise Unreadable(Message("The file is too large to be read."))
    if not content.strip():
        raise Unreadable(Message("The file is empty."))
    if content.startswith(b"%PDF-"):
        return _text_of_pdf(content)
    if content.startswith(b"PK\x03\x04"):
        return _text_of_package(content)
    if content.startswith(OLD_OFFICE):
        raise Unreadable(Message("This is an old Office file. Save it as .docx."))
    if content.startswith(b"{\\rtf"):
        raise Unreadable(Message("This is an RTF file. Save it as .docx or as plain text."))
    if len(content) > MOST_TEXT:
        raise Unreadable(Message("The file is too large to be read."))
    text = _decoded(content)
    return text_of_html(text) if _is_html(text) else text


def _text_of_package(content: bytes) -> str:
    try:
        return text_of_word(BytesIO(content))
    except BadPackage as error:
        raise Unreadable(error.sentence) from error


def _text_of_pdf(content: bytes) -> str:
    """Read by a process of its own, which may take little and may die of what it reads."""
    try:
        done = subprocess.run(  # noqa: S603 (our own interpreter and file)
            [sys.executable, "-I", str(PDF_CHILD)],
            input=content,
            capture_output=True,
            timeout=PDF_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Unreadable(Message("The PDF takes too long to be read.")) from error
    if done.returncode:
        raise Unreadable(Message("The PDF is damaged or locked."))
    text = done.stdout.decode("utf-8", "replace")
    if not text.strip():
        raise Unreadable(Message("The PDF holds no text; it may be a scan."))
    return text


def _decoded(content: bytes) -> str:
    for mark, encoding in (
        (b"\xef\xbb\xbf", "utf-8-sig"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if content.startswith(mark):
            return _strictly(content, encoding)
    head = content[:HEAD]
    if b"\0" in head:
        # Every other byte of Latin letters in UTF-16 is empty.
        even, odd = head[0::2].count(0), head[1::2].count(0)
        if not min(even, odd) and max(even, odd) > len(head) // 4:
            return _strictly(content, "utf-16-be" if even else "utf-16-le")
        raise Unreadable(Message("The file is no text."))
    if any(byte < 32 and byte not in TEXT_CONTROLS for byte in head):  # noqa: PLR2004
        raise Unreadable(Message("The file is no text."))
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _strictly(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise Unreadable(Message("The file is no text.")) from error


def _is_html(text: str) -> bool:
    head = text[:HEAD].lstrip().lower()
    return head.startswith(
        ("<!doctype html", "<html", "<?xml", "<head", "<body", "<div", "<p")
    ) or ("<html" in head or "<body" in head)
