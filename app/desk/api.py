"""The journal of a meeting as JSON, and the way back."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query

from app.core.access import Permission, require
from app.core.api import Flatten, listed
from app.core.changes import revert
from app.core.database import SessionDep
from app.core.journal import Change, areas, change_numbered, changes_after, latest_change
from app.core.languages import LANGUAGES, Language, Message
from app.meetings.api import ApiDesk, api_desk_for

router = APIRouter(prefix="/api/v1/meetings/{slug}/changes", tags=["history"])

SeeDesk = Annotated[ApiDesk, Depends(api_desk_for(Permission.SEE_DESK))]
Audit = Annotated[ApiDesk, Depends(api_desk_for(Permission.AUDIT))]
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
After = Annotated[int, Query(ge=0, le=2**31 - 1)]
A_PAGE = 100


def _said(message: Message, lang: Language | None) -> dict[str, str] | str:
    if lang is not None:
        return message.in_language(lang)
    return {each: message.in_language(each) for each in LANGUAGES}


def _answer(change: Change, lang: Language | None) -> dict[str, Any]:
    return {
        "number": change.number,
        "at": change.at.isoformat(),
        "actor": {
            "id": str(change.actor_id) if change.actor_id else None,
            "name": change.actor_name,
        },
        "what": _said(change.sentence, lang),
        "area": change.area,
        "verb": change.verb,
        "nature": change.nature,
        "reverts": change.reverts,
        "subject": {"kind": change.kind, "id": str(change.subject_id), "version": change.version},
        "before": change.before,
        "after": change.after,
        "previous_hash": change.previous_hash,
        "hash": change.hash,
    }


@router.get("", name="api_changes")
def changes(db: SessionDep, desk: Audit, after: After = 0, lang: Flatten = None) -> dict[str, Any]:
    """The steps after a number, the earliest first, with their hashes."""
    found = changes_after(db, desk.meeting.id, after, limit=A_PAGE + 1)
    shown = found[:A_PAGE]
    more = str(shown[-1].number) if len(found) > A_PAGE else None
    return listed([_answer(each, lang) for each in shown], more)


@router.post("/{number}/reversal", name="api_revert_change", status_code=201)
def reversal(db: SessionDep, desk: SeeDesk, number: Number, lang: Flatten = None) -> dict[str, Any]:
    """Undo a step, or do an undone one again; 409 where somebody went on from it."""
    change = change_numbered(db, desk.meeting.id, number)
    require(desk.viewer, areas()[change.area].permission, desk.meeting.id)
    revert(desk.work, number)
    done = latest_change(db, desk.meeting.id)
    return _answer(done or change, lang)
