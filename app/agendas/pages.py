"""The agenda at the desk: items in order, one open for editing at a time."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from starlette.datastructures import FormData

from app.agendas.commands import add_item, change_item, move_item, remove_item
from app.agendas.forms import blank, item_form, stored, typed, values_of
from app.agendas.models import Item
from app.agendas.queries import item_of, items_of
from app.agendas.rules import open_points
from app.core.access import Permission
from app.core.database import SessionDep, refuse
from app.core.errors import Gone, Stale, UserError
from app.core.forms import Reader
from app.core.journal import removal_of
from app.core.languages import Message
from app.core.options import as_option, labels_by_value
from app.core.pages import FormDep, shown_errors
from app.core.versions import EditConflict
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
    conflict: EditConflict | None = None,
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
        conflict=conflict,
        choices={
            "mandates": labels_by_value(map(as_option, meeting.mandates), desk.lang),
            "purposes": labels_by_value(map(as_option, meeting.purposes), desk.lang),
        },
    )


def _conflict(desk: Desk, item: Item, form: FormData, problem: UserError) -> EditConflict | None:
    """What the page shows of a stale save."""
    if not isinstance(problem, Stale):
        return None
    opened = Reader(form).version()
    return desk.conflict(item, values_of, theirs=stored(item), mine=typed(form), opened=opened)


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
    removal = removal_of(db, desk.meeting.id, item_id)
    if removal is not None:
        by = {"who": removal.actor_name}
        gone = Gone(
            Message("%(who)s removed this item after you opened it. Add it again below.", by)
        )
        refuse(db)
        return _agenda(db, desk, opened="new", values=typed(form), problem=gone)
    item = item_of(db, desk.meeting.id, item_id)
    try:
        change_item(desk.work, item, item_form(form, desk.meeting), version=Reader(form).version())
    except UserError as problem:
        refuse(db)
        conflict = _conflict(desk, item, form, problem)
        values, opened = typed(form), str(item_id)
        return _agenda(db, desk, opened=opened, values=values, problem=problem, conflict=conflict)
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
