"""Words that give roles, end them, or soften them, at their places in a paragraph."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.resolutions.reading.spans import Spans
from app.resolutions.reading.tokens import Token
from app.resolutions.reading.words import Words

REACH = 8  # words between "to" and the name to which it leads
SPLIT = 12  # words inside "in collaboration, as appropriate, with"
STOP = re.compile(r"[.;:\n](?:\s|$)")


@dataclass(frozen=True, slots=True)
class Sign:
    """A cue, an end or a qualifier in the text, with the words it takes."""

    does: str
    first: int  # token
    last: int
    start: int
    end: int


class Signs:
    """Finds them."""

    def __init__(self, text: str, tokens: Sequence[Token], words: Words) -> None:
        self.text = text
        self.tokens = tokens
        self.words = words

    def _signs(self, inside: Spans, taken: Spans) -> list[Sign]:
        """Cues, ends and qualifiers that stand in no name and in no title."""
        found: list[Sign] = []
        later: dict[int, str] = {}  # where "with", "to" stand that end a cue in two parts
        place = 0
        while place < len(self.tokens):
            token = self.tokens[place]
            count, values = self.words.cues.at(self.tokens, place)
            if place in later:
                found.append(Sign(later[place], place, place, token.start, token.end))
                place += 1
                continue
            free = inside.free(token.start, token.end) and taken.free(token.start, token.end)
            if not count or not free:
                place += 1
                continue
            end = self.tokens[place + count - 1].end
            cue = next((each for each in values if not each.does.startswith("split:")), None)
            splits = [each for each in values if each.does.startswith("split:")]
            then = frozenset[str]().union(*(each.then for each in splits))
            last = self._split_end(place + count, then, inside) if splits else None
            if last is not None and (cue is None or cue.does == "end"):
                later[last] = splits[0].does.removeprefix("split:")
            elif cue is not None:
                found.append(Sign(cue.does, place, place + count - 1, token.start, end))
            place += count
        return found

    def _split_end(self, place: int, then: frozenset[str], inside: Spans) -> int | None:
        """Where "with" stands, with only few words and no end of a sentence between.

        Names between are not counted: "submit, through the Council, a report to".
        """
        count = 0
        for near in range(place, min(place + 3 * SPLIT, len(self.tokens))):
            token = self.tokens[near]
            if STOP.search(self.text[self.tokens[near - 1].end : token.start + 1]):
                return None
            if not inside.free(token.start, token.end):
                continue
            count += 1
            if token.key in then and self._leads(near):
                return near
            if count >= SPLIT:
                return None
        return None

    def _leads(self, near: int) -> bool:
        """Whether the word leads to somebody: a capital word follows, after small ones."""
        return any(
            self.text[token.start].isupper() for token in self.tokens[near + 1 : near + 1 + REACH]
        )
