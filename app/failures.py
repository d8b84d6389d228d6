"""What goes wrong, as an answer: a visitor's mistake in words, a bug as a number to quote."""

import logging
import sqlite3
from collections.abc import Sequence

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from psycopg.errors import DiskFull
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm.exc import StaleDataError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from app.core.api import problem
from app.core.errors import (
    Busy,
    Conflict,
    FieldError,
    Forbidden,
    Invalid,
    NoSpace,
    NotFound,
    OtherType,
    SignInNeeded,
    TooLarge,
    UserError,
)
from app.core.idempotency import RepeatedError
from app.core.languages import Message
from app.core.limits import MOST_BODY
from app.core.pages import error_page, page_language, see_other
from app.core.security import presented_token

log = logging.getLogger("convoca")

IN_ANOTHER_WINDOW = Message("Sign in in another window, then come back here and send it again.")


async def refuse_cross_site(request: Request) -> None:
    """A change that another site makes in the visitor's name."""
    if getattr(request.state, "cross_site", False):
        raise Forbidden(
            Message("This came from another site, so it was not carried out."),
            advice=Message("Open Convoca under its own address and do it there."),
        )


async def refuse_control_characters(request: Request) -> None:
    """An address that nothing can be at."""
    # PostgreSQL takes no NUL, not even to say that it does not find it.
    if not request.scope["path"].isprintable():
        raise _nothing_here()


def add_error_handlers(app: FastAPI) -> None:
    """Every error becomes a page or a problem document."""

    async def answer(request: Request, error: Exception) -> Response:
        if isinstance(error, RequestValidationError):
            return _answer(request, _invalid(request, error))
        found = _as_user_error(error)
        typed = await _typed(request) if found.may_work_later else []
        return await run_in_threadpool(_answer, request, found, typed)

    for kind in (
        UserError,
        HTTPException,
        RequestValidationError,
        StaleDataError,
        IntegrityError,
        OperationalError,
        PoolTimeoutError,
    ):
        app.add_exception_handler(kind, answer)
    app.add_exception_handler(RepeatedError, lambda _request, error: error.answer)
    app.add_exception_handler(Exception, _failed)


async def _typed(request: Request) -> list[tuple[str, str]]:
    """The fields of a form that a page sent, which must not be lost."""
    kind = request.headers.get("content-type", "")
    if _for_programs(request) or not kind.startswith("application/x-www-form-urlencoded"):
        return []
    try:
        form = await request.form()
    except HTTPException:
        return []  # larger than any form of ours
    return [(name, value) for name, value in form.multi_items() if isinstance(value, str)]


def _answer(request: Request, error: UserError, typed: Sequence[tuple[str, str]] = ()) -> Response:
    api = _for_programs(request)
    if isinstance(error, SignInNeeded) and not api:
        if not typed or presented_token(request) is None:
            return see_other(f"/{page_language(request)}/sign-in")
        error = SignInNeeded(Message("Your sign-in has ended."), advice=IN_ANOTHER_WINDOW)
    response = problem(request, error) if api else error_page(request, error, typed)
    if error.retry_after is not None:
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _for_programs(request: Request) -> bool:
    return request.url.path.startswith("/api/")


def _as_user_error(error: Exception) -> UserError:
    """What the framework and the database raise, in our words."""
    if isinstance(error, UserError):
        return error
    if isinstance(error, HTTPException):
        return _http_error(error)
    if isinstance(error, StaleDataError | IntegrityError):
        return Conflict(Message("Somebody changed the same thing at the same moment."))
    log.warning("database busy or away: %s", error)
    if _is_full(error):
        return NoSpace(Message("There is no room left to store this."))
    return Busy(Message("The database is busy or does not answer."))


def _is_full(error: Exception) -> bool:
    cause = getattr(error, "orig", None)
    full = getattr(cause, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
    return full or isinstance(cause, DiskFull)


def _nothing_here() -> NotFound:
    return NotFound(Message("There is nothing at this address."))


def _http_error(error: HTTPException) -> UserError:
    if error.status_code == TooLarge.status:
        words = {"most": MOST_BODY // 1024}
        return TooLarge(Message("A form may have at most %(most)s KiB.", words))
    found: UserError = _nothing_here()
    if error.status_code != found.status:
        found = UserError(Message("This address does not take that."))
        found.status = error.status_code
    return found


def _invalid(request: Request, error: RequestValidationError) -> UserError:
    """A path that cannot be is no address; nor is a page's query. The API names its fields."""
    places = {each["loc"][0] for each in error.errors()}
    if "body" in places and _is_no_json(request):
        return OtherType(Message("What was sent is not marked as JSON."))
    if "path" in places or ("query" in places and not _for_programs(request)):
        return _nothing_here()
    return Invalid(
        [
            FieldError(
                ".".join(str(part) for part in each["loc"][1:]) or "body",
                Message("%(reason)s", {"reason": each["msg"]}),
            )
            for each in error.errors()
        ]
    )


def _is_no_json(request: Request) -> bool:
    kind = request.headers.get("content-type", "application/json").partition(";")[0].strip()
    return not (kind == "application/json" or kind.endswith("+json"))


def _failed(request: Request, error: Exception) -> Response:
    """A bug: say so, with a number to quote, and tell nothing else."""
    log.error("request %s failed", request.state.request_id, exc_info=error)
    failure = UserError(
        Message("Something went wrong on our side."),
        advice=Message("Nothing was changed. Tell the secretariat the number below."),
    )
    failure.status = 500
    return _answer(request, failure)
