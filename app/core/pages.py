"""What every page needs: templates in four languages, frames, redirects, the error page."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from itsdangerous import BadSignature, URLSafeTimedSerializer
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.datastructures import FormData

from app.core.access import ROLE_NAMES, Insider, Role
from app.core.assets import Assets
from app.core.errors import Invalid, SignInNeeded, UserError
from app.core.formats import Formats
from app.core.idempotency import fresh_key
from app.core.languages import (
    LANGUAGES,
    NAMES,
    Language,
    Localized,
    LocalText,
    Message,
    catalogue,
    negotiate,
)
from app.core.options import as_option
from app.core.security import SAFE_METHODS, Site, drop_cookie, set_cookie

TEMPLATES = Path(__file__).parents[2] / "templates"
FLASH_SECONDS = 60
# What forms carry along.
UNTYPED = frozenset({"version", "once", "back"})


@dataclass(frozen=True)
class Link:
    """A link as templates draw it."""

    label: str
    href: str
    current: bool = False


@dataclass(frozen=True)
class LanguageLink:
    """The same page in another language."""

    code: str
    name: str
    href: str
    current: bool


@dataclass(frozen=True)
class SignedIn:
    """Who is signed in, as the masthead says it."""

    name: str
    role_label: str


@dataclass(frozen=True)
class Masthead:
    """Whose page this is: series and organization on top, then the meeting, when and where."""

    who: Localized
    name: Localized
    when: str
    href: str
    series: str = ""


class Templates:
    """One Jinja environment a language, so that no page has to ask in which one it speaks."""

    def __init__(self, assets: Assets, helpers: Mapping[str, Callable[..., object]]) -> None:
        self.environments = {lang: _environment(lang, assets) for lang in LANGUAGES}
        for environment in self.environments.values():
            environment.globals.update(helpers)

    def text(self, name: str, lang: Language, **context: object) -> str:
        """The rendered template."""
        return self.environments[lang].get_template(name).render(**context)


def _environment(lang: Language, assets: Assets) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        extensions=["jinja2.ext.i18n"],
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    translations = catalogue(lang)
    environment.install_gettext_translations(translations, newstyle=True)  # type: ignore[attr-defined]
    environment.globals.update(
        lang=lang,
        fmt=Formats(lang),
        asset=assets.address,
        localized=partial(_localized, lang),
        texts_of=_texts_of,
        labels_of=_labels_of,
        fresh_key=fresh_key,
    )
    environment.filters["language_name"] = NAMES.__getitem__
    environment.filters["as_option"] = as_option
    environment.filters["as_day"] = date.fromisoformat
    return environment


def _localized(lang: Language, value: Mapping[str, str] | str) -> LocalText:
    if isinstance(value, str):
        return LocalText(value, lang, foreign=False)
    return (value if isinstance(value, Localized) else Localized(value)).shown_in(lang)


def _labels_of(field: str, label: str) -> dict[str, str]:
    """What each language of a localized field is called: "Title, Español"."""
    return {f"{field}_{lang}": f"{label}, {NAMES[lang]}" for lang in LANGUAGES}


def _texts_of(values: Mapping[str, Any], field: str) -> dict[str, str]:
    """The languages of a localized field out of a form's values."""
    return {lang: values.get(f"{field}_{lang}") or "" for lang in LANGUAGES}


def page_language(request: Request) -> Language:
    """The language in the address, or the reader's best one where the address has none."""
    first = request.url.path.split("/")[1]
    for lang in LANGUAGES:
        if lang == first:
            return lang
    return negotiate(request.headers.get("accept-language", ""))


def language_links(path: str, query: str, current: str) -> list[LanguageLink]:
    """The same address in every language."""
    rest = path.split("/", 2)[2] if path.count("/") > 1 else "meetings"
    suffix = f"?{query}" if query else ""
    return [
        LanguageLink(code, NAMES[code], f"/{code}/{rest}{suffix}", code == current)
        for code in LANGUAGES
    ]


