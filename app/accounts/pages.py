"""Signing in by a link that works once, and signing out."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.accounts.commands import end_sign_ins, sign_in, sign_out
from app.accounts.letters import ON_ITS_WAY, send_sign_in_link
from app.accounts.presence import Presence
from app.accounts.queries import link_by_token
from app.accounts.rules import device_of, usable
from app.core.access import InsiderDep
from app.core.clock import Now
from app.core.database import SessionDep, refuse
from app.core.errors import Invalid, NotFound
from app.core.forms import Reader
from app.core.languages import Language, Message
from app.core.limits import Guesses, limits_of
from app.core.pages import FormDep, done, html, private_page, see_other, shown_errors, take_done
from app.core.security import Site, drop_cookie, presented_token, set_cookie

router = APIRouter(include_in_schema=False)


@router.get("/{lang}/sign-in", name="sign_in_page")
def sign_in_page(request: Request, lang: Language) -> Response:
    """How one gets a link."""
    word = take_done(request)
    response = _sign_in_form(request, flash=word)
    if word is not None:
        drop_cookie(response, request.app.state.site, "done")
    return response


def _sign_in_form(
    request: Request, *, flash: str | None = None, value: str = "", problem: Invalid | None = None
) -> Response:
    errors = shown_errors(request, problem)
    context = {"flash": flash, "value": value, "errors": errors}
    status = problem.status if problem else 200
    return html(request, "accounts/sign_in.html", context, status=status)


@router.post("/{lang}/sign-in", name="ask_for_sign_in_link")
def ask(request: Request, db: SessionDep, now: Now, lang: Language, form: FormDep) -> Response:
    """A letter with a link; the answer is the same whether the address is known."""
    limits_of(request).link_asked(request)
    address, state = Reader(form).raw("email"), request.app.state
    try:
        send_sign_in_link(db, address, lang, site=state.site, secret_key=state.secret_key, now=now)
    except Invalid as problem:
        refuse(db)
        return _sign_in_form(request, value=address, problem=problem)
    return done(request, see_other(f"/{lang}/sign-in"), ON_ITS_WAY)


@router.get("/{lang}/sign-in/{token}", name="sign_in_link", dependencies=[Guesses])
def sign_in_link(
    request: Request, db: SessionDep, now: Now, lang: Language, token: str
) -> Response:
    """A button. Opening a link changes nothing: mail scanners open every one."""
    link = usable(link_by_token(db, token), now=now)
    response = html(request, "accounts/sign_in_link.html", {"person": link.person})
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@router.post("/{lang}/sign-in/{token}", name="sign_in", dependencies=[Guesses])
def use_link(request: Request, db: SessionDep, now: Now, lang: Language, token: str) -> Response:
    """Use the link up and sign in."""
    agent = request.headers.get("user-agent", "")
    _, session_token, expires_at = sign_in(db, token, now=now, agent=agent)
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


@router.get("/{lang}/sign-ins", name="sign_ins")
def sign_ins(request: Request, db: SessionDep, viewer: InsiderDep, now: Now) -> Response:
    """Where somebody is signed in, so that what should not be there can be ended."""
    presence: Presence = request.app.state.presence
    found = [
        (each, device_of(each.agent), presence.seen_at(each))
        for each in presence.live(db, viewer.person_id, now=now)
    ]
    return private_page(
        request, "accounts/sign_ins.html", viewer, found=found, this=viewer.sign_in_id
    )


@router.post("/{lang}/sign-ins/others/end", name="end_other_sign_ins")
def end_others(
    request: Request, db: SessionDep, viewer: InsiderDep, now: Now, lang: Language
) -> Response:
    """Everywhere but here."""
    end_sign_ins(db, viewer.person_id, now=now, but=viewer.sign_in_id)
    return done(request, see_other(f"/{lang}/sign-ins"), Message("Signed out everywhere else."))


@router.post("/{lang}/sign-ins/{sign_in_id}/end", name="end_one_sign_in")
def end_one(
    request: Request,
    db: SessionDep,
    viewer: InsiderDep,
    now: Now,
    lang: Language,
    sign_in_id: UUID,
) -> Response:
    """At one place."""
    if not end_sign_ins(db, viewer.person_id, now=now, only=sign_in_id):
        raise NotFound(Message("There is no such sign-in of yours."))
    return done(request, see_other(f"/{lang}/sign-ins"), Message("Signed out there."))
