"""Resolutions, documents and treaties that a paragraph cites."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from app.resolutions.reading.record import Instrument
from app.resolutions.reading.smallwords import lower_end
from app.resolutions.reading.spans import Spans
from app.resolutions.reading.tokens import Token
from app.resolutions.reading.tries import Trie
from app.resolutions.reading.words import Words

TREATIES = Path(__file__).parent / "words" / "treaties.toml"
LONGEST = 40  # words of a title that nobody knows
LEVELS = r"(?:[ ,]{1,2}(?:rev|add|corr)\.?\s?\d{1,2}(?:\sand\s(?:corr|add)\.?\s?\d{1,2})?)*"
SESSION = r"(?:\s?\([^()\s]{1,16}\))?"
# AG/RES. 2019 (XXXIV-O/04); CP/doc.4023/05; CP/RES. 889 (1503/05) rev. 2; CMC/DEC. N° 38/12
NAMED = re.compile(
    r"(?P<twice>\b[A-Z]{1,8}(?:/[A-Z]{1,8}){0,3}/(?:RES|DEC|DECL)\.\s)?"
    r"\b(?P<symbol>[A-Z]{1,12}(?:[/.][A-Z]{1,8}){0,3}/(?:RES|Res|DEC|Dec|DECL|Decl|doc|DOC|INF|inf)\.?\s?"
    rf"(?:N[°º]s?\.?\s?)?\d{{1,5}}(?:[-/]\d{{1,4}})?{SESSION}{LEVELS})",
    re.IGNORECASE,
)
# A/RES/55/25; S/RES/1325 (2000); S/2010/579; FCCC/CP/2015/8; MC.DOC/2/05; A/49/388 and Corr.1
SLASHED = re.compile(
    r"(?<![\w/])(?P<symbol>(?:[A-Z]{1,10}(?:\.[A-Z]{1,4})?)(?:/[A-Za-z0-9.()-]{1,24}){1,7}(?:\s\((?:19|20)\d\d\)|\([IVXL]{1,6}\))?"
    r"(?:\s(?:and|y|et|e)\s(?:Corr|Add)\.\s?\d)?(?:\s(?:rev|add|corr)\.\s?\d{1,2})*)"
)
# WHA56.26 (2003); EB144(9); GC(61)/RES/11; A39-12; CM/Res(2010)47; MSC.402(96); 1/CP.16; 31 C/30
SPECIAL = re.compile(
    r"(?<![\w/])(?P<symbol>(?:WHA|EB|EUR/RC|CD|CSP|CE)\d{1,3}\.(?:R)?\d{1,3}(?:\s\((?:19|20)\d\d\))?|EB\d{2,3}\(\d{1,2}\)"
    r"|GC\([IVXL\d]{1,6}\)/[\w./]{1,24}|A\d{2}-\d{1,2}(?!\d)|(?:MSC|MEPC|A|LEG|FAL)\.\d{1,4}\(\d{1,3}\)"
    r"|(?:CM/Res|CM/Rec|Rec|Res|RecChL)\(\d{2,4}\)\d{1,3}|\d{1,3}/(?:CP|CMP|CMA)\.\d{1,2}"
    r"|\d{1,3}\s(?:C|EX)/(?:Resolution\s|Résolution\s|Resolución\s)?\d{1,3}(?:\.\d{1,2}){0,3}"
    r"|COM\(\d{2,4}\)\s?\d{1,4}|\d{4}/\d{1,4}/(?:EU|UE|EC|CE)|\d{2}/\d{1,4}/(?:EC|CE|EEC|CEE)"
    r"|\((?:EU|UE|EC|CE)\)\s(?:No\.?\s|n[.º°]*\s)?\d{1,4}/\d{2,4}|(?:XX|X|I|V|L){1,6}\sC/\d{1,3})"
)
ITEM = re.compile(
    r"(?:N[°ºo]s?\.?\s?|No\.?\s|Nos\.?\s|n\.?[º°]\s?)?(?P<symbol>\d{1,4}(?:/\d{1,4})?(?:\s[A-H](?![\w.]))?"
    r"(?:\s?\((?:(?:19|20)\d\d|[IVXL]{1,7}|[A-Z]{1,3}-[IVXL]{1,6}|ES-[IVX]{1,4}|S-[IVX]{1,4})\))?(?![\d%])|[IVXL]{2,6}(?=\s))"
)
BETWEEN = re.compile(
    r"(?:\s?[,;]\s?|\s(?:and|y|e|et|&)\s|\s)?(?:\s?(?:and|y|e|et)\s)?"
    r"(?:(?:of|de|del|du|do|dated|en date du)\s[^,;.()]{6,40}?\d{4}"
    r"|(?:paragraphs?|párrafos?|paragraphes?|parágrafos?|sections?)\s[\d.]{1,6}(?:\s(?:and|to|a|y|et|e)\s\d{1,3})?)?(?:\s?[,;]\s?|\s)?(?:(?:and|y|e|et)\s)?",
    re.IGNORECASE,
)
QUOTED = re.compile(r"\s?[,:]?\s?[“\"«]\s?(?P<title>[^”\"»]{3,300}?)[,.]?\s?[”\"»]")
SECURITY_COUNCIL = re.compile(r"\d{1,4} \((?:19[4-9]\d|20\d\d)\)")


@dataclass(frozen=True, slots=True)
class Treaty:
    """A treaty that everybody knows."""

    key: str
    alias: bool


@cache
def treaties() -> Trie[Treaty]:
    """Names and short names in four languages."""
    trie: Trie[Treaty] = Trie()
    for key, row in tomllib.loads(TREATIES.read_text(encoding="utf-8")).items():
        for alias, field in ((False, "names"), (True, "aliases")):
            for text in row[field]:
                trie.add(text, Treaty(key, alias))
    return trie


def trimmed(symbol: str) -> str:
    """Without the signs of the sentence around it."""
    symbol = symbol.rstrip(".,-(")
    while symbol.endswith(")") and symbol.count(")") > symbol.count("("):
        symbol = symbol[:-1].rstrip(".,-(")
    return symbol


class Citations:
    """Finds the instruments of one text; `found` never overlap."""

    def __init__(self, text: str, tokens: Sequence[Token], words: Words, *, council: bool) -> None:
        self.text = text
        self.tokens = tokens
        self.words = words
        self.council = council  # whether plain numbers with a year are the Security Council's
        self.found: list[Instrument] = []
        self.taken = Spans()
        self.twice: list[str] = []  # symbols whose beginning is printed two times

    def read(self) -> list[Instrument]:
        """All of them, in the order of the text."""
        self._symbols()
        self._listed()
        self._treaties()
        return sorted(self.found, key=lambda each: each.start)

    def _keep(self, start: int, end: int, symbol: str) -> None:
        if not self.taken.take(start, end):
            return
        title = QUOTED.match(self.text, end)
        self.found.append(
            Instrument(
                start,
                end,
                self.text[start:end],
                symbol=symbol,
                title=title["title"].strip(" ,") if title else None,
            )
        )

    def _symbols(self) -> None:
        if not any(char.isdigit() for char in self.text):
            return
        for hit in NAMED.finditer(self.text):
            if not any(char.isdigit() for char in hit["symbol"]):
                continue
            if hit["twice"]:
                self.twice.append(hit[0])
            self._keep(hit.start(), hit.end("symbol"), hit["symbol"])
        for pattern in (SPECIAL, SLASHED):
            for hit in pattern.finditer(self.text):
                symbol = trimmed(hit["symbol"])
                if any(char.isdigit() for char in symbol) and symbol.count("(") == symbol.count(
                    ")"
                ):
                    self._keep(hit.start(), hit.start() + len(symbol), symbol)

    def _listed(self) -> None:
        """As in: "resolutions 1325 (2000), 1674 (2006) and 1894 (2009)"."""
        for token in self.tokens:
            if token.key not in self.words.resolution:
                continue
            place = token.end
            for _ in range(60):
                gap = BETWEEN.match(self.text, place)
                item = ITEM.match(self.text, gap.end() if gap else place)
                if item is None or item.end() == item.start():
                    jump = self.taken.end_at(gap.end()) if gap else None
                    if jump is None:
                        break
                    place = jump
                    continue
                self._item(token, item)
                place = item.end()

    def _item(self, token: Token, item: re.Match[str]) -> None:
        symbol = item["symbol"]
        if SECURITY_COUNCIL.fullmatch(symbol) and (self.council or len(symbol.split()[0]) > 2):  # noqa: PLR2004
            symbol = f"S/RES/{symbol}" if self.council else symbol
        before = self.text[token.end : item.start("symbol")].strip()
        first = before in {"", "No.", "N°", "Nº", "N.º", "n.º", "n°", "no."}
        start = token.start if first else item.start("symbol")
        named = first and "/" not in symbol and "(" not in symbol
        self._keep(start, item.end(), self.text[start : item.end()] if named else symbol)

    def _treaties(self) -> None:
        known = treaties()
        place = 0
        while place < len(self.tokens):
            token = self.tokens[place]
            count, values = known.at(self.tokens, place)
            raw = self.text[token.start : token.end]
            end = self.tokens[place + count - 1].end if count else 0
            if count and (raw[0].isupper() or count > 2) and self.taken.take(token.start, end):  # noqa: PLR2004
                treaty = values[0]
                name = self.text[token.start : end]
                self.found.append(
                    Instrument(
                        token.start, end, name, title=name, key=treaty.key, alias=treaty.alias
                    )
                )
                place += count
                continue
            place = self._unknown(place)

    def _unknown(self, place: int) -> int:
        """A convention, charter or plan that is not in the list: its capital words."""
        token = self.tokens[place]
        count = self.words.instruments.at(self.tokens, place)[0]
        if not count or not self.text[token.start].isupper():
            return place + 1
        first, last = self._left(place), self._right(place + count - 1)
        if self.words.language == "fr":
            last = lower_end(self.text, self.tokens, last, self.words, prepositions=True)
        start, end = self.tokens[first].start, self.tokens[last].end
        alone = first == place and last == place + count - 1
        if not alone and self.taken.take(start, end := self._bracket(end)):
            name = self.text[start:end]
            self.found.append(Instrument(start, end, name, title=name))
            return max(last + 1, place + count)
        return place + count

    def _left(self, place: int) -> int:
        """Capital words before it: "Night Work (Women) Convention", "Inter-American Charter"."""
        first = place
        for near in range(place - 1, max(place - 8, -1), -1):
            token = self.tokens[near]
            gap = self.text[token.end : self.tokens[near + 1].start]
            if gap not in {" ", "-", " (", ") ", "’", "'"}:
                break
            raw = self.text[token.start : token.end]
            article = token.key in self.words.structure["articles"] or token.key in self.words.inner
            if (
                article
                or not (raw[0].isupper() or raw.isdigit())
                or near == 0
                or self._begins(near)
            ):
                break
            first = near
        if self.words.language != "en" and first != place:
            return place
        return first

    def _begins(self, place: int) -> bool:
        """Whether a word begins a sentence, where a capital says nothing."""
        before = self.text[: self.tokens[place].start].rstrip()[-1:]
        return not before or before in ".;:"

    def _right(self, place: int) -> int:
        last = place
        for near in range(place + 1, min(place + LONGEST, len(self.tokens))):
            token = self.tokens[near]
            gap = self.text[self.tokens[near - 1].end : token.start]
            if gap not in {" ", "-", "’", "'", ", "} or (
                gap == ", " and not self._list_goes_on(near)
            ):
                break
            raw = self.text[token.start : token.end]
            if raw[0].isupper():
                last = near
            elif token.key not in self.words.instrument_inner or (
                token.key in {"and", "y", "e", "et"} and not self._joins(near)
            ):
                break
        return last

    def _joins(self, place: int) -> bool:
        """As in "Economic, Social and Cultural Rights": the next word is one of the title's."""
        after = place + 1
        if after >= len(self.tokens):
            return False
        token = self.tokens[after]
        raw = self.text[token.start : token.end]
        return (
            raw[0].isupper()
            and not self.words.instruments.at(self.tokens, after)[0]
            and token.key not in self.words.heads
        )

    def _list_goes_on(self, place: int) -> bool:
        raw = self.text[self.tokens[place].start : self.tokens[place].end]
        return (
            raw[0].isupper()
            and not raw.isupper()
            and self._joins(place - 1)
            and any(
                self.tokens[near].key in {"and", "y", "e", "et"}
                for near in range(place + 1, min(place + 4, len(self.tokens)))
            )
        )

    def _bracket(self, end: int) -> int:
        hit = re.match(
            r" \((?:Revised|revisado|révisée?|revista)\)(?:, (?:1[89]|20)\d\d)?"
            r"|, (?:1[89]|20)\d\d\b",
            self.text[end : end + 30],
        )
        return end + len(hit[0]) if hit else end
