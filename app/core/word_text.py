"""The text of a Word document, with the numbers that Word makes by itself.

ECMA-376 part 1, 17.3 (paragraphs) and 17.9 (numbering). Headers, footers, notes, comments and
what was deleted are no part of it. The parts are read as they come, so a long one costs no memory.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import BinaryIO
from xml.parsers import expat

from app.core.languages import Message
from app.core.packed import BadPackage, Package
from app.core.word_lists import Level, Lists

DOCUMENT, NUMBERS, STYLES = "word/document.xml", "word/numbering.xml", "word/styles.xml"
NAMESPACES = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
)
FALLBACK = "http://schemas.openxmlformats.org/markup-compatibility/2006 Fallback"
MOST_XML = 40 * 1024 * 1024
# What stood there before somebody changed it.
UNSEEN = frozenset({"del", "moveFrom", "pPrChange", "rPrChange", "sectPrChange", FALLBACK})
SIGNS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
NO_LIST = "0"
MOST_LEVELS = 9
MOST_STYLES_DEEP = 20

Attributes = dict[str, str]


@dataclass(frozen=True)
class Place:
    """A paragraph's list and level, as far as it says."""

    number: str = ""
    level: int | None = None


def text_of_word(file: BinaryIO) -> str:
    """The paragraphs, apart by empty lines; BadPackage for what is no such document."""
    package = Package(file)
    parts = {each.filename: each for each in package.members}
    if DOCUMENT not in parts:
        raise BadPackage(Message("Files of this kind cannot be read here."))
    if (
        sum(parts[name].file_size for name in (DOCUMENT, NUMBERS, STYLES) if name in parts)
        > MOST_XML
    ):
        raise BadPackage(Message("The file holds too much: unpacked it would be too large."))

    def hear(name: str, hearer: "_Hearer") -> None:
        if name in parts:
            hearer.take(package.unpacked(parts[name]))

    lists, styles = _Lists(), _Styles()
    hear(NUMBERS, lists)
    hear(STYLES, styles)
    body = _Body(lists.found, styles.place_of)
    hear(DOCUMENT, body)
    return "\n\n".join(body.paragraphs)


class _Hearer:
    """Reads one part. Elements of Word are heard by their bare names."""

    def __init__(self) -> None:
        self.open: list[str] = []
        self.unseen = 0
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.StartElementHandler = self._begin
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._said

    def take(self, pieces: Iterator[bytes]) -> None:
        """All of it."""
        try:
            for piece in pieces:
                self.parser.Parse(piece)
            self.parser.Parse(b"", True)  # noqa: FBT003 - the library's
        except expat.ExpatError as error:
            damaged = Message("The file is damaged, or made to look like something it is not.")
            raise BadPackage(damaged) from error

    def _refuse(self, *_declared: object) -> None:
        raise BadPackage(
            Message("A part of the file declares a document type, which is not taken.")
        )

    def _begin(self, name: str, attributes: Attributes) -> None:
        bare = _bare(name)
        self.open.append(bare)
        self.unseen += bare in UNSEEN
        if not self.unseen:
            self.begin(bare, {_bare(key): value for key, value in attributes.items()})

    def _end(self, _name: str) -> None:
        bare = self.open.pop()
        if not self.unseen:
            self.end(bare)
        self.unseen -= bare in UNSEEN

    def _said(self, text: str) -> None:
        if not self.unseen and self.open and self.open[-1] == "t":
            self.said(text)

    def begin(self, name: str, given: Attributes) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""

    def said(self, text: str) -> None:
        """Text that people see."""


def _bare(name: str) -> str:
    """Word's own names without their space; others keep it, so that nothing takes them for one."""
    space, _, bare = name.rpartition(" ")
    return bare if space in NAMESPACES or not space else name


def _whole(text: str | None) -> int:
    return int(text) if text is not None and re.fullmatch(r"\d{1,6}", text) else 0


