"""Signing in and out for programs: the token goes into `Authorization: Bearer`."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request

from app.accounts.commands import end_sign_ins, sign_in, sign_out
from app.accounts.letters import ON_ITS_WAY, send_sign_in_link
from app.accounts.presence import Presence
from app.core.access import InsiderDep
from app.core.api import Body, listed
from app.core.clock import Now
from app.core.database import SessionDep
from app.core.errors import NotFound
from app.core.languages import Message
from app.core.limits import Guesses, limits_of
from app.core.pages import page_language
from app.core.security import presented_token

router = APIRouter(prefix="/api/v1", tags=["accounts"])


class SignInLinkBody(Body):
    """The address to which a letter with a link shall go."""

    address: str


class SignInBody(Body):
    """The token of a sign-in link."""

    token: str


@router.post("/sign-in-links", name="api_sign_in_link", status_code=202)
def ask(request: Request, db: SessionDep, now: Now, body: SignInLinkBody) -> dict[str, str]:
    """Send a one-time link by letter; the answer is the same whether the address is known."""
    limits_of(request).link_asked(request)
    lang, state = page_language(request), request.app.state
    send_sign_in_link(db, body.address, lang, site=state.site, secret_key=state.secret_key, now=now)
    return {"detail": ON_ITS_WAY.in_language(lang)}


@router.post("/sign-ins", name="api_sign_in", status_code=201, dependencies=[Guesses])
def begin(request: Request, db: SessionDep, now: Now, body: SignInBody) -> dict[str, Any]:
    """Use a sign-in link up; the answer's token is shown this once."""
    agent = request.headers.get("user-agent", "")
    person, token, expires_at = sign_in(db, body.token, now=now, agent=agent)
    return {
        "token": token,
        "expires_at": expires_at.isoformat(),
        "person": {"name": person.name, "language": person.language},
    }


@router.get("/me", name="api_me")
def me(viewer: InsiderDep) -> dict[str, Any]:
    """Who is signed in, and the roles in each meeting by its id."""
    return {
        "name": viewer.name,
        "language": viewer.language,
        "roles": {str(meeting): sorted(roles) for meeting, roles in viewer.grants.items()},
    }


@router.get("/sign-ins", name="api_sign_ins")
def sign_ins(request: Request, db: SessionDep, now: Now, viewer: InsiderDep) -> dict[str, Any]:
    """Where the person is signed in."""
    presence: Presence = request.app.state.presence
    found = presence.live(db, viewer.person_id, now=now)
    return listed(
        [
            {
                "id": str(each.id),
                "agent": each.agent,
                "began_at": each.created_at.isoformat(),
                "seen_at": presence.seen_at(each).isoformat(),
                "expires_at": each.expires_at.isoformat(),
                "current": each.id == viewer.sign_in_id,
            }
            for each in found
        ]
    )


@router.delete("/sign-ins/current", name="api_sign_out", status_code=204)
def end(request: Request, db: SessionDep, now: Now, _viewer: InsiderDep) -> None:
    """End this sign-in."""
    sign_out(db, presented_token(request) or "", now=now)


@router.delete("/sign-ins/{sign_in_id}", name="api_end_sign_in", status_code=204)
def end_one(db: SessionDep, now: Now, viewer: InsiderDep, sign_in_id: UUID) -> None:
    """End a sign-in of the same person somewhere else."""
    if not end_sign_ins(db, viewer.person_id, now=now, only=sign_in_id):
        raise NotFound(Message("There is no such sign-in of yours."))
