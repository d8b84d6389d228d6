"""Decisions of the Group at the desk."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from app.core.database import SessionDep, refuse
from app.core.errors import Conflict, Invalid, Stale, UserError
from app.core.forms import Reader
from app.core.journal import State
from app.core.languages import LANGUAGES, NAMES, Message
from app.core.options import Option, labels_by_value
from app.core.pages import FormDep
from app.core.records import row_state
from app.directory.rules import sorted_by_name
from app.groups.decisions import (
    add_decision,
    change_decision,
    confirm_outcome,
    confirm_reservation,
    object_to,
)
from app.groups.forms import CHOOSE, Choices, moment_form
from app.groups.frame import GroupDep, conflict_on, meeting_options, name_of, standing_of, typed
from app.groups.models import Decision, Way
from app.groups.queries import (
    decision_of,
    decisions_of,
    meetings_of_group,
    members_of,
    reservation_of,
    tasks_of,
)
from app.groups.record_forms import decision_form, decision_values
from app.groups.rules import STANDING_NAMES, WAY_NAMES, standing
from app.meetings.rules import local_day

router = APIRouter(include_in_schema=False)


def _choices(db: SessionDep, on: GroupDep) -> Choices:
    meeting_id = on.desk.meeting.id
    return Choices(members_of(db, meeting_id), meetings_of_group(db, meeting_id))


def _options(
    db: SessionDep, on: GroupDep, choices: Choices, but: Decision | None
) -> dict[str, Any]:
    lang, day = on.desk.lang, on.desk.meeting.first_day
    members = sorted_by_name(
        [each for each in choices.members if each.votes],
        lambda each: name_of(each.entity, day, lang),
        lang,
    )
    none = Option("", Message("none").in_language(lang))
    found = decisions_of(db, on.desk.meeting.id)
    earlier = [each for each in found if but is None or each.number < but.number]
    ways = [Option(each, WAY_NAMES[each].in_language(lang)) for each in Way]
    said = Message("Decision %(number)s")
    return {
        "way_options": ways,
        "language_options": [Option(code, NAMES[code]) for code in LANGUAGES],
        "member_options": [
            Option(str(each.id), name_of(each.entity, day, lang)) for each in members
        ],
        "meeting_options": meeting_options(on.desk, choices.meetings),
        "earlier_options": [
            none,
            *(
                Option(str(each.id), Message(said.text, {"number": each.number}).in_language(lang))
                for each in earlier
            ),
        ],
        "choices": {"way": labels_by_value(ways, lang)},
        "decisions": earlier,
    }


def _list(
    db: SessionDep, on: GroupDep, *, form: FormDep | None = None, problem: UserError | None = None
) -> Response:
    desk, choices = on.desk, _choices(db, on)
    options = _options(db, on, choices, None)
    gone = {each.supersedes_id for each in options["decisions"]}
    today = local_day(desk.now, on.group.zone)
    first = {"decided_on": today, "original_language": desk.lang, "way": Way.ADOPTED.value}
    return on.page(
        "groups/decisions.html",
        "group/decisions",
        problem=problem,
        standings={
            each.id: standing(each, superseded=each.id in gone, now=desk.now)
            for each in options["decisions"]
        },
        standing_names=STANDING_NAMES,
        ways=WAY_NAMES,
        values=typed(form, "reserved") if form else first,
        **options,
    )


@router.get("/{lang}/desk/{slug}/group/decisions", name="decisions")
def decisions(db: SessionDep, on: GroupDep) -> Response:
    """Every decision, the latest first, and a form for the next one."""
    return _list(db, on)


@router.post("/{lang}/desk/{slug}/group/decisions", name="add_decision")
def add(db: SessionDep, on: GroupDep, form: FormDep) -> Response:
    """A further decision."""
    try:
        earlier = decisions_of(db, on.desk.meeting.id)
        given = decision_form(Reader(form), _choices(db, on), earlier, on.group.zone)
        decision = add_decision(on.desk.work, given)
    except Invalid as problem:
        refuse(db)
        return _list(db, on, form=form, problem=problem)
    words = {"number": decision.number}
    return on.desk.to(
        f"/group/decisions/{decision.id}", Message("Decision %(number)s is recorded.", words)
    )


def _one(
    db: SessionDep,
    on: GroupDep,
    decision_id: UUID,
    *,
    form: FormDep | None = None,
    problem: UserError | None = None,
    typed_objection: dict[str, Any] | None = None,
) -> Response:
    desk = on.desk
    decision = decision_of(db, desk.meeting.id, decision_id)
    reserved = {"reserved": sorted(str(each.member_id) for each in decision.reservations)}

    def values_of(state: State) -> dict[str, Any]:
        return decision_values(state) | reserved

    return on.page(
        "groups/decision.html",
        "group/decisions",
        problem=problem,
        decision=decision,
        **standing_of(db, decision, now=desk.now),
        tasks=[each for each in tasks_of(db, desk.meeting.id) if each.decision_id == decision.id],
        objection=typed_objection or {},
        values=typed(form, "reserved") if form else values_of(row_state(decision)),
        conflict=conflict_on(desk, decision, form, problem, values_of),
        **_options(db, on, _choices(db, on), decision),
    )


@router.get("/{lang}/desk/{slug}/group/decisions/{decision_id}", name="decision")
def one(db: SessionDep, on: GroupDep, decision_id: UUID) -> Response:
    """One decision with what hangs on it."""
    return _one(db, on, decision_id)


@router.post("/{lang}/desk/{slug}/group/decisions/{decision_id}", name="change_decision")
def change(db: SessionDep, on: GroupDep, decision_id: UUID, form: FormDep) -> Response:
    """Other words, translations or dates."""
    decision, reader = decision_of(db, on.desk.meeting.id, decision_id), Reader(form)
    try:
        earlier = [each for each in decisions_of(db, on.desk.meeting.id) if each is not decision]
        given = decision_form(reader, _choices(db, on), earlier, on.group.zone)
        change_decision(on.desk.work, decision, given, version=reader.version())
    except (Invalid, Stale) as problem:
        refuse(db)
        return _one(db, on, decision_id, form=form, problem=problem)
    words = {"number": decision.number}
    return on.desk.to(
        f"/group/decisions/{decision_id}", Message("Decision %(number)s is saved.", words)
    )


@router.post(
    "/{lang}/desk/{slug}/group/decisions/{decision_id}/confirmations", name="confirm_reservation"
)
def confirm(db: SessionDep, on: GroupDep, decision_id: UUID, form: FormDep) -> Response:
    """A delegation that agreed ad referendum confirms."""
    decision, reader = decision_of(db, on.desk.meeting.id, decision_id), Reader(form)
    try:
        known = [each.id for each in decision.reservations]
        chosen = next(iter(reader.chosen_ids("reservation", known)), None)
        if chosen is None:
            reader.wrong("reservation", CHOOSE)
        reader.finish()
        if chosen is not None:
            found = reservation_of(db, on.desk.meeting.id, chosen)
            came_by = reader.line("came_by")
            confirm_reservation(on.desk.work, decision, found, came_by, version=found.version)
    except (Invalid, Conflict) as problem:
        refuse(db)
        return _one(db, on, decision_id, problem=problem)
    return on.desk.to(f"/group/decisions/{decision_id}", Message("The confirmation is recorded."))


@router.post(
    "/{lang}/desk/{slug}/group/decisions/{decision_id}/objections", name="record_objection"
)
def objection(db: SessionDep, on: GroupDep, decision_id: UUID, form: FormDep) -> Response:
    """An objection that came by note or telephone."""
    decision, reader = decision_of(db, on.desk.meeting.id, decision_id), Reader(form)
    try:
        choices = _choices(db, on)
        known = [str(each.id) for each in choices.members if each.votes]
        member = choices.member(reader.one("member", known))
        received = moment_form(reader, "received", on.group.zone)
        text, came_by = reader.lines("objection"), reader.line("objection_came_by")
        if member is None:
            reader.wrong("member", CHOOSE)
        reader.finish()
        if member is not None:
            object_to(on.desk.work, decision, member, text, came_by=came_by, received_at=received)
    except (Invalid, Conflict) as problem:
        refuse(db)
        return _one(db, on, decision_id, problem=problem, typed_objection=dict(form))
    return on.desk.to(f"/group/decisions/{decision_id}", Message("The objection is recorded."))


@router.post("/{lang}/desk/{slug}/group/decisions/{decision_id}/outcome", name="confirm_outcome")
def outcome(db: SessionDep, on: GroupDep, decision_id: UUID, form: FormDep) -> Response:
    """What the silence procedure came to is confirmed."""
    decision = decision_of(db, on.desk.meeting.id, decision_id)
    try:
        confirm_outcome(on.desk.work, decision, version=Reader(form).version())
    except (Conflict, Stale) as problem:
        refuse(db)
        return _one(db, on, decision_id, problem=problem)
    return on.desk.to(f"/group/decisions/{decision_id}", Message("The outcome is confirmed."))
