"""The Group as JSON: its members and their people, officers, precedence."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from pydantic import Field

from app.core.access import Permission
from app.core.api import (
    Body,
    Flatten,
    IfMatch,
    Key,
    Line,
    LocalizedInput,
    listed,
    said,
    tagged,
    telling_present,
)
from app.core.database import SessionDep
from app.core.errors import NotFound, invalid
from app.core.languages import Language, Localized, Message
from app.directory.queries import entities
from app.groups import commands
from app.groups.models import Group, Member
from app.groups.queries import (
    delegate_of,
    member_of,
    members_of,
    the_group_of,
)
from app.groups.rules import MATTER_NAMES
from app.meetings.api import ApiDesk, api_desk_for
from app.meetings.models import MeetingKind

router = APIRouter(prefix="/api/v1/meetings/{slug}/group", tags=["group"])

EditGroup = Annotated[ApiDesk, Depends(api_desk_for(Permission.EDIT_GROUP))]
TEXTS = ("name", "place", "room")
Seats = Annotated[int, Field(ge=1, le=500)]


class GroupBody(Body):
    """What is said of the Group."""

    name: LocalizedInput
    series: Line = ""
    symbol_prefix: Line = ""
    place: LocalizedInput
    room: LocalizedInput
    zone: Annotated[str, Field(pattern=r"^[A-Za-z_]+(/[A-Za-z_+-]+)*$", max_length=60)]
    quorum_base: Seats | None = None
    quorum_open: Seats
    quorum_decide: Seats
    quorum_source: Line = ""
    needs_clearance: list[Key] = Field(default_factory=list, max_length=20)


class NewGroupBody(GroupBody):
    """The Group with its short name and the keys of its members."""

    key: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,40}$")]
    members: list[Key] = Field(default_factory=list, max_length=500)


class MemberBody(Body):
    """A delegation, or a body with voice and no vote."""

    entity: Key
    votes: bool = True


class PersonBody(Body):
    """Somebody who signs in for a member."""

    name: Line
    email: Line
    language: Language
    administrator: bool = False


def _given(body: GroupBody) -> commands.GroupGiven:
    texts: dict[str, Any] = {
        name: Localized(getattr(body, name)) for name in ("name", "place", "room")
    }
    for name, text in texts.items():
        if not text:
            raise invalid(name, Message("Enter it in at least one language."))
    if not set(body.needs_clearance) <= set(MATTER_NAMES):
        raise invalid("needs_clearance", Message("Choose from the list."))
    commands.check_zone(body.zone)
    plain = body.model_dump(exclude={"key", "members", *texts})
    plain["needs_clearance"] = tuple(body.needs_clearance)
    return commands.GroupGiven(**texts, **plain)


def _group(group: Group, lang: Language | None = None) -> dict[str, Any]:
    texts = {name: said(getattr(group, name), lang) for name in TEXTS}
    plain = ("key", "series", "symbol_prefix", "zone", "quorum_base", "quorum_open")
    rest = ("quorum_decide", "quorum_source", "needs_clearance", "version")
    return {
        "id": str(group.id),
        **texts,
        **{name: getattr(group, name) for name in (*plain, *rest)},
    }


def _member(member: Member) -> dict[str, Any]:
    return {
        "id": str(member.id),
        "version": member.version,
        "entity": member.entity.key,
        "votes": member.votes,
        "people": [
            {
                "id": str(each.id),
                "version": each.version,
                "name": each.person.name,
                "email": each.person.email,
                "language": each.person.language,
                "administrator": each.administrator,
            }
            for each in member.people
        ],
    }


@router.get("", name="api_group")
def read(
    db: SessionDep, desk: EditGroup, response: Response, lang: Flatten = None
) -> dict[str, Any]:
    """What is said of the Group."""
    group = the_group_of(db, desk.meeting.id)
    tagged(response, group.version)
    return _group(group, lang)


@router.post("", name="api_set_up_group", status_code=201)
def set_up(db: SessionDep, desk: EditGroup, response: Response, body: NewGroupBody) -> Any:
    """Set the Group up, with members by their keys in the directory."""
    if desk.meeting.kind is not MeetingKind.CONFERENCE:
        raise NotFound(Message("A meeting of the Group has no Group of its own."))
    found = entities(db, keys=body.members) if body.members else []
    if len(found) != len(set(body.members)):
        raise invalid("members", Message("Choose from the list."))
    group = commands.set_up_group(desk.work, body.key, _given(body), found)
    tagged(response, group.version)
    return _group(group)


@router.put("", name="api_change_group")
def change(
    db: SessionDep, desk: EditGroup, response: Response, version: IfMatch, body: GroupBody
) -> dict[str, Any]:
    """Change what is said of it."""
    group = the_group_of(db, desk.meeting.id)
    with telling_present(lambda: _group(group)):
        commands.change_group(desk.work, group, _given(body), version=version)
    db.flush()  # the answer says the new version
    tagged(response, group.version)
    return _group(group)


@router.get("/members", name="api_members")
def members(db: SessionDep, desk: EditGroup) -> dict[str, Any]:
    """Members with their people, by key."""
    return listed([_member(each) for each in members_of(db, desk.meeting.id)])


@router.post("/members", name="api_add_member", status_code=201)
def add_member(db: SessionDep, desk: EditGroup, body: MemberBody) -> dict[str, Any]:
    """A further member."""
    found = entities(db, keys=[body.entity])
    if not found:
        raise invalid("entity", Message("The directory has no entity with this key."))
    return _member(commands.add_member(desk.work, found[0], votes=body.votes))


@router.delete("/members/{member_id}", name="api_remove_member", status_code=204)
def remove_member(db: SessionDep, desk: EditGroup, member_id: UUID, version: IfMatch) -> None:
    """Take a member off."""
    member = member_of(db, desk.meeting.id, member_id)
    commands.remove_member(desk.work, member, version=version)


@router.post("/members/{member_id}/people", name="api_add_delegate", status_code=201)
def add_person(
    db: SessionDep, desk: EditGroup, member_id: UUID, body: PersonBody
) -> dict[str, Any]:
    """Somebody signs in for the member."""
    member = member_of(db, desk.meeting.id, member_id)
    given = commands.PersonGiven(body.name, body.email, body.language, body.administrator)
    commands.add_delegate(desk.work, member, given)
    db.expire(member, ["people"])
    return _member(member_of(db, desk.meeting.id, member_id))


@router.delete("/people/{delegate_id}", name="api_remove_delegate", status_code=204)
def remove_person(db: SessionDep, desk: EditGroup, delegate_id: UUID, version: IfMatch) -> None:
    """No longer of the member."""
    delegate = delegate_of(db, desk.meeting.id, delegate_id)
    commands.remove_delegate(desk.work, delegate, version=version)
