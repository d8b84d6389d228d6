"""`convoca read`: what a resolution's text says."""

import json
import sys
from pathlib import Path

from app.console.base import WRONG, Arguments, Commands, reading, stopped
from app.core.extraction import NoTextError, text_of
from app.resolutions.queries import known_names, shipped_names
from app.resolutions.reading.names import KnownName
from app.resolutions.reading.reader import read_resolution
from app.resolutions.reading.record import NotAResolution, Paragraph, Reading, as_json
from app.settings import Settings
from app.startup import NotReadyError


def add_to(commands: Commands) -> None:
    """This command."""
    words = "Read a resolution (text, Word, PDF or HTML): paragraphs, bodies, instruments, dates."
    read = commands.add("read", _read, words)
    read.add_argument("file", type=Path, metavar="FILE", help="a file, or - for standard input")
    read.add_argument("--json", action="store_true", help="print it as JSON: docs/reader.md")


def _read(settings: Settings, arguments: Arguments) -> int:
    try:
        content = _content(arguments.file)
        found = read_resolution(text_of(content), _names(settings))
    except OSError as error:
        return stopped(f"{arguments.file} cannot be read: {error.strerror}.", WRONG)
    except (NoTextError, NotAResolution) as error:
        return stopped(error.sentence.in_language("en"), WRONG)
    print(
        json.dumps(as_json(found), ensure_ascii=False, indent=2) if arguments.json else shown(found)
    )
    return 0


def _content(file: Path) -> bytes:
    return sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()


def _names(settings: Settings) -> tuple[KnownName, ...]:
    """The directory's names where there is a database that can be read; else the shipped ones."""
    if settings.database_file is not None and not settings.database_file.exists():
        return shipped_names()
    try:
        with reading(settings) as db:
            return known_names(db)
    except NotReadyError:
        return shipped_names()


def shown(found: Reading) -> str:
    """For people: a paragraph a line, with what is wanted of whom below it."""
    lines = [
        f"{found.symbol or 'no symbol'}: {found.title or 'no title'}",
        ", ".join(str(each) for each in (found.organ, found.status, found.date) if each),
        "",
    ]
    for paragraph in found.paragraphs:
        lines.extend(_paragraph(paragraph))
    lines.extend(f"? {each.in_language('en')}" for each in found.warnings)
    return "\n".join(lines)


def _paragraph(paragraph: Paragraph) -> list[str]:
    number = paragraph.number or str(paragraph.n)
    lines = [f"{paragraph.kind[:1]}{number} {paragraph.opening}"]
    for name, rows in _rows(paragraph):
        lines.extend(f"   {name}: {row}" for row in rows)
    return lines


def _rows(paragraph: Paragraph) -> list[tuple[str, list[str]]]:
    found = as_json(Reading(language="en", operative=(paragraph,)))["operative"][0]
    return [
        (
            "body",
            [
                " ".join(filter(None, [each["role"], each["name"], each["qualifier"]]))
                for each in found["bodies"]
            ],
        ),
        ("instrument", [each["symbol"] or each["text"] for each in found["instruments"]]),
        ("deadline", [each["text"] for each in found["deadlines"]]),
        ("date", [each["text"] for each in found["dates"]]),
    ]
