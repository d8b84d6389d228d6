"""Officers and the order of precedence."""

import secrets
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.core.database import SessionDep, refuse
from app.core.errors import Invalid, Stale, UserError
from app.core.forms import Reader
from app.core.languages import Message
from app.core.options import Option
from app.core.pages import FormDep
from app.directory.rules import sorted_by_name
from app.groups.elections import elect, end_term, set_precedence
from app.groups.forms import Choices, election_form, precedence_form
from app.groups.frame import GroupDep, meeting_options, name_of
from app.groups.models import Method, Post
from app.groups.queries import (
    election_of,
    elections_of,
    meetings_of_group,
    members_of,
    precedences_of,
)
from app.groups.rules import METHOD_NAMES, POST_NAMES, completed, drawn, in_office
from app.meetings.rules import local_day

router = APIRouter(include_in_schema=False)

Seed = Annotated[str, Query(max_length=80)]


def _choices(db: SessionDep, on: GroupDep) -> Choices:
    meeting_id = on.desk.meeting.id
    return Choices(members_of(db, meeting_id), meetings_of_group(db, meeting_id))


def _officers(
    db: SessionDep, on: GroupDep, *, form: FormDep | None = None, problem: UserError | None = None
) -> Response:
    desk, choices = on.desk, _choices(db, on)
    today = local_day(desk.now, on.group.zone)
    found = elections_of(db, desk.meeting.id)
    orders = precedences_of(db, desk.meeting.id)
    lang, day = desk.lang, desk.meeting.first_day
    members = sorted_by_name(choices.members, lambda each: name_of(each.entity, day, lang), lang)
    named = [Option(str(each.id), name_of(each.entity, day, lang)) for each in members]
    people = [
        Option(str(person.id), f"{person.person.name}, {name_of(each.entity, day, lang)}")
        for each in members
        for person in each.people
    ]
    return on.page(
        "groups/officers.html",
        "group/officers",
        problem=problem,
        today=today,
        elections=found,
        officers=in_office(found, today),
        posts=POST_NAMES,
        methods=METHOD_NAMES,
        precedence=orders[0] if orders else None,
        names={each.entity.key: each.entity for each in choices.members},
        person_options=[_chosen(lang), *people],
        member_options=[Option("", Message("none").in_language(lang)), *named],
        meeting_options=meeting_options(desk, choices.meetings),
        post_options=[Option(each, POST_NAMES[each].in_language(lang)) for each in Post],
        method_options=[Option(each, METHOD_NAMES[each].in_language(lang)) for each in Method],
        values=dict(form) if form else {"since": today, "method": "acclamation", "post": "chair"},
    )


def _chosen(lang: str) -> Option:
    return Option("", Message("Choose a person").in_language(lang))


@router.get("/{lang}/desk/{slug}/group/officers", name="officers")
def officers(db: SessionDep, on: GroupDep) -> Response:
    """Who holds which post, every election, and a form for the next one."""
    return _officers(db, on)


@router.post("/{lang}/desk/{slug}/group/officers", name="elect")
def add(db: SessionDep, on: GroupDep, form: FormDep) -> Response:
    """Somebody was elected."""
    try:
        given = election_form(Reader(form), _choices(db, on))
        elect(on.desk.work, given)
    except Invalid as problem:
        refuse(db)
        return _officers(db, on, form=form, problem=problem)
    words = {"name": given.delegate.person.name, "post": POST_NAMES[given.post]}
    return on.desk.to("/group/officers", Message("Elected: %(name)s, %(post)s.", words))


@router.post("/{lang}/desk/{slug}/group/officers/{election_id}/end", name="end_term")
def end(db: SessionDep, on: GroupDep, election_id: UUID, form: FormDep) -> Response:
    """The last day in office."""
    election, reader = election_of(db, on.desk.meeting.id, election_id), Reader(form)
    try:
        until = reader.dated("until", required=Message("Enter a date like 2006-03-14."))
        reader.finish()
        if until is not None:
            end_term(on.desk.work, election, until, version=reader.version())
    except (Invalid, Stale) as problem:
        refuse(db)
        return _officers(db, on, problem=problem)
    words = {"name": election.delegate.person.name}
    return on.desk.to("/group/officers", Message("The term of %(name)s is recorded.", words))


def _precedence(
    db: SessionDep,
    on: GroupDep,
    *,
    seed: str = "",
    form: FormDep | None = None,
    problem: UserError | None = None,
) -> Response:
    desk, choices = on.desk, _choices(db, on)
    keys = [each.entity.key for each in choices.members if each.votes]
    orders = precedences_of(db, desk.meeting.id)
    shown = drawn(keys, seed) if seed else completed(orders[0].order if orders else [], keys)
    values: dict[str, Any] = {
        "order": "\n".join(shown),
        "seed": seed,
        "drawn_on": local_day(desk.now, on.group.zone),
    }
    return on.page(
        "groups/precedence.html",
        "group/officers",
        problem=problem,
        orders=orders,
        shown=shown,
        seed=seed,
        fresh_seed=secrets.token_hex(4),
        names={each.entity.key: each.entity for each in choices.members},
        meeting_options=meeting_options(desk, choices.meetings),
        values=dict(form) if form else values,
    )


@router.get("/{lang}/desk/{slug}/group/precedence", name="precedence")
def precedence(db: SessionDep, on: GroupDep, seed: Seed = "") -> Response:
    """The order in force; with a seed, an offer drawn with it, which changes nothing."""
    return _precedence(db, on, seed=seed)


@router.post("/{lang}/desk/{slug}/group/precedence", name="set_precedence")
def take(db: SessionDep, on: GroupDep, form: FormDep) -> Response:
    """The order as the lots fell in the room, or as offered."""
    choices = _choices(db, on)
    keys = [each.entity.key for each in choices.members if each.votes]
    try:
        given = precedence_form(Reader(form), choices)
        set_precedence(on.desk.work, given, keys)
    except Invalid as problem:
        refuse(db)
        return _precedence(db, on, form=form, problem=problem)
    return on.desk.to("/group/officers", Message("The order of precedence is recorded."))
