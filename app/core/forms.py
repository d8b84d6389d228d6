"""Reading what people type into forms: each mistake found, named by field, in one pass."""

from collections.abc import Collection, Mapping
from datetime import date, time
from typing import Any
from uuid import UUID

from starlette.datastructures import FormData

from app.core.errors import FieldError, Invalid
from app.core.languages import LANGUAGES, Localized, Message
from app.core.text import cleaned

TITLE_LENGTH = 300
TEXT_LENGTH = 4000
# Beyond these a date is a slip of the finger.
YEARS = range(1900, 2201)


def version_in(values: Mapping[str, Any]) -> int:
    """The version that a form's values carry; 0 where it is missing or none, which is stale."""
    text = str(values.get("version", "")).strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0  # noqa: PLR2004


class Reader:
    """Takes fields one by one and collects what is wrong; `finish` raises it all at once."""

    def __init__(self, form: FormData) -> None:
        self.form = form
        self.errors: list[FieldError] = []

    def wrong(self, field: str, message: Message) -> None:
        """Note a mistake."""
        self.errors.append(FieldError(field, message))

    def finish(self) -> None:
        """Raise Invalid if there was any mistake."""
        if self.errors:
            raise Invalid(self.errors)

    def raw(self, field: str) -> str:
        """The field as typed, without control characters; empty if it is absent."""
        value = self.form.get(field, "")
        return cleaned(value) if isinstance(value, str) else ""

    def line(self, field: str, *, most: int = TITLE_LENGTH) -> str:
        """The field as typed, if it is not too long."""
        text = self.raw(field)
        if len(text) > most:
            self.wrong(field, Message("Use at most %(most)s characters.", {"most": most}))
        return text

    def lines(self, field: str, *, most: int = TEXT_LENGTH) -> str:
        """The same where line breaks count."""
        value = self.form.get(field, "")
        text = cleaned(value, lines=True) if isinstance(value, str) else ""
        if len(text) > most:
            self.wrong(field, Message("Use at most %(most)s characters.", {"most": most}))
        return text

    def dated(self, field: str, *, required: Message | None = None) -> date | None:
        """A date as yyyy-mm-dd; None where nothing was typed."""
        text = self.raw(field)
        if not text:
            if required is not None:
                self.wrong(field, required)
            return None
        try:
            found = date.fromisoformat(text)
        except ValueError:
            found = None
        if found is None or found.year not in YEARS:
            self.wrong(field, Message("Enter a date like 2006-03-14."))
            return None
        return found

    def one(self, field: str, known: Collection[str]) -> str:
        """A single value out of a list; empty where none was chosen."""
        return next(iter(self.chosen(field, known)), "")

    def localized(
        self, field: str, *, required: Message | None = None, most: int = TITLE_LENGTH
    ) -> Localized:
        """`field_en`, `field_es`...; at least one language if `required` says so."""
        texts: dict[str, str] = {
            lang: self.line(f"{field}_{lang}", most=most) for lang in LANGUAGES
        }
        if required is not None and not any(texts.values()):
            self.wrong(f"{field}_{LANGUAGES[0]}", required)
        return Localized(texts)

    def number(self, field: str, *, least: int, most: int) -> int | None:
        """A whole number within bounds; None where nothing was typed."""
        text = self.raw(field)
        if not text:
            return None
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1  # noqa: PLR2004
        if not least <= number <= most:
            words = {"least": least, "most": most}
            message = Message("Enter a whole number from %(least)s to %(most)s.", words)
            self.wrong(field, message)
            return None
        return number

    def version(self) -> int:
        """The version that the form was opened with; 0 where it is missing, which is stale."""
        return version_in(self.form)

    def chosen(self, field: str, known: Collection[str]) -> list[str]:
        """Ticked values that exist; others are a mistake, not ignored. Empty is nothing chosen."""
        ticked = [str(value) for value in self.form.getlist(field) if value]
        if any(value not in known for value in ticked):
            self.wrong(field, Message("Choose from the list."))
        return [value for value in ticked if value in known]

    def chosen_ids(self, field: str, known: Collection[UUID]) -> list[UUID]:
        """The same for keys."""
        by_text = {str(each): each for each in known}
        return [by_text[value] for value in self.chosen(field, by_text)]

    def ticked(self, field: str) -> bool:
        """Whether a single box is ticked."""
        return bool(self.raw(field))

    def day(self, field: str, days: Collection[date]) -> date | None:
        """One of the meeting's days as yyyy-mm-dd."""
        by_text = {day.isoformat(): day for day in days}
        found = by_text.get(self.raw(field))
        if found is None:
            self.wrong(field, Message("Choose a day of the meeting."))
        return found

    def clock(self, field: str) -> time | None:
        """A wall time: 9:30, 09:30, 09.30 or 0930."""
        digits = self.raw(field).replace(".", ":").replace("h", ":")
        if ":" not in digits and len(digits) in {3, 4}:
            digits = f"{digits[:-2]}:{digits[-2:]}"
        hours, _, minutes = digits.partition(":")
        try:
            return time(int(hours), int(minutes or "0"))
        except ValueError:
            self.wrong(field, Message("Enter a time like 09:30."))
            return None
