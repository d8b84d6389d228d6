"""Where a name ends that goes on in small letters; words that are ordinals."""

import re
from collections.abc import Sequence

from app.resolutions.reading.tokens import Token
from app.resolutions.reading.words import Words

INFINITIVES = re.compile(
    r"\w{2,}(?:er|ir|oir)|\w*(?:prendre|rendre|mettre|faire|suivre|inscrire|conduire|produire|poursuivre|etre)"
)
NOUNS_LIKE_INFINITIVES = {
    "mer",
    "hiver",
    "fer",
    "outremer",
    "loisir",
    "loisirs",
    "avenir",
    "pouvoir",
    "pouvoirs",
    "cancer",
    "chantier",
    "metier",
}
JOINED = {"and", "or", "y", "e", "et", "ou"}  # before a capital: another name
SMALL = {"de", "du", "des", "d", "la", "l", "le", "les"}
ABOUT = {
    "on",
    "in",
    "the",
    "of",
    "to",
    "a",
    "sur",
    "sobre",
    "para",
    "em",
    "en",
    "por",
    "and",
    "y",
    "e",
    "et",
    "los",
    "las",
    "el",
    "o",
    "os",
    "as",
    "da",
    "do",
    "dos",
    "das",
    "del",
}


ORDINAL = re.compile(
    r"\d*\w*(?:ieth|fth|nth|xth|ghth|th|st|nd|rd|ieme|esim[oa])|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
)


def is_ordinal(key: str, words: Words) -> bool:
    """Whether a word says the how-manieth: "Sixty-first", "vigésima"."""
    return key in words.ordinals or (
        ORDINAL.fullmatch(key) is not None
        and key not in words.heads
        and (key[0].isdigit() or key.endswith(("ieth", "ieme", "esimo", "esima", "enth", "ty")))
    )


def lower_end(
    text: str, tokens: Sequence[Token], last: int, words: Words, *, prepositions: bool
) -> int:
    """Past the small words that still belong to a name, up to a verb, a comma or a preposition."""
    end = last
    inside = words.inner if words.language == "fr" else frozenset[str]()
    for near in range(last + 1, min(last + 14, len(tokens))):
        gap = text[tokens[near - 1].end : tokens[near].start]
        key = tokens[near].key
        parted = gap == ", " and not prepositions
        if gap not in {" ", "-", "’", "'", ", "} or parted or _is_another(text, tokens, near):
            break
        if gap == ", " and not re.match(
            r"[^,.;]{1,40} (?:and|y|e|et) ", text[tokens[near].start :][:60]
        ):
            break
        small = key in SMALL or (prepositions and key in ABOUT)
        if small or (key in {"et", "and"} and _joins_small(text, tokens, near)):
            if key == "to" and near + 1 < len(tokens) and tokens[near + 1].key not in {"a", "the"}:
                break
            continue
        verb = (
            INFINITIVES.fullmatch(key)
            and key not in NOUNS_LIKE_INFINITIVES
            and tokens[near - 1].key in {"de", "d", "a"}
        )
        if verb or key in inside or key in words.glue or words.cues.at(tokens, near)[0]:
            break
        end = near
    return end


def _is_another(text: str, tokens: Sequence[Token], near: int) -> bool:
    """Whether a capital word after "and", "and the" begins a name of its own."""
    joined = JOINED & {tokens[near - 1].key, tokens[near - 2].key}
    return bool(joined) and text[tokens[near].start].isupper()


def _joins_small(text: str, tokens: Sequence[Token], near: int) -> bool:
    """Whether "et" joins two small words, and no further body."""
    for after in range(near + 1, min(near + 3, len(tokens))):
        raw = text[tokens[after].start : tokens[after].end]
        if raw[0].isupper() or tokens[after].key in {
            "le",
            "la",
            "les",
            "l",
            "au",
            "aux",
            "son",
            "sa",
            "the",
            "a",
        }:
            return False
    return True
