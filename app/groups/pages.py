"""The Group: setting it up, its members and their people."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from app.core.database import SessionDep, refuse
from app.core.errors import Conflict, Invalid, NotFound, Stale, UserError
from app.core.forms import Reader
from app.core.languages import LANGUAGES, NAMES, Message
from app.core.options import Option
from app.core.pages import FormDep
from app.core.records import row_state
from app.directory.queries import entity_by_key
from app.directory.rules import sorted_by_name
from app.groups import commands
from app.groups.forms import group_form, group_values, key_form, person_form
from app.groups.frame import GroupDep, GroupPage, conflict_on, group_page, name_of, typed
from app.groups.queries import (
    delegate_of,
    elections_of,
    group_of,
    member_of,
    members_of,
    precedences_of,
    states,
)
from app.groups.rules import MATTER_NAMES, POST_NAMES, completed, in_office
from app.meetings.models import MeetingKind
from app.meetings.pages import Desk
from app.meetings.rules import local_day

router = APIRouter(include_in_schema=False)

# What is offered where nothing was said: one third to open, a majority to decide, of 34.
QUORUM = {"quorum_open": 12, "quorum_decide": 18}


def _matters(desk: Desk) -> list[Option]:
    return [Option(key, name.in_language(desk.lang)) for key, name in MATTER_NAMES.items()]


def _check_is_conference(desk: Desk) -> None:
    if desk.meeting.kind is not MeetingKind.CONFERENCE:
        raise NotFound(Message("A meeting of the Group has no Group of its own."))


def _new(db: SessionDep, desk: Desk, form: FormDep | None, problem: UserError | None) -> Response:
    found, day = states(db), desk.meeting.first_day
    values: Mapping[str, Any] = {
        "zone": desk.meeting.zone,
        **QUORUM,
        "members": [each.key for each in found],
    }
    return group_page(
        desk,
        "groups/new.html",
        "group",
        problem=problem,
        group=None,
        matter_options=_matters(desk),
        member_options=[Option(each.key, name_of(each, day, desk.lang)) for each in found],
        values=typed(form, "members", "needs_clearance") if form else values,
    )


def _show(
    db: SessionDep,
    desk: Desk,
    *,
    order: str = "name",
    form: FormDep | None = None,
    problem: UserError | None = None,
) -> Response:
    group = group_of(db, desk.meeting.id)
    if group is None:
        _check_is_conference(desk)
        return _new(db, desk, form, problem)
    today = local_day(desk.now, group.zone)
    return group_page(
        desk,
        "groups/show.html",
        "group",
        problem=problem,
        group=group,
        order=order,
        members=_sorted(db, desk, order),
        officers=in_office(elections_of(db, desk.meeting.id), today),
        posts=POST_NAMES,
        matter_options=_matters(desk),
        language_options=[Option(code, NAMES[code]) for code in LANGUAGES],
        values={
            **group_values(row_state(group)),
            **(typed(form, "needs_clearance") if form else {}),
        },
        conflict=conflict_on(desk, group, form, problem, group_values),
    )


def _sorted(db: SessionDep, desk: Desk, order: str) -> list[Any]:
    """Members by name in the reader's language, or in the order of precedence."""
    found = members_of(db, desk.meeting.id)
    if order == "precedence":
        drawn = next(iter(precedences_of(db, desk.meeting.id)), None)
        keys = completed(drawn.order if drawn else [], [each.entity.key for each in found])
        return sorted(found, key=lambda each: keys.index(each.entity.key))
    day = desk.meeting.first_day
    return sorted_by_name(found, lambda each: name_of(each.entity, day, desk.lang), desk.lang)


@router.get("/{lang}/desk/{slug}/group", name="group")
def show(db: SessionDep, desk: GroupPage, order: str = "name") -> Response:
    """Members with their people, and what is said of the Group; or the form that sets it up."""
    return _show(db, desk, order=order)


@router.post("/{lang}/desk/{slug}/group", name="change_group")
def change(db: SessionDep, desk: GroupPage, form: FormDep) -> Response:
    """Set the Group up, or change what is said of it."""
    group, reader = group_of(db, desk.meeting.id), Reader(form)
    try:
        given = group_form(reader)
        if group is None:
            _check_is_conference(desk)
            key = key_form(reader)
            known = {each.key: each for each in states(db)}
            chosen = reader.chosen("members", known)
            reader.finish()
            group = commands.set_up_group(desk.work, key, given, [known[each] for each in chosen])
        else:
            reader.finish()
            commands.change_group(desk.work, group, given, version=reader.version())
    except (Invalid, Stale) as problem:
        refuse(db)
        return _show(db, desk, form=form, problem=problem)
    return desk.to("/group", Message("Saved: %(name)s.", {"name": group.name}))


