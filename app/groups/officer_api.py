"""Officers and the order of precedence as JSON."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import Field

from app.core.access import Permission
from app.core.api import Body, Day, Id, IfMatch, Key, Line, listed, telling_present
from app.core.database import SessionDep
from app.core.errors import invalid
from app.core.languages import Message
from app.groups.elections import ElectionGiven, PrecedenceGiven, elect, end_term, set_precedence
from app.groups.models import Election, Method, Post, Precedence
from app.groups.queries import (
    delegate_of,
    election_of,
    elections_of,
    meetings_of_group,
    members_of,
    precedences_of,
)
from app.groups.rules import drawn
from app.meetings.api import ApiDesk, api_desk_for

router = APIRouter(prefix="/api/v1/meetings/{slug}/group", tags=["group"])

EditGroup = Annotated[ApiDesk, Depends(api_desk_for(Permission.EDIT_GROUP))]
Votes = Annotated[int, Field(ge=0, le=500)]


class ElectionBody(Body):
    """An election; persons and members by their ids in the Group."""

    post: Annotated[Post, Field(strict=False)]
    delegate_id: Id
    method: Annotated[Method, Field(strict=False)] = Method.ACCLAMATION
    since: Day
    until: Day | None = None
    nominated_by: Id | None = None
    seconded_by: Id | None = None
    in_favour: Votes | None = None
    against: Votes | None = None
    abstained: Votes | None = None
    held_at: Id | None = None


class EndBody(Body):
    """The last day in office."""

    until: Day


class PrecedenceBody(Body):
    """An order of members' keys, or the seed of one to be drawn."""

    drawn_on: Day
    order: list[Key] = Field(default_factory=list, max_length=500)
    seed: Annotated[Line, Field(max_length=80)] = ""
    held_at: Id | None = None


def _election(election: Election) -> dict[str, Any]:
    return {
        "id": str(election.id),
        "version": election.version,
        "post": election.post,
        "delegate_id": str(election.delegate_id),
        "name": election.delegate.person.name,
        "member": election.delegate.member.entity.key,
        "method": election.method,
        "since": election.since.isoformat(),
        "until": election.until.isoformat() if election.until else None,
    }


def _precedence(row: Precedence) -> dict[str, Any]:
    return {"drawn_on": row.drawn_on.isoformat(), "order": row.order, "seed": row.seed}


@router.get("/elections", name="api_elections")
def elections(db: SessionDep, desk: EditGroup) -> dict[str, Any]:
    """Every election, the latest first."""
    return listed([_election(each) for each in elections_of(db, desk.meeting.id)])


def held_at(db: SessionDep, desk: ApiDesk, key: UUID | None) -> UUID | None:
    """A meeting of this Group by its id; Invalid for another."""
    if key is not None and key not in {each.id for each in meetings_of_group(db, desk.meeting.id)}:
        raise invalid("held_at", Message("Choose from the list."))
    return key


@router.post("/elections", name="api_elect", status_code=201)
def add_election(db: SessionDep, desk: EditGroup, body: ElectionBody) -> dict[str, Any]:
    """Somebody was elected; the permission follows."""
    found = {each.id: each for each in members_of(db, desk.meeting.id)}
    people = {person.id: person for each in found.values() for person in each.people}
    if body.delegate_id not in people:
        message = Message("Only somebody of a member of the Group can be elected.")
        raise invalid("delegate_id", message)
    named: dict[str, Any] = {name: getattr(body, name) for name in ("nominated_by", "seconded_by")}
    for name, key in named.items():
        if key is not None and key not in found:
            raise invalid(name, Message("Choose from the list."))
    plain = body.model_dump(exclude={"delegate_id", "held_at", *named})
    given = ElectionGiven(
        delegate=delegate_of(db, desk.meeting.id, body.delegate_id),
        held_at_id=held_at(db, desk, body.held_at),
        **plain | {name: found.get(key) for name, key in named.items()},
    )
    election = elect(desk.work, given)
    return _election(election_of(db, desk.meeting.id, election.id))


@router.put("/elections/{election_id}/end", name="api_end_term")
def end(
    db: SessionDep, desk: EditGroup, election_id: UUID, version: IfMatch, body: EndBody
) -> dict[str, Any]:
    """The last day in office."""
    election = election_of(db, desk.meeting.id, election_id)
    with telling_present(lambda: _election(election)):
        end_term(desk.work, election, body.until, version=version)
    return _election(election)


@router.get("/precedences", name="api_precedences")
def precedences(db: SessionDep, desk: EditGroup) -> dict[str, Any]:
    """Every order that was drawn, the one in force first."""
    return listed([_precedence(each) for each in precedences_of(db, desk.meeting.id)])


@router.post("/precedences", name="api_set_precedence", status_code=201)
def draw(db: SessionDep, desk: EditGroup, body: PrecedenceBody) -> dict[str, Any]:
    """The order as the lots fell, or drawn with the seed where none is given."""
    keys = [each.entity.key for each in members_of(db, desk.meeting.id) if each.votes]
    order = body.order or (drawn(keys, body.seed) if body.seed else [])
    place = held_at(db, desk, body.held_at)
    given = PrecedenceGiven(body.drawn_on, order, body.seed, place)
    return _precedence(set_precedence(desk.work, given, keys))
