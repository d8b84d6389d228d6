"""What the public gets as pages: the same bytes for everyone, kept on the shelf."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from app.agendas.queries import current_revision
from app.core.clock import Now
from app.core.database import SessionDep
from app.core.errors import NotFound
from app.core.kept import kept_page
from app.core.languages import Language, Localized, Message, negotiate
from app.core.pages import Link, Templates, language_links
from app.core.security import Site
from app.documents.models import DocumentClass
from app.documents.queries import documents_of
from app.meetings.models import Meeting, MeetingKind
from app.meetings.pages import masthead_of, section_links
from app.meetings.queries import meeting_by_slug, meetings
from app.meetings.rules import days_of, local_day, local_instant
from app.publications.forms import EditionNumber
from app.publications.timetable import days_of_edition, days_shown, now_and_next
from app.resolutions.queries import resolution_by_id
from app.schedules.queries import (
    WholeEdition,
    closed_sittings,
    current_edition,
    edition_numbered,
    editions_of,
    no_such_sitting,
)
from app.schedules.rules import Change, changes
from app.schedules.showing import ShownSitting, shown_sittings

router = APIRouter(include_in_schema=False)


@router.get("/", name="home")
def home(request: Request) -> Response:
    """To the list of meetings in the reader's best language."""
    lang = negotiate(request.headers.get("accept-language", ""))
    response = RedirectResponse(f"/{lang}/meetings", status_code=303)
    response.headers["Vary"] = "Accept-Language"
    return response


def _public(
    request: Request,
    lang: Language,
    name: str,
    *,
    changed_at: datetime | None = None,
    until: datetime | None = None,
    **context: object,
) -> Response:
    templates: Templates = request.app.state.templates
    languages = language_links(request.url.path, request.url.query, lang)
    foot_links = [
        Link(Message("All meetings").in_language(lang), f"/{lang}/meetings"),
        Link(Message("Sign in").in_language(lang), f"/{lang}/sign-in"),
    ]
    text = templates.text(name, lang, languages=languages, foot_links=foot_links, **context)
    return kept_page(text, changed_at=changed_at, until=until)


def _about_meeting(
    request: Request,
    meeting: Meeting,
    lang: Language,
    name: str,
    section: str,
    *,
    until: datetime | None = None,
    **context: object,
) -> Response:
    sections = request.app.state.public_sections
    site: Site = request.app.state.site
    return _public(
        request,
        lang,
        name,
        changed_at=meeting.public_changed_at,
        until=until,
        masthead=masthead_of(request, meeting, desk=False),
        sections=section_links(request, meeting, sections, section, desk=False),
        meeting=meeting,
        base=f"/{lang}/meetings/{meeting.slug}",
        calendars=f"/calendars/{meeting.slug}/{lang}",
        site=site,
        **context,
    )


@router.get("/{lang}/meetings", name="meetings")
def all_meetings(request: Request, db: SessionDep, now: Now, lang: Language) -> Response:
    """Every meeting: coming ones first, then past ones."""
    today = now.date()
    found = meetings(db)
    conferences = [each for each in found if each.kind is MeetingKind.CONFERENCE]
    ahead = [each for each in found if each.last_day >= today]
    ahead.sort(key=lambda each: each.first_day)
    tomorrow = datetime.combine(today + timedelta(days=1), time(), tzinfo=now.tzinfo)
    return _public(
        request,
        lang,
        "publications/meetings.html",
        until=tomorrow,
        coming=sorted(
            (each for each in conferences if each.last_day >= today),
            key=lambda each: each.first_day,
        ),
        past=[each for each in conferences if each.last_day < today],
        of_groups=[each for each in ahead if each.kind is MeetingKind.GROUP],
    )


@router.get("/{lang}/meetings/{slug}", name="meeting")
def one_meeting(request: Request, db: SessionDep, slug: str, lang: Language) -> Response:
    """What the meeting is, where it comes from, what it must serve."""
    meeting = meeting_by_slug(db, slug)
    source = resolution_by_id(db, meeting.resolution_id) if meeting.resolution_id else None
    return _about_meeting(
        request,
        meeting,
        lang,
        "publications/meeting.html",
        "about",
        resolution=source,
        edition=current_edition(db, meeting.id),
    )


@router.get("/{lang}/meetings/{slug}/agenda", name="agenda")
def agenda(request: Request, db: SessionDep, slug: str, lang: Language) -> Response:
    """The agenda as last published."""
    meeting = meeting_by_slug(db, slug)
    revision = current_revision(db, meeting.id)
    items = (
        [{**item, "title": Localized(item["title"])} for item in revision.items] if revision else []
    )
    return _about_meeting(
        request,
        meeting,
        lang,
        "publications/agenda.html",
        "agenda",
        revision=revision,
        items=items,
        mandates={each.key: each for each in meeting.mandates},
        purposes={each.key: each for each in meeting.purposes},
    )


