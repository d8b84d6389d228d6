"""Entering a resolution's text as a record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from app.core.languages import Localized
from app.directory.models import Entity
from app.resolutions.models import (
    Addressee,
    Finding,
    FindingKind,
    FindingState,
    Paragraph,
    Resolution,
)
from app.resolutions.reading.record import Part, Role


@dataclass(frozen=True)
class AddresseeGiven:
    """An entity that a paragraph names; `qualifier` softens it ("as appropriate")."""

    entity: Entity
    role: Role
    qualifier: str | None = None


@dataclass(frozen=True, kw_only=True)
class FindingGiven:
    """Something that a paragraph says, as the reader found it and as a person decided."""

    kind: FindingKind
    state: FindingState
    starts: int | None
    ends: int | None
    said: Mapping[str, Any]
    read: Mapping[str, Any] | None


@dataclass(frozen=True)
class ParagraphGiven:
    """A paragraph as it is entered, with the entities it addresses in the text's order."""

    kind: Part
    number: int
    text: Localized
    addressees: Sequence[AddresseeGiven] = field(default=())
    findings: Sequence[FindingGiven] = field(default=())
    printed: str | None = None
    opening: str = ""
    parts: Sequence[Mapping[str, Any]] = field(default=())


def add_resolution(
    db: Session, resolution: Resolution, paragraphs: Sequence[ParagraphGiven]
) -> Resolution:
    """Store the resolution and its paragraphs in their order."""
    resolution.paragraphs = [
        Paragraph(
            position=position,
            kind=given.kind,
            number=given.number,
            printed=given.printed,
            opening=given.opening,
            text=given.text,
            parts=[dict(part) for part in given.parts],
            addressees=_addressees(given),
            findings=_findings(given),
        )
        for position, given in enumerate(paragraphs)
    ]
    db.add(resolution)
    return resolution


def _addressees(given: ParagraphGiven) -> list[Addressee]:
    """Each entity once in each role, as the text names it first."""
    once = {(each.entity.key, each.role): each for each in reversed(given.addressees)}
    return [
        Addressee(entity=each.entity, role=each.role, qualifier=each.qualifier, position=place)
        for place, each in enumerate(
            each for each in given.addressees if once[each.entity.key, each.role] is each
        )
    ]


def _findings(given: ParagraphGiven) -> list[Finding]:
    return [
        Finding(
            position=place,
            kind=each.kind,
            state=each.state,
            starts=each.starts,
            ends=each.ends,
            said=dict(each.said),
            read=None if each.read is None else dict(each.read),
        )
        for place, each in enumerate(given.findings)
    ]
