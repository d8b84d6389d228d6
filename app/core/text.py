"""Small rules about text that people type: one line, no control characters, bounded."""

import re
import unicodedata

# What mail programs make into links by themselves: addresses of sites and of people.
LINKED = re.compile(r"(?<=:)(?=//)|(?<=\w\.)(?=[^\W\d_]{2})|(?=@)|(?<=@)")
WORD_JOINER = "\N{WORD JOINER}"


def cleaned(text: str, *, lines: bool = False) -> str:
    """Without control characters and surrounding space, composed (NFC).

    Line breaks survive only where `lines` is true. PostgreSQL refuses NUL, calendar
    programs choke on the others.
    """
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    kept = (char if char == "\n" or unicodedata.category(char) != "Cc" else " " for char in text)
    joined = "".join(kept)
    return joined.strip() if lines else " ".join(joined.split())


def no_formula(cell: str) -> str:
    """Text that no spreadsheet takes for a formula (a quote comes before its first sign)."""
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell


def unlinked(text: str) -> str:
    """What somebody typed, on one line, so that no mail program makes a link of any of it.

    An unseen character stands where an address would go on.
    """
    return LINKED.sub(WORD_JOINER, cleaned(text))
