"""To which organization a text belongs, by its symbols and by whom it names."""

import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "words" / "families.toml"
ACRONYM = 4  # letters; shorter words are compared as they are written
SYMBOL, HEAD = 6, 4  # how much more a symbol says than a name; and the head than the rest


@cache
def _families() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def family_of(head: str, body: str) -> str | None:
    """The key of the organization (`OAS`), or None where nothing tells."""
    counts = {
        family: HEAD * _weight(head, signs["symbols"], signs["words"])
        + _weight(body, signs["symbols"], signs["words"])
        for family, signs in _families().items()
    }
    best = max(counts, key=lambda family: counts[family])
    return best if counts[best] else None


def _weight(text: str, symbols: Sequence[str], words: Sequence[str]) -> int:
    found = SYMBOL * sum(min(text.count(symbol), 5) for symbol in symbols)
    upper = text.upper()
    return (
        found
        + sum(min(upper.count(word.upper()), 5) for word in words if len(word) > ACRONYM)
        + sum(min(text.count(word), 5) for word in words if len(word) <= ACRONYM)
    )
