"""The words with which a paragraph begins: they tell what kind of paragraph it is."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.resolutions.reading.record import Part
from app.resolutions.reading.tokens import Token, first_tokens
from app.resolutions.reading.words import Words

LOOKED_AT = 160  # characters; no opening is longer
REFLEXIVE = {"se", "s", "nous", "nos"}
NOT_PARTICIPLES = {
    "during", "concerning", "regarding", "following", "king", "beijing", "including", "according",
    "avant", "pendant", "suivant", "durant", "devant", "cuando", "fernando", "quando", "comando",
    "meeting", "working", "housing", "banking", "training", "building", "fishing", "financing",
    "strengthening", "engineering", "shipping", "mining", "farming", "restant", "nonobstant",
    "enfant", "existing", "ageing", "being", "thing", "spring", "ring",
}  # fmt: skip
PARTICIPLE = {
    "en": re.compile(r"\w{3,}ing"),
    "es": re.compile(r"\w{2,}(?:ando|iendo|yendo)(?:se)?"),
    "fr": re.compile(r"\w{2,}ant"),
    "pt": re.compile(r"\w{2,}(?:ando|endo|indo)"),
}
FOLLOWS_PAST = {"by", "that", "at", "of", "with", "to", "about", "also", "in", "over", "further"}
INFINITIVE = {
    "es": re.compile(r"\w{2,}[aei]r(?:se|le|les)?"),
    "pt": re.compile(r"\w{2,}[aeio]r"),
    "fr": re.compile(r"\w{2,}(?:er|ir|re)"),
}
THIRD_PERSON = re.compile(r"[A-Z](?:[a-z]{3,}s|[A-Z]{3,}S)")


@dataclass(frozen=True, slots=True)
class Opening:
    """What kind of paragraph the words begin, the words, and where they end."""

    kind: Part
    text: str
    end: int


def opening_of(text: str, words: Words, *, numbered: bool = False) -> Opening | None:
    """The opening of a paragraph, or None. A number before it makes any verb one."""
    head = text[:LOOKED_AT]
    tokens = first_tokens(head)
    if not tokens:
        return None
    place, infinitive = _before(tokens, words)
    if place >= len(tokens):
        return None
    found = _verb(head, tokens, place, words, infinitive=infinitive, numbered=numbered)
    if found is None and place:
        # "Strongly", "Also": an adverb that is itself what the paragraph begins with.
        found = _verb(head, tokens, 0, words, infinitive=False, numbered=numbered)
        place = 0
    if found is None:
        return None
    kind, count = found
    last = _last(tokens, place + count - 1, words)
    return Opening(kind, head[tokens[0].start : tokens[last].end], tokens[last].end)


def _before(tokens: Sequence[Token], words: Words) -> tuple[int, bool]:
    """Past `To`, adverbs and pronouns; and whether an infinitive follows."""
    place, infinitive = 0, False
    if tokens[0].key in words.structure["infinitive"].split("|"):
        place, infinitive = 1, True
    while place < len(tokens):
        count = words.adverbs.at(tokens, place)[0]
        if not count and words.language != "en" and tokens[place].key in REFLEXIVE:
            count = 1
        if not count:
            break
        place += count
    return place, infinitive


def _verb(
    head: str,
    tokens: Sequence[Token],
    place: int,
    words: Words,
    *,
    infinitive: bool,
    numbered: bool,
) -> tuple[Part, int] | None:
    """What kind of word stands here, and how many words it has."""
    key = tokens[place].key
    if not infinitive and (count := _participle(tokens, place, words)):
        return Part.PREAMBULAR, count
    if count := words.verbs.at(tokens, place)[0]:
        return Part.OPERATIVE, count
    english = words.language == "en"
    bare = numbered and english and _is_bare(tokens, place, words)
    if bare or (infinitive and english and key not in words.glue):
        return Part.OPERATIVE, 1
    form = INFINITIVE.get(words.language)
    if form and form.fullmatch(key) and (infinitive or words.language != "fr"):
        return Part.OPERATIVE, 1
    raw = head[tokens[place].start : tokens[place].end]
    if numbered and english and THIRD_PERSON.fullmatch(raw):
        after = head[tokens[place].end : tokens[place].end + 2].strip()
        return (Part.OPERATIVE, 1) if after[:1].islower() else None
    return None


def _is_bare(tokens: Sequence[Token], place: int, words: Words) -> bool:
    """ "Request", "Urge": ministers decide in the plural."""
    token = tokens[place]
    return any(
        words.verbs.at([token._replace(key=token.key + ending)], 0)[0] for ending in ("s", "es")
    )


def _participle(tokens: Sequence[Token], place: int, words: Words) -> int:
    count = words.openings.at(tokens, place)[0]
    if count:
        return count
    key = tokens[place].key
    if PARTICIPLE[words.language].fullmatch(key) and key not in NOT_PARTICIPLES:
        return 1
    after = tokens[place + 1].key if place + 1 < len(tokens) else ""
    past = words.language == "en" and key.endswith("ed") and after in FOLLOWS_PAST
    return int(past and key != "united")


def _last(tokens: Sequence[Token], place: int, words: Words) -> int:
    """The last word of the opening, with what belongs to it: "into account", "with concern"."""
    while place + 1 < len(tokens):
        count = words.tails.at(tokens, place + 1)[0]
        if not count:
            break
        place += count
    return place
