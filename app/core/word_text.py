"""The text of a Word file, with the numbers that Word only shows and does not write."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import BinaryIO
from xml.parsers import expat

from app.core.languages import Message
from app.core.packed import BadPackage, Package

MAIN = "word/document.xml"
OFFICE = "application/vnd.openxmlformats-officedocument."
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main "
FALLBACK = "http://schemas.openxmlformats.org/markup-compatibility/2006 Fallback"
MOST_XML = 32 * 1024 * 1024
MOST_TEXT = 2_000_000
LEVELS = 9
ROMANS = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"),
    (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
Level = tuple[str, str, int]  # format, text ("%1."), start


def text_of_word(file: BinaryIO) -> str:
    """Paragraphs parted by empty lines; footnotes, comments and deleted text stay away.

    Raises BadPackage for what is no Word file, is damaged, or holds too much.
    """
    package = Package(file)
    package.check_office(MAIN, f"{OFFICE}wordprocessingml.document.main+xml")
    lists = _Lists()
    _read(package, "word/numbering.xml", lists)
    styles = _Styles()
    _read(package, "word/styles.xml", styles)
    body = _Body(lists, styles)
    _read(package, MAIN, body)
    return "\n\n".join(body.paragraphs)


class _Part:
    """One part of the file, element by element."""

    def begin(self, name: str, given: dict[str, str]) -> None:
        """An element begins; `name` is without its namespace."""

    def end(self, name: str) -> None:
        """An element ends."""

    def words(self, text: str) -> None:
        """Characters inside the present element."""


def _read(package: Package, name: str, part: _Part) -> None:
    """Hand a part over, if there is one; deep or long ones raise BadPackage."""
    member = next((each for each in package.members if each.filename == name), None)
    if member is None:
        return
    if member.file_size > MOST_XML:
        raise BadPackage(Message("The file holds too much: unpacked it would be too large."))
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    handed = _Handed(part)
    parser.StartElementHandler = handed.begin
    parser.EndElementHandler = handed.end
    parser.CharacterDataHandler = handed.words
    _feed(parser, package.unpacked(member))


class _Handed:
    """Elements of Word's own namespace, without it; what is there twice for old programs, once."""

    def __init__(self, part: _Part) -> None:
        self.part = part
        self.skipped = 0

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if self.skipped or name == FALLBACK:
            self.skipped += 1
        elif name.startswith(WORD):
            given = {key.removeprefix(WORD): value for key, value in attributes.items()}
            self.part.begin(name.removeprefix(WORD), given)

    def end(self, name: str) -> None:
        """An element ends."""
        if self.skipped:
            self.skipped -= 1
        elif name.startswith(WORD):
            self.part.end(name.removeprefix(WORD))

    def words(self, text: str) -> None:
        """Characters."""
        if not self.skipped:
            self.part.words(text)


def _feed(parser: expat.XMLParserType, pieces: Iterable[bytes]) -> None:
    try:
        for piece in pieces:
            parser.Parse(piece)
        parser.Parse(b"", True)  # noqa: FBT003 (expat takes it by place)
    except expat.ExpatError as error:
        raise BadPackage(
            Message("The file is damaged, or made to look like something it is not.")
        ) from error


class _Lists(_Part):
    """Numbering: which list has which levels, and how far each has counted."""

    def __init__(self) -> None:
        self.abstract: dict[str, dict[int, Level]] = {}
        self.lists: dict[str, str] = {}
        self.counts: dict[str, list[int]] = {}
        self.now = self.level = self.number = ""
        self.shape: list[str] = ["decimal", "%1.", "1"]

    def begin(self, name: str, given: dict[str, str]) -> None:
        """Definitions come first, then lists that use them."""
        value = given.get("val", "")
        if name == "abstractNum":
            self.now = given.get("abstractNumId", "")
            self.abstract[self.now] = {}
        elif name == "lvl":
            self.level, self.shape = given.get("ilvl", "0"), ["decimal", "", "1"]
        elif name in {"numFmt", "lvlText", "start"}:
            self.shape[("numFmt", "lvlText", "start").index(name)] = value
        elif name == "num":
            self.number = given.get("numId", "")
        elif name == "abstractNumId" and self.number:
            self.lists[self.number] = value

    def end(self, name: str) -> None:
        """A level is known when all of it was read."""
        if (
            name == "lvl"
            and self.now in self.abstract
            and self.level.isdecimal()
            and not self.number
        ):
            start = int(self.shape[2]) if self.shape[2].isdecimal() else 1
            self.abstract[self.now][int(self.level)] = (self.shape[0], self.shape[1], start)

    def next(self, number: str, level: int) -> str:
        """The next number of this list at this level, as it is shown; or nothing."""
        abstract = self.lists.get(number, "")
        levels = self.abstract.get(abstract, {})
        if level not in levels or not 0 <= level < LEVELS:
            return ""
        counts = self.counts.setdefault(number, [0] * LEVELS)
        counts[level] = counts[level] + 1 if counts[level] else levels[level][2]
        counts[level + 1 :] = [0] * (LEVELS - level - 1)
        kind, shown, _ = levels[level]
        if kind == "none":
            return ""
        if kind == "bullet":
            return "•"
        for place in range(level, -1, -1):
            if place in levels:
                shown = shown.replace(
                    f"%{place + 1}", _shown(levels[place][0], counts[place] or levels[place][2])
                )
        return shown


