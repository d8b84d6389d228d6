"""Signing in by a link that works once, and signing out."""

from fastapi import APIRouter, Request, Response

from app.accounts.commands import sign_in, sign_out
from app.accounts.queries import link_by_token
from app.accounts.rules import usable
from app.core.access import InsiderDep
from app.core.clock import Now
from app.core.database import SessionDep
from app.core.languages import Language
from app.core.pages import html, see_other
from app.core.security import Site, drop_cookie, presented_token, set_cookie

router = APIRouter(include_in_schema=False)


@router.get("/{lang}/sign-in", name="sign_in_page")
def sign_in_page(request: Request, lang: Language) -> Response:
    """How one gets a link."""
    return html(request, "accounts/sign_in.html", {})


@router.get("/{lang}/sign-in/{token}", name="sign_in_link")
def sign_in_link(
    request: Request, db: SessionDep, now: Now, lang: Language, token: str
) -> Response:
    """A button. Opening a link changes nothing: mail scanners open every one."""
    link = usable(link_by_token(db, token), now=now)
    response = html(request, "accounts/sign_in_link.html", {"person": link.person})
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@router.post("/{lang}/sign-in/{token}", name="sign_in")
def use_link(request: Request, db: SessionDep, now: Now, lang: Language, token: str) -> Response:
    """Use the link up and sign in."""
    _, session_token, expires_at = sign_in(db, token, now=now)
    response = see_other(f"/{lang}/desk")
    site: Site = request.app.state.site
    set_cookie(response, site, "session", session_token, expires=expires_at)
    return response


@router.post("/{lang}/sign-out", name="sign_out")
def end_sign_in(
    request: Request, db: SessionDep, _viewer: InsiderDep, now: Now, lang: Language
) -> Response:
    """End this sign-in; what the browser kept of private pages goes with it."""
    sign_out(db, presented_token(request) or "", now=now)
    response = see_other(f"/{lang}/sign-in")
    drop_cookie(response, request.app.state.site, "session")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response
