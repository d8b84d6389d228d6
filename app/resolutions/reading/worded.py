"""Days that are written in words: "this fourth day of July 1998"."""

import datetime as dt
from collections.abc import Sequence

from app.resolutions.reading.tokens import Token, key_of, tokens_of
from app.resolutions.reading.words import Words

UNITS = {
    "en": [
        "first",
        "second",
        "third",
        "fourth",
        "fifth",
        "sixth",
        "seventh",
        "eighth",
        "ninth",
        "tenth",
        "eleventh",
        "twelfth",
        "thirteenth",
        "fourteenth",
        "fifteenth",
        "sixteenth",
        "seventeenth",
        "eighteenth",
        "nineteenth",
        "twentieth",
    ],
    "es": [
        "un",
        "dos",
        "tres",
        "cuatro",
        "cinco",
        "seis",
        "siete",
        "ocho",
        "nueve",
        "diez",
        "once",
        "doce",
        "trece",
        "catorce",
        "quince",
        "dieciseis",
        "diecisiete",
        "dieciocho",
        "diecinueve",
        "veinte",
        "veintiuno",
        "veintidos",
        "veintitres",
        "veinticuatro",
        "veinticinco",
        "veintiseis",
        "veintisiete",
        "veintiocho",
        "veintinueve",
        "treinta",
    ],
    "pt": [
        "um",
        "dois",
        "tres",
        "quatro",
        "cinco",
        "seis",
        "sete",
        "oito",
        "nove",
        "dez",
        "onze",
        "doze",
        "treze",
        "catorze",
        "quinze",
        "dezesseis",
        "dezessete",
        "dezoito",
        "dezenove",
        "vinte",
    ],
    "fr": [
        "un",
        "deux",
        "trois",
        "quatre",
        "cinq",
        "six",
        "sept",
        "huit",
        "neuf",
        "dix",
        "onze",
        "douze",
        "treize",
        "quatorze",
        "quinze",
        "seize",
        "dix-sept",
        "dix-huit",
        "dix-neuf",
        "vingt",
    ],
}


def worded_date(text: str, words: Words) -> dt.date | None:
    """As in: this fourth day of July 1998; a los treinta días del mes de julio de mil ..."""
    tokens = tokens_of(text)
    for place, token in enumerate(tokens):
        month = words.months.get(token.key)
        if month is None or place < 2:  # noqa: PLR2004
            continue
        day = _day_before(tokens, place, words)
        year = _year_after(tokens, place, words)
        if day and year:
            try:
                return dt.date(year, (month - 1) % 12 + 1, day)
            except ValueError:
                return None
    return None


def _day_before(tokens: Sequence[Token], place: int, words: Words) -> int | None:
    units = UNITS[words.language]
    for near in range(place - 1, max(place - 7, -1), -1):
        key = tokens[near].key
        if key.isdigit() and int(key) <= 31:  # noqa: PLR2004
            return int(key)
        if key in units:
            day = units.index(key) + 1
            before = tokens[near - 1].key if near else ""
            return day + {"twenty": 20, "thirty": 30}.get(before, 0)
        if key in {"primer", "primero"}:
            return 1
    return None


def _year_after(tokens: Sequence[Token], place: int, words: Words) -> int | None:
    for near in range(place + 1, min(place + 5, len(tokens))):
        key = tokens[near].key
        if key.isdigit() and len(key) == 4:  # noqa: PLR2004
            return int(key)
        if key in {"mil", "dos"} and words.language in {"es", "pt"}:
            return _worded_year([token.key for token in tokens[near : near + 9]], words)
    return None


HUNDREDS = {"ochocientos": 800, "novecientos": 900, "oitocentos": 800, "novecentos": 900}
TENS = {
    "veinte": 20, "treinta": 30, "cuarenta": 40, "cincuenta": 50, "sesenta": 60,
    "setenta": 70, "ochenta": 80, "noventa": 90,
    "vinte": 20, "trinta": 30, "quarenta": 40, "cinquenta": 50, "sessenta": 60,
    "oitenta": 80,
}  # fmt: skip


def _worded_year(keys: Sequence[str], words: Words) -> int | None:
    """mil novecientos noventa y siete; dos mil cinco."""
    units = {key_of(word): number for number, word in enumerate(UNITS[words.language], 1)}
    units |= {"uno": 1, "un": 1}
    year = 0
    for number, key in enumerate(keys):
        if key == "mil":
            year = 1000 * max(year, 1)
        elif key in HUNDREDS:
            year += HUNDREDS[key]
        elif key in TENS and key not in units:
            year += TENS[key]
        elif key in units:
            year += units[key]
        elif key not in {"y", "e"} and number:
            break
    return year if 1800 < year < 2200 else None  # noqa: PLR2004
