"""Composing letters: subject, text and HTML from templates, in the reader's language.

The program's own templates only; what people typed comes as values and stays what it is.
"""

from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.core.formats import Formats
from app.core.languages import Language, catalogue
from app.core.pages import TEMPLATES


@dataclass(frozen=True)
class Composed:
    """What a letter says."""

    subject: str
    text: str
    html: str


def compose(name: str, lang: Language, /, **context: object) -> Composed:
    """The letter of `templates/letters/<name>.subject`, `.txt` and `.html`."""
    subject, text, html = (
        _environment(lang, escape=ending == "html")
        .get_template(f"letters/{name}.{ending}")
        .render(**context)
        for ending in ("subject", "txt", "html")
    )
    return Composed(" ".join(subject.split()), text, html)


@cache
def _environment(lang: Language, *, escape: bool) -> Environment:
    """Plain text takes no escaping: in a letter, `&amp;` would be read as it stands."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        extensions=["jinja2.ext.i18n"],
        undefined=StrictUndefined,
        autoescape=escape,  # noqa: S701 (on for HTML)
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.install_gettext_translations(catalogue(lang), newstyle=True)  # type: ignore[attr-defined]
    environment.globals.update(lang=lang, fmt=Formats(lang))
    return environment
