"""Addresses of feeds, public and personal, and the page where a personal one is made."""

import hashlib
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.calendars.commands import new_personal_feed, revoke_personal_feed
from app.calendars.feeds import entries_of, feed_bytes, personal_feed_bytes
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
from app.core.pages import page_language, private_page, see_other
from app.core.security import Site
from app.meetings.models import Meeting
from app.meetings.queries import meeting_by_slug
from app.meetings.rules import days_of
from app.schedules.queries import current_edition

router = APIRouter(include_in_schema=False)

CALENDAR = "text/calendar; charset=utf-8"
Cancelled = Annotated[str | None, Query(pattern="^hide$")]


def nothing_here() -> NotFound:
    """An empty calendar would make programs delete every entry; 404 makes them keep them."""
    return NotFound(Message("There is no calendar at this address."))


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
    address = f"{site.base_url}{request.url.path}"
    body = feed_bytes(meeting, entries, lang, address=address, name=name)
    response = kept(body, CALENDAR, cache=CALENDAR_CACHE, changed_at=meeting.public_changed_at)
    filename = request.url.path.rsplit("/", 1)[1]
    response.headers["Content-Disposition"] = f'inline; filename="{meeting.slug}-{filename}"'
    return response


@router.get("/calendars/{slug}/{lang}/all.ics", name="calendar")
def whole_meeting(
    request: Request, db: SessionDep, slug: str, lang: Language, cancelled: Cancelled = None
) -> Response:
    """The whole meeting."""
    meeting = meeting_by_slug(db, slug)
    return _feed(request, db, meeting, lang, everything, cancelled=cancelled)


@router.get("/calendars/{slug}/{lang}/day/{day}.ics", name="calendar_day")
def one_day(
    request: Request,
    db: SessionDep,
    slug: str,
    lang: Language,
    day: date,
    cancelled: Cancelled = None,
) -> Response:
    """The sittings that begin on one day."""
    meeting = meeting_by_slug(db, slug)
    if day not in days_of(meeting):
        raise nothing_here()
    selection = on_day(day, meeting.zone)
    return _feed(request, db, meeting, lang, selection, cancelled=cancelled, name=day.isoformat())


@router.get("/calendars/{slug}/{lang}/mandate/{key}.ics", name="calendar_mandate")
def one_mandate(
    request: Request,
    db: SessionDep,
    slug: str,
    lang: Language,
    key: str,
    cancelled: Cancelled = None,
) -> Response:
    """The sittings that serve one mandate."""
    meeting = meeting_by_slug(db, slug)
    names = {mandate.key: mandate.symbol for mandate in meeting.mandates}
    if key not in names:
        raise nothing_here()
    selection = under_mandate(key)
    return _feed(request, db, meeting, lang, selection, cancelled=cancelled, name=names[key])


@router.get("/calendars/{slug}/{lang}/purpose/{key}.ics", name="calendar_purpose")
def one_purpose(
    request: Request,
    db: SessionDep,
    slug: str,
    lang: Language,
    key: str,
    cancelled: Cancelled = None,
) -> Response:
    """The sittings that pursue one purpose."""
    meeting = meeting_by_slug(db, slug)
    names = {purpose.key: purpose.name.shown_in(lang).text for purpose in meeting.purposes}
    if key not in names:
        raise nothing_here()
    selection = for_purpose(key)
    return _feed(request, db, meeting, lang, selection, cancelled=cancelled, name=names[key])


@router.get("/calendars/{slug}/{lang}/entity/{key}.ics", name="calendar_entity")
def one_entity(
    request: Request,
    db: SessionDep,
    slug: str,
    lang: Language,
    key: str,
    cancelled: Cancelled = None,
) -> Response:
    """The sittings in which one entity takes part."""
    meeting = meeting_by_slug(db, slug)
    return _feed(request, db, meeting, lang, with_entity(key), cancelled=cancelled, name=key)


@router.get("/calendars/{slug}/{lang}/sitting/{sitting_id}.ics", name="calendar_sitting")
def one_sitting(
    request: Request, db: SessionDep, slug: str, lang: Language, sitting_id: UUID
) -> Response:
    """One sitting."""
    meeting = meeting_by_slug(db, slug)
    return _feed(request, db, meeting, lang, only(sitting_id))


@router.get("/calendars/personal/{token}.ics", name="personal_calendar")
def personal(request: Request, db: SessionDep, now: Now, token: str) -> Response:
    """The meetings of one person, by a secret address."""
    site: Site = request.app.state.site
    person = owner_of(db, token)
    body = personal_feed_bytes(db, person, today=now.date(), base_url=site.base_url)
    return private_calendar(request, body)


def private_calendar(request: Request, body: bytes) -> Response:
    """Only for whoever knows the address: not stored by caches in between, not indexed."""
    etag = f'"{hashlib.sha256(body).hexdigest()[:24]}"'
    headers = {
        "Cache-Control": "private, max-age=300",
        "ETag": etag,
        "X-Robots-Tag": "noindex",
        "Referrer-Policy": "no-referrer",
        "Content-Disposition": 'inline; filename="convoca.ics"',
    }
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
