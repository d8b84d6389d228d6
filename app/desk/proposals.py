"""What a reading suggests: which instruments are mandates, which are papers, what to call it.

Suggestions only: each is a tick or a prefilled field that a person sees before anything is made.
Pure.
"""

import re
from collections.abc import Collection, Iterable

from app.core.languages import Localized, Message, folded
from app.resolutions.reading.record import Instrument, Paragraph, Part, Reading
from app.resolutions.rules import fresh_key, key_of

# Those who recall more than this count their history, not what ordered the meeting.
MOST_MANDATES = 5
SLUG_LENGTH = 40
RECALLING = ("recall", "record", "rappel", "reiter", "reaffirm", "reafirm", "reaffirmant")
LETTERS = re.compile(r"[^A-Z]+")
NUMBER = re.compile(r"\d+(?:/\d+)?")
CONVENED = re.compile(
    r"\b(?:convene|hold|organi[sz]e|convocar|convoque|celebrar|organizar|convoquer|tenir|organiser|"
    r"realizar)\s+(?:an?|the|una?|el|la|une?|le|uma?|o|a)\s+([A-ZÀ-Ý][^,;.]{5,200})"
)
PURPOSES: dict[str, Localized] = {
    key: words.everywhere()
    for key, words in {
        "protection": Message("Protection and assistance"),
        "prevention": Message("Prevention"),
        "prosecution": Message("Prosecution and punishment"),
        "cooperation": Message("Cooperation"),
        "information": Message("Information and experience"),
        "training": Message("Training"),
        "statistics": Message("Statistical records"),
        "human-rights": Message("Human rights"),
        "women": Message("Women"),
        "children": Message("Children and adolescents"),
        "migrants": Message("Migrants"),
        "indigenous-peoples": Message("Indigenous peoples"),
        "disability": Message("Persons with disabilities"),
        "sustainable-development": Message("Sustainable development"),
    }.items()
}
# Papers that a preamble names by what they are, with a symbol after them or without.
PAPER = re.compile(
    r"\b(?:(?:annual\s+)?reports?|conclusions(?:\s+and\s+recommendations)?|recommendations|"
    r"(?:work\s+and\s+)?studies|informes?(?:\s+anual(?:es)?)?|"
    r"conclusiones(?:\s+y\s+recomendaciones)?|recomendaciones|(?:trabajos\s+y\s+)?estudios|"
    r"rapports?(?:\s+annuels?)?|conclusions(?:\s+et\s+recommandations)?|recommandations|"
    r"(?:travaux\s+et\s+)?études|relatórios?(?:\s+anua(?:l|is))?|"
    r"conclusões(?:\s+e\s+recomendações)?|recomendações|estudos)\s+"
    r"(?:of|on|by|del?|da|do|das|dos|des|du|sobre|sur|acerca)\s[^,;()\n]{3,250}",
    re.IGNORECASE,
)
BEFORE_SYMBOL = re.compile(r"[^;()\n]{0,250}\(\Z")


def is_resolution(symbol: str) -> bool:
    """Whether a symbol is that of a resolution: `AG/RES. 2019 (XXXIV-O/04)`, `A/RES/55/25`."""
    return "RES" in LETTERS.split(symbol.upper())


def mandates_in(reading: Reading) -> list[Instrument]:
    """The resolutions that the preamble recalls, each once; none where it recalls very many."""
    found: dict[str, Instrument] = {}
    for paragraph in reading.preamble:
        if folded(paragraph.opening).startswith(RECALLING):
            for each in paragraph.of(Instrument):
                if each.symbol and is_resolution(each.symbol):
                    found.setdefault(each.symbol, each)
    return list(found.values()) if len(found) <= MOST_MANDATES else []


def is_document(instrument: Instrument, paragraph: Paragraph) -> bool:
    """Whether it is a paper for the register: cited by symbol in the preamble, no resolution."""
    symbol = instrument.symbol
    return paragraph.kind is Part.PREAMBULAR and bool(symbol) and not is_resolution(symbol or "")


def papers_in(paragraph: Paragraph) -> list[tuple[int, int, Instrument | None]]:
    """Where the preamble names a paper; with the document whose symbol follows in brackets."""
    if paragraph.kind is not Part.PREAMBULAR:
        return []
    symbols = [each for each in paragraph.of(Instrument) if each.symbol]
    found: list[tuple[int, int, Instrument | None]] = []
    for match in PAPER.finditer(paragraph.text):
        start, end = match.start(), match.start() + len(match[0].rstrip())
        symbol = _symbol_after(paragraph.text, end, symbols)
        if symbol is not None:
            end = paragraph.text.rindex("(", 0, symbol.start)
            end = len(paragraph.text[:end].rstrip())
        found.append((start, end, symbol))
    return found


def _symbol_after(text: str, end: int, symbols: Iterable[Instrument]) -> Instrument | None:
    for each in symbols:
        if each.start > end and BEFORE_SYMBOL.fullmatch(text[end : each.start]):
            return each
    return None


def convening(reading: Reading) -> list[Paragraph]:
    """The operative paragraphs that ask for a meeting; all of them where none says so."""
    found = [each for each in reading.operative if CONVENED.search(each.text)]
    return found or list(reading.operative)


def mandate_words(symbol: str) -> tuple[str, str]:
    """Prefix and key of a mandate: "AG/RES." and "2019"; the symbol itself has no parts."""
    number = NUMBER.search(symbol)
    if number is None:
        return "", key_of(symbol)
    return symbol[: number.start()].strip(" /"), number[0].replace("/", "-")


def convened(reading: Reading) -> str:
    """What the resolution calls the meeting that it asks for; empty where it does not say."""
    for paragraph in reading.operative:
        if found := CONVENED.search(paragraph.text):
            return found[1].strip()
    return ""


def fresh_slug(words: Iterable[str], taken: Collection[str]) -> str:
    """A short name for addresses out of the first words that give one, and taken by nobody."""
    return fresh_key(next(filter(key_of, words), "meeting"), taken, most=SLUG_LENGTH)
