"""Addresses of feeds, public and personal, and the page where a personal one is made."""

import hashlib
from collections.abc import Callable
from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response

from app.calendars.commands import new_personal_feed, revoke_personal_feed
from app.calendars.feeds import entries_of, feed_bytes, group_feed_bytes, personal_feed_bytes
from app.calendars.queries import open_feed, owner_of
from app.calendars.rules import (
    Selection,
    everything,
    for_purpose,
    on_day,
    only,
    under_mandate,
    with_entity,
)
from app.core.access import InsiderDep
from app.core.clock import Now
from app.core.database import SessionDep
from app.core.errors import NotFound
from app.core.kept import CALENDAR_CACHE, kept
from app.core.languages import Language, Message
from app.core.limits import Guesses
from app.core.pages import page_language, private_page, see_other
from app.core.security import Site
from app.groups.queries import group_by_key
from app.meetings.models import Meeting
from app.meetings.queries import meeting_by_slug
from app.schedules.queries import current_edition

router = APIRouter(include_in_schema=False)

CALENDAR = "text/calendar; charset=utf-8"
Cancelled = Annotated[str | None, Query(pattern="^hide$")]


def nothing_here() -> NotFound:
    """An empty calendar would make programs delete every entry; 404 makes them keep them."""
    return NotFound(Message("There is no calendar at this address."))


def _day(meeting: Meeting, key: str, _lang: Language) -> tuple[Selection, str]:
    # Any day: what was published may still stand on days from which the meeting has moved.
    try:
        day = date.fromisoformat(key)
    except ValueError:
        raise nothing_here() from None
    if day.isoformat() != key:  # one address for each
        raise nothing_here()
    return on_day(day, meeting.zone), key


def _mandate(meeting: Meeting, key: str, _lang: Language) -> tuple[Selection, str]:
    for mandate in meeting.mandates:
        if mandate.key == key:
            return under_mandate(key), mandate.symbol
    raise nothing_here()


def _purpose(meeting: Meeting, key: str, lang: Language) -> tuple[Selection, str]:
    for purpose in meeting.purposes:
        if purpose.key == key:
            return for_purpose(key), purpose.name.shown_in(lang).text
    raise nothing_here()


def _entity(_meeting: Meeting, key: str, _lang: Language) -> tuple[Selection, str]:
    return with_entity(key), key


def _sitting(_meeting: Meeting, key: str, _lang: Language) -> tuple[Selection, str]:
    return only(key), ""


PARTS: dict[str, Callable[[Meeting, str, Language], tuple[Selection, str]]] = {
    "day": _day,
    "mandate": _mandate,
    "purpose": _purpose,
    "entity": _entity,
    "sitting": _sitting,
}
Part = Literal["day", "mandate", "purpose", "entity", "sitting"]


def _feed(
    request: Request,
    db: SessionDep,
    meeting: Meeting,
    lang: Language,
    selection: Selection,
    *,
    cancelled: str | None = None,
    name: str = "",
) -> Response:
    site: Site = request.app.state.site
    edition = current_edition(db, meeting.id)
    if edition is None:
        raise nothing_here()
    hide = cancelled == "hide"
    entries = entries_of(
        db, meeting, edition, lang, selection, base_url=site.base_url, hide_cancelled=hide
    )
    if not entries:
        raise nothing_here()
    address = f"{site.base_url}{request.url.path}{'?cancelled=hide' if hide else ''}"
    body = feed_bytes(meeting, entries, lang, address=address, name=name)
    response = kept(body, CALENDAR, cache=CALENDAR_CACHE, changed_at=meeting.public_changed_at)
    filename = request.url.path.rsplit("/", 1)[1]
    response.headers["Content-Disposition"] = f'inline; filename="{meeting.slug}-{filename}"'
    return response


