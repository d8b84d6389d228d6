"""Resolutions and their paragraphs as JSON."""

from typing import Any

from fastapi import APIRouter

from app.core.api import Flatten, listed, said
from app.core.database import SessionDep
from app.core.languages import Language
from app.resolutions.models import Finding, Paragraph, Resolution
from app.resolutions.queries import resolution_by_key, resolutions

router = APIRouter(prefix="/api/v1/resolutions", tags=["resolutions"])


def _summary(resolution: Resolution, lang: Language | None) -> dict[str, Any]:
    return {
        "key": resolution.key,
        "symbol": resolution.symbol,
        "title": said(resolution.title, lang),
        "status": resolution.status,
        "approved_by": said(resolution.approved_by, lang),
        "approved_on": resolution.approved_on.isoformat() if resolution.approved_on else None,
        "adopted_on": resolution.adopted_on.isoformat() if resolution.adopted_on else None,
        "original_language": resolution.original_language,
    }


def _paragraph(paragraph: Paragraph, lang: Language | None) -> dict[str, Any]:
    return {
        "kind": paragraph.kind,
        "number": paragraph.number,
        "printed": paragraph.printed,
        "opening": paragraph.opening,
        "text": said(paragraph.text, lang),
        "parts": paragraph.parts,
        "addressees": [
            {"entity": each.entity.key, "role": each.role, "qualifier": each.qualifier}
            for each in paragraph.addressees
        ],
        "findings": [_finding(each) for each in paragraph.findings],
    }


def _finding(found: Finding) -> dict[str, Any]:
    """Offsets count characters of the text in the original language."""
    return {
        "kind": found.kind,
        "state": found.state,
        "start": found.starts,
        "end": found.ends,
        "said": found.said,
        "read": found.read,
    }


@router.get("", name="api_resolutions")
def all_resolutions(db: SessionDep, lang: Flatten = None) -> dict[str, Any]:
    """Every resolution, by symbol."""
    return listed([_summary(resolution, lang) for resolution in resolutions(db)])


@router.get("/{key}", name="api_resolution")
def one_resolution(db: SessionDep, key: str, lang: Flatten = None) -> dict[str, Any]:
    """A resolution with its paragraphs and whom they address."""
    found = resolution_by_key(db, key)
    paragraphs = [_paragraph(each, lang) for each in found.paragraphs]
    return {**_summary(found, lang), "paragraphs": paragraphs}
