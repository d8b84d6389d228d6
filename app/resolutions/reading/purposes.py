"""What a paragraph is for, by the words of the vocabulary."""

import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from app.resolutions.reading.record import Purpose
from app.resolutions.reading.spans import Spans
from app.resolutions.reading.tokens import Token
from app.resolutions.reading.tries import Trie

FILE = Path(__file__).parent / "words" / "purposes.toml"


@cache
def _vocabulary() -> Trie[tuple[str, bool]]:
    trie: Trie[tuple[str, bool]] = Trie()
    for key, row in tomllib.loads(FILE.read_text(encoding="utf-8")).items():
        for phrase in row["words"]:
            trie.add(phrase, (key, row.get("cross_cutting", False)))
    return trie


def purposes_in(text: str, tokens: Sequence[Token], taken: Spans) -> list[Purpose]:
    """Each purpose once, where it is first named; words inside names and titles say nothing."""
    found: dict[str, Purpose] = {}
    place = 0
    while place < len(tokens):
        count, values = _vocabulary().at(tokens, place)
        start = tokens[place].start
        if not count or not taken.free(start, tokens[place].end):
            place += 1
            continue
        end = tokens[place + count - 1].end
        for key, cross_cutting in values:
            found.setdefault(
                key, Purpose(start, end, text[start:end], key=key, cross_cutting=cross_cutting)
            )
        place += count
    return list(found.values())
