"""In which language a text is written, by its most common words."""

from collections import Counter

from app.core.languages import LANGUAGES, Language
from app.resolutions.reading.tokens import WORD
from app.resolutions.reading.words import words_of

LOOKED_AT = 40_000  # characters
FOREIGN = {
    "de": "der die das und den von zu mit dem ist auf für im nicht des eine werden wird",
    "it": "il lo gli della delle dei che di è nel alla sono degli dell una per del",
    "nl": "het een van de en dat is niet op te voor met zijn aan",
    "la": "et in est ad non cum ut quod sed per",
    "pl": "i w z na do się nie że oraz przez",
    "sv": "och att det som en är för av på den med till",
}
ENOUGH = 0.08  # of all words


def language_of(text: str) -> Language | None:
    """One of our languages, or None for another one, or for what is no language."""
    words = [hit.lower() for hit in WORD.findall(text[:LOOKED_AT])]
    if not words:
        return None
    counts = Counter(words)
    scores: dict[str, float] = {
        language: sum(counts[word] for word in words_of(language).written) for language in LANGUAGES
    }
    others = {
        name: sum(counts[word] for word in set(line.split())) for name, line in FOREIGN.items()
    }
    best = max(LANGUAGES, key=lambda language: scores[language])
    if scores[best] < ENOUGH * len(words) or max(others.values()) > scores[best]:
        return None
    return best