class _Lists(_Hearer):
    """`numbering.xml`."""

    def __init__(self) -> None:
        super().__init__()
        self.found = Lists()
        self.of, self.level, self.override = "", 0, 0

    def begin(self, name: str, given: Attributes) -> None:
        value = given.get("val", "")
        setters: dict[str, Callable[[], None]] = {
            "abstractNum": lambda: self._pattern(given.get("abstractNumId", "")),
            "num": lambda: self._number(given.get("numId", "")),
            "abstractNumId": lambda: self.found.numbers.update({self.of: value}),
            "lvl": lambda: self._level(_whole(given.get("ilvl"))),
            "lvlOverride": lambda: setattr(self, "override", _whole(given.get("ilvl"))),
            "startOverride": lambda: self.found.restarts.update(
                {(self.of, self.override): _whole(value)}
            ),
            "start": lambda: self._change(start=_whole(value)),
            "numFmt": lambda: self._change(kind=value),
            "lvlText": lambda: self._change(pattern=value),
        }
        if name in setters:
            setters[name]()

    def _pattern(self, key: str) -> None:
        self.of = key
        self.found.patterns[key] = {}

    def _number(self, key: str) -> None:
        self.of = key

    def _level(self, level: int) -> None:
        self.level = level
        self._change()

    def _change(self, **given: object) -> None:
        levels = self.found.patterns.get(self.of)
        # A level inside a number overrides the pattern's; only where it begins matters here.
        if levels is not None and "num" not in self.open and self.level < MOST_LEVELS:
            levels[self.level] = replace(levels.get(self.level, Level()), **given)  # type: ignore[arg-type]


class _Styles(_Hearer):
    """`styles.xml`, as far as a style puts paragraphs into a list."""

    def __init__(self) -> None:
        super().__init__()
        self.places: dict[str, Place] = {}
        self.based_on: dict[str, str] = {}
        self.style = ""

    def begin(self, name: str, given: Attributes) -> None:
        value = given.get("val", "")
        if name == "style":
            self.style = given.get("styleId", "")
        elif name == "basedOn":
            self.based_on[self.style] = value
        elif name in {"numId", "ilvl"}:
            self.places[self.style] = _placed(self.places.get(self.style, Place()), name, value)

    def place_of(self, style: str) -> Place:
        """What the style, or those it is based on, says."""
        found = Place()
        for _ in range(MOST_STYLES_DEEP):
            found = _over(found, self.places.get(style, Place()))
            style = self.based_on.get(style, "")
            if not style:
                break
        return found


def _placed(place: Place, name: str, value: str) -> Place:
    return replace(place, number=value) if name == "numId" else replace(place, level=_whole(value))


def _over(place: Place, below: Place) -> Place:
    level = below.level if place.level is None else place.level
    return Place(place.number or below.number, level)


@dataclass
class _Paragraph:
    place: Place = field(default_factory=Place)
    style: str = ""
    said: list[str] = field(default_factory=list)


class _Body(_Hearer):
    """`document.xml`."""

    def __init__(self, lists: Lists, place_of: Callable[[str], Place]) -> None:
        super().__init__()
        self.lists = lists
        self.place_of = place_of
        self.paragraphs: list[str] = []
        self.at: list[_Paragraph] = []  # a text box holds paragraphs inside a paragraph

    def begin(self, name: str, given: Attributes) -> None:
        if name == "p":
            self.at.append(_Paragraph())
        elif not self.at:
            return
        elif name == "pStyle":
            self.at[-1].style = given.get("val", "")
        elif name in {"numId", "ilvl"}:
            self.at[-1].place = _placed(self.at[-1].place, name, given.get("val", ""))
        elif name in SIGNS and "pPr" not in self.open:  # there, a tab is where one stops
            self.at[-1].said.append(SIGNS[name])

    def said(self, text: str) -> None:
        if self.at:
            self.at[-1].said.append(text)

    def end(self, name: str) -> None:
        if name != "p" or not self.at:
            return
        paragraph = self.at.pop()
        place = _over(paragraph.place, self.place_of(paragraph.style))
        text = "".join(paragraph.said).strip()
        if text:
            counts = place.number and place.number != NO_LIST
            label = self.lists.label(place.number, place.level or 0) if counts else ""
            self.paragraphs.append(f"{label} {text}".strip())
