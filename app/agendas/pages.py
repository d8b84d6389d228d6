"""The agenda at the desk: items in order, one open for editing at a time."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from app.agendas.commands import add_item, change_item, move_item, remove_item
from app.agendas.forms import blank, item_form, stored, typed
from app.agendas.queries import item_of, items_of
from app.agendas.rules import open_points
from app.core.access import Permission
from app.core.database import SessionDep, refuse
from app.core.errors import Stale, UserError
from app.core.forms import Reader
from app.core.languages import Message
from app.core.pages import FormDep, shown_errors
from app.meetings.pages import Desk, desk_for

router = APIRouter(include_in_schema=False)

EditAgenda = Annotated[Desk, Depends(desk_for(Permission.EDIT_AGENDA))]
PAGE = "agendas/desk.html"


def _agenda(
    db: SessionDep,
    desk: Desk,
    *,
    opened: str = "",
    values: Mapping[str, Any] | None = None,
    problem: UserError | None = None,
) -> Response:
    """The agenda with one item open: its key, "new", or none."""
    meeting = desk.meeting
    items = items_of(db, meeting.id)
    return desk.page(
        PAGE,
        "agenda",
        status=problem.status if problem else 200,
        items=items,
        points=open_points(items, meeting.mandates, meeting.purposes),
        opened=opened,
        values=values or {},
        errors=shown_errors(desk.request, problem),
        present=_present(db, desk, opened) if isinstance(problem, Stale) else None,
    )


def _present(db: SessionDep, desk: Desk, opened: str) -> Mapping[str, Any]:
    """What is stored now, beside what was typed."""
    return stored(item_of(db, desk.meeting.id, UUID(opened)))


@router.get("/{lang}/desk/{slug}/agenda", name="desk_agenda")
def agenda(db: SessionDep, desk: EditAgenda) -> Response:
    """Every item."""
    return _agenda(db, desk)


@router.get("/{lang}/desk/{slug}/agenda/items/new", name="new_item")
def new_item(db: SessionDep, desk: EditAgenda) -> Response:
    """An empty item, open."""
    return _agenda(db, desk, opened="new", values=blank(desk.meeting))


@router.post("/{lang}/desk/{slug}/agenda/items", name="add_item")
def add_an_item(db: SessionDep, desk: EditAgenda, form: FormDep) -> Response:
    """A further item."""
    try:
        given = item_form(form, desk.meeting)
    except UserError as problem:
        refuse(db)
        return _agenda(db, desk, opened="new", values=typed(form), problem=problem)
    item = add_item(desk.work, given)
    words = {"number": item.number, "title": item.title}
    return desk.to("/agenda", Message("Item %(number)s added: %(title)s", words))


@router.get("/{lang}/desk/{slug}/agenda/items/{item_id}", name="edit_item")
def edit_item(db: SessionDep, desk: EditAgenda, item_id: UUID) -> Response:
    """One item, open."""
    item = item_of(db, desk.meeting.id, item_id)
    return _agenda(db, desk, opened=str(item.id), values=stored(item))


@router.post("/{lang}/desk/{slug}/agenda/items/{item_id}", name="change_item")
def change_an_item(db: SessionDep, desk: EditAgenda, item_id: UUID, form: FormDep) -> Response:
    """Save an item."""
    item = item_of(db, desk.meeting.id, item_id)
    try:
        change_item(desk.work, item, item_form(form, desk.meeting), version=Reader(form).version())
    except UserError as problem:
        refuse(db)
        return _agenda(db, desk, opened=str(item_id), values=typed(form), problem=problem)
    words = {"number": item.number, "title": item.title}
    return desk.to("/agenda", Message("Item %(number)s saved: %(title)s", words))


@router.post("/{lang}/desk/{slug}/agenda/items/{item_id}/move", name="move_item")
def move_an_item(db: SessionDep, desk: EditAgenda, item_id: UUID, form: FormDep) -> Response:
    """One place up or down."""
    item = item_of(db, desk.meeting.id, item_id)
    move_item(desk.work, item, -1 if form.get("to") == "up" else 1)
    words = {"title": item.title, "number": item.number}
    return desk.to("/agenda", Message("“%(title)s” is item %(number)s now.", words))


@router.post("/{lang}/desk/{slug}/agenda/items/{item_id}/removal", name="remove_item")
def remove_an_item(db: SessionDep, desk: EditAgenda, item_id: UUID, form: FormDep) -> Response:
    """Take it off the agenda."""
    item = item_of(db, desk.meeting.id, item_id)
    remove_item(desk.work, item, version=Reader(form).version())
    words = {"title": item.title}
    return desk.to("/agenda", Message("Removed from the agenda: %(title)s", words))
