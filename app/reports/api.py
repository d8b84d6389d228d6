"""Commitments as JSON: what each operative paragraph asks, and how far it is."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from pydantic import Field

from app.core.access import Permission
from app.core.api import (
    Body,
    Flatten,
    IfMatch,
    LocalizedNote,
    listed,
    said,
    tagged,
    telling_present,
)
from app.core.database import SessionDep
from app.core.languages import Language, Localized
from app.meetings.api import ApiDesk, api_desk_for
from app.meetings.rules import local_day
from app.reports.commands import say_fulfilled
from app.reports.queries import commitment_of, commitments_of
from app.reports.rules import Commitment, Due
from app.resolutions.models import Paragraph

router = APIRouter(prefix="/api/v1/meetings/{slug}/commitments", tags=["commitments"])

SeeDesk = Annotated[ApiDesk, Depends(api_desk_for(Permission.SEE_DESK))]
EditCommitments = Annotated[ApiDesk, Depends(api_desk_for(Permission.EDIT_COMMITMENTS))]


class FulfilmentBody(Body):
    """How far a paragraph is, in the words of whoever says it."""

    done: bool
    remark: LocalizedNote = Field(default_factory=dict)


def _due(due: Due, lang: Language | None) -> dict[str, Any]:
    return {
        "id": str(due.id),
        "due_on": due.day.isoformat() if due.day else None,
        "what": said(due.what, lang),
        "report": due.is_report,
        "squeezed": due.squeezed,
        "steps": [
            {"day": each.day.isoformat(), "what": said(each.what.everywhere(), lang)}
            for each in due.steps
        ],
    }


def _answer(row: Commitment, lang: Language | None = None) -> dict[str, Any]:
    return {
        "id": str(row.paragraph_id),
        "paragraph": {"kind": "operative", "number": row.number, "printed": row.label},
        "asks": said(row.asks, lang),
        "whom": [
            {"entity": each.key, "name": said(each.name, lang), "role": each.role}
            for each in row.whom
        ],
        "due": [_due(each, lang) for each in row.dues],
        "answers": [
            {"kind": each.kind, "id": str(each.id), "name": said(each.name, lang)}
            for each in row.answers
        ],
        "state": row.state,
        "by_hand": row.by_hand,
        "remark": said(row.remark, lang),
        "version": row.version,
    }


@router.get("", name="api_commitments")
def show(db: SessionDep, desk: SeeDesk, lang: Flatten = None) -> dict[str, Any]:
    """A row for each operative paragraph of the meeting's resolution."""
    today = local_day(desk.now, desk.meeting.zone)
    rows = commitments_of(db, desk.meeting, today=today)
    return listed([_answer(each, lang) for each in rows])


@router.get("/{paragraph_id}", name="api_commitment")
def read(
    db: SessionDep,
    desk: SeeDesk,
    response: Response,
    paragraph_id: UUID,
    lang: Flatten = None,
) -> dict[str, Any]:
    """One of them."""
    row = _row(db, desk, paragraph_id)
    tagged(response, row.version)
    return _answer(row, lang)


@router.put("/{paragraph_id}/fulfilment", name="api_say_fulfilled")
def say(
    db: SessionDep,
    desk: EditCommitments,
    response: Response,
    paragraph_id: UUID,
    version: IfMatch,
    body: FulfilmentBody,
) -> dict[str, Any]:
    """It is done, or open after all; `"v0"` while nobody has said anything."""
    _row(db, desk, paragraph_id)
    paragraph, remark = db.get_one(Paragraph, paragraph_id), Localized(body.remark)
    with telling_present(lambda: _answer(_row(db, desk, paragraph_id))):
        say_fulfilled(desk.work, paragraph, done=body.done, remark=remark, version=version)
    db.flush()
    row = _row(db, desk, paragraph_id)
    tagged(response, row.version)
    return _answer(row)


def _row(db: SessionDep, desk: ApiDesk, paragraph_id: UUID) -> Commitment:
    today = local_day(desk.now, desk.meeting.zone)
    return commitment_of(db, desk.meeting, paragraph_id, today=today)
