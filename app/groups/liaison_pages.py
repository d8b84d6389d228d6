"""Committees that consider a part of the subject, and the host country."""

from collections.abc import Sequence
from functools import partial
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from app.core.database import SessionDep, refuse
from app.core.errors import Invalid, Stale, UserError
from app.core.forms import Reader
from app.core.languages import Message
from app.core.options import Option
from app.core.pages import FormDep
from app.core.records import row_state
from app.directory.models import EntityKind
from app.directory.queries import entities
from app.directory.rules import sorted_by_name
from app.groups.frame import GroupDep, conflict_on, name_of
from app.groups.liaison import add_liaison, change_liaison, set_host
from app.groups.queries import host_of, liaison_of, liaisons_of
from app.groups.record_forms import host_form, host_values, liaison_form, liaison_values
from app.meetings.rules import days_until, local_day
from app.resolutions.models import Paragraph
from app.resolutions.queries import resolution_by_id
from app.resolutions.reading.record import Part

router = APIRouter(include_in_schema=False)


def _paragraphs(db: SessionDep, on: GroupDep) -> Sequence[Paragraph]:
    found = on.desk.meeting.resolution_id
    paragraphs = resolution_by_id(db, found).paragraphs if found else []
    return [each for each in paragraphs if each.kind is Part.OPERATIVE]


def _options(db: SessionDep, on: GroupDep) -> dict[str, Any]:
    lang, day = on.desk.lang, on.desk.meeting.first_day
    found = sorted_by_name(entities(db), lambda each: name_of(each, day, lang), lang)
    paragraph = Message("operative paragraph %(number)s")
    return {
        "state_options": [
            Option(each.key, name_of(each, day, lang))
            for each in found
            if each.kind is EntityKind.STATE
        ],
        "body_options": [
            Option(each.key, name_of(each, day, lang))
            for each in found
            if each.kind is not EntityKind.STATE
        ],
        "paragraph_options": [
            Option("", Message("none").in_language(lang)),
            *(
                Option(
                    str(each.id),
                    Message(paragraph.text, {"number": each.number}).in_language(lang),
                )
                for each in _paragraphs(db, on)
            ),
        ],
    }


def _list(
    db: SessionDep,
    on: GroupDep,
    *,
    form: FormDep | None = None,
    hosting: bool = False,
    problem: UserError | None = None,
) -> Response:
    desk = on.desk
    host = host_of(db, desk.meeting.id)
    stored = host_values(row_state(host), host.entity.key) if host else {}
    values_of = partial(host_values, key=host.entity.key if host else "")
    return on.page(
        "groups/liaison.html",
        "group/liaison",
        problem=problem,
        liaisons=liaisons_of(db, desk.meeting.id),
        host=host,
        days_left=days_until(desk.meeting.first_day, today=local_day(desk.now, desk.meeting.zone)),
        host_form=dict(form) if form and hosting else stored,
        values=dict(form) if form and not hosting else {},
        conflict=conflict_on(desk, host, form, problem, values_of) if host and hosting else None,
        **_options(db, on),
    )


@router.get("/{lang}/desk/{slug}/group/liaison", name="liaison")
def liaison(db: SessionDep, on: GroupDep) -> Response:
    """Each committee with its dates and papers, and the host."""
    return _list(db, on)


@router.post("/{lang}/desk/{slug}/group/liaison", name="add_liaison")
def add(db: SessionDep, on: GroupDep, form: FormDep) -> Response:
    """A further committee."""
    try:
        given = liaison_form(Reader(form), entities(db), _paragraphs(db, on))
        add_liaison(on.desk.work, given)
    except Invalid as problem:
        refuse(db)
        return _list(db, on, form=form, problem=problem)
    words = {"name": name_of(given.entity, on.desk.meeting.first_day, on.desk.lang)}
    return on.desk.to("/group/liaison", Message("Saved: %(name)s.", words))


@router.post("/{lang}/desk/{slug}/group/host", name="set_host")
def host(db: SessionDep, on: GroupDep, form: FormDep) -> Response:
    """Who receives the conference, and how far that is."""
    reader = Reader(form)
    try:
        given = host_form(reader, entities(db, kind=EntityKind.STATE))
        set_host(on.desk.work, given, version=reader.version())
    except (Invalid, Stale) as problem:
        refuse(db)
        return _list(db, on, form=form, hosting=True, problem=problem)
    words = {"name": name_of(given.entity, on.desk.meeting.first_day, on.desk.lang)}
    return on.desk.to("/group/liaison", Message("Saved: %(name)s.", words))


def _one(
    db: SessionDep,
    on: GroupDep,
    liaison_id: UUID,
    *,
    form: FormDep | None = None,
    problem: UserError | None = None,
) -> Response:
    row = liaison_of(db, on.desk.meeting.id, liaison_id)
    values_of = partial(liaison_values, key=row.entity.key)
    return on.page(
        "groups/committee.html",
        "group/liaison",
        problem=problem,
        row=row,
        values=dict(form) if form else values_of(row_state(row)),
        conflict=conflict_on(on.desk, row, form, problem, values_of),
        **_options(db, on),
    )


@router.get("/{lang}/desk/{slug}/group/liaison/{liaison_id}", name="committee")
def one(db: SessionDep, on: GroupDep, liaison_id: UUID) -> Response:
    """One committee in its form."""
    return _one(db, on, liaison_id)


@router.post("/{lang}/desk/{slug}/group/liaison/{liaison_id}", name="change_liaison")
def change(db: SessionDep, on: GroupDep, liaison_id: UUID, form: FormDep) -> Response:
    """What it considers, its dates, its papers."""
    row, reader = liaison_of(db, on.desk.meeting.id, liaison_id), Reader(form)
    try:
        given = liaison_form(reader, entities(db), _paragraphs(db, on))
        change_liaison(on.desk.work, row, given, version=reader.version())
    except (Invalid, Stale) as problem:
        refuse(db)
        return _one(db, on, liaison_id, form=form, problem=problem)
    words = {"name": name_of(given.entity, on.desk.meeting.first_day, on.desk.lang)}
    return on.desk.to("/group/liaison", Message("Saved: %(name)s.", words))
