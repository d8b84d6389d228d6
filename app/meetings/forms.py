"""What people type about a meeting: its own facts, what is due, its rooms."""

import re
from functools import partial
from typing import Any
from zoneinfo import available_timezones

from starlette.datastructures import FormData

from app.core.errors import Invalid
from app.core.forms import TEXT_LENGTH, Reader
from app.core.languages import Message
from app.meetings.commands import MeetingGiven, RoomGiven
from app.meetings.queries import RESERVED_SLUGS

SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?")
MOST_DAYS = 60


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


def meeting_form(reader: Reader) -> MeetingGiven:
    """A meeting's own facts; raises Invalid with every mistake, also those noted before."""
    first_day = reader.dated("first_day", required=Message("Enter the first day."))
    last_day = reader.dated("last_day", required=Message("Enter the last day."))
    if first_day and last_day and not 0 <= (last_day - first_day).days < MOST_DAYS:
        words = {"most": MOST_DAYS}
        reader.wrong(
            "last_day", Message("It lies after the first day, at most %(most)s days in all.", words)
        )
    slug = reader.line("slug")
    check_slug(reader, slug)
    zone = reader.line("zone")
    if zone not in available_timezones():
        reader.wrong("zone", Message("Enter a zone like America/Caracas."))
    title = reader.localized("title", required=Message("Enter the meeting’s name."))
    given = partial(
        MeetingGiven,
        slug=slug,
        zone=zone,
        title=title,
        ordinal=reader.localized("ordinal"),
        organization=reader.localized("organization"),
        place=reader.localized("place"),
        about=reader.localized("about", most=TEXT_LENGTH),
        series=reader.line("series"),
        symbol_prefix=reader.line("symbol_prefix"),
    )
    if first_day is None or last_day is None:
        raise Invalid(reader.errors)
    reader.finish()
    return given(first_day=first_day, last_day=last_day)


def check_slug(reader: Reader, slug: str) -> None:
    """Small letters, figures and hyphens, and nothing that an address of ours has already."""
    if not SLUG.fullmatch(slug):
        reader.wrong("slug", Message("Use small letters, figures and hyphens, like rtp-2."))
    elif slug in RESERVED_SLUGS:
        reader.wrong("slug", Message("Another meeting has this address. Choose another."))
