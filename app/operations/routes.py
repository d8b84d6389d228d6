"""`/livez`, `/readyz` and `/metrics` for machines that watch; where to report a weakness."""

import hmac
from datetime import timedelta

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST

from app.core.clock import Now
from app.core.errors import NotFound
from app.core.languages import LANGUAGES, Message
from app.core.security import LOOPBACK
from app.operations.figures import Figures
from app.operations.health import Health

router = APIRouter(include_in_schema=False)
A_YEAR = timedelta(days=365)
# What a proxy adds: then the peer is the proxy, and whoever asks is somebody else.
FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip", "via")


@router.get("/livez")
def alive() -> Response:
    """The process answers."""
    return PlainTextResponse("alive\n")


@router.get("/readyz")
def ready(request: Request) -> Response:
    """It can do its work, or the names of what fails."""
    health: Health = request.app.state.health
    failing = health.failing()
    return JSONResponse(
        {"ready": not failing, "failing": failing}, status_code=503 if failing else 200
    )


@router.get("/.well-known/security.txt")
def security(request: Request, now: Now) -> Response:
    """Whom to tell about a weakness (RFC 9116), if the installation names somebody."""
    contact, site = request.app.state.security_contact, request.app.state.site
    if not contact:
        raise NotFound(Message("There is nothing at this address."))
    lines = {
        "Contact": contact,
        "Expires": f"{now + A_YEAR:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages": ", ".join(LANGUAGES),
        "Canonical": f"{site.base_url}/.well-known/security.txt",
    }
    return PlainTextResponse("".join(f"{name}: {value}\n" for name, value in lines.items()))


@router.get("/metrics")
def metrics(request: Request) -> Response:
    """Figures for whoever has the token; without one, for this machine itself."""
    figures: Figures = request.app.state.figures
    if not _may_see(request, figures.settings.metrics_token):
        raise NotFound(Message("There is nothing at this address."))
    return Response(figures.text(), media_type=CONTENT_TYPE_LATEST)


def _may_see(request: Request, token: str) -> bool:
    if token:
        given = request.headers.get("authorization", "")
        return hmac.compare_digest(given.encode(), f"Bearer {token}".encode())
    peer = request.client.host if request.client else ""
    return (
        peer in LOOPBACK
        and request.url.hostname in LOOPBACK
        and not any(name in request.headers for name in FORWARDED)
    )
