"""Words that give roles, end them, or soften them, at their places in a paragraph."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.resolutions.reading.spans import Spans
from app.resolutions.reading.tokens import Token
from app.resolutions.reading.words import Words

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
        place = 0
        while place < len(self.tokens):
            token = self.tokens[place]
            count, values = self.words.cues.at(self.tokens, place)
            if (
                not count
                or not inside.free(token.start, token.end)
                or not taken.free(token.start, token.end)
            ):
                place += 1
                continue
            end = self.tokens[place + count - 1].end
            cue = next((each for each in values if not each.does.startswith("split:")), None)
            split = next((each for each in values if each.does.startswith("split:")), None)
            last = self._split_end(place + count, split.then) if split else None
            if split and last is not None and (cue is None or cue.does == "end"):
                role = split.does.removeprefix("split:")
                found.extend(self._qualifiers_in(place + count, last))
                found.append(Sign(role, place, last, token.start, self.tokens[last].end))
                place = last + 1
                continue
            if cue is not None:
                found.append(Sign(cue.does, place, place + count - 1, token.start, end))
            place += count if cue is not None else 1
        return found

    def _split_end(self, place: int, then: frozenset[str]) -> int | None:
        """Where "with" stands, with only few words and no end of a sentence between."""
        for near in range(place, min(place + SPLIT, len(self.tokens))):
            if STOP.search(self.text[self.tokens[near - 1].end : self.tokens[near].start + 1]):
                return None
            if self.tokens[near].key in then:
                return near
        return None

    def _qualifiers_in(self, first: int, last: int) -> list[Sign]:
        found = []
        for place in range(first, last):
            count, values = self.words.cues.at(self.tokens, place)
            if count and any(each.does == "qualifier" for each in values):
                found.append(
                    Sign(
                        "qualifier",
                        place,
                        place + count - 1,
                        self.tokens[place].start,
                        self.tokens[place + count - 1].end,
                    )
                )
        return found
