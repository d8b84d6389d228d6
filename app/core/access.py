"""Who may do what: one table, read by pages and API alike."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Protocol
from uuid import UUID

from fastapi import Depends, Request
from sqlalchemy.orm import Session

from app.core.clock import Now
from app.core.database import SessionDep
from app.core.errors import Forbidden, NotFound, SignInNeeded
from app.core.languages import Message
from app.core.security import presented_token


class Role(StrEnum):
    """What a person is in one meeting."""

    CHAIR = "chair"
    VICE_CHAIR = "vice_chair"
    SECRETARIAT = "secretariat"
    MEMBER = "member"
    DELEGATE = "delegate"


ROLE_NAMES: dict[Role, Message] = {
    Role.CHAIR: Message("chair"),
    Role.VICE_CHAIR: Message("vice chair"),
    Role.SECRETARIAT: Message("secretariat"),
    Role.MEMBER: Message("member"),
    Role.DELEGATE: Message("delegate"),
}


class Permission(StrEnum):
    """Verbs that need a role."""

    SEE_DESK = "see the desk"
    EDIT_MEETING = "edit the meeting's facts and rooms"
    EDIT_AGENDA = "edit the agenda"
    EDIT_SCHEDULE = "edit the schedule"
    PUBLISH = "publish"
    EDIT_DOCUMENTS = "keep the register of documents"
    EDIT_INVITATIONS = "keep the list of entities"
    AUDIT = "take the audit away"
    SEND_LETTERS = "look after letters"
    EDIT_GROUP = "keep the Group's records"
    SEE_GROUP = "see what the Group decided and owes"
    EDIT_COMMITMENTS = "say what is fulfilled and what is due"
    CREATE_MEETING = "make a new meeting"


OFFICERS = frozenset({Role.CHAIR, Role.VICE_CHAIR, Role.SECRETARIAT})
GROUP = OFFICERS | {Role.MEMBER}

MAY: dict[Permission, frozenset[Role]] = {
    Permission.SEE_DESK: OFFICERS,
    Permission.EDIT_MEETING: OFFICERS,
    Permission.EDIT_AGENDA: OFFICERS,
    Permission.EDIT_SCHEDULE: OFFICERS,
    Permission.PUBLISH: OFFICERS,
    Permission.EDIT_DOCUMENTS: OFFICERS,
    Permission.EDIT_INVITATIONS: OFFICERS,
    Permission.AUDIT: OFFICERS,
    Permission.SEND_LETTERS: OFFICERS,
    Permission.EDIT_GROUP: OFFICERS,
    Permission.SEE_GROUP: GROUP,
    Permission.EDIT_COMMITMENTS: OFFICERS,
    # Of no meeting: whoever is an officer of any may.
    Permission.CREATE_MEETING: OFFICERS,
}


@dataclass(frozen=True)
class Viewer:
    """Whoever sent the request, with the roles held in each meeting; anonymous has none."""

    name: str = ""
    language: str = "en"
    grants: Mapping[UUID, frozenset[Role]] = field(default_factory=dict)

    def roles_in(self, meeting_id: UUID) -> frozenset[Role]:
        """Roles in this meeting, none if it is a stranger's."""
        return self.grants.get(meeting_id, frozenset())

    def may_anywhere(self, permission: Permission) -> bool:
        """Whether a role in some meeting allows it: for what belongs to no meeting yet."""
        return any(self.may(permission, meeting_id) for meeting_id in self.grants)

    def may(self, permission: Permission, meeting_id: UUID) -> bool:
        """Whether one of the roles allows it."""
        return not MAY[permission].isdisjoint(self.roles_in(meeting_id))


@dataclass(frozen=True)
class Insider(Viewer):
    """A viewer who is signed in."""

    person_id: UUID = field(kw_only=True)
    sign_in_id: UUID = field(kw_only=True)


ANONYMOUS = Viewer()


class FindViewer(Protocol):
    """How the composition root turns a presented token into a viewer; `active` if by hand."""

    def __call__(
        self, db: Session, token: str, *, now: datetime, active: bool
    ) -> Insider | None: ...


def found_viewer(request: Request, db: Session, now: datetime) -> Viewer:
    """The signed-in person, or nobody."""
    token = presented_token(request)
    if not token:
        return ANONYMOUS
    find: FindViewer = request.app.state.find_viewer
    # A page that looks for news by itself says so: nobody need be there.
    found = find(db, token, now=now, active="convoca-unattended" not in request.headers)
    if found is None:
        return ANONYMOUS
    request.state.person_id = found.person_id  # for the log, which names nobody
    return found


def current_viewer(request: Request, db: SessionDep, now: Now) -> Viewer:
    """The same in the request's own transaction."""
    return found_viewer(request, db, now)


ViewerDep = Annotated[Viewer, Depends(current_viewer)]


def insider(viewer: Viewer) -> Insider:
    """The signed-in person; anonymous visitors are asked to sign in."""
    if not isinstance(viewer, Insider):
        raise SignInNeeded(Message("This page is for people who are signed in."))
    return viewer


def signed_in(viewer: ViewerDep) -> Insider:
    """The same as a dependency."""
    return insider(viewer)


InsiderDep = Annotated[Insider, Depends(signed_in)]


def require(viewer: Viewer, permission: Permission, meeting_id: UUID) -> None:
    """Raise NotFound to a stranger of the meeting, Forbidden to one whose role is not enough."""
    if not viewer.roles_in(meeting_id):
        raise NotFound(Message("There is no such meeting at your desk."))
    if not viewer.may(permission, meeting_id):
        raise Forbidden(Message("Your role in this meeting does not allow this."))


def require_anywhere(viewer: Viewer, permission: Permission) -> None:
    """Raise Forbidden unless a role in some meeting allows it."""
    if not viewer.may_anywhere(permission):
        raise Forbidden(
            Message("This is for those who chair a meeting or are its secretariat."),
            advice=Message("Nothing was changed. Ask the secretariat to do it."),
        )
