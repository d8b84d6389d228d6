"""Clearances, liaison and the host as JSON."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from pydantic import Field

from app.core.access import Permission
from app.core.api import (
    Body,
    Day,
    Flatten,
    IfMatch,
    Key,
    Line,
    LocalizedNote,
    Note,
    listed,
    said,
    tagged,
    telling_present,
)
from app.core.database import SessionDep
from app.core.languages import Language
from app.groups.clearances import AnswerGiven, ClearanceGiven, answer_clearance, ask_clearance
from app.groups.liaison import HostGiven, LiaisonGiven, add_liaison, change_liaison, set_host
from app.groups.models import Clearance, ClearanceState, Host, Liaison
from app.groups.queries import (
    clearance_of,
    clearances_of,
    host_of,
    liaison_of,
    liaisons_of,
    nothing_there,
)
from app.groups.record_api import entity_named, paragraph_id, text_given
from app.meetings.api import ApiDesk, api_desk_for

router = APIRouter(prefix="/api/v1/meetings/{slug}/group", tags=["group"])

EditGroup = Annotated[ApiDesk, Depends(api_desk_for(Permission.EDIT_GROUP))]


class ClearanceBody(Body):
    """What the chair shall clear."""

    title: Line
    text: Note = ""
    matter: Annotated[str, Field(pattern="^(agenda|letters|other)$")] = "other"


class AnswerBody(Body):
    """What the chair said; `said_by` and `came_by` where it is recorded for the chair."""

    state: Annotated[str, Field(pattern="^(cleared|returned)$")]
    word: Line = ""
    said_by: Line = ""
    came_by: Line = ""


class DatedBody(Body):
    """Something on a day."""

    on: Day
    what: Line


class PaperBody(Body):
    """A document that was sent or received."""

    on: Day
    way: Annotated[str, Field(pattern="^(sent|received)$")]
    symbol: Line


class LiaisonBody(Body):
    """A committee; `paragraph` is an operative paragraph's number."""

    entity: Key
    considers: LocalizedNote
    contact: Line = ""
    paragraph: Annotated[int, Field(ge=1, le=1000)] | None = None
    dates: list[DatedBody] = Field(default_factory=list, max_length=200)
    papers: list[PaperBody] = Field(default_factory=list, max_length=200)


class HostBody(Body):
    """The country that receives the conference."""

    entity: Key
    offer: Line = ""
    agreement: Line = ""
    signed_on: Day | None = None
    focal_points: Note = ""
    requests: list[DatedBody] = Field(default_factory=list, max_length=200)


def _clearance(row: Clearance) -> dict[str, Any]:
    plain = ("matter", "title", "text", "path", "asked_by", "state", "word", "said_by", "came_by")
    return {
        "id": str(row.id),
        "version": row.version,
        **{name: getattr(row, name) for name in plain},
        "asked_at": row.asked_at.isoformat(),
        "said_at": row.said_at.isoformat() if row.said_at else None,
    }


@router.get("/clearances", name="api_clearances")
def clearances(db: SessionDep, desk: EditGroup) -> dict[str, Any]:
    """Everything the chair was asked, the latest first."""
    return listed([_clearance(each) for each in clearances_of(db, desk.meeting.id)])


@router.post("/clearances", name="api_ask_clearance", status_code=201)
def ask(desk: EditGroup, response: Response, body: ClearanceBody) -> dict[str, Any]:
    """Lay something before the chair."""
    row = ask_clearance(desk.work, ClearanceGiven(body.matter, body.title, body.text))
    tagged(response, row.version)
    return _clearance(row)


@router.put("/clearances/{clearance_id}/answer", name="api_answer_clearance")
def answer(
    db: SessionDep,
    desk: EditGroup,
    response: Response,
    clearance_id: UUID,
    version: IfMatch,
    body: AnswerBody,
) -> dict[str, Any]:
    """What the chair said."""
    row = clearance_of(db, desk.meeting.id, clearance_id)
    state = ClearanceState(body.state)
    given = AnswerGiven(state, body.word, body.said_by, body.came_by)
    with telling_present(lambda: _clearance(row)):
        answer_clearance(desk.work, row, given, version=version)
    db.flush()  # the answer says the new version
    tagged(response, row.version)
    return _clearance(row)


def _liaison(row: Liaison, lang: Language | None = None) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "version": row.version,
        "entity": row.entity.key,
        "considers": said(row.considers, lang),
        "contact": row.contact,
        "dates": row.dates,
        "papers": row.papers,
    }


def _given(db: SessionDep, desk: ApiDesk, body: LiaisonBody) -> LiaisonGiven:
    return LiaisonGiven(
        entity=entity_named(db, body.entity),
        considers=text_given(body.considers, "considers"),
        contact=body.contact,
        paragraph_id=paragraph_id(db, desk, body.paragraph),
        dates=tuple(each.model_dump(mode="json") for each in body.dates),
        papers=tuple(each.model_dump(mode="json") for each in body.papers),
    )


@router.get("/liaisons", name="api_liaisons")
def liaisons(db: SessionDep, desk: EditGroup, lang: Flatten = None) -> dict[str, Any]:
    """Committees that consider a part of the subject."""
    return listed([_liaison(each, lang) for each in liaisons_of(db, desk.meeting.id)])


@router.post("/liaisons", name="api_add_liaison", status_code=201)
def add(db: SessionDep, desk: EditGroup, response: Response, body: LiaisonBody) -> dict[str, Any]:
    """A further committee."""
    row = add_liaison(desk.work, _given(db, desk, body))
    tagged(response, row.version)
    return _liaison(row)


@router.put("/liaisons/{liaison_id}", name="api_change_liaison")
def change(
    db: SessionDep,
    desk: EditGroup,
    response: Response,
    liaison_id: UUID,
    version: IfMatch,
    body: LiaisonBody,
) -> dict[str, Any]:
    """What it considers, its dates, its papers."""
    row = liaison_of(db, desk.meeting.id, liaison_id)
    given = _given(db, desk, body)
    with telling_present(lambda: _liaison(row)):
        change_liaison(desk.work, row, given, version=version)
    db.flush()  # the answer says the new version
    tagged(response, row.version)
    return _liaison(row)


def _host(row: Host) -> dict[str, Any]:
    plain = ("offer", "agreement", "focal_points", "requests", "version")
    return {
        "entity": row.entity.key,
        **{name: getattr(row, name) for name in plain},
        "signed_on": row.signed_on.isoformat() if row.signed_on else None,
    }


@router.get("/host", name="api_host")
def host(db: SessionDep, desk: EditGroup, response: Response) -> dict[str, Any]:
    """The country that receives the conference."""
    row = host_of(db, desk.meeting.id)
    if row is None:
        raise nothing_there()
    tagged(response, row.version)
    return _host(row)


@router.put("/host", name="api_set_host")
def save_host(
    db: SessionDep, desk: EditGroup, response: Response, version: IfMatch, body: HostBody
) -> dict[str, Any]:
    """Who receives the conference; the first time with the version v0."""
    given = HostGiven(
        entity=entity_named(db, body.entity),
        offer=body.offer,
        agreement=body.agreement,
        signed_on=body.signed_on,
        focal_points=body.focal_points,
        requests=tuple(each.model_dump(mode="json") for each in body.requests),
    )
    present = host_of(db, desk.meeting.id)
    with telling_present(lambda: _host(present) if present else {}):
        row = set_host(desk.work, given, version=version)
    db.flush()  # the answer says the new version
    tagged(response, row.version)
    return _host(row)
