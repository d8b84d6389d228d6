"""What people type while a text becomes a meeting: decisions on points, and the facts it lacks."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

from starlette.datastructures import FormData

from app.core.access import Role
from app.core.forms import TEXT_LENGTH, Reader
from app.core.languages import Language, Localized, Message
from app.desk.points import USES, Decision, Decisions, Point, Said, Use
from app.desk.records import ResolutionGiven
from app.desk.words import BY_HAND
from app.resolutions.models import FindingKind
from app.resolutions.reading.record import Reading, Status
from app.resolutions.reading.record import Role as Asks

Thing = TypeVar("Thing")
HAND = "hand"
MAKERS = (Role.CHAIR, Role.SECRETARIAT)
SYMBOL_LENGTH = 80


class PointsReader(Reader):
    """Reads what was decided of each point; names are looked up in `known`, folded."""

    def __init__(self, form: FormData, lang: Language, known: Mapping[str, str]) -> None:
        super().__init__(form)
        self.lang = lang
        self.known = known

    def decisions(self, points: Iterable[Point], paragraphs: Iterable[str]) -> Decisions:
        """What differs from the proposals, and what was added; Invalid tells every mistake."""
        found = {each.id: self._decision(each) for each in points}
        kept = {key: each for key, each in found.items() if each is not None}
        for paragraph in paragraphs:
            self._add(paragraph, kept)
        self.finish()
        return kept

    def _decision(self, point: Point) -> Decision | None:
        kept = self.ticked(point.id)
        said = self._said(point)
        if point.found is None:
            added = Decision(kept=True, said=said, kind=point.kind, paragraph=point.paragraph)
            return added if kept else None
        if (kept, said) == (point.sure, point.found):
            return None
        return Decision(kept=kept, said=said)

    def _said(self, point: Point) -> Said:
        """What stands in the fields that this kind of point has; the rest stays as it was."""
        was, given = point.said, partial(self._given, point.id)
        return Said(
            name=given("name", partial(self._name, point.kind), was.name),
            role=given("role", partial(self._one, list(Asks)), was.role),
            use=given("use", partial(self._use, point.kind), was.use),
            qualifier=was.qualifier,
            day=given("day", self._day, was.day),
            until=given("until", self._day, was.until),
            words=given("words", partial(self._words, was.words), was.words),
            short=given("short", partial(self._words, was.short), was.short),
        )

    def _given(self, key: str, name: str, take: Callable[[str], Thing], was: Thing) -> Thing:
        field = f"{key}.{name}"
        return take(field) if field in self.form else was

    def _name(self, kind: FindingKind, field: str) -> str:
        """What was typed; for a body the key that it is known by, if it is."""
        text = self.line(field)
        return self.known.get(text.casefold(), text) if kind is FindingKind.BODY else text

    def _day(self, field: str) -> str:
        """A day, or nothing."""
        found = self.dated(field)
        return found.isoformat() if found else ""

    def _one(self, known: list[Any], field: str) -> str:
        values = [str(each) for each in known]
        chosen = self.chosen(field, values)
        return chosen[0] if chosen else values[0]

    def _use(self, kind: FindingKind, field: str) -> Use:
        return Use(self._one(list(USES[kind]), field))

    def _words(self, was: Localized, field: str) -> Localized:
        return Localized({**was, self.lang: self.line(field, most=TEXT_LENGTH)})

    def _add(self, paragraph: str, kept: dict[str, Decision]) -> None:
        text = self.line(f"add-{paragraph}")
        uses = self.chosen(f"add-{paragraph}.use", [each.value for each in BY_HAND])
        if not text or not uses:
            return
        use = Use(uses[0])
        kind, role = BY_HAND[use]
        number = 1
        while (key := f"{HAND}-{paragraph}-{number}") in kept:
            number += 1
        said = Said(use=use, role=role or "", day=self._day(f"add-{paragraph}.day"))
        kept[key] = Decision(
            kept=True, said=self._named(said, kind, text), kind=kind, paragraph=paragraph
        )

    def _named(self, said: Said, kind: FindingKind, text: str) -> Said:
        if kind is FindingKind.BODY:
            return replace(said, name=self.known.get(text.casefold(), text))
        if kind is FindingKind.INSTRUMENT and any(char.isdigit() for char in text):
            return replace(said, name=text)
        return replace(said, words=Localized({self.lang: text}))


def resolution_form(reader: Reader) -> ResolutionGiven:
    """A resolution's own facts; mistakes are noted in the reader."""
    statuses = reader.chosen("status", [each.value for each in Status])
    return ResolutionGiven(
        symbol=reader.line("resolution_symbol", most=SYMBOL_LENGTH),
        title=reader.localized(
            "resolution_title", required=Message("Enter the resolution’s title.")
        ),
        status=Status(statuses[0]) if statuses else None,
        adopted_on=reader.dated("adopted_on"),
        approved_on=reader.dated("approved_on"),
        approved_by=reader.localized("approved_by") or None,
    )


def role_form(reader: Reader) -> Role:
    """What whoever makes the meeting becomes in it."""
    roles = reader.chosen("role", [each.value for each in MAKERS])
    if not roles:
        reader.wrong("role", Message("Choose from the list."))
    return Role(roles[0]) if roles else MAKERS[0]


def resolution_values(reading: Reading) -> dict[str, Any]:
    """What the text says of itself, as the form shows it."""
    day = reading.date.isoformat() if reading.date else ""
    draft = reading.status is Status.DRAFT
    return {
        "resolution_symbol": reading.symbol or "",
        f"resolution_title_{reading.language}": reading.title or "",
        "status": reading.status or "",
        "approved_on" if draft else "adopted_on": day,
    }
