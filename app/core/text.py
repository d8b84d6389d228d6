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
