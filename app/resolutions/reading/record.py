"""What a resolution says, as the reader found it. Every finding knows where it stands.

Offsets count characters of the paragraph's `text`: `paragraph.text[found.start:found.end]` is
`found.text`. Nothing here is invented: what is not printed is None, what is unsure is a warning.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from app.core.languages import Language, Message


class Role(StrEnum):
    """What a sentence wants of a body, or says of it."""

    ASKED = "asked"
    THROUGH = "through"
    CALLED_UPON = "called_upon"
    WORK_WITH = "work_with"
    COLLABORATE = "collaborate"
    REPORT_TO = "report_to"
    OTHER = "other"


class Part(StrEnum):
    """Preambular paragraphs give reasons, operative ones instruct."""

    PREAMBULAR = "preambular"
    OPERATIVE = "operative"


class Status(StrEnum):
    """How far a text came, where it says so."""

    DRAFT = "draft"
    ADOPTED = "adopted"


@dataclass(frozen=True)
class Finding:
    """Something found between two offsets of a paragraph's text."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Instrument(Finding):
    """A resolution, document or treaty that is cited.

    `symbol` as it is rightly written (`AG/RES. 2026 (XXXIV-O/04)`); `key` of a known treaty
    (`palermo-convention`); `alias` where the text uses a short name of it.
    """

    symbol: str | None = None
    title: str | None = None
    key: str | None = None
    alias: bool = False


@dataclass(frozen=True)
class Body(Finding):
    """A body, organization, state or class of them; `key` is None for one nobody knows.

    `parent` is the key of the body under which the text puts it ("and its Office of ...");
    `qualifier` the words that soften ("as appropriate"); `open_class` where members are not named.
    """

    name: str = ""
    key: str | None = None
    role: Role = Role.OTHER
    qualifier: str | None = None
    parent: str | None = None
    open_class: bool = False

    @property
    def unknown(self) -> bool:
        """Well-formed, but in no directory."""
        return self.key is None


@dataclass(frozen=True)
class Deadline(Finding):
    """Until when, as a phrase; `date` only where a day is printed."""

    date: dt.date | None = None


@dataclass(frozen=True)
class PastDate(Finding):
    """When something took place; one day is first and last."""

    first: dt.date
    last: dt.date


@dataclass(frozen=True)
class Purpose(Finding):
    """What something is for, by vocabulary; cross-cutting ones belong to every purpose."""

    key: str = ""
    cross_cutting: bool = False


Kind = TypeVar("Kind", bound=Finding)


@dataclass(frozen=True)
class SubParagraph:
    """`(a)` with what belongs to it; `text` is the paragraph's between the two offsets."""

    number: str
    opening: str
    start: int
    end: int
    text: str
    parts: tuple["SubParagraph", ...] = ()


@dataclass(frozen=True)
class Paragraph:
    """One paragraph. `n` counts within its kind from 1; `number` is what is printed, or None.

    `text` is one line for the paragraph and one for each sub-paragraph, its number at the head;
    the paragraph's own number is not part of it.
    """

    kind: Part
    n: int
    number: str | None
    opening: str
    text: str
    findings: tuple[Finding, ...] = ()
    parts: tuple[SubParagraph, ...] = ()

    def of(self, kind: type[Kind]) -> list[Kind]:
        """Its findings of one kind, in the order of the text."""
        return [each for each in self.findings if isinstance(each, kind)]

    def in_role(self, role: Role) -> list[Body]:
        """Its bodies in one role."""
        return [each for each in self.of(Body) if each.role is role]

    @property
    def addressee(self) -> Body | None:
        """Who is asked, or called upon; the first of several."""
        for role in (Role.ASKED, Role.CALLED_UPON):
            for body in self.in_role(role):
                return body
        return None

    @property
    def through(self) -> Body | None:
        """Through whom it is to be done."""
        return next(iter(self.in_role(Role.THROUGH)), None)


@dataclass(frozen=True)
class Reading:
    """A whole resolution. `organ` is the name of who decides, `organ_key` its key if known."""

    language: Language
    symbol: str | None = None
    title: str | None = None
    organ: str | None = None
    organ_key: str | None = None
    status: Status | None = None
    date: dt.date | None = None
    preamble: tuple[Paragraph, ...] = ()
    operative: tuple[Paragraph, ...] = ()
    noted: tuple[Instrument, ...] = ()  # cited in footnotes, at their places there
    warnings: tuple[Message, ...] = ()

    @property
    def paragraphs(self) -> Iterator[Paragraph]:
        """Preambular, then operative."""
        yield from self.preamble
        yield from self.operative

    @property
    def instruments(self) -> list[Instrument]:
        """Each instrument once, in the order in which they are first cited."""
        found: dict[str, Instrument] = {}
        cited = [each for paragraph in self.paragraphs for each in paragraph.of(Instrument)]
        for each in (*cited, *self.noted):
            found.setdefault(each.key or each.symbol or each.text, each)
        return list(found.values())


class NotAResolution(Exception):
    """What was given is something else; `sentence` says what is missing."""

    def __init__(self, sentence: Message) -> None:
        super().__init__(sentence.text)
        self.sentence = sentence


def as_json(reading: Reading) -> dict[str, Any]:
    """The contract of `convoca read --json`, described in docs/reader.md."""
    return {
        "symbol": reading.symbol,
        "title": reading.title,
        "organ": reading.organ,
        "status": reading.status,
        "date": _iso(reading.date),
        "language": reading.language,
        "preamble": [
            {"n": each.n, "opening": each.opening, "text": each.text, **_findings(each)}
            for each in reading.preamble
        ],
        "operative": [_operative(each) for each in reading.operative],
        "instruments": [_instrument(each) for each in reading.instruments],
        "warnings": [each.in_language("en") for each in reading.warnings],
    }


def _operative(paragraph: Paragraph) -> dict[str, Any]:
    addressee, through = paragraph.addressee, paragraph.through
    return {
        "number": paragraph.number or str(paragraph.n),
        "opening": paragraph.opening,
        "text": paragraph.text,
        "addressee": addressee.name if addressee else None,
        "through": through.name if through else None,
        **_findings(paragraph),
        "paragraphs": [_part(each) for each in paragraph.parts],
    }


def _part(part: SubParagraph) -> dict[str, Any]:
    return {
        "number": part.number,
        "opening": part.opening,
        "text": part.text,
        "paragraphs": [_part(each) for each in part.parts],
    }


def _findings(paragraph: Paragraph) -> dict[str, Any]:
    return {
        "instruments": [_instrument(each) for each in paragraph.of(Instrument)],
        "bodies": [
            {"name": each.name, "key": each.key, "role": each.role, "qualifier": each.qualifier}
            for each in paragraph.of(Body)
        ],
        "deadlines": [
            {"text": each.text, "date": _iso(each.date)} for each in paragraph.of(Deadline)
        ],
        "dates": [
            {"text": each.text, "date": _iso(each.first), "until": _iso(each.last)}
            for each in paragraph.of(PastDate)
        ],
        "purposes": [
            {"key": each.key, "text": each.text, "cross_cutting": each.cross_cutting}
            for each in paragraph.of(Purpose)
        ],
    }


def _instrument(found: Instrument) -> dict[str, Any]:
    return {
        "text": found.text,
        "symbol": found.symbol,
        "title": found.title,
        "key": found.key,
        "alias": found.alias,
    }


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None