def _shown(kind: str, number: int) -> str:
    if kind in {"lowerLetter", "upperLetter"}:
        letter = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letter if kind == "lowerLetter" else letter.upper()
    if kind in {"lowerRoman", "upperRoman"}:
        found = ""
        for value, letters in ROMANS:
            while number >= value:
                found, number = found + letters, number - value
        return found if kind == "lowerRoman" else found.upper()
    return str(number)


class _Styles(_Part):
    """Which styles number their paragraphs by themselves."""

    def __init__(self) -> None:
        self.lists: dict[str, tuple[str, int]] = {}
        self.style = ""

    def begin(self, name: str, given: dict[str, str]) -> None:
        """A style, and inside it a list and a level."""
        value = given.get("val", "")
        if name == "style":
            self.style = given.get("styleId", "")
        elif name == "numId" and self.style:
            self.lists[self.style] = (value, self.lists.get(self.style, ("", 0))[1])
        elif name == "ilvl" and self.style and value.isdecimal():
            self.lists[self.style] = (self.lists.get(self.style, ("", 0))[0], int(value))


@dataclass
class _Paragraph:
    pieces: list[str] = field(default_factory=list)
    number: str | None = None
    level: int | None = None
    style: str = ""


class _Body(_Part):
    """Paragraph after paragraph, also in tables and text boxes."""

    def __init__(self, lists: _Lists, styles: _Styles) -> None:
        self.lists = lists
        self.styles = styles
        self.paragraphs: list[str] = []
        self.open: list[_Paragraph] = []
        self.reading = False
        self.length = 0
        self.signs: dict[str, Callable[[dict[str, str]], str]] = {
            "tab": lambda _: "\t",
            "br": lambda given: "\f" if given.get("type") == "page" else "\n",
            "cr": lambda _: "\n",
            "noBreakHyphen": lambda _: "-",
            "softHyphen": lambda _: "\u00ad",
        }

    def begin(self, name: str, given: dict[str, str]) -> None:
        """Text is only in `t`; a paragraph says first of what list and style it is."""
        if name == "p":
            self.open.append(_Paragraph())
        elif not self.open:
            return
        elif name == "t":
            self.reading = True
        elif name in self.signs and not (name == "tab" and "pos" in given):
            self.open[-1].pieces.append(self.signs[name](given))
        elif name == "numId":
            self.open[-1].number = given.get("val", "")
        elif name == "ilvl" and given.get("val", "").isdecimal():
            self.open[-1].level = int(given["val"])
        elif name == "pStyle":
            self.open[-1].style = given.get("val", "")

    def end(self, name: str) -> None:
        """A paragraph that is done is kept with its number."""
        if name == "t":
            self.reading = False
        elif name == "p" and self.open:
            done = self.open.pop()
            text = "".join(done.pieces).strip(" \t\n")
            if text:
                self.paragraphs.append(f"{self._number(done)} {text}".lstrip(" "))

    def words(self, text: str) -> None:
        """Characters of a run."""
        if self.reading and self.open:
            self.length += len(text)
            if self.length > MOST_TEXT:
                raise BadPackage(
                    Message("The file holds too much: unpacked it would be too large.")
                )
            self.open[-1].pieces.append(text)

    def _number(self, done: _Paragraph) -> str:
        number, level = self.styles.lists.get(done.style, ("", 0))
        if done.number is not None:
            number = done.number
        if done.level is not None:
            level = done.level
        return self.lists.next(number, level) if number else ""
