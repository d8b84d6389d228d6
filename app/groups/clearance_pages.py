"""What the chair is asked to clear, and what the chair said."""

from uuid import UUID

from fastapi import APIRouter, Response

from app.core.database import SessionDep, refuse
from app.core.errors import Conflict, Invalid, Stale, UserError
from app.core.forms import Reader
from app.core.languages import Message
from app.core.options import Option
from app.core.pages import FormDep
from app.groups.clearances import CLEARING, answer_clearance, ask_clearance, chair_of
from app.groups.forms import answer_form, clearance_form
from app.groups.frame import GroupDep
from app.groups.queries import clearance_of, clearances_of
from app.groups.rules import MATTER_NAMES

router = APIRouter(include_in_schema=False)


def _list(
    db: SessionDep, on: GroupDep, *, form: FormDep | None = None, problem: UserError | None = None
) -> Response:
    lang = on.desk.lang
    return on.page(
        "groups/clearances.html",
        "group/clearances",
        problem=problem,
        clearances=clearances_of(db, on.desk.meeting.id),
        matters=MATTER_NAMES,
        matter_options=[
            Option("other", Message("Something else").in_language(lang)),
            *(
                Option(key, name.in_language(lang))
                for key, name in MATTER_NAMES.items()
                if key != "schedule"  # which is asked for where it is published
            ),
        ],
        values=dict(form) if form else {},
    )


@router.get("/{lang}/desk/{slug}/group/clearances", name="clearances")
def clearances(db: SessionDep, on: GroupDep) -> Response:
    """Everything the chair was asked, and a form to ask."""
    return _list(db, on)


@router.post("/{lang}/desk/{slug}/group/clearances", name="ask_clearance")
def ask(db: SessionDep, on: GroupDep, form: FormDep) -> Response:
    """Lay something before the chair."""
    try:
        row = ask_clearance(on.desk.work, clearance_form(Reader(form)))
    except Invalid as problem:
        refuse(db)
        return _list(db, on, form=form, problem=problem)
    return on.desk.to(
        "/group/clearances", Message("Before the chair: %(what)s", {"what": row.title})
    )


def _one(
    db: SessionDep,
    on: GroupDep,
    clearance_id: UUID,
    *,
    form: FormDep | None = None,
    problem: UserError | None = None,
) -> Response:
    desk = on.desk
    return on.page(
        "groups/clearance.html",
        "group/clearances",
        problem=problem,
        clearance=clearance_of(db, desk.meeting.id, clearance_id),
        in_person=not CLEARING.isdisjoint(desk.viewer.roles_in(desk.meeting.id)),
        values=dict(form) if form else {"said_by": chair_of(db, desk.meeting, now=desk.now)},
    )


@router.get("/{lang}/desk/{slug}/group/clearances/{clearance_id}", name="clearance")
def one(db: SessionDep, on: GroupDep, clearance_id: UUID) -> Response:
    """What is to be read, and the answer."""
    return _one(db, on, clearance_id)


@router.post("/{lang}/desk/{slug}/group/clearances/{clearance_id}", name="answer_clearance")
def answer(db: SessionDep, on: GroupDep, clearance_id: UUID, form: FormDep) -> Response:
    """Clear it, return it with a word, or record what the chair said."""
    row, reader = clearance_of(db, on.desk.meeting.id, clearance_id), Reader(form)
    try:
        given = answer_form(reader)
        answer_clearance(on.desk.work, row, given, version=reader.version())
    except (Invalid, Conflict, Stale) as problem:
        refuse(db)
        return _one(db, on, clearance_id, form=form, problem=problem)
    message = Message("Cleared: %(what)s", {"what": row.title})
    if row.state == "returned":
        message = Message("Returned: %(what)s", {"what": row.title})
    return on.desk.to("" if reader.raw("back") == "desk" else "/group/clearances", message)
