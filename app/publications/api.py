"""The published timetable as JSON and as jCal, the same for everyone."""

import json
from typing import Any

from fastapi import APIRouter, Request, Response
from icalendar import Calendar

from app.calendars.feeds import entries_of, feed_bytes
from app.calendars.rules import everything
from app.core.api import Flatten, said
from app.core.database import SessionDep
from app.core.errors import NotFound
from app.core.installation import Installation, installation
from app.core.kept import CALENDAR_CACHE, kept
from app.core.languages import Language, Message
from app.core.security import Site
from app.meetings.models import Meeting
from app.meetings.queries import meeting_by_slug
from app.publications.forms import EditionNumber
from app.schedules.entries import uid_of
from app.schedules.queries import WholeEdition, closed_sittings, current_edition, edition_numbered
from app.schedules.showing import ShownSitting, shown_sittings

router = APIRouter(prefix="/api/v1/meetings/{slug}", tags=["publications"])


def _published(db: SessionDep, slug: str, number: int | None) -> tuple[Meeting, WholeEdition]:
    meeting = meeting_by_slug(db, slug)
    if number is None:
        whole = current_edition(db, meeting.id)
    else:
        whole = edition_numbered(db, meeting.id, number)
    if whole is None:
        raise NotFound(Message("No schedule of this meeting is published under this address."))
    return meeting, whole


def _sitting(sitting: ShownSitting, here: Installation, lang: Language | None) -> dict[str, Any]:
    return {
        "id": str(sitting.id),
        "uid": uid_of(sitting.id, here.uid_domain),
        "title": said(sitting.title, lang),
        "note": said(sitting.note, lang),
        "starts_at": sitting.starts_at.isoformat(),
        "ends_at": sitting.ends_at.isoformat(),
        "room": said(sitting.room, lang),
        "status": "cancelled" if sitting.cancelled else "confirmed",
        "closed": sitting.closed,
        "sequence": sitting.sequence + here.sequence_offset,
        "changed_at": sitting.changed_at.isoformat(),
        "items": [
            {"id": each.id, "number": each.number, "title": said(each.title, lang)}
            for each in sitting.items
        ],
        "mandates": list(sitting.mandates),
        "purposes": list(sitting.purposes),
        "entities": [each.key for each in sitting.entities],
    }


@router.get("/schedule", name="api_schedule")
def schedule(
    db: SessionDep, slug: str, edition: EditionNumber = None, lang: Flatten = None
) -> Response:
    """The published sittings of an edition, by default the present one."""
    meeting, whole = _published(db, slug, edition)
    here = installation(db)
    shown = shown_sittings(whole.sittings, closed_sittings(db, meeting.id))
    document = {
        "meeting": meeting.slug,
        "zone": meeting.zone,
        "edition": whole.edition.number,
        "published_at": whole.edition.published_at.isoformat(),
        "remark": said(whole.edition.remark, lang),
        "sittings": [_sitting(each, here, lang) for each in shown],
    }
    body = json.dumps(document, ensure_ascii=False)
    changed_at = meeting.public_changed_at
    return kept(body, "application/json", cache=CALENDAR_CACHE, changed_at=changed_at)


@router.get("/schedule.jcal", name="api_schedule_jcal")
def schedule_jcal(request: Request, db: SessionDep, slug: str, lang: Language = "en") -> Response:
    """The whole feed as jCal (RFC 7265)."""
    meeting, whole = _published(db, slug, None)
    site: Site = request.app.state.site
    base_url = site.base_url
    entries = entries_of(db, meeting, whole, lang, everything, base_url=base_url)
    address = f"{base_url}{request.url.path}?lang={lang}"
    feed = feed_bytes(meeting, entries, lang, address=address)
    body = json.dumps(Calendar.from_ical(feed).to_jcal(), ensure_ascii=False)
    changed_at = meeting.public_changed_at
    return kept(body, "application/calendar+json", cache=CALENDAR_CACHE, changed_at=changed_at)