@router.get("/{lang}/meetings/{slug}/documents", name="documents")
def documents(request: Request, db: SessionDep, slug: str, lang: Language) -> Response:
    """What everybody may have."""
    meeting = meeting_by_slug(db, slug)
    return _about_meeting(
        request,
        meeting,
        lang,
        "publications/documents.html",
        "documents",
        documents=documents_of(db, meeting.id, [DocumentClass.PUBLIC]),
    )


@dataclass(frozen=True)
class Timetable:
    """An edition as the schedule page needs it."""

    whole: WholeEdition
    sittings: list[ShownSitting]
    changed: dict[UUID, Change]


def _timetable(db: Session, meeting: Meeting, number: int | None) -> Timetable | None:
    if number is None:
        whole = current_edition(db, meeting.id)
    else:
        whole = edition_numbered(db, meeting.id, number)
        if whole is None:
            raise NotFound(
                Message("There is no edition %(number)s of this schedule.", {"number": number})
            )
    if whole is None:
        return None
    before = edition_numbered(db, meeting.id, whole.edition.number - 1)
    found = changes(before.by_sitting, whole.sittings) if before else []
    shown = shown_sittings(whole.sittings, closed_sittings(db, meeting.id))
    return Timetable(whole, shown, {change.after.sitting_id: change for change in found})


@router.get("/{lang}/meetings/{slug}/schedule", name="schedule")
def schedule(
    request: Request,
    db: SessionDep,
    now: Now,
    slug: str,
    lang: Language,
    edition: EditionNumber = None,
    day: str | None = None,
) -> Response:
    """The timetable: during the meeting today's, otherwise all days."""
    meeting = meeting_by_slug(db, slug)
    found = _timetable(db, meeting, edition)
    if found is None:
        return _about_meeting(request, meeting, lang, "publications/no_schedule.html", "schedule")
    days, moved = days_of_edition(found.sittings, days_of(meeting), meeting.zone)
    chosen = _chosen_day(day, days, today=local_day(now, meeting.zone), pinned=edition is not None)
    midnights = [_midnight(each, meeting.zone) for each in (*days, days[-1] + timedelta(days=1))]
    live = now_and_next(found.sittings, at=now, zone=meeting.zone, midnights=midnights)
    current = edition is None
    return _about_meeting(
        request,
        meeting,
        lang,
        "publications/schedule.html",
        "schedule",
        until=live.until if current else None,
        edition=found.whole.edition,
        latest=editions_of(db, meeting.id)[-1],
        days=days,
        moved=moved and current,
        served={key for each in found.sittings for key in (*each.mandates, *each.purposes)},
        planned={local_day(each.starts_at, meeting.zone) for each in found.sittings},
        chosen=chosen,
        shown=days_shown(found.sittings, [chosen] if chosen else days, meeting.zone),
        live=live if current else None,
        now=now,
        changed=found.changed,
        **_labels(found.whole),
    )


def _chosen_day(day: str | None, days: list[date], *, today: date, pinned: bool) -> date | None:
    """The day asked for; `all` is none of them. 404 for a day that the meeting does not have."""
    if day is None:
        return today if today in days and not pinned else None
    if day == "all":
        return None
    for each in days:
        if each.isoformat() == day:
            return each
    raise NotFound(Message("The meeting does not have this day."))


def _midnight(day: date, zone: str) -> datetime:
    """When a day begins; where the clocks skip midnight, with the hour after it."""
    first = (local_instant(day, time(hour), zone) for hour in range(24))
    return next(instant for instant in first if instant is not None)


def _labels(whole: WholeEdition) -> dict[str, Any]:
    labels = whole.edition.labels
    return {
        "mandates": {
            each["key"]: {**each, "short": Localized(each["short"])} for each in labels["mandates"]
        },
        "purposes": {each["key"]: Localized(each["name"]) for each in labels["purposes"]},
    }


@router.get("/{lang}/meetings/{slug}/sittings/{sitting_id}", name="sitting")
def sitting(
    request: Request, db: SessionDep, slug: str, lang: Language, sitting_id: UUID
) -> Response:
    """One session as published; a closed one has no page of its own."""
    meeting = meeting_by_slug(db, slug)
    found = _timetable(db, meeting, None)
    shown = (
        next((each for each in found.sittings if each.id == sitting_id), None) if found else None
    )
    if found is None or shown is None or shown.closed:
        raise no_such_sitting()
    return _about_meeting(
        request,
        meeting,
        lang,
        "publications/sitting.html",
        "schedule",
        sitting=shown,
        edition=found.whole.edition,
        change=found.changed.get(sitting_id),
        **_labels(found.whole),
    )
