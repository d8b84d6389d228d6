"""What people type about a meeting's rooms."""

from typing import Any

from starlette.datastructures import FormData

from app.core.forms import Reader
from app.core.languages import Message
from app.meetings.commands import RoomGiven


def room_form(form: FormData) -> RoomGiven:
    """A room; raises Invalid with every mistake."""
    reader = Reader(form)
    given = RoomGiven(
        name=reader.localized("name", required=Message("Enter the room's name.")),
        seats=reader.number("seats", least=1, most=100_000),
        booths=reader.number("booths", least=0, most=100),
    )
    reader.finish()
    return given


def room_values(state: dict[str, Any]) -> dict[str, Any]:
    """A room as its form shows it."""
    return {
        **{f"name_{lang}": text for lang, text in state["name"].items()},
        "seats": state["seats"],
        "booths": state["booths"],
    }
