"""The vocabulary of each language, from the files beside this one."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from app.core.languages import Language
from app.resolutions.reading.tokens import keyed
from app.resolutions.reading.tries import Trie

Phrase = tuple[str, ...]


@dataclass(frozen=True)
class Words:
    """One language's words, as the passages of the reader look them up."""

    language: Language
    common: frozenset[str]
    written: frozenset[str]  # the same as they are written, accents and all
    months: Mapping[str, int]
    ordinals: Mapping[str, int]
    structure: Mapping[str, Any]
    heads: frozenset[str]
    weak: frozenset[str]
    inner: frozenset[str]
    not_heads: frozenset[str]
    glue: frozenset[str]
    of: frozenset[str]
    parent: frozenset[str]
    numbers: frozenset[str]
    events: frozenset[str]
    spans: frozenset[str]
    instruments: Trie[bool]
    treaties: frozenset[str]
    instrument_inner: frozenset[str]
    resolution: frozenset[str]
    openings: Trie[bool]
    verbs: Trie[bool]
    adverbs: Trie[bool]
    tails: Trie[bool]
    resolves: Trie[bool]
    annex: Trie[bool]
    closing: Trie[bool]
    cues: Trie["Cue"]
    leads: Trie[bool]


@dataclass(frozen=True)
class Cue:
    """What a phrase does to the roles of the bodies after it; `then` ends a cue that is split."""

    does: str  # a role's value, "end", "qualifier", or "split:" and a role's value
    then: frozenset[str] = field(default=frozenset())


def phrases(given: str | list[str]) -> list[str]:
    """`a|b c|d` as a list; lists stay."""
    return [each.strip() for each in given.split("|")] if isinstance(given, str) else given


def _set(given: str | list[str]) -> frozenset[str]:
    return frozenset(token for each in phrases(given) for token in keyed(each))


def _trie(given: str | list[str]) -> Trie[bool]:
    trie: Trie[bool] = Trie()
    for each in phrases(given):
        trie.add(each, value=True)
    return trie


CONTRACTED = {
    "es": {"de": ["del"], "a": ["al"]},
    "fr": {"de": ["du", "des", "d"], "à": ["au", "aux"]},
    "pt": {"de": ["do", "da", "dos", "das"], "a": ["ao", "à", "aos", "às"]},
}


def _contracted(phrase: str, language: str) -> list[str]:
    """As "por medio de", with what its last word becomes before an article."""
    before, _, last = phrase.rpartition(" ")
    others = CONTRACTED.get(language, {}).get(last, []) if before else []
    return [phrase, *(f"{before} {other}" for other in others)]


def _numbered(given: str) -> dict[str, int]:
    """`one|a two`: each spelling with its place, from 1."""
    return {
        keyed(spelling)[0]: number
        for number, each in enumerate(given.split(), 1)
        for spelling in each.split("|")
    }


def _cues(data: Mapping[str, Any], language: str) -> Trie[Cue]:
    trie: Trie[Cue] = Trie()
    for name in ("ends", "qualifiers"):
        for each in phrases(data[name]):
            trie.add(each, Cue("end" if name == "ends" else "qualifier"))
    for each in data["split"]:
        first, last = each.split(" ... ")
        then = [keyed(other)[-1] for other in _contracted(f"x {last}", language)]
        trie.add(first, Cue("split:" + _role_of(data, first, last), frozenset(then)))
    for role in ("asked", "called_upon", "through", "work_with", "collaborate", "report_to"):
        for each in phrases(data[role]):
            for form in _contracted(each, language):
                trie.add(form, Cue(role))
    return trie


def _role_of(data: Mapping[str, Any], first: str, last: str) -> str:
    for role in ("collaborate", "work_with"):
        if f"{first} {last}" in phrases(data[role]):
            return role
    return "work_with" if last in {"with", "con", "avec", "com"} else "report_to"


@cache
def words_of(language: Language) -> Words:
    """One language's words."""
    path = Path(__file__).parent / f"{language}.toml"
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    structure, names, deadlines = data["structure"], data["names"], data["deadlines"]
    return Words(
        language=language,
        common=_set(data["common"].replace(" ", "|")),
        written=frozenset(data["common"].split()),
        months=_numbered(data["months"]) | _numbered(data["short_months"]),
        ordinals=_numbered(data["ordinals"]),
        structure=structure,
        heads=_set(names["heads"]),
        weak=_set(names["weak"]),
        inner=_set(names["inner"]),
        not_heads=_set(names["not_heads"]),
        glue=_set(data["cues"]["glue"]),
        of=_set(data["cues"]["of"]),
        parent=_set(data["cues"]["parent"]),
        numbers=_set(deadlines["numbers"].replace(" ", "|")),
        events=_set(deadlines["events"]),
        spans=_set(deadlines["spans"]),
        instruments=_trie(names["instruments"]),
        treaties=_set(names["treaties"]),
        instrument_inner=_set(names["instrument_inner"]),
        resolution=_set(names["resolution"]),
        openings=_trie(structure["openings"]),
        verbs=_trie(structure["verbs"]),
        adverbs=_trie(structure["adverbs"]),
        tails=_trie(structure["tails"]),
        resolves=_trie(structure["resolves"]),
        annex=_trie(structure["annex"]),
        closing=_trie(structure["closing"]),
        cues=_cues(data["cues"], language),
        leads=_trie(deadlines["leads"]),
    )
