"""How a published sitting becomes a calendar entry. The same bytes in every feed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.core.icalendar import Entry
from app.core.installation import Installation
from app.core.languages import Language, Localized, Message
from app.schedules.showing import ShownSitting

PRODID = "-//Convoca//Meeting planner//EN"
CANCELLED = Message("CANCELLED")
ITEM = Message("Item")


@dataclass(frozen=True)
class EntryContext:
    """What entries of one meeting share: language, place, labels, and this installation."""

    lang: Language
    zone: str
    place: Localized
    labels: Mapping[str, Any]
    installation: Installation
    meeting_address: str


def uid_of(sitting_id: UUID, uid_domain: str) -> str:
    """The UID of a sitting, for ever: from its key, never from its time, title or room."""
    return f"sitting-{sitting_id}@{uid_domain}"


def entry_of(sitting: ShownSitting, context: EntryContext) -> Entry:
    """The entry of a sitting in the context's language."""
    address = f"{context.meeting_address}/sittings/{sitting.id}"
    return Entry(
        uid=uid_of(sitting.id, context.installation.uid_domain),
        sequence=sitting.sequence + context.installation.sequence_offset,
        dtstamp=sitting.changed_at,
        created=sitting.first_published_at,
        last_modified=sitting.changed_at,
        start=sitting.starts_at,
        end=sitting.ends_at,
        summary=_summary(sitting, context.lang),
        description=_description(sitting, context, address),
        location=_location(sitting, context),
        categories=_categories(sitting, context),
        status="CANCELLED" if sitting.cancelled else "CONFIRMED",
        url=None if sitting.closed else address,
        zone=context.zone,
        language=context.lang,
    )


def _summary(sitting: ShownSitting, lang: Language) -> str:
    title = sitting.title.shown_in(lang).text
    return f"{CANCELLED.in_language(lang)}: {title}" if sitting.cancelled else title


def _location(sitting: ShownSitting, context: EntryContext) -> str:
    place = context.place.shown_in(context.lang).text
    if sitting.room is None:
        return place
    return f"{sitting.room.shown_in(context.lang).text}, {place}"


def _description(sitting: ShownSitting, context: EntryContext, address: str) -> str:
    lang = context.lang
    item = ITEM.in_language(lang)
    lines = [f"{item} {each.number}. {each.title.shown_in(lang).text}" for each in sitting.items]
    served = [each for each in context.labels["mandates"] if each["key"] in sitting.mandates]
    if served:
        lines.append("; ".join(each["symbol"] for each in served))
    if sitting.entities:
        lines.append(", ".join(entity.short(lang) for entity in sitting.entities))
    if sitting.note:
        lines.append(sitting.note.shown_in(lang).text)
    shown = context.meeting_address if sitting.closed else address
    return "\n".join([*lines, shown])


def _categories(sitting: ShownSitting, context: EntryContext) -> tuple[str, ...]:
    mandates = [
        f"{each['prefix']} {each['key']}"
        for each in context.labels["mandates"]
        if each["key"] in sitting.mandates
    ]
    purposes = [
        Localized(each["name"]).shown_in(context.lang).text
        for each in context.labels["purposes"]
        if each["key"] in sitting.purposes
    ]
    return (*mandates, *purposes)
