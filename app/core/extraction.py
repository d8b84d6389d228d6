"""The text of a file that somebody brings: plain text, Word, a web page, or a PDF with text in it.

Paragraphs are apart by an empty line where the file knows them, pages by a form feed. What files
number by themselves (lists of Word and of web pages) stands as it would be printed.
"""

import signal
import subprocess
import sys
from io import BytesIO

from app.core.errors import UserError
from app.core.languages import Message
from app.core.packed import BadPackage
from app.core.refusals import Refusal
from app.core.word_text import text_of_word

MOST_CHARACTERS = 2_000_000
SECONDS = 10
# Beginnings that tell a kind for which there is no way here.
OTHER_KINDS = (b"\xd0\xcf\x11\xe0", b"{\\rtf")
BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
PAGE_MARKS = (b"<!doctype html", b"<html", b"<head", b"<body", b"<p>", b"<p ", b"<div", b"<?xml")
LOOKED_AT = 4096
CONTROLS = frozenset(map(chr, range(32))) - set("\t\n\r\f\v")


class NoTextError(UserError):
    """No text could be taken out; the sentence says why."""

    status = 422
    title = Message("There is no text to read")
    advice = Message("Nothing was kept. Paste the text instead, or save it as text, DOCX or PDF.")


def text_of(content: bytes) -> str:
    """The text of a file, whatever its name says; NoTextError says why there is none."""
    if not content.strip():
        raise NoTextError(Message("The file is empty."))
    text = _text_of(content)
    if len(text) > MOST_CHARACTERS:
        raise NoTextError(Message("The text is too long: no resolution has so many pages."))
    if not text.strip():
        raise NoTextError(Message("There is no text in this file."))
    return text


def _text_of(content: bytes) -> str:
    head = content[:LOOKED_AT].lstrip()
    if head.startswith(b"%PDF-"):
        return _outside("pdf", content)
    if head.startswith(b"PK"):
        try:
            return text_of_word(BytesIO(content))
        except BadPackage as error:
            raise NoTextError(error.sentence) from error
    if head.startswith(OTHER_KINDS):
        raise NoTextError(Message("Files of this kind cannot be read here."))
    text = decoded(content)
    if head.removeprefix(b"\xef\xbb\xbf").startswith(b"<") and any(
        mark in head.lower() for mark in PAGE_MARKS
    ):
        return _outside("html", text.encode())
    return text


def decoded(content: bytes) -> str:
    """Bytes as text: what a mark says, UTF-8, UTF-16 without a mark, or else Western European."""
    for mark, encoding in BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return _plain(content.removeprefix(mark).decode(encoding, "replace"))
    head = content[:LOOKED_AT]
    for offset, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        zeros = head[offset::2].count(0)
        if zeros * 2 > len(head[offset::2]) and not head[1 - offset :: 2].count(0):
            return _plain(content.decode(encoding, "replace"))
    try:
        return _plain(content.decode())
    except UnicodeDecodeError:
        return _plain(content.decode("cp1252", "replace"))


def _plain(text: str) -> str:
    """What people wrote holds no control characters, and little that no encoding knows."""
    strange = text.count("\N{REPLACEMENT CHARACTER}")
    if not CONTROLS.isdisjoint(text) or strange * 50 > len(text):
        raise NoTextError(Message("This is not a file of text."))
    return text


TOO_SLOW = Message("Reading this file takes too long.")
WHY_NOT: dict[int, Message] = {
    -signal.SIGXCPU: TOO_SLOW,
    Refusal.NO_TEXT: Message(
        "The PDF holds pictures of pages and no text. Have the text recognised first, or paste it."
    ),
    Refusal.LOCKED: Message("The file is locked with a password. Save it without."),
    Refusal.TOO_LONG: Message("The text is too long: no resolution has so many pages."),
}


def _outside(kind: str, content: bytes) -> str:
    """By a process of its own, which may take so much time and memory and no more."""
    command = [sys.executable, "-I", "-m", "app.core.outside_text", kind]
    try:
        done = subprocess.run(  # noqa: S603 - our own program, and nothing of the file's
            command, input=content, capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise NoTextError(TOO_SLOW) from error
    if done.returncode:
        damaged = Message("The file is damaged, or made to look like something it is not.")
        raise NoTextError(WHY_NOT.get(done.returncode, damaged))
    return done.stdout.decode()
