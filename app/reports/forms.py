"""What people type about commitments: how far one is, what is due, how days are counted."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from app.core.forms import TEXT_LENGTH, TITLE_LENGTH, Reader
from app.core.languages import Localized, Message
from app.reports.rules import MOST_DAYS, STEPS

STATES = ("done", "open")


def fulfilment_form(reader: Reader) -> tuple[bool, Localized]:
    """Whether it is done, and a remark; raises Invalid with every mistake."""
    chosen = reader.chosen("state", STATES)
    if not chosen:
        reader.wrong("state", Message("Choose from the list."))
    remark = reader.localized("remark", most=TEXT_LENGTH)
    reader.finish()
    return chosen[0] == "done", remark


def fulfilment_values(state: Mapping[str, Any]) -> dict[str, Any]:
    """What the journal keeps, as the form shows it."""
    texts = {f"remark_{lang}": text for lang, text in state["remark"].items()}
    return {**texts, "state": "done" if state["done"] else "open"}


def due_form(reader: Reader) -> tuple[date | None, Localized]:
    """A day, which may stand open, and what is due; raises Invalid with every mistake."""
    due_on = reader.dated("due_on")
    what = reader.localized("what", required=Message("Enter what is due."), most=TITLE_LENGTH)
    reader.finish()
    return due_on, what


def due_values(state: Mapping[str, Any]) -> dict[str, Any]:
    """What the journal keeps, as the form shows it."""
    texts = {f"what_{lang}": text for lang, text in state["what"].items()}
    return {**texts, "due_on": state["due_on"]}


def counting_form(reader: Reader) -> tuple[list[int], Localized]:
    """Days for each step, the first step the longest before; raises Invalid with every mistake."""
    found = [reader.number(f"days_{place}", least=0, most=MOST_DAYS) for place in range(len(STEPS))]
    days = [each for each in found if each is not None]
    if len(days) < len(STEPS):
        reader.wrong("days_0", Message("Enter the days of every step."))
    elif days != sorted(days, reverse=True):
        reader.wrong("days_0", Message("An earlier step has at least as many days as a later one."))
    source = reader.localized("source")
    reader.finish()
    return days, source


def counting_values(days: Sequence[int], source: Localized) -> dict[str, Any]:
    """How days are counted, as the form shows it."""
    texts = {f"source_{lang}": text for lang, text in source.items()}
    return {**texts, **{f"days_{place}": each for place, each in enumerate(days)}}
