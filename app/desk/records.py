"""A confirmed reading as a record: the resolution, its findings, and the entities that it names."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.languages import Language, Localized
from app.desk.points import Point
from app.directory.commands import NameGiven, add_entity, add_known_entity
from app.directory.known import known_entities
from app.directory.models import Entity, EntityKind
from app.directory.queries import entities
from app.resolutions.commands import (
    AddresseeGiven,
    FindingGiven,
    ParagraphGiven,
    add_resolution,
)
from app.resolutions.models import Resolution
from app.resolutions.queries import resolution_keys, same_text
from app.resolutions.reading.record import Paragraph, Reading, Role, Status, SubParagraph
from app.resolutions.rules import fresh_key


@dataclass(frozen=True, kw_only=True)
class ResolutionGiven:
    """A resolution's own facts as they are confirmed; `key` empty: made of the symbol."""

    symbol: str
    title: Localized
    status: Status | None
    adopted_on: date | None = None
    approved_on: date | None = None
    approved_by: Localized | None = None
    key: str = ""


@dataclass(frozen=True, kw_only=True)
class Confirmed:
    """A reading, as a person has confirmed it: point by point, with the resolution's facts."""

    reading: Reading
    text: str
    points: Sequence[Point]
    resolution: ResolutionGiven
    source_id: UUID | None = None


class Directory:
    """The directory as a text needs it: what it lacks is added when it is first asked for."""

    def __init__(self, db: Session, lang: Language) -> None:
        self.db = db
        self.lang = lang
        self.here = {each.key: each for each in entities(db)}

    @cached_property
    def shipped(self) -> dict[str, dict[str, Any]]:
        """What everybody knows, by key."""
        return {row["key"]: row for row in known_entities()}

    @property
    def keys(self) -> set[str]:
        """Of entities that need no new entry."""
        return {*self.here, *self.shipped}

    def entity(self, name: str) -> Entity:
        """The entity of this key; a known one is entered, another name makes a new body."""
        if name not in self.here and name in self.shipped:
            row = self.shipped[name]
            parent = self.entity(row["parent"]) if row.get("parent") else None
            self.here[name] = add_known_entity(self.db, row, parent)
        if name not in self.here:
            self.here[name] = self._new(name)
        return self.here[name]

    def _new(self, name: str) -> Entity:
        taken = {each.key for each in self.here.values()} | self.keys
        return add_entity(
            self.db,
            key=fresh_key(name, taken),
            kind=EntityKind.BODY,
            names=[NameGiven(Localized({self.lang: name}))],
        )


def record_resolution(db: Session, confirmed: Confirmed, directory: Directory) -> Resolution:
    """The resolution on record; one that is there with these very paragraphs is taken as it is.

    What was confirmed first stays: several meetings may rest on one text.
    """
    given, reading = confirmed.resolution, confirmed.reading
    texts = [Localized({reading.language: each.text}) for each in reading.paragraphs]
    found = same_text(db, given.symbol, texts)
    if found is not None:
        return found
    resolution = Resolution(
        key=fresh_key(given.key or given.symbol or "resolution", resolution_keys(db)),
        symbol=given.symbol,
        title=given.title,
        status=given.status,
        organ=directory.entity(reading.organ_key) if reading.organ_key else None,
        approved_by=given.approved_by,
        approved_on=given.approved_on,
        adopted_on=given.adopted_on,
        original_language=reading.language,
        text=confirmed.text,
        source_id=confirmed.source_id,
    )
    paragraphs = [
        _paragraph(each, text, confirmed.points, directory)
        for each, text in zip(reading.paragraphs, texts, strict=True)
    ]
    add_resolution(db, resolution, paragraphs)
    db.flush()  # the meeting names it and its paragraphs by key
    return resolution


def _paragraph(
    read: Paragraph, text: Localized, points: Sequence[Point], directory: Directory
) -> ParagraphGiven:
    here = [each for each in points if (each.part, each.n) == (read.kind, read.n)]
    return ParagraphGiven(
        kind=read.kind,
        number=read.n,
        text=text,
        addressees=[
            AddresseeGiven(
                directory.entity(each.said.name), Role(each.said.role), each.said.qualifier or None
            )
            for each in here
            if each.kept and each.said.role
        ],
        findings=[_finding(each) for each in here],
        printed=read.number,
        opening=read.opening,
        parts=[_part(each) for each in read.parts],
    )


def _finding(point: Point) -> FindingGiven:
    return FindingGiven(
        kind=point.kind,
        state=point.state,
        starts=point.starts,
        ends=point.ends,
        said=point.said.as_json(),
        read=point.found.as_json() if point.found else None,
    )


def _part(part: SubParagraph) -> dict[str, Any]:
    return {
        "number": part.number,
        "opening": part.opening,
        "starts": part.start,
        "ends": part.end,
        "parts": [_part(each) for each in part.parts],
    }
