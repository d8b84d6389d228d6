"""The text of a web page: blocks as lines, numbers of ordered lists as they are shown."""

import re
from html.parser import HTMLParser

SKIPPED = {"script", "style", "noscript", "template", "svg", "select", "nav", "button", "title"}
BLOCKS = {
    "p", "div", "li", "ul", "ol", "tr", "table", "section", "article", "header", "footer", "main",
    "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "dd", "dt", "dl", "pre", "hr", "body", "form",
}  # fmt: skip
ROMANS = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
DEEPEST = 500


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.skipping: list[str] = []
        self.lists: list[tuple[str, int]] = []  # kind of number, the next one
        self.raised = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A block is a line of its own; an entry of an ordered list has its number."""
        if tag in SKIPPED and len(self.skipping) < DEEPEST:
            self.skipping.append(tag)
        given = dict(attrs)
        if tag == "br":
            self.pieces.append("\n")
        elif tag == "sup":
            self.raised = True
        elif tag in BLOCKS:
            self.pieces.append("\n\n")
        if tag in {"ol", "ul"} and len(self.lists) < DEEPEST:
            start = given.get("start") or "1"
            kind = (given.get("type") or "1") if tag == "ol" else "•"
            self.lists.append((kind, int(start) if start.isdecimal() and len(start) < 5 else 1))  # noqa: PLR2004
        if tag == "li" and self.lists:
            kind, number = self.lists[-1]
            self.pieces.append(f"{_shown(kind, number)} ")
            self.lists[-1] = (kind, number + 1)

    def handle_endtag(self, tag: str) -> None:
        """What was open ends."""
        if self.skipping and tag == self.skipping[-1]:
            self.skipping.pop()
        if tag == "sup":
            self.raised = False
        if tag in BLOCKS:
            self.pieces.append("\n\n")
        if tag in {"ol", "ul"} and self.lists:
            self.lists.pop()

    def handle_data(self, data: str) -> None:
        """Text; raised digits are signs of footnotes and stay away."""
        if self.skipping or (self.raised and data.strip().isdigit()):
            return
        self.pieces.append(re.sub(r"\s+", " ", data))


def _shown(kind: str, number: int) -> str:
    """The number of an entry, as browsers show it."""
    if kind == "•":
        return "•"
    if kind in {"a", "A"} and number <= 26:  # noqa: PLR2004
        return f"({chr(ord(kind) + number - 1)})"
    if kind in {"i", "I"}:
        left, found = number, ""
        for value, letters in ROMANS:
            while left >= value:
                found, left = found + letters, left - value
        return f"({found})" if kind == "i" else f"{found.upper()}."
    return f"{number}."


def text_of_html(text: str) -> str:
    """What the page shows; no mistake in it raises anything."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    lines = (line.strip() for line in "".join(reader.pieces).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
