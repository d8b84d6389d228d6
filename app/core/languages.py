"""Four languages: text in several of them, catalogues for the program's own words, sorting."""

import gettext
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, Literal, get_args

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from sqlalchemy import JSON, Dialect
from sqlalchemy.types import TypeDecorator

Language = Literal["en", "es", "fr", "pt"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
NAMES: dict[Language, str] = {
    "en": "English",
    "es": "Español",
    "fr": "Français",
    "pt": "Português",
}
LOCALES = Path(__file__).parents[2] / "locales"


@dataclass(frozen=True)
class LocalText:
    """One text as shown: its words, their language, and whether the reader asked for another."""

    text: str
    lang: str
    foreign: bool

    def __str__(self) -> str:
        return self.text


class Localized(Mapping[str, str]):
    """A text in one to four languages: `Localized(en="Chair", es="Presidencia")`. Immutable.

    Empty texts are left out; an unknown language raises ValueError.
    """

    __slots__ = ("_texts",)

    def __init__(self, texts: Mapping[str, str] | None = None, **named: str) -> None:
        given = {**(texts or {}), **named}
        if unknown := set(given) - set(LANGUAGES):
            raise ValueError(f"unknown languages: {sorted(unknown)}")
        kept: dict[str, str] = {}
        for code in LANGUAGES:
            if text := given.get(code, "").strip():
                kept[code] = text
        self._texts = kept

    def __getitem__(self, lang: str) -> str:
        return self._texts[lang]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)

    def __hash__(self) -> int:
        return hash(tuple(self._texts.items()))

    def __repr__(self) -> str:
        return f"Localized({self._texts!r})"

    def shown_in(self, lang: str) -> LocalText:
        """The text in this language, or in the first one that exists, marked as foreign."""
        if lang in self._texts:
            return LocalText(self._texts[lang], lang, foreign=False)
        for code, text in self._texts.items():
            return LocalText(text, code, foreign=True)
        return LocalText("", lang, foreign=False)

    def missing(self) -> list[Language]:
        """Languages in which this text does not exist yet."""
        return [code for code in LANGUAGES if code not in self._texts]


class LocalizedType(TypeDecorator[Localized]):
    """Stored as JSON; never filtered or sorted on in SQL."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Localized | None, dialect: Dialect) -> Any:
        """Store the plain dictionary."""
        return None if value is None else dict(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Localized | None:
        """Make it a value again."""
        return None if value is None else Localized(value)


@dataclass(frozen=True)
class Message:
    """A sentence for people, put into words only when the reader's language is known.

    `text` is the English sentence and the catalogue's key; `%(name)s` takes `values`,
    which may be Localized or Messages themselves.
    """

    text: str
    values: Mapping[str, object] | None = None

    def in_language(self, lang: str) -> str:
        """The sentence in this language."""
        translated = catalogue(lang).gettext(self.text)
        if not self.values:
            return translated
        return translated % {name: _said(value, lang) for name, value in self.values.items()}

    def everywhere(self) -> Localized:
        """The sentence in every language, as data: from now on people may word it otherwise."""
        return Localized({lang: self.in_language(lang) for lang in LANGUAGES})


def _said(value: object, lang: str) -> str:
    if isinstance(value, Localized):
        return value.shown_in(lang).text
    return value.in_language(lang) if isinstance(value, Message) else str(value)


@cache
def catalogue(lang: str) -> gettext.NullTranslations:
    """The program's words in this language; English is the source and needs no file."""
    path = LOCALES / lang / "LC_MESSAGES" / "convoca.po"
    if lang == "en":
        return gettext.NullTranslations()
    with path.open("rb") as source:
        compiled = BytesIO()
        write_mo(compiled, read_po(source, locale=lang))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def negotiate(accept_language: str) -> Language:
    """The best of our languages for an Accept-Language header (RFC 9110 12.5.4)."""
    best: tuple[float, Language] = (0.0, "en")
    for part in accept_language.split(",")[:20]:
        tag, _, weight = part.strip().partition(";q=")
        code = tag.strip().lower().split("-")[0]
        try:
            quality = float(weight) if weight else 1.0
        except ValueError:
            continue
        for lang in LANGUAGES:
            if code == lang and quality > best[0]:
                best = (quality, lang)
    return best[1]


def folded(text: str) -> str:
    """Lower case without accents: what people type when they search."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def collation_key(text: str, lang: str) -> str:
    """Sorts as a dictionary of this language does: accents ignored, Spanish ñ after n."""
    if lang == "es":
        text = unicodedata.normalize("NFC", text.casefold()).replace("ñ", "n\uffff")
    for article in ("the ", "las ") if lang in {"en", "es"} else ():
        # OAS lists put "The Bahamas" and "Las Bahamas" under B.
        text = text[len(article) :] if text.casefold().startswith(article) else text
    return folded(text)
