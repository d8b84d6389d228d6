"""Takes the text out of a PDF or a web page, alone in a process with little time and memory.

Both come from anywhere, and a parser of either may hang or crash on what somebody made for it.
Run as a program, so it imports little: `python -m app.core.outside_text pdf|html`, the bytes in,
UTF-8 out, or an exit code that says why not.
"""

import resource
import sys
from html.parser import HTMLParser

import pypdfium2  # type: ignore[import-untyped]

from app.core.numerals import roman
from app.core.refusals import MOST_PAGES, Refusal

MOST_MEMORY = 512 * 1024 * 1024  # of addresses; what is really used stays far below
MOST_SECONDS = 2
FPDF_ERR_PASSWORD = 4

BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figure",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "legend",
        "li",
        "main",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
SILENT = frozenset(
    [
        "head",
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "nav",
        "select",
        "button",
        "textarea",
    ]
)


class LeaveError(Exception):
    """Ends the program with this code."""

    def __init__(self, code: Refusal) -> None:
        super().__init__(code)
        self.code = code


def text_of_pdf(content: bytes) -> str:
    """The text of each page, pages apart by a form feed."""
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        locked = getattr(error, "err_code", None) == FPDF_ERR_PASSWORD
        raise LeaveError(Refusal.LOCKED if locked else Refusal.DAMAGED) from error
    if len(document) > MOST_PAGES:
        raise LeaveError(Refusal.TOO_LONG)
    pages = [page.get_textpage().get_text_bounded() for page in document]
    # Where a line was divided the library leaves a mark that is no character.
    text = "\f".join(pages).replace("\r\n", "\n").replace("\ufffe", "-").replace("\0", "")
    if not text.strip():
        raise LeaveError(Refusal.NO_TEXT)
    return text


class _Page(HTMLParser):
    """Hears a page and keeps what a reader would see of it."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.silent = 0
        self.lists: list[list[object]] = []  # of each open list: how it counts, its next number

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in SILENT:
            self.silent += 1
        if tag == "br":
            self.parts.append("\n")
        if tag in BLOCKS:
            self.parts.append("\n\n")
        if tag in {"ol", "ul"}:
            style = given.get("type", "1") if tag == "ol" else ""
            self.lists.append([style, _number(given.get("start"), 1)])
        if tag == "li" and self.lists:
            self._count(given)

    def _count(self, given: dict[str, str]) -> None:
        style, following = self.lists[-1]
        if style:
            number = _number(given.get("value"), int(str(following)))
            self.lists[-1][1] = number + 1
            self.parts.append(f"{_counted(number, str(style))} ")

    def handle_endtag(self, tag: str) -> None:
        if tag in SILENT and self.silent:
            self.silent -= 1
        if tag in BLOCKS:
            self.parts.append("\n\n")
        if tag in {"ol", "ul"} and self.lists:
            self.lists.pop()

    def handle_data(self, data: str) -> None:
        if not self.silent:
            ahead, behind = data[:1].isspace(), data[-1:].isspace()
            words = " ".join(data.split())
            self.parts.append(f"{' ' * ahead}{words}{' ' * behind}" if words else " ")


def _number(text: str | None, otherwise: int) -> int:
    known = text is not None and text.isascii() and text.isdigit() and len(text) < 6  # noqa: PLR2004
    return int(str(text)) if known else otherwise


def _counted(number: int, style: str) -> str:
    """`1.`, `(a)` or `(i)`, as resolutions print the lists of this style."""
    if style in {"a", "A"} and 1 <= number <= 26:  # noqa: PLR2004
        return f"({chr(ord(style) + number - 1)})"
    if style in {"i", "I"} and 1 <= number < 40:  # noqa: PLR2004
        return f"({roman(number)})" if style == "i" else f"{roman(number).upper()}."
    return f"{number}."


def text_of_html(content: bytes) -> str:
    """What a reader would see, a paragraph a block."""
    page = _Page()
    page.feed(content.decode())
    page.close()
    lines = [
        "\n".join(" ".join(line.split()) for line in each.split("\n"))
        for each in "".join(page.parts).split("\n\n")
    ]
    return "\n\n".join(each.strip() for each in lines if each.strip())


def main() -> int:
    """The program."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    content = sys.stdin.buffer.read()
    try:
        text = {"pdf": text_of_pdf, "html": text_of_html}[sys.argv[1]](content)
    except LeaveError as leaving:
        return leaving.code
    except (MemoryError, RecursionError):
        return Refusal.DAMAGED
    sys.stdout.buffer.write(text.encode(errors="replace"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
