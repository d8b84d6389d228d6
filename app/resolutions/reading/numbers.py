"""Numbers at the head of a paragraph, in all the ways in which they are printed."""

import re
from dataclasses import dataclass
from enum import StrEnum

from app.resolutions.reading.tokens import key_of
from app.resolutions.reading.words import Words, phrases

ROMANS = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
REPEATED = "bis|ter|quater|quinquies|sexies|septies|octies"
# What may follow a number: a point, with a dash or not, a bracket, a colon.
AFTER = r"\s?(?:\.\s?[-–—]{0,2}|[-–—]{1,2}|[:)\]])"
NUMBER = re.compile(
    rf"(?:(?:OP|PP)\s?(?P<op>\d{{1,3}}(?:\s?(?:{REPEATED}))?)[.:)]?\s"
    rf"|(?P<arabic>\d{{1,3}}(?:[\s.]?(?:{REPEATED})\b)?)(?:\s?[º°])?(?:{AFTER})(?=\s|$|[\[“\"«A-ZÀ-Ý])"
    r"|\((?P<round>\d{1,2}|[a-z]{1,2}|[ivxl]{1,6}|[A-Z])\)"
    r"|(?P<small>[ivxl]{1,6}|[a-z]|aa|bb|cc)(?:\)|\.(?=\s|$))"
    r"|(?P<roman>[IVXL]{1,6})(?:\s?[.)]\s?[-–—]?|\s?[-–—])(?=\s|$)"
    r"|(?P<bullet>[•▪●◦·‣–—*-]|[-–—]{2})(?=\s)"
    r")\s*"
)
ARTICLE = re.compile(
    r"(?P<word>[^\W\d_]{3,9})\.?\s?(?:n[°ºo.]{1,2}\s?)?"
    rf"(?P<n>\d{{1,3}}|premier|primero|primeiro|único|unico|unique)(?:\s?(?:[º°]|er)(?=\W))?"
    rf"(?P<bis>\s?(?:{REPEATED})\b)?(?:{AFTER}|(?=\s|$))\s*",
    re.IGNORECASE,
)
WORD = re.compile(r"(?P<word>[^\W\d_]+(?:\s[^\W\d_]+)?)\s?(?:\.?\s?[-–—]+|[:.)])\s*")


class Style(StrEnum):
    """How a number is set; one style is one level."""

    ARABIC = "arabic"
    ARTICLE = "article"
    WORD = "word"
    ROMAN = "roman"
    ROUND = "round"
    ALPHA = "alpha"
    SMALL_ROMAN = "small_roman"
    BULLET = "bullet"


@dataclass(frozen=True, slots=True)
class Number:
    """A number as printed, its value, and how long it is with what belongs to it."""

    style: Style
    printed: str
    value: int
    length: int
    bis: bool = False


def number_at(text: str, words: Words, last_letter: str = "") -> Number | None:
    """The number at the head of a line; `last_letter` tells the letter i from the number i."""
    hit = NUMBER.match(text)
    if hit is None:
        return _worded(text, words)
    if printed := hit["op"] or hit["arabic"]:
        digits = re.match(r"\d+", printed)
        value = int(digits[0]) if digits else 0
        plain = " ".join(printed.replace(".", " ").split())
        return Number(Style.ARABIC, plain, value, hit.end(), bis=not printed.isdigit())
    if hit["bullet"]:
        return Number(Style.BULLET, hit["bullet"], 0, hit.end())
    if hit["roman"]:
        return Number(Style.ROMAN, hit["roman"], roman(hit["roman"]), hit.end())
    return _lettered(hit, last_letter)


def _lettered(hit: re.Match[str], last_letter: str) -> Number:
    printed = hit["round"] or hit["small"]
    whole = hit[0].strip()
    if printed.isdigit():
        return Number(Style.ROUND, whole, int(printed), hit.end())
    letter = printed.lower()
    follows = len(letter) == 1 and last_letter and ord(letter) == ord(last_letter) + 1
    if set(letter) <= set(ROMANS) and not follows and letter not in {"c", "d", "l"}:
        return Number(Style.SMALL_ROMAN, whole, roman(letter), hit.end())
    return Number(Style.ALPHA, whole, ord(letter[0]) - ord("a") + 1, hit.end())


def _worded(text: str, words: Words) -> Number | None:
    """Article 3; PRIMERO:."""
    hit = ARTICLE.match(text)
    if hit and key_of(hit["word"]) in _keys(words, "article"):
        digits = hit["n"]
        value = int(digits) if digits.isdigit() else 1
        bis = (hit["bis"] or "").strip()
        return Number(Style.ARTICLE, f"{digits} {bis}".strip(), value, hit.end(), bis=bool(bis))
    hit = WORD.match(text)
    if hit:
        order = _keys(words, "first_words")
        word = key_of(hit["word"])
        if word in order:
            value = order.index(word) % 12 + 1
            return Number(Style.WORD, hit["word"], value, hit.end())
    return None


def _keys(words: Words, name: str) -> list[str]:
    return [key_of(each) for each in phrases(words.structure[name])]


def roman(text: str) -> int:
    """The value of a Roman number."""
    values = [ROMANS[letter] for letter in text.lower()]
    after = [*values[1:], 0]
    return sum(
        -value if value < following else value
        for value, following in zip(values, after, strict=True)
    )
