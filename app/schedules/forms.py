"""What people type about a sitting and where it goes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from typing import Any
from uuid import UUID

from starlette.datastructures import FormData

from app.accounts.models import Person
from app.agendas.models import Item
from app.core.errors import invalid
from app.core.forms import TEXT_LENGTH, Reader
from app.core.languages import Language, Localized, Message
from app.directory.models import Entity
from app.meetings.models import Meeting
from app.meetings.rules import days_of, local_day, local_span, wall_clock
from app.schedules.commands import SittingGiven
from app.schedules.grid import parse_place
from app.schedules.models import Sitting
from app.schedules.roles import SittingRole
from app.schedules.rules import Slot, sitting_state, slot_of

MOST_MINUTES = 24 * 60
MIDNIGHT = time()
SKIPPED = Message("This time does not exist on that day: the clocks skip it.")


@dataclass(frozen=True)
class Choices:
    """What there is to choose from for a sitting."""

    items: Sequence[Item]
    entities: Sequence[Entity]
    people: Sequence[Person]


def person_field(person_id: UUID | str) -> str:
    """The field that says what this person does."""
    return f"person_{person_id}"


def sitting_form(reader: Reader, choices: Choices) -> SittingGiven:
    """A sitting, its place apart; mistakes stay with the reader."""
    title = reader.localized(
        "title", required=Message("Enter the session's title in at least one language.")
    )
    note = reader.localized("note", most=TEXT_LENGTH)
    minutes = reader.number("minutes", least=5, most=MOST_MINUTES)
    item_ids = reader.chosen_ids("items", [item.id for item in choices.items])
    keys = reader.chosen("entities", [entity.key for entity in choices.entities])
    return SittingGiven(
        title=title,
        note=note,
        minutes=minutes,
        items=[item for item in choices.items if item.id in item_ids],
        entities=[entity for entity in choices.entities if entity.key in keys],
        closed=reader.ticked("closed"),
        people={
            person.id: SittingRole(role)
            for person in choices.people
            for role in reader.chosen(person_field(person.id), list(SittingRole))
        },
    )


def slot_form(reader: Reader, meeting: Meeting) -> Slot | None:
    """Day, from, until and room; None where day and times are all left empty."""
    if not any(reader.raw(field) for field in ("day", "from", "until")):
        return None
    day = reader.day("day", days_of(meeting))
    starts, ends = reader.clock("from"), reader.clock("until")
    rooms = reader.chosen_ids("room", [room.id for room in meeting.rooms])
    if not rooms and not any(error.field == "room" for error in reader.errors):
        reader.wrong("room", Message("Choose a room."))
    if day is None or starts is None or ends is None:
        return None
    if ends <= starts and ends != MIDNIGHT:
        words = {"from": f"{starts:%H:%M}"}
        text = Message("The session ends before it starts. Enter a time after %(from)s.", words)
        reader.wrong("until", text)
        return None
    start, end = local_span(day, starts, ends, meeting.zone)
    if start is None:
        reader.wrong("from", SKIPPED)
    if end is None:
        reader.wrong("until", SKIPPED)
    return Slot(start, end, rooms[0]) if start and end and rooms else None


def cell_form(form: FormData, meeting: Meeting) -> Slot:
    """A pressed cell of the grid as a slot; Invalid for one that is not of this meeting."""
    place = parse_place(str(form.get("place", "")))
    if place is None:
        raise invalid("place", Message("Choose a free cell."))
    day, starts, ends, room_id = place
    start, end = local_span(day, starts, ends, meeting.zone)
    if start is None or end is None:
        raise invalid("place", SKIPPED)
    return Slot(start, end, room_id)


def remark_form(form: FormData, lang: Language) -> Localized:
    """A line for readers, in the language of whoever publishes."""
    reader = Reader(form)
    remark = Localized({lang: reader.line("remark")})
    reader.finish()
    return remark


def typed(form: FormData) -> dict[str, Any]:
    """The form as typed, to show it again."""
    values: dict[str, Any] = {key: form.get(key) for key in form}
    for field in ("items", "entities"):
        values[field] = form.getlist(field)
    return values


def stored(sitting: Sitting, meeting: Meeting) -> dict[str, Any]:
    """A sitting as its form shows it."""
    return {**values_of(sitting_state(sitting), meeting), "version": sitting.version}


def values_of(state: Mapping[str, Any], meeting: Meeting) -> dict[str, Any]:
    """The same, of what the journal keeps."""
    slot = slot_of(state)
    values: dict[str, Any] = {
        **_texts("title", state["title"]),
        **_texts("note", state["note"]),
        "minutes": state["minutes"],
        "items": state["items"],
        "entities": state["entities"],
        **{person_field(person_id): role for person_id, role in state["people"]},
        "closed": "yes" if state["closed"] else "",
        "day": "",
        "from": "",
        "until": "",
        "room": slot.room_id if slot else None,
    }
    if slot is not None:
        values["day"] = local_day(slot.starts_at, meeting.zone).isoformat()
        values["from"] = wall_clock(slot.starts_at, meeting.zone)
        values["until"] = wall_clock(slot.ends_at, meeting.zone)
    return values


def _texts(field: str, texts: Mapping[str, str]) -> dict[str, str]:
    return {f"{field}_{lang}": text for lang, text in texts.items()}
