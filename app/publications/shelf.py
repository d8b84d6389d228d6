"""The shelf: public answers as bytes in memory, given out before any framework code runs.

Kept by address and query, valid while the meeting's public stamp is the one they were rendered
under. Cookies are never looked at.
"""

import asyncio
import gzip
import hashlib
import re
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.clock import Clock
from app.core.errors import Busy
from app.core.kept import KEEP
from app.publications.stamps import ALL_MEETINGS, Stamps

PUBLIC = re.compile(
    r"/(?:(?:en|es|fr|pt)/meetings(?:/(?P<page>[a-z0-9-]+)(?:/.*)?)?"
    r"|calendars/(?P<feed>(?!personal/|groups/)[a-z0-9-]+)/.*"
    r"|api/v1/meetings/(?P<data>[a-z0-9-]+)/schedule(?:\.jcal)?)"
)
# The queries that mean something, each where it does. Others are answered, but not kept: nobody
# fills our memory with invented ones.
WORTH_KEEPING = re.compile(
    r"[^?]*\?"
    r"|/../meetings/[^/?]+/schedule\?(?:edition=\d{1,6}|day=[0-9a-z-]{3,10})"
    r"|/calendars/[^?]+\?cancelled=hide"
    r"|/api/[^?]+/schedule\?edition=\d{1,6}"
    r"|/api/[^?]+\?lang=(?:en|es|fr|pt)"
)
GZIP = re.compile(r"(?:^|,)\s*gzip\s*(?:$|,|;\s*q=(?!0(?:\.0*)?\s*(?:$|,)))", re.IGNORECASE)
MOST_BYTES = 64 * 1024 * 1024
WORTH_PACKING = 500
RETRY = timedelta(seconds=5)

RawHeaders = list[tuple[bytes, bytes]]


@dataclass(frozen=True)
class Form:
    """One encoding of an answer."""

    body: bytes
    etag: bytes
    headers: RawHeaders
    headers_unchanged: RawHeaders


@dataclass(frozen=True)
class Kept:
    """An answer on the shelf."""

    slug: str
    stamp: int | None
    until: datetime | None
    plain: Form
    packed: Form
    last_modified: str | None

    @property
    def size(self) -> int:
        """Bytes it takes."""
        return len(self.plain.body) + len(self.packed.body)


class Shelf:
    """ASGI middleware in front of the application."""

    def __init__(self, app: ASGIApp, stamps: Stamps, clock: Clock) -> None:
        self.app = app
        self.stamps = stamps
        self.clock = clock
        self.kept: OrderedDict[tuple[str, bytes], Kept] = OrderedDict()
        self.size = 0
        self.rendering: dict[tuple[str, bytes], asyncio.Lock] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from the shelf, or let the application render and keep it."""
        if scope["type"] != "http" or scope["method"] != "GET":
            await self.app(scope, receive, send)
            return
        key = (scope["path"], scope["query_string"])
        found = self._valid(key)
        if found is None:
            match = PUBLIC.fullmatch(scope["path"])
            if match is None:
                await self.app(scope, receive, send)
                return
            slug = match["page"] or match["feed"] or match["data"] or ALL_MEETINGS
            async with self._one_at_a_time(key):
                found = self._valid(key) or await self._rendered(slug, key, scope, receive, send)
        if found is not None:
            await _send(found, Headers(scope=scope), send)

    @asynccontextmanager
    async def _one_at_a_time(self, key: tuple[str, bytes]) -> AsyncIterator[None]:
        try:
            async with self.rendering.setdefault(key, asyncio.Lock()):
                yield
        finally:
            self.rendering.pop(key, None)

    def _valid(self, key: tuple[str, bytes]) -> Kept | None:
        found = self.kept.get(key)
        if found is None or found.stamp != self.stamps.current.get(found.slug):
            return None
        if found.until is not None and self.clock() >= found.until:
            return None
        self.kept.move_to_end(key)
        return found

    async def _rendered(
        self, slug: str, key: tuple[str, bytes], scope: Scope, receive: Receive, send: Send
    ) -> Kept | None:
        """The application's answer if everyone gets the same; any other is sent on at once."""
        # Read before rendering: if it rises meanwhile, this rendering counts as old.
        stamp = self.stamps.current.get(slug)
        last = self.kept.get(key)
        if last is not None and last.stamp != stamp:
            last = None
        recorder = _Recorder(send, spare=last is not None)
        await self.app(scope, receive, recorder)
        if recorder.body is None:
            return None
        if last is not None and recorder.status == Busy.status:
            # Only the hour is over: while the database is away, the last bytes serve on.
            fresh = replace(last, until=self.clock() + RETRY)
        else:
            fresh = _kept(slug, stamp, recorder.headers, recorder.body)
        path, query = key
        if stamp is not None and WORTH_KEEPING.fullmatch(f"{path}?{query.decode('latin-1')}"):
            self._put(key, fresh)
        return fresh

    def _put(self, key: tuple[str, bytes], fresh: Kept) -> None:
        old = self.kept.pop(key, None)
        self.size += fresh.size - (old.size if old else 0)
        self.kept[key] = fresh
        while self.size > MOST_BYTES and len(self.kept) > 1:
            _, dropped = self.kept.popitem(last=False)
            self.size -= dropped.size


