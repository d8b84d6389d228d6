"""Gives files out: as attachments, in a sandbox, under the type that we found ourselves."""

import re
from urllib.parse import quote

from fastapi import Request, Response
from fastapi.responses import StreamingResponse

from app.core.errors import NotFound
from app.core.languages import Message
from app.core.stores import Store
from app.core.uploads import File

PRIVATE = "private, no-store"
PUBLIC = "public, max-age=0, s-maxage=60"
ONE_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)
# What a quoted name may hold without any reader stumbling.
PLAIN = re.compile(r"[^A-Za-z0-9 ._()+,=@~-]")


def disposition(name: str) -> str:
    """`attachment` with the name twice (RFC 6266): plain for old readers, whole for all others."""
    plain = PLAIN.sub("_", name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def no_such_file() -> NotFound:
    """The same words whether it is not there, not yours, or not checked yet."""
    return NotFound(Message("There is no such file."))


def file_response(request: Request, store: Store, file: File, *, public: bool) -> Response:
    """The file or the range asked for, 304 for who has it; NotFound if nobody gets it (yet)."""
    if not file.served:
        raise no_such_file()
    etag = f'"{file.sha256}"'
    headers = {
        "ETag": etag,
        "Cache-Control": PUBLIC if public else PRIVATE,
        "Content-Disposition": disposition(file.name),
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Accept-Ranges": "bytes",
    }
    if _has_it(request, etag):
        return Response(None, 304, headers)
    span = _span(request, etag, file.size)
    if span is None:
        return Response(None, 416, {**headers, "Content-Range": f"bytes */{file.size}"})
    start, end = span
    status = 200
    if (start, end) != (0, file.size):
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{file.size}"
        status = 206
    headers |= {"Content-Length": str(end - start), "Content-Type": file.media_type}
    if request.scope.get("asked_method") == "HEAD":
        return Response(None, status, headers)
    try:
        pieces = store.read(file.key, start, end)
    except FileNotFoundError as error:
        raise no_such_file() from error
    return StreamingResponse(pieces, status, headers)


def _has_it(request: Request, etag: str) -> bool:
    given = request.headers.get("if-none-match", "")
    return bool({tag.strip().removeprefix("W/") for tag in given.split(",")} & {etag, "*"})


def _span(request: Request, etag: str, size: int) -> tuple[int, int] | None:
    """The one range asked for, None if there is no such; several at once are the whole file."""
    asked = ONE_RANGE.fullmatch(request.headers.get("range", "").strip())
    current = request.headers.get("if-range", etag) == etag
    if asked is None or not current or asked[0] == "bytes=-":
        return 0, size
    if not asked[1]:
        length = min(int(asked[2]), size)
        return (size - length, size) if length else None
    start = int(asked[1])
    end = int(asked[2]) + 1 if asked[2] else size
    if asked[2] and end <= start:
        return 0, size
    return (start, min(end, size)) if start < size else None
