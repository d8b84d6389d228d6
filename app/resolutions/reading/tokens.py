"""Words of a text with their places, and how two spellings of a word are the same."""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from app.core.languages import folded

WORD = re.compile(r"[^\W_]+")


class Token(NamedTuple):
    """A word: as compared, and where it stands."""

    key: str
    start: int
    end: int


def key_of(word: str) -> str:
    """Lower case, without accents."""
    return word.lower() if word.isascii() else folded(word)


def tokens_of(text: str) -> list[Token]:
    """Every word of the text; signs between them are looked up in the text itself."""
    return [Token(key_of(hit[0]), hit.start(), hit.end()) for hit in WORD.finditer(text)]


@lru_cache(maxsize=512)
def first_tokens(head: str) -> tuple[Token, ...]:
    """The words of a paragraph's beginning, which several questions are asked of in turn."""
    return tuple(tokens_of(head))


def keyed(phrase: str) -> tuple[str, ...]:
    """A phrase as compared; a `*` at a word's end is kept."""
    return tuple(key_of(word) for word in re.findall(r"[^\W_]+\*?", phrase))


def composed(text: str) -> str:
    """NFC, so that an accent is part of its letter."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)
