"""Lines that mark the parts of a resolution: who decides, RESOLVES, ANNEX, who signed."""

import re
from collections.abc import Sequence

from app.resolutions.reading.blocks import CLOSED, OPENS, Block
from app.resolutions.reading.numbers import Style
from app.resolutions.reading.openings import LOOKED_AT
from app.resolutions.reading.record import Part
from app.resolutions.reading.tokens import Token, first_tokens, key_of, tokens_of
from app.resolutions.reading.words import Words

SHORT = 120
LONGEST_BARE = 10  # words of an organ without an article


class Marks:
    """Lines that mark the parts of a resolution: who decides, RESOLVES, ANNEX, who signed."""

    words: Words
    articles: set[str]
    heads: set[tuple[str, ...]]

    def _is_reason(self, block: Block) -> bool:
        if block.opening is None or block.opening.kind is not Part.PREAMBULAR:
            return False
        rest = block.text.rstrip()
        return (rest.endswith((";", ",", ":")) or CLOSED.search(rest) is not None) and (
            (block.capital and len(rest.split()) > len(block.opening.text.split()))
            or rest.endswith(":")
        )

    def _organ(self, block: Block) -> str | None:
        """ "The Security Council," without the article; None for anything else."""
        if block.number is not None and block.number.style is not Style.ARABIC:
            return None
        text = block.text.lstrip(OPENS)
        tokens = first_tokens(text[:LOOKED_AT])
        if len(tokens) < 2 or not text[0].isupper():  # noqa: PLR2004
            return None
        we = tokens[0].key in {"we", "nous", "nosotros", "nosotras", "nos"}
        if tokens[0].key not in self.articles and not we:
            return None
        start = tokens[1].start
        if tokens[1].key in self.articles and we:
            start = tokens[2].start if len(tokens) > 2 else start  # noqa: PLR2004
        cut = re.search(r"[,:;]|\.(?=\s|$)|$", text[start:])
        name = text[start : start + (cut.start() if cut else 0)].strip()
        if cut is not None and (cut[0] == "." or (cut[0] == ";" and not text.endswith(";"))):
            return None
        last = self._resolve_words(name)
        if last is not None:
            name = name[:last].strip()
        named = name[:1].isupper() or name[:1].isdigit() or we
        return name if name and named and len(name) < SHORT else None

    @staticmethod
    def _bare_organ(block: Block) -> str | None:
        """ "Law Ministers," above reasons: a name without an article, alone on its line."""
        text = block.text.lstrip(OPENS)
        name = text.rstrip(" ,:;")
        alone = text.endswith((",", ":", ";")) and not re.search(r"[,:;.]", name)
        capital = text[:1].isupper() and block.opening is None and block.number is None
        words = name.split()
        return name if alone and capital and 0 < len(words) <= LONGEST_BARE else None

    @staticmethod
    def _rest(block: Block, name: str) -> str:
        return block.text.partition(name)[2].lstrip(" ,:")

    def _resolve_words(self, text: str) -> int | None:
        """Where "RESOLVES" begins at the end of the text."""
        tokens = tokens_of(text[-80:])
        offset = max(len(text) - 80, 0)
        for place in range(len(tokens)):
            if self.words.resolves.at(tokens, place)[0] == len(tokens) - place:
                return offset + tokens[place].start
        return None

    def _resolve_at_end(self, text: str) -> bool:
        if not text.rstrip().endswith(":"):
            return False
        place = self._resolve_words(text)
        return place is not None and text[place : place + 1].isupper()

    def _resolves(self, text: str) -> bool:
        """A block that is "RESOLVES:" and nothing else."""
        tokens = first_tokens(text[:LOOKED_AT])
        if not tokens or len(text) >= SHORT or not text.lstrip(OPENS)[:1].isupper():
            return False
        return self.words.resolves.at(tokens, 0)[0] == len(tokens)

    def _is_head(self, text: str) -> bool:
        return (
            text.rstrip().endswith(":")
            and tuple(t.key for t in first_tokens(text[:LOOKED_AT])) in self.heads
        )

    def _resolve_inline(self, text: str) -> int | None:
        """ "RESOLVES: 1. To request": where the first paragraph begins."""
        tokens = first_tokens(text[:LOOKED_AT])
        count = self.words.resolves.at(tokens, 0)[0] if tokens else 0
        if not count or count == len(tokens):
            return None
        after = text[tokens[count - 1].end :]
        return (
            len(text) - len(after.lstrip(" :"))
            if after.lstrip().startswith(":") and text[:1].isupper()
            else None
        )

    def _goes_on(self, block: Block) -> bool:
        tokens = tokens_of(block.text[:40])
        starts = {
            key_of(each).split()[0] for each in self.words.structure["continuation"].split("|")
        }
        return bool(tokens) and tokens[0].key in starts and CLOSED.search(block.text) is not None

    def _is_closing(self, block: Block) -> bool:
        """ "95th plenary meeting, 23 December 1994", "Adopted at ...", names of signatories."""
        text = block.text
        tokens = tokens_of(text[:300])
        if not tokens:
            return True
        closing = self.words.closing
        if closing.at(tokens, 0)[0] and self._has_year_or_short(text, tokens):
            return True
        inside = any(closing.at(tokens, place)[0] > 1 for place in range(len(tokens)))
        if len(text) < SHORT and (inside or re.search(r"\b(?:1[89]|20)\d\d\b\W*$", text)):
            return not (block.opening and block.opening.kind is Part.OPERATIVE)
        return text.startswith(("[", "(")) and len(text) < SHORT

    def _has_year_or_short(self, text: str, tokens: Sequence[Token]) -> bool:
        return len(text) < 400 or re.search(r"\b(?:1[89]|20)\d\d\b", text) is not None  # noqa: PLR2004