class _Recorder:
    """Holds back an answer that says it may be kept, and passes on every other.

    With a spare one to give instead, that the database is away is held back too.
    """

    def __init__(self, send: Send, *, spare: bool) -> None:
        self.send = send
        self.spare = spare
        self.status = 0
        self.headers: RawHeaders = []
        self.body: bytes | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], message["headers"]
            keep = self.status == 200 and KEEP.encode() in dict(self.headers)  # noqa: PLR2004
            if keep or (self.spare and self.status == Busy.status):
                self.body = b""
                return
        if self.body is None:
            await self.send(message)
        else:
            self.body += message.get("body", b"")


def _kept(slug: str, stamp: int | None, raw: RawHeaders, body: bytes) -> Kept:
    given = Headers(raw=raw)
    until = None if given[KEEP] == "always" else datetime.fromisoformat(given[KEEP])
    packed = gzip.compress(body, mtime=0) if len(body) >= WORTH_PACKING else body
    common = [
        (name, value)
        for name, value in raw
        if name not in {KEEP.encode(), b"content-length", b"vary"}
    ]
    common.append((b"vary", b"Accept-Encoding"))
    encoding = [] if packed is body else [(b"content-encoding", b"gzip")]
    return Kept(
        slug,
        stamp,
        until,
        plain=_form(body, common),
        packed=_form(packed, [*common, *encoding]),
        last_modified=given.get("last-modified"),
    )


def _form(body: bytes, headers: RawHeaders) -> Form:
    etag = f'"{hashlib.sha256(body).hexdigest()[:24]}"'.encode()
    tagged = [*headers, (b"etag", etag)]
    dropped = {b"content-type", b"content-encoding", b"content-disposition"}
    return Form(
        body,
        etag,
        [*tagged, (b"content-length", str(len(body)).encode())],
        [(name, value) for name, value in tagged if name not in dropped],
    )


async def _send(found: Kept, headers: Headers, send: Send) -> None:
    form = found.packed if _takes_gzip(headers) else found.plain
    if _unchanged(form, found.last_modified, headers):
        await send(
            {"type": "http.response.start", "status": 304, "headers": form.headers_unchanged}
        )
        await send({"type": "http.response.body", "body": b""})
        return
    await send({"type": "http.response.start", "status": 200, "headers": list(form.headers)})
    await send({"type": "http.response.body", "body": form.body})


def _takes_gzip(headers: Headers) -> bool:
    return GZIP.search(headers.get("accept-encoding", "")) is not None


def _unchanged(form: Form, last_modified: str | None, headers: Headers) -> bool:
    """RFC 9110 13.1.2 and 13.1.3: If-None-Match by weak comparison, otherwise the date."""
    given = headers.get("if-none-match")
    if given is not None:
        tags = {tag.strip().removeprefix("W/").encode() for tag in given.split(",")}
        return bool(tags & {b"*", form.etag})
    return last_modified is not None and headers.get("if-modified-since") == last_modified
