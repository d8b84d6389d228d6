"""Sittings and editions as plain values and back: what an edition keeps, and its hash."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from app.core.chain import chained_hash
from app.directory.models import Entity
from app.directory.rules import name_on
from app.meetings.models import Meeting
from app.schedules.models import Edition, EditionSitting, Sitting
from app.schedules.rules import Draft, FrozenSitting


def draft_of(sitting: Sitting, meeting: Meeting) -> Draft:
    """A loaded sitting as the next edition would hold it."""
    return Draft(
        sitting_id=sitting.id,
        starts_at=sitting.starts_at,
        ends_at=sitting.ends_at,
        cancelled=sitting.cancelled_at is not None,
        content=_content(sitting, meeting),
    )


def _content(sitting: Sitting, meeting: Meeting) -> dict[str, Any]:
    mandates = {mandate.key for item in sitting.items for mandate in item.mandates}
    purposes = {purpose.key for item in sitting.items for purpose in item.purposes}
    return {
        "title": dict(sitting.title),
        "note": dict(sitting.note),
        "room": dict(sitting.room.name) if sitting.room else None,
        "items": [
            {"id": str(item.id), "number": item.number, "title": dict(item.title)}
            for item in sitting.items
        ],
        "mandates": [each.key for each in meeting.mandates if each.key in mandates],
        "purposes": [each.key for each in meeting.purposes if each.key in purposes],
        "entities": [_entity(entity, meeting) for entity in sitting.entities],
    }


def _entity(entity: Entity, meeting: Meeting) -> dict[str, Any]:
    name = name_on(entity.names, meeting.first_day)
    return {"key": entity.key, "name": dict(name.name), "acronym": dict(name.acronym or {})}


def labels_of(meeting: Meeting) -> dict[str, Any]:
    """Mandates, purposes and rooms as they are called at the moment of publishing."""
    return {
        "mandates": [
            {
                "key": each.key,
                "mark": each.mark,
                "prefix": each.prefix,
                "symbol": each.symbol,
                "short": dict(each.short),
            }
            for each in meeting.mandates
        ],
        "purposes": [{"key": each.key, "name": dict(each.name)} for each in meeting.purposes],
        "rooms": [dict(room.name) for room in meeting.rooms],
    }


def frozen_of(row: EditionSitting) -> FrozenSitting:
    """A stored row as a value."""
    return FrozenSitting(
        sitting_id=row.sitting_id,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        cancelled=row.cancelled,
        content=row.content,
        sequence=row.sequence,
        changed_at=row.changed_at,
        first_published_at=row.first_published_at,
    )


def edition_hash(edition: Edition, rows: Iterable[FrozenSitting]) -> str:
    """The hash over everything an edition holds, chained to the edition before."""
    content: dict[str, Any] = {
        "meeting": str(edition.meeting_id),
        "number": edition.number,
        "published_at": _instant(edition.published_at),
        "published_by": str(edition.published_by),
        "remark": dict(edition.remark),
        "labels": edition.labels,
        "agenda": str(edition.agenda_revision_id),
        "sittings": [_hashed(row) for row in rows],
    }
    if edition.instructed_by:  # editions from before this was recorded keep their hash
        content["instructed_by"] = edition.instructed_by
    return chained_hash(edition.previous_hash, content)


def fingerprint_of(rows: Iterable[FrozenSitting]) -> str:
    """What the chair clears: equal for the same sessions at the same times, whenever asked."""
    kept = ("sitting", "starts_at", "ends_at", "cancelled", "content")
    hashed = [_hashed(row) for row in rows]
    return chained_hash("", {"sittings": [{name: row[name] for name in kept} for row in hashed]})


def _hashed(row: FrozenSitting) -> dict[str, object]:
    return {
        "sitting": str(row.sitting_id),
        "starts_at": _instant(row.starts_at),
        "ends_at": _instant(row.ends_at),
        "cancelled": row.cancelled,
        "content": row.content,
        "sequence": row.sequence,
        "changed_at": _instant(row.changed_at),
        "first_published_at": _instant(row.first_published_at),
    }


def _instant(moment: datetime) -> str:
    """As it comes back from the database, in whatever zone it goes in."""
    return moment.astimezone(UTC).isoformat()