@router.get("/calendars/groups/{key}/{lang}/all.ics", name="group_calendar")
def whole_group(request: Request, db: SessionDep, key: str, lang: Language) -> Response:
    """Every meeting of a Working Group."""
    site: Site = request.app.state.site
    address = f"{site.base_url}{request.url.path}"
    group = group_by_key(db, key)
    body = group_feed_bytes(db, group, lang, address=address, base_url=site.base_url)
    if not body:
        raise nothing_here()
    headers = {
        "Cache-Control": CALENDAR_CACHE,
        "Content-Disposition": f'inline; filename="{group.key}.ics"',
    }
    return _calendar(request, body, headers)


@router.get("/calendars/{slug}/{lang}/all.ics", name="calendar")
def whole_meeting(
    request: Request, db: SessionDep, slug: str, lang: Language, cancelled: Cancelled = None
) -> Response:
    """The whole meeting."""
    meeting = meeting_by_slug(db, slug)
    return _feed(request, db, meeting, lang, everything, cancelled=cancelled)


@router.get("/calendars/{slug}/{lang}/{part}/{key}.ics", name="calendar_part")
def part_of_meeting(
    request: Request,
    db: SessionDep,
    slug: str,
    lang: Language,
    part: Part,
    key: str,
    cancelled: Cancelled = None,
) -> Response:
    """A day, a mandate, a purpose, an entity or a single sitting of it."""
    meeting = meeting_by_slug(db, slug)
    selection, name = PARTS[part](meeting, key, lang)
    return _feed(request, db, meeting, lang, selection, cancelled=cancelled, name=name)


@router.get("/calendars/personal/{token}.ics", name="personal_calendar", dependencies=[Guesses])
def personal(request: Request, db: SessionDep, now: Now, token: str) -> Response:
    """The meetings of one person, by a secret address."""
    site: Site = request.app.state.site
    person = owner_of(db, token)
    body = personal_feed_bytes(db, person, today=now.date(), base_url=site.base_url)
    return private_calendar(request, body)


def private_calendar(request: Request, body: bytes) -> Response:
    """Only for whoever knows the address: not stored by caches in between, not indexed."""
    headers = {
        "Cache-Control": "private, max-age=300",
        "X-Robots-Tag": "noindex",
        "Referrer-Policy": "no-referrer",
        "Content-Disposition": 'inline; filename="convoca.ics"',
    }
    return _calendar(request, body, headers)


def _calendar(request: Request, body: bytes, given: dict[str, str]) -> Response:
    etag = f'"{hashlib.sha256(body).hexdigest()[:24]}"'
    headers = {**given, "ETag": etag}
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=CALENDAR, headers=headers)


@router.get("/{lang}/my-calendar", name="my_calendar")
def my_calendar(request: Request, db: SessionDep, viewer: InsiderDep, lang: Language) -> Response:
    """Whether there is an address, and the buttons to make or replace it."""
    feed = open_feed(db, viewer.person_id)
    return private_page(request, "calendars/mine.html", viewer, feed=feed, address=None)


@router.post("/{lang}/my-calendar", name="make_my_calendar")
def make_my_calendar(
    request: Request, db: SessionDep, viewer: InsiderDep, now: Now, lang: Language
) -> Response:
    """Make a new address and show it this once: only its hash is kept."""
    token = new_personal_feed(db, viewer.person_id, now=now)
    db.flush()  # the page shows when it was made
    feed = open_feed(db, viewer.person_id)
    site: Site = request.app.state.site
    address = f"{site.base_url}/calendars/personal/{token}.ics"
    return private_page(request, "calendars/mine.html", viewer, feed=feed, address=address)


@router.post("/{lang}/my-calendar/revocation", name="revoke_my_calendar")
def revoke_my_calendar(
    request: Request, db: SessionDep, viewer: InsiderDep, now: Now, lang: Language
) -> Response:
    """The address stops working."""
    revoke_personal_feed(db, viewer.person_id, now=now)
    return see_other(f"/{page_language(request)}/my-calendar")
