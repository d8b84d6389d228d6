"""Entering a resolution's text as a record."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from app.core.languages import Localized
from app.directory.models import Entity
from app.resolutions.models import (
    Addressee,
    AddresseeRole,
    Paragraph,
    ParagraphKind,
    Resolution,
)


@dataclass(frozen=True)
class ParagraphGiven:
    """A paragraph as it is entered, with the entities it addresses in the text's order."""

    kind: ParagraphKind
    number: int
    text: Localized
    addressees: Sequence[tuple[Entity, AddresseeRole]] = field(default=())


def add_resolution(
    db: Session, resolution: Resolution, paragraphs: Sequence[ParagraphGiven]
) -> Resolution:
    """Store the resolution and its paragraphs in their order."""
    resolution.paragraphs = [
        Paragraph(
            position=position,
            kind=given.kind,
            number=given.number,
            text=given.text,
            addressees=[
                Addressee(entity=entity, role=role, position=place)
                for place, (entity, role) in enumerate(given.addressees)
            ],
        )
        for position, given in enumerate(paragraphs)
    ]
    db.add(resolution)
    return resolution
