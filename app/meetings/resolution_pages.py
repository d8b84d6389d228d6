"""The resolution of a meeting at the desk, with what was found in it marked in the text."""

from dataclasses import dataclass

from fastapi import APIRouter, Response

from app.core.database import SessionDep
from app.core.languages import Language, LocalText
from app.meetings.pages import SeeDesk
from app.resolutions.models import Finding, FindingState, Paragraph, Resolution
from app.resolutions.queries import resolution_by_id
from app.resolutions.rules import ROLE_WORDS, Piece, pieces, word_of

router = APIRouter(include_in_schema=False)


@router.get("/{lang}/desk/{slug}/resolution", name="desk_resolution")
def resolution(db: SessionDep, desk: SeeDesk) -> Response:
    """What the resolution asks: mandates, purposes, whom it calls upon, by when."""
    found = desk.meeting.resolution_id
    source = resolution_by_id(db, found) if found else None
    return desk.page(
        "meetings/resolution.html",
        "resolution",
        resolution=source,
        shown=_shown(source, desk.lang) if source else [],
        role_words={role: words.in_language(desk.lang) for role, words in ROLE_WORDS.items()},
        words_of=lambda finding: word_of(finding.kind, finding.said).in_language(desk.lang),
    )


@dataclass(frozen=True)
class ShownParagraph:
    """A paragraph in the reader's language, cut where something was found in it."""

    paragraph: Paragraph
    text: LocalText
    pieces: list[Piece[Finding]]


def _shown(source: Resolution, lang: Language) -> list[ShownParagraph]:
    """Offsets count in the original language only."""
    shown: list[ShownParagraph] = []
    for each in source.paragraphs:
        text = each.text.shown_in(lang)
        original = text.lang == source.original_language
        spans = [
            (one.starts, one.ends, one)
            for one in each.findings
            if original and one.state is not FindingState.REJECTED
        ]
        shown.append(ShownParagraph(each, text, pieces(text.text, spans)))
    return shown
