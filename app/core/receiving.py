"""Forms that bring a file: received, checked and put away before any transaction begins."""

from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass
from math import inf

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from app.core.errors import Invalid, UserError, invalid
from app.core.languages import Message
from app.core.stores import watching_space
from app.core.uploads import MOST_BESIDE, Stored, Uploads, too_large

FIELD = "file"
MOST_FIELDS = 50
MOST_FIELD_BYTES = 64 * 1024


class _CutOffError(MultiPartException):
    """More came than is taken; the parser lets go of what it holds."""


@dataclass(frozen=True)
class Received:
    """The fields of a form, and its file: put away, refused, or absent."""

    form: FormData
    stored: Stored | None = None
    problem: Invalid | None = None

    def taken(self) -> Stored:
        """The file; raises what is wrong with it."""
        if self.problem is not None:
            raise self.problem
        if self.stored is None:
            raise invalid(FIELD, Message("Choose a file."))
        return self.stored


async def receive(
    request: Request, *, most_field_bytes: int = MOST_FIELD_BYTES
) -> AsyncIterator[Received]:
    """A form of at most one file, in the field `file`. What is not kept is taken away again.

    To be asked for before anything that opens a transaction: a slow sender, disk or scanner
    would hold the database. To be asked for after whatever decides who may send.
    """
    uploads: Uploads = request.app.state.uploads
    received = await _received(request, uploads, most_field_bytes)
    try:
        yield received
    finally:
        if received.stored is not None and not received.stored.kept:
            await run_in_threadpool(uploads.store.delete, received.stored.key)


async def _received(request: Request, uploads: Uploads, most_field_bytes: int) -> Received:
    form = await _parsed(request, uploads.most_bytes, most_field_bytes)
    try:
        file = form.get(FIELD)
        fields = FormData(
            [(name, value) for name, value in form.multi_items() if value is not file]
        )
        if not isinstance(file, UploadFile) or not file.filename:
            return Received(fields)
        try:
            stored = await run_in_threadpool(uploads.take, file.file, file.filename, field=FIELD)
        except Invalid as problem:
            return Received(fields, problem=problem)
        return Received(fields, stored=stored)
    finally:
        await form.close()


async def _parsed(request: Request, most_bytes: int, most_field_bytes: int) -> FormData:
    most = most_bytes + MOST_BESIDE + most_field_bytes
    request.state.most_body = inf  # bounded here, in words of its own
    length = request.headers.get("content-length", "")
    if length.isdigit() and int(length) > most:
        raise too_large(most_bytes)
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        return FormData()
    parser = MultiPartParser(
        request.headers,
        _cut(request, most),
        max_files=1,
        max_fields=MOST_FIELDS,
        max_part_size=most_field_bytes,
    )
    try:
        with watching_space():
            return await parser.parse()
    except _CutOffError as error:
        raise too_large(most_bytes) from error
    except MultiPartException as error:
        raise UserError(Message("The form did not arrive as a form with one file.")) from error


async def _cut(request: Request, most: int) -> AsyncGenerator[bytes, None]:
    """The body, as far as it is taken."""
    seen = 0
    async for chunk in request.stream():
        seen += len(chunk)
        if seen > most:
            raise _CutOffError("too much")
        yield chunk
