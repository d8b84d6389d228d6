"""Tokens, cookies, and what each request must pass before any page sees it.

Everything here is pure ASGI: a framework middleware would cost as much as the page.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from time import perf_counter
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uuid_utils import uuid7

from app.core.limits import bounded

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
FOR_MACHINES = frozenset({"/livez", "/readyz", "/metrics"})
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})

# For log lines; empty outside a request.
REQUEST_ID: ContextVar[str] = ContextVar("request_id", default="")

Observe = Callable[[Scope, int, float], None]

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; object-src 'none'; manifest-src 'self'"
)


@dataclass(frozen=True)
class Site:
    """Where this installation lives. Links, cookies and origin checks come from here only.

    `base_url` has no trailing slash.
    """

    base_url: str
    mail_from: str = ""

    @property
    def sender(self) -> str:
        """From whom letters come; without a setting, from this host."""
        return self.mail_from or f"Convoca <convoca@{urlsplit(self.base_url).hostname}>"

    @property
    def secure(self) -> bool:
        """Whether browsers reach it by https."""
        return self.base_url.startswith("https://")

    @property
    def hosts(self) -> frozenset[str]:
        """Accepted Host headers; beside a loopback address, `localhost` and its kin."""
        parts = urlsplit(self.base_url)
        port = f":{parts.port}" if parts.port else ""
        if parts.hostname in LOOPBACK:
            return frozenset({f"127.0.0.1{port}", f"localhost{port}", f"[::1]{port}"})
        return frozenset({parts.netloc})

    @property
    def origins(self) -> frozenset[str]:
        """Accepted Origin headers."""
        scheme = urlsplit(self.base_url).scheme
        return frozenset(f"{scheme}://{host}" for host in self.hosts)

    def cookie_name(self, kind: str) -> str:
        """`__Host-` binds a cookie to this very host; browsers take it only by https."""
        return f"__Host-convoca-{kind}" if self.secure else f"convoca-{kind}"


def new_token() -> str:
    """A secret of 256 random bits, safe in an address."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_mark() -> str:
    """What stands for a token in a stored text: nobody can write it by accident or by guess."""
    return secrets.token_hex(16)


def derived_token(secret_key: str, purpose: str) -> str:
    """A secret that need not be stored: from the installation's key and what it is for.

    HMAC-SHA-256 (RFC 2104), 256 bits, safe in an address.
    """
    digest = hmac.new(secret_key.encode(), purpose.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def set_cookie(
    response: Response, site: Site, kind: str, value: str, *, expires: datetime | None = None
) -> None:
    """Set one of our cookies: HttpOnly, Lax, this host and every path."""
    response.set_cookie(
        site.cookie_name(kind),
        value,
        expires=expires,
        secure=site.secure,
        httponly=True,
        samesite="lax",
        path="/",
    )


def drop_cookie(response: Response, site: Site, kind: str) -> None:
    """Forget one of our cookies."""
    response.delete_cookie(
        site.cookie_name(kind), secure=site.secure, httponly=True, samesite="lax", path="/"
    )


def presented_token(request: HTTPConnection) -> str | None:
    """The sign-in token that came as `Authorization: Bearer` or as our cookie."""
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and value:
        return value.strip()
    site: Site = request.app.state.site
    return request.cookies.get(site.cookie_name("session"))


def is_cross_site(headers: Headers, site: Site) -> bool:
    """Whether a changing request was made by another site in the visitor's name.

    Browsers say so in Sec-Fetch-Site; older ones send an Origin; a program sends
    neither and carries no cookie.
    """
    fetch_site = headers.get("sec-fetch-site")
    if fetch_site is not None:
        return fetch_site not in {"same-origin", "none"}
    origin = headers.get("origin")
    if origin is not None:
        return origin not in site.origins
    return "cookie" in headers


class Envelope:
    """Request id and security headers on every answer; HEAD answered like GET.

    `observe` hears of each: the request, the status, and the seconds it took.
    """

    def __init__(self, app: ASGIApp, site: Site, observe: Observe) -> None:
        self.app = app
        self.observe = observe
        fixed = {
            "content-security-policy": CONTENT_SECURITY_POLICY,
            "x-content-type-options": "nosniff",
            "cross-origin-opener-policy": "same-origin",
            "cross-origin-resource-policy": "same-origin",
            "permissions-policy": "camera=(), microphone=(), geolocation=()",
        }
        if site.secure:
            fixed["strict-transport-security"] = "max-age=31536000; includeSubDomains"
        self.fixed = [(name.encode(), value.encode()) for name, value in fixed.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, then complete the headers of the answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = perf_counter()
        status = 500
        request_id = str(uuid7())
        REQUEST_ID.set(request_id)
        scope.setdefault("state", {})["request_id"] = request_id
        head = scope["method"] == "HEAD"
        if head:
            scope = {**scope, "method": "GET", "asked_method": "HEAD"}

        async def complete(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = self._completed(message["headers"], request_id)
            elif head and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        try:
            await self.app(scope, receive, complete)
        finally:
            self.observe(scope, status, perf_counter() - began)

    def _completed(
        self, headers: list[tuple[bytes, bytes]], request_id: str
    ) -> list[tuple[bytes, bytes]]:
        present = {name for name, _ in headers}
        fixed = self.fixed if b"content-security-policy" not in present else self.fixed[1:]
        completed = [*headers, *fixed]
        if b"referrer-policy" not in present:
            completed.append((b"referrer-policy", b"same-origin"))
        if b"cache-control" not in present:
            completed.append((b"cache-control", b"no-store"))
        completed.append((b"x-request-id", request_id.encode()))
        return completed


class Gate:
    """Refuses foreign hosts, cross-site changes and bodies without end before anything else."""

    def __init__(self, app: ASGIApp, site: Site) -> None:
        self.app = app
        self.site = site
        self.hosts = site.hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, or answer 421 or 403."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        refusal = self._refusal(scope)
        if scope["method"] not in SAFE_METHODS:
            receive = bounded(scope, receive)
        await (refusal or self.app)(scope, receive, send)

    def _refusal(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        # Who watches comes to the machine's own address, not to the public name.
        if scope["path"] not in FOR_MACHINES and headers.get("host") not in self.hosts:
            return PlainTextResponse(
                f"This address is not served here. Use {self.site.base_url}.\n", 421
            )
        if scope["method"] not in SAFE_METHODS and is_cross_site(headers, self.site):
            scope["state"]["cross_site"] = True
        return None
