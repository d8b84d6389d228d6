"""Symbol, title, status and date: what stands above and below the text itself."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.resolutions.reading.dates import dates_in
from app.resolutions.reading.instruments import NAMED, SLASHED, SPECIAL, trimmed
from app.resolutions.reading.lines import BREAK, RULE
from app.resolutions.reading.record import Status
from app.resolutions.reading.tokens import tokens_of
from app.resolutions.reading.tries import Trie
from app.resolutions.reading.worded import worded_date
from app.resolutions.reading.words import Words, phrases

KINDS = (
    r"resolution|decision|recommendation|résolution|décision|recommandation|resolución|resolucion|decisión|"
    r"recomendación|resolução|decisão|recomendação|acuerdo"
)
KIND = re.compile(
    rf"^(?:the |la |a )?(?P<kind>{KINDS})\s(?:N[°ºo]\.?\s?|No\.?\s?)?"
    rf"(?P<n>[A-Z]{{0,4}}[./-]?\d[\w./-]*(?:\s?\([\w/-]{{1,14}}\))?|[IVXL]{{1,7}}(?=\s|$|\.))",
    re.IGNORECASE,
)
NUMBERED = re.compile(
    r"^(?P<n>\d{1,4}(?:/\d{1,4})?(?:\s[A-H])?\s?\([IVXL-]{1,9}\)|\d{1,4}/\d{1,4}(?:\s[A-H])?)\.?\s+(?P<rest>\S.*)"
)
ADOPTED_SYMBOL = re.compile(
    r"/(?:RES|DEC|DECL)\b|^WHA|/RES/|CM/Res|^GC\(|\(\d+\)$|^A\d\d-|/Dec\.|Résolution|Resolution|Resolución|MC\.DEC",
    re.IGNORECASE,
)
DRAFT_SYMBOL = re.compile(r"/L\.\d|/C\.\d")
SERIES = re.compile(r"(?:OEA|OAS)/Ser|Corr\.|^A\d{2}/VR")
NOISE = re.compile(
    r"distr\b|distribución|original\b|agenda item|item \d+ of|tema \d|punto \d|"
    r"point \d|page \d|advance version|"
    r"united nations$|nations unies$|naciones unidas$|nações unidas$|"
    r"atoms for peace|general$|limited$|"
    r".{0,40}\b(?:session|período de sesiones|periodo de sesiones|"
    r"período ordinario de sesiones|período extraordinario|"
    r"sesión|sessão|period of sessions|meeting|réunion|reunião|séance)$|"
    r"\[|\*|date ?:|fecha ?:|no\. ?\d|español$|english$|"
    r"english only$|français$|portugu[eê]s$|português$",
    re.IGNORECASE,
)
WORD_YEAR = re.compile(r"\b(?:mil\s.{5,60}|two thousand.{0,30})", re.IGNORECASE)
LONGEST_HEAD = 80  # lines
TITLE_LINES = 6


@dataclass(frozen=True)
class Head:
    """What was found; None where nothing is printed."""

    symbol: str | None
    title: str | None
    status: Status | None
    date: dt.date | None


@dataclass(frozen=True)
class Place:
    """A symbol in the head, and its line."""

    symbol: str
    line: int
    adopted: bool


class HeadReader:
    """Reads the lines above the organ (`head`) and what follows the last paragraph (`tail`)."""

    def __init__(
        self, head: Sequence[str], tail: Sequence[str], notes: Sequence[str], words: Words
    ) -> None:
        self.lines = self._own(head)
        self.tail = " ".join(tail[:6])[:1200]
        self.notes = " ".join(notes)[:8000]
        self.words = words
        self.places = self._symbols()

    def read(self) -> Head:
        """All of it."""
        symbol = self._symbol()
        status = self._status(symbol)
        return Head(
            symbol=symbol.symbol if symbol else None,
            title=self._title(symbol),
            status=status,
            date=self._date(status),
        )

    @staticmethod
    def _own(head: Sequence[str]) -> list[str]:
        """Without page breaks and rules; the last lines of a long head are the nearest ones."""
        lines = ["" if line == BREAK or RULE.fullmatch(line) else line for line in head]
        return lines[-LONGEST_HEAD:]

    def _symbols(self) -> list[Place]:
        found: list[Place] = []
        depth = 0
        for number, line in enumerate(self.lines):
            opened = depth
            depth = max(
                depth + line.count("(") + line.count("[") - line.count(")") - line.count("]"), 0
            )
            if opened or line.startswith(("[", "(")):
                continue
            found.extend(self._in_line(number, line))
        return found

    @staticmethod
    def _in_line(number: int, line: str) -> list[Place]:
        found = []
        if hit := KIND.match(line):
            found.append(Place(hit[0].strip(" ."), number, adopted=True))
        if hit := NUMBERED.match(line):
            found.append(Place(hit["n"], number, adopted=True))
        for pattern in (NAMED, SPECIAL, SLASHED):
            for hit in pattern.finditer(line):
                symbol = trimmed(hit["symbol"])
                before = line[: hit.start()]
                if (
                    not re.search(r"\d", symbol)
                    or SERIES.search(symbol)
                    or before.count("(") > before.count(")")
                ):
                    continue
                found.append(
                    Place(symbol, number, adopted=ADOPTED_SYMBOL.search(symbol) is not None)
                )
        return found

    def _symbol(self) -> Place | None:
        """A resolution's own symbol before a document's; a printed one before "Resolution 5"."""
        adopted = [each for each in self.places if each.adopted]
        whole = [
            each
            for each in adopted
            if "/" in each.symbol or "." in each.symbol or "(" in each.symbol
        ]
        drafts = [each for each in self.places if DRAFT_SYMBOL.search(each.symbol)]
        if drafts and self._is_draft_head():
            return drafts[0]
        best = [
            each
            for each in whole
            if not KIND.match(each.symbol) and not NUMBERED.match(each.symbol + " x")
        ]
        if self._is_draft_head() and not best:
            return self.places[0] if self.places else None
        decision = [each for each in whole if re.search(r"/C[PM]\w*\.\d", each.symbol)]
        choice = decision or best or whole or adopted or self.places
        return choice[0] if choice else None

    def _is_draft_head(self) -> bool:
        return any(self._begins(line, "draft") for line in self.lines) or any(
            re.search(r"/L\.\d", each.symbol) for each in self.places
        )

    def _begins(self, line: str, name: str) -> bool:
        tokens = tokens_of(line[:120])
        trie = _trie(self.words, name)
        return bool(tokens) and trie.at(tokens, 0)[0] > 0

    def _status(self, symbol: Place | None) -> Status | None:
        if self._is_draft_head():
            return Status.DRAFT
        text = " ".join(self.lines)
        tokens = tokens_of(text[:4000])
        adopted = _trie(self.words, "adopted")
        if any(adopted.at(tokens, place)[0] for place in range(len(tokens))):
            return Status.ADOPTED
        if symbol is not None and symbol.adopted:
            return Status.ADOPTED
        closing = tokens_of(self.tail[:400])
        if any(self.words.closing.at(closing, place)[0] for place in range(len(closing))):
            return Status.ADOPTED
        kinds = _trie(self.words, "text_kinds")
        named = any(
            kinds.at(tokens_of(line[:60]), 0)[0] for line in self.lines if tokens_of(line[:60])
        )
        return Status.ADOPTED if named and dates_in(" ".join(self.lines)) else None

    def _date(self, status: Status | None) -> dt.date | None:
        """Of adoption (head, then tail), of a draft's approval, else the head's own."""
        statement = self._statement(status)
        for text in (statement, self.tail if status is not Status.DRAFT else ""):
            if found := dates_in(text):
                return found[0].first if text is self.tail or text is statement else found[-1].first
        if day := worded_date(self.tail, self.words):
            return day
        head = [each for line in self.lines for each in dates_in(line) if each.first == each.last]
        titled = [
            each
            for line in self.lines
            if self._begins(line, "text_kinds") or re.match(r"(?:du|del|de|of)\s\d", line)
            for each in dates_in(line)
        ]
        noted = dates_in(self._statement_in(self.notes, status))
        choice = titled or noted[:1] or head
        return choice[-1].first if choice else None

    def _statement(self, status: Status | None) -> str:
        """ "(Adopted at the fourth plenary session, held on June 7, 2005)", over lines."""
        return self._statement_in(" ".join(line for line in self.lines if line), status)

    def _statement_in(self, text: str, status: Status | None) -> str:
        name = "agreed_draft" if status is Status.DRAFT else "adopted"
        tokens = tokens_of(text)
        trie = _trie(self.words, name)
        for place in range(len(tokens)):
            if trie.at(tokens, place)[0]:
                start = tokens[place].start
                end = text.find(")", start)
                return text[start : end if 0 < end < start + 300 else start + 200]
        return ""

    def _title(self, symbol: Place | None) -> str | None:
        """The lines nearest above the organ that are no symbol, date, session or remark."""
        if symbol is not None and (hit := NUMBERED.match(self.lines[symbol.line])):
            return self._joined(symbol.line, hit["rest"])
        groups = self._groups()
        after = [
            group
            for group in groups
            if symbol is None or group[0] > symbol.line or symbol.line in group
        ]
        chosen = after or groups
        if not chosen:
            return None
        return self._clean(" ".join(self.lines[number] for number in chosen[-1]))

    def _joined(self, number: int, rest: str) -> str | None:
        lines = [rest]
        for line in self.lines[number + 1 : number + TITLE_LINES]:
            if not line or self._noise(line):
                break
            lines.append(line)
        return self._clean(" ".join(lines))

    def _groups(self) -> list[list[int]]:
        """Runs of lines that may be a title."""
        groups: list[list[int]] = []
        depth, fresh = 0, True
        for number, line in enumerate(self.lines):
            opened = depth
            depth = max(
                depth + line.count("(") - line.count(")") + line.count("[") - line.count("]"), 0
            )
            if not line or opened or line[0] in "([" or self._noise(line):
                fresh = True
                continue
            if fresh or line[:1].isdigit() or not groups:
                groups.append([])
            groups[-1].append(number)
            fresh = False
        return groups

    def _noise(self, line: str) -> bool:
        if NOISE.match(line) or self._begins(line, "adopted") or self._begins(line, "draft"):
            return True
        tokens = tokens_of(line[:140])
        words = [token for token in tokens if not token.key.isdigit()]
        if not words:
            return True
        if any(
            each.symbol == line.strip(" .") or len(each.symbol) > 0.6 * len(line)
            for each in self.places
            if each.symbol in line
        ):
            return True
        days = dates_in(line)
        return bool(days) and days[0].end - days[0].start > 0.5 * len(line)

    def _clean(self, text: str) -> str | None:
        hit = KIND.match(text)
        if hit and len(text) > hit.end() + 3:
            text = text[hit.end() :].lstrip(" .:-–—")
        for place in self.places:
            if text.startswith(place.symbol):
                text = text[len(place.symbol) :].lstrip(" .:-–—")
        text = re.sub(r"^(?:[IVX]{1,5}|\d{1,3})\.?\s+(?=[A-ZÀ-Ý])", "", text)
        text = re.sub(r"(?:[\s¹²³⁴-⁹*]|\s\d{1,2}/)+$", "", text)
        text = re.sub(r"^\d{0,3}/…\s*|\sDoc\.?\s\S+$", "", text).strip()
        return text or None


def _trie(words: Words, name: str) -> Trie[bool]:
    key = (words.language, name)
    if key not in _TRIES:
        trie: Trie[bool] = Trie()
        for each in phrases(words.structure[name]):
            trie.add(each, value=True)
        _TRIES[key] = trie
    return _TRIES[key]


_TRIES: dict[tuple[str, str], Trie[bool]] = {}
