"""Small rules about text that people type: one line, no control characters, bounded."""

import unicodedata


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
