"""The agenda as JSON."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from pydantic import Field

from app.agendas.commands import ItemGiven, add_item, change_item, move_item, remove_item
from app.agendas.forms import MOST_MINUTES
from app.agendas.models import Item
from app.agendas.queries import item_of, items_of
from app.core.access import Permission
from app.core.api import (
    Body,
    Flatten,
    IfMatch,
    LocalizedInput,
    listed,
    said,
    tagged,
    telling_present,
)
from app.core.database import SessionDep
from app.core.errors import check_version, invalid
from app.core.languages import Language, Localized, Message
from app.meetings.api import ApiDesk, api_desk_for
from app.meetings.models import Meeting

router = APIRouter(prefix="/api/v1/meetings/{slug}/items", tags=["agendas"])

EditAgenda = Annotated[ApiDesk, Depends(api_desk_for(Permission.EDIT_AGENDA))]


class ItemBody(Body):
    """An item; `mandates` and `purposes` are keys of the meeting's."""

    title: LocalizedInput
    minutes: int | None = Field(default=None, ge=1, le=MOST_MINUTES)
    mandates: list[str] = Field(default_factory=list)
    purposes: list[str] = Field(default_factory=list)


class MoveBody(Body):
    """How many places down; up is negative."""

    steps: int = Field(ge=-1000, le=1000)


def _given(body: ItemBody, meeting: Meeting) -> ItemGiven:
    title = Localized(body.title)
    if not title:
        raise invalid("title", Message("Enter the item's title in at least one language."))
    for field, asked, known in (
        ("mandates", body.mandates, {each.key for each in meeting.mandates}),
        ("purposes", body.purposes, {each.key for each in meeting.purposes}),
    ):
        if not known.issuperset(asked):
            raise invalid(field, Message("Choose from the list."))
    return ItemGiven(
        title=title,
        minutes=body.minutes,
        mandates=[each for each in meeting.mandates if each.key in body.mandates],
        purposes=[each for each in meeting.purposes if each.key in body.purposes],
    )


def _answer(item: Item, lang: Language | None = None) -> dict[str, Any]:
    return {
        "id": str(item.id),
        "version": item.version,
        "number": item.number,
        "title": said(item.title, lang),
        "minutes": item.minutes,
        "mandates": [mandate.key for mandate in item.mandates],
        "purposes": [purpose.key for purpose in item.purposes],
    }


@router.get("", name="api_items")
def items(db: SessionDep, desk: EditAgenda, lang: Flatten = None) -> dict[str, Any]:
    """The agenda in work, in its order."""
    return listed([_answer(item, lang) for item in items_of(db, desk.meeting.id)])


@router.post("", name="api_add_item", status_code=201)
def add(db: SessionDep, desk: EditAgenda, response: Response, body: ItemBody) -> dict[str, Any]:
    """A further item, last on the agenda."""
    item = add_item(desk.work, _given(body, desk.meeting))
    db.flush()  # the answer says its id and version
    tagged(response, item.version)
    response.headers["Location"] = desk.path(f"/items/{item.id}")
    return _answer(item)


@router.get("/{item_id}", name="api_item")
def read(
    db: SessionDep, desk: EditAgenda, response: Response, item_id: UUID, lang: Flatten = None
) -> dict[str, Any]:
    """One item."""
    item = item_of(db, desk.meeting.id, item_id)
    tagged(response, item.version)
    return _answer(item, lang)


@router.put("/{item_id}", name="api_change_item")
def change(
    db: SessionDep,
    desk: EditAgenda,
    response: Response,
    item_id: UUID,
    version: IfMatch,
    body: ItemBody,
) -> dict[str, Any]:
    """Replace an item's content."""
    item = item_of(db, desk.meeting.id, item_id)
    with telling_present(lambda: _answer(item)):
        change_item(desk.work, item, _given(body, desk.meeting), version=version)
    db.flush()  # the answer says the new version
    tagged(response, item.version)
    return _answer(item)


@router.post("/{item_id}/moves", name="api_move_item", status_code=201)
def move(
    db: SessionDep,
    desk: EditAgenda,
    response: Response,
    item_id: UUID,
    version: IfMatch,
    body: MoveBody,
) -> dict[str, Any]:
    """Move an item up or down."""
    item = item_of(db, desk.meeting.id, item_id)
    with telling_present(lambda: _answer(item)):
        check_version(item.version, version)
    move_item(desk.work, item, body.steps)
    db.flush()  # the answer says the new version
    tagged(response, item.version)
    return _answer(item)


@router.delete("/{item_id}", name="api_remove_item", status_code=204)
def remove(db: SessionDep, desk: EditAgenda, item_id: UUID, version: IfMatch) -> None:
    """Take an item off the agenda in work."""
    item = item_of(db, desk.meeting.id, item_id)
    with telling_present(lambda: _answer(item)):
        remove_item(desk.work, item, version=version)
