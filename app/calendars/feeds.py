"""Feeds of published sittings as iCalendar bytes. Knows nothing of HTTP."""

from collections.abc import Iterable
from datetime import date
from typing import cast

from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.calendars.queries import meetings_of_person
from app.calendars.rules import Selection, everything, selected
from app.core.icalendar import Entry, Feed, write
from app.core.installation import Installation, installation
from app.core.languages import Language, Message
from app.groups.models import Group
from app.groups.queries import meetings_of_group
from app.meetings.models import Meeting
from app.schedules.entries import PRODID, EntryContext, entry_of
from app.schedules.queries import WholeEdition, closed_sittings, current_edition, current_editions
from app.schedules.showing import shown_sittings

LAG = Message("Calendars can lag a day; the page is always right.")


def entries_of(
    db: Session,
    meeting: Meeting,
    edition: WholeEdition,
    lang: Language,
    selection: Selection,
    *,
    base_url: str,
    hide_cancelled: bool = False,
) -> list[Entry]:
    """The selected sittings of an edition as entries."""
    context = _context(installation(db), meeting, edition, lang, base_url)
    shown = shown_sittings(edition.sittings, closed_sittings(db, meeting.id))
    chosen = selected(shown, selection, hide_cancelled=hide_cancelled)
    return [entry_of(sitting, context) for sitting in chosen]


def _context(
    made: Installation, meeting: Meeting, edition: WholeEdition, lang: Language, base_url: str
) -> EntryContext:
    return EntryContext(
        lang=lang,
        zone=meeting.zone,
        place=meeting.place,
        labels=edition.edition.labels,
        installation=made,
        meeting_address=f"{base_url}/{lang}/meetings/{meeting.slug}",
    )


def group_feed_bytes(
    db: Session, group: Group, lang: Language, *, address: str, base_url: str
) -> bytes:
    """Every meeting of a Group, each as in its own feed; empty where none was convened."""
    held = meetings_of_group(db, group.meeting_id)
    ids = [each.id for each in held]
    editions, flags = current_editions(db, ids), closed_sittings(db, *ids)
    made = installation(db)
    entries = [
        entry_of(sitting, _context(made, each, editions[each.id], lang, base_url))
        for each in held
        if each.id in editions
        for sitting in shown_sittings(editions[each.id].sittings, flags)
    ]
    if not entries:
        return b""
    return write(
        Feed(
            name=group.name.shown_in(lang).text,
            description=LAG.in_language(lang),
            zone=group.zone,
            source=address,
            prodid=PRODID,
            language=lang,
            entries=tuple(entries),
        )
    )


def feed_bytes(
    meeting: Meeting, entries: Iterable[Entry], lang: Language, *, address: str, name: str = ""
) -> bytes:
    """A feed of one meeting; `address` is where it is subscribed."""
    title = meeting.title.shown_in(lang).text
    return write(
        Feed(
            name=f"{title}: {name}" if name else title,
            description=LAG.in_language(lang),
            zone=meeting.zone,
            source=address,
            prodid=PRODID,
            language=lang,
            entries=tuple(entries),
        )
    )


def personal_feed_bytes(db: Session, person: Person, *, today: date, base_url: str) -> bytes:
    """Every published meeting of this person, each sitting as in the meeting's own feed."""
    lang = cast("Language", person.language)
    meetings = meetings_of_person(db, person.id, today=today)
    entries: list[Entry] = []
    for meeting in meetings:
        edition = current_edition(db, meeting.id)
        if edition is not None:
            entries += entries_of(db, meeting, edition, lang, everything, base_url=base_url)
    return write(
        Feed(
            name=f"Convoca: {person.name}",
            description=LAG.in_language(lang),
            zone=meetings[0].zone if meetings else "UTC",
            source=f"{base_url}/{lang}/my-calendar",
            prodid=PRODID,
            language=lang,
            entries=tuple(entries),
        )
    )
