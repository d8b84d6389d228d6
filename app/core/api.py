"""The API's conventions: strict bodies, versions in ETag and If-Match, RFC 9457 problems."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)

from app.core.errors import Invalid, PreconditionNeeded, Stale, UserError
from app.core.forms import TEXT_LENGTH, TITLE_LENGTH, YEARS
from app.core.languages import LANGUAGES, Language, Localized, Message
from app.core.pages import page_language
from app.core.text import cleaned

PROBLEM = "application/problem+json"
VERSION = re.compile(r'\s*(?:W/)?"?v(\d{1,9})"?\s*', re.ASCII)


class Body(BaseModel):
    """A JSON body: unknown fields are refused, nothing is guessed from another type."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _whole_characters(cls, data: Any) -> Any:
        """JSON can hold half a surrogate pair, which nothing can store or answer."""
        if isinstance(data, bytes):
            raise ValueError("not JSON")  # noqa: TRY004 (what pydantic turns into an answer)
        try:
            json.dumps(data, ensure_ascii=False).encode()
        except UnicodeEncodeError as error:
            raise ValueError("not Unicode text") from error
        return data


def _texts(most: int) -> Callable[[dict[str, str]], dict[str, str]]:
    def check(value: dict[str, str]) -> dict[str, str]:
        if unknown := set(value) - set(LANGUAGES):
            raise ValueError(f"unknown languages: {', '.join(sorted(unknown))}")
        for lang, text in value.items():
            if len(text) > most:
                raise ValueError(f"at most {most} characters ({lang})")
        return {lang: cleaned(text) for lang, text in value.items()}

    return check


def _with_letter(value: object) -> object:
    """Not a number of seconds, which pydantic would take for an instant as well."""
    if not isinstance(value, str) or "T" not in value.upper():
        raise ValueError("an instant in ISO 8601 with its offset, like 2006-03-14T09:30:00-04:00")
    return value


def _near(value: date) -> date:
    if value.year not in YEARS:
        raise ValueError("a date like 2006-03-14")
    return value


def _written(value: object) -> object:
    if not isinstance(value, str):
        raise ValueError("a date as text, like 2006-03-14")  # noqa: TRY004 (as above)
    return value


LocalizedInput = Annotated[dict[str, str], AfterValidator(_texts(TITLE_LENGTH))]
LocalizedNote = Annotated[dict[str, str], AfterValidator(_texts(TEXT_LENGTH))]
Instant = Annotated[AwareDatetime, Field(strict=False), BeforeValidator(_with_letter)]
Moment = Annotated[Instant, AfterValidator(_near)]
Day = Annotated[date, Field(strict=False), BeforeValidator(_written), AfterValidator(_near)]
Line = Annotated[str, Field(max_length=TITLE_LENGTH), AfterValidator(cleaned)]
Note = Annotated[str, Field(max_length=TEXT_LENGTH), AfterValidator(partial(cleaned, lines=True))]
Id = Annotated[UUID, Field(strict=False)]
Key = Annotated[str, Field(pattern=r"^[!-~]{1,100}$")]
Flatten = Annotated[Language | None, Query(alias="lang", description="One language only")]


def said(value: Localized | None, lang: Language | None) -> dict[str, str] | str | None:
    """A localized text for an answer: all languages, or one where `?lang=` asks for it."""
    if value is None:
        return None
    return dict(value) if lang is None else value.shown_in(lang).text


def etag(version: int) -> str:
    """The version of an editable thing as a strong ETag."""
    return f'"v{version}"'


def tagged(response: Response, version: int) -> None:
    """Tell the client which version it read or wrote."""
    response.headers["ETag"] = etag(version)


def _if_match(request: Request) -> int:
    """The version that the client says it changes; 428 without, 412 for what is not ours."""
    header = request.headers.get("if-match")
    if header is None:
        raise PreconditionNeeded(Message("This change needs an If-Match header."))
    tag = VERSION.fullmatch(header)
    if tag is None:
        raise Stale(0)
    return int(tag[1])


IfMatch = Annotated[int, Depends(_if_match)]


@contextmanager
def telling_present(answer: Callable[[], dict[str, Any]]) -> Iterator[None]:
    """Where the block finds a stale version, the problem holds what is stored now."""
    try:
        yield
    except Stale as stale:
        raise Stale(stale.present, answer()) from None


def listed(items: Sequence[dict[str, Any]], cursor: str | None = None) -> dict[str, Any]:
    """A list as every list is answered; `next` is empty at the end."""
    return {"items": list(items), "next": cursor}


def problem(request: Request, error: UserError) -> Response:
    """An error as `application/problem+json` (RFC 9457)."""
    lang = page_language(request)
    document: dict[str, Any] = {
        "type": "about:blank",
        "title": error.title.in_language(lang),
        "status": error.status,
        "detail": error.sentence.in_language(lang),
        "request_id": request.state.request_id,
    }
    if error.advice:
        document["advice"] = error.advice.in_language(lang)
    if isinstance(error, Invalid):
        document["errors"] = [
            {"field": each.field, "message": each.message.in_language(lang)}
            for each in error.errors
        ]
    if isinstance(error, Stale) and error.state is not None:
        document["present"] = error.state
    headers: dict[str, str] = {"Content-Language": lang}
    if isinstance(error, Stale) and error.present:
        headers["ETag"] = etag(error.present)
    return JSONResponse(document, error.status, headers, media_type=PROBLEM)