@router.post("/{lang}/desk/{slug}/group/members", name="add_member")
def add_member(db: SessionDep, on: GroupDep, form: FormDep) -> Response:
    """A further delegation, or a body with voice and no vote."""
    desk, reader = on.desk, Reader(form)
    try:
        entity = entity_by_key(db, reader.raw("entity"))
        member = commands.add_member(desk.work, entity, votes=reader.ticked("votes"))
    except NotFound:
        refuse(db)
        wrong = Reader(form)
        wrong.wrong("entity", Message("The directory has no entity with this key."))
        return _show(db, desk, form=form, problem=Invalid(wrong.errors))
    except Conflict as problem:
        refuse(db)
        return _show(db, desk, form=form, problem=problem)
    name = name_of(member.entity, desk.meeting.first_day, desk.lang)
    return desk.to("/group", Message("In the Group: %(name)s.", {"name": name}))


@router.get("/{lang}/desk/{slug}/group/members/{member_id}", name="group_member")
def one_member(db: SessionDep, on: GroupDep, member_id: UUID) -> Response:
    """One member with its people."""
    return _member(db, on, member_id)


def _member(
    db: SessionDep,
    on: GroupDep,
    member_id: UUID,
    *,
    form: FormDep | None = None,
    problem: UserError | None = None,
) -> Response:
    return on.page(
        "groups/member.html",
        "group",
        problem=problem,
        member=member_of(db, on.desk.meeting.id, member_id),
        language_options=[Option(code, NAMES[code]) for code in LANGUAGES],
        values=dict(form) if form else {"language": on.desk.lang},
    )


@router.post("/{lang}/desk/{slug}/group/members/{member_id}/people", name="add_delegate")
def add_person(db: SessionDep, on: GroupDep, member_id: UUID, form: FormDep) -> Response:
    """Somebody signs in for this member."""
    member, reader = member_of(db, on.desk.meeting.id, member_id), Reader(form)
    try:
        given = person_form(reader)
        reader.finish()
        commands.add_delegate(on.desk.work, member, given)
    except Invalid as problem:
        refuse(db)
        return _member(db, on, member_id, form=form, problem=problem)
    return on.desk.to(
        f"/group/members/{member_id}", Message("Can sign in now: %(name)s.", {"name": given.name})
    )


@router.post("/{lang}/desk/{slug}/group/people/{delegate_id}/removal", name="remove_delegate")
def remove_person(db: SessionDep, on: GroupDep, delegate_id: UUID, form: FormDep) -> Response:
    """No longer of this member."""
    delegate = delegate_of(db, on.desk.meeting.id, delegate_id)
    member_id, name = delegate.member_id, delegate.person.name
    try:
        commands.remove_delegate(on.desk.work, delegate, version=Reader(form).version())
    except Conflict as problem:
        refuse(db)
        return _member(db, on, member_id, problem=problem)
    return on.desk.to(
        f"/group/members/{member_id}", Message("Taken off: %(name)s.", {"name": name})
    )


@router.post("/{lang}/desk/{slug}/group/members/{member_id}/vote", name="change_vote")
def vote(db: SessionDep, on: GroupDep, member_id: UUID, form: FormDep) -> Response:
    """With or without a vote."""
    member, reader = member_of(db, on.desk.meeting.id, member_id), Reader(form)
    votes = reader.ticked("votes")
    commands.change_vote(on.desk.work, member, votes=votes, version=reader.version())
    name = name_of(member.entity, on.desk.meeting.first_day, on.desk.lang)
    return on.desk.to(f"/group/members/{member_id}", Message("Saved: %(name)s.", {"name": name}))


@router.post("/{lang}/desk/{slug}/group/members/{member_id}/removal", name="remove_member")
def remove_member(db: SessionDep, on: GroupDep, member_id: UUID, form: FormDep) -> Response:
    """No longer in the Group."""
    member = member_of(db, on.desk.meeting.id, member_id)
    name = name_of(member.entity, on.desk.meeting.first_day, on.desk.lang)
    try:
        commands.remove_member(on.desk.work, member, version=Reader(form).version())
    except Conflict as problem:
        refuse(db)
        return _member(db, on, member_id, problem=problem)
    return on.desk.to("/group", Message("Taken off: %(name)s.", {"name": name}))
