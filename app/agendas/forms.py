"""What people type about an item."""

from collections.abc import Mapping
from typing import Any

from starlette.datastructures import FormData

from app.agendas.commands import ItemGiven
from app.agendas.models import Item
from app.agendas.rules import item_state
from app.core.forms import Reader
from app.core.languages import Message
from app.meetings.models import Meeting

MOST_MINUTES = 24 * 60


def item_form(form: FormData, meeting: Meeting) -> ItemGiven:
    """An item; raises Invalid with every mistake."""
    reader = Reader(form)
    title = reader.localized(
        "title", required=Message("Enter the item's title in at least one language.")
    )
    minutes = reader.number("minutes", least=1, most=MOST_MINUTES)
    mandates = reader.chosen("mandates", [each.key for each in meeting.mandates])
    purposes = reader.chosen("purposes", [each.key for each in meeting.purposes])
    reader.finish()
    return ItemGiven(
        title=title,
        minutes=minutes,
        mandates=[each for each in meeting.mandates if each.key in mandates],
        purposes=[each for each in meeting.purposes if each.key in purposes],
    )


def typed(form: FormData) -> dict[str, Any]:
    """The form as typed, to show it again."""
    values: dict[str, Any] = {key: form.get(key) for key in form}
    for field in ("mandates", "purposes"):
        values[field] = form.getlist(field)
    return values


def stored(item: Item) -> dict[str, Any]:
    """An item as its form shows it."""
    return {**values_of(item_state(item)), "version": item.version}


def values_of(state: Mapping[str, Any]) -> dict[str, Any]:
    """The same, of what the journal keeps."""
    return {
        **{f"title_{lang}": text for lang, text in state["title"].items()},
        "minutes": state["minutes"],
        "mandates": state["mandates"],
        "purposes": state["purposes"],
    }


def blank(meeting: Meeting) -> Mapping[str, Any]:
    """A new item starts with every mandate: all three ordered the same meeting."""
    return {"mandates": [each.key for each in meeting.mandates], "purposes": []}