def html(
    request: Request, name: str, context: dict[str, Any], *, status: int = 200, at: str = ""
) -> Response:
    """A rendered page; private and never stored unless the caller says otherwise.

    `at` is the address of the page in other languages where it answers a form that was sent.
    """
    lang = page_language(request)
    templates: Templates = request.app.state.templates
    path, query = at or f"/{lang}/meetings", ""
    if request.method in SAFE_METHODS and request.url.path.split("/")[1] == lang:
        path, query = request.url.path, request.url.query
    languages = language_links(path, query, lang)
    text = templates.text(name, lang, languages=languages, **context)
    return HTMLResponse(text, status_code=status, headers={"Vary": "Cookie"})


def see_other(path: str) -> Response:
    """After a change: show the result under its own address (303)."""
    return RedirectResponse(path, status_code=303)


def done(request: Request, response: Response, message: Message) -> Response:
    """Say on the next page what was done."""
    site: Site = request.app.state.site
    text = message.in_language(page_language(request))
    set_cookie(response, site, "done", _signer(request).dumps(text))
    return response


def take_done(request: Request) -> str | None:
    """What the page before did, if it left a word."""
    site: Site = request.app.state.site
    left = request.cookies.get(site.cookie_name("done"))
    if left is None:
        return None
    try:
        text: str = _signer(request).loads(left, max_age=FLASH_SECONDS)
    except BadSignature:
        return None
    return text


def _signer(request: Request) -> URLSafeTimedSerializer:
    kwargs = {"digest_method": hashlib.sha256}
    return URLSafeTimedSerializer(request.app.state.secret_key, salt="done", signer_kwargs=kwargs)


@dataclass(frozen=True)
class Frame:
    """What surrounds a page of somebody signed in; `at` as in `html`."""

    masthead: Masthead | None = None
    sections: Sequence[Link] = ()
    foot_links: Sequence[Link] = ()
    roles: frozenset[Role] = frozenset()
    at: str = ""


ALONE = Frame()


def private_page(
    request: Request,
    name: str,
    viewer: Insider,
    *,
    frame: Frame = ALONE,
    status: int = 200,
    **context: object,
) -> Response:
    """A page for somebody signed in, with what the page before did as its first line."""
    lang = page_language(request)
    labels = [ROLE_NAMES[role].in_language(lang) for role in Role if role in frame.roles]
    word = take_done(request)
    around = {
        "masthead": frame.masthead,
        "sections": frame.sections,
        "signed_in": SignedIn(viewer.name, ", ".join(labels)),
        "foot_links": [
            Link(Message("Your meetings").in_language(lang), f"/{lang}/desk"),
            Link(Message("My calendar").in_language(lang), f"/{lang}/my-calendar"),
            Link(Message("Where you are signed in").in_language(lang), f"/{lang}/sign-ins"),
            *frame.foot_links,
        ],
        "flash": word,
        "errors": (),
    }
    response = html(request, name, {**around, **context}, status=status, at=frame.at)
    if word is not None:
        drop_cookie(response, request.app.state.site, "done")
    return response


async def _form_data(request: Request) -> FormData:
    return await request.form(max_files=0, max_fields=500)


FormDep = Annotated[FormData, Depends(_form_data)]


@dataclass(frozen=True)
class ShownError:
    """One line of the summary on top of a form, and the words beside the field."""

    field: str
    message: str


def shown_errors(request: Request, problem: UserError | None) -> list[ShownError]:
    """What is wrong, in the reader's language; nothing if there is no problem."""
    lang = page_language(request)
    if isinstance(problem, Invalid):
        return [ShownError(each.field, each.message.in_language(lang)) for each in problem.errors]
    return [ShownError("", problem.sentence.in_language(lang))] if problem else []


def error_page(
    request: Request, error: UserError, typed: Sequence[tuple[str, str]] = ()
) -> Response:
    """The page of an error: what happened, what was kept, what to do, and a number to quote.

    `typed` are the fields of a form that can be sent again as it was.
    """
    lang = page_language(request)
    actions = [Link(Message("All meetings").in_language(lang), f"/{lang}/meetings")]
    context = {
        "status": error.status,
        "title": error.title.in_language(lang),
        "sentence": error.sentence.in_language(lang),
        "advice": [error.advice.in_language(lang)] if error.advice else [],
        "actions": actions,
        "typed": typed,
        "texts": [value for name, value in typed if value and name not in UNTYPED],
        "sign_in": f"/{lang}/sign-in" if isinstance(error, SignInNeeded) else "",
        "address": request.url.path,
        "request_id": request.state.request_id,
    }
    return html(request, "errors/error.html", context, status=error.status)
