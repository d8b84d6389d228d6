"""Answers that are the same for everyone: what a page says so that the shelf may keep them."""

from datetime import datetime

from fastapi import Response

KEEP = "x-keep"
PAGE_CACHE = "public, max-age=0, s-maxage=60, stale-while-revalidate=60"
CALENDAR_CACHE = "public, max-age=300"


def kept(
    body: bytes | str,
    media_type: str,
    *,
    cache: str,
    changed_at: datetime | None = None,
    until: datetime | None = None,
) -> Response:
    """An answer for the shelf.

    `until` is the moment from which the rendering is wrong because it depends on the hour;
    `changed_at` becomes Last-Modified where it does not.
    """
    response = Response(body, media_type=media_type, headers={"Cache-Control": cache})
    response.headers[KEEP] = until.isoformat() if until else "always"
    if changed_at is not None and until is None:
        stamp = changed_at.strftime("%a, %d %b %Y %H:%M:%S GMT")
        response.headers["Last-Modified"] = stamp
    return response


def kept_page(
    text: str, *, changed_at: datetime | None = None, until: datetime | None = None
) -> Response:
    """A public page for the shelf."""
    media_type = "text/html; charset=utf-8"
    return kept(text, media_type, cache=PAGE_CACHE, changed_at=changed_at, until=until)
