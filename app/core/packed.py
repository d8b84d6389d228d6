"""Office files are ZIP archives: opened without trusting one number or name that stands in them."""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO
from xml.parsers import expat

from app.core.languages import Message

CHUNK = 256 * 1024
MOST_MEMBERS = 5000
MOST_DIRECTORY = 2 * 1024 * 1024
MOST_UNPACKED = 256 * 1024 * 1024
MOST_TYPES = 1024 * 1024

END = struct.Struct("<4s4H2LH")
LOCAL = struct.Struct("<4s5H3L2H")
ENCRYPTED = 0x1
UTF8_NAMES = 0x800
XML = (".xml", ".rels", ".vml", ".rdf")
MACRO_PARTS = ("vbaproject.bin", "vbadata.xml")
MACRO_FOLDERS = ("activex/", "macrosheets/")
MACRO_TYPES = ("macroenabled", "vbaproject", "macrosheet", "activex")
LISTS_OF_MACROS = ("script-lb.xml", "script-lc.xml")


class BadPackage(Exception):
    """Why an archive is not taken."""

    def __init__(self, sentence: Message) -> None:
        super().__init__(sentence.text)
        self.sentence = sentence


def _damaged() -> BadPackage:
    return BadPackage(Message("The file is damaged, or made to look like something it is not."))


def _too_large() -> BadPackage:
    return BadPackage(Message("The file holds too much: unpacked it would be too large."))


def _macros() -> BadPackage:
    return BadPackage(Message("The file holds macros. Save it without them."))


class Package:
    """An archive whose directory is bounded and honest; its parts are looked at by `unpacked`."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.size = file.seek(0, 2)
        self._check_end()
        try:
            with zipfile.ZipFile(file) as archive:
                self.members = archive.infolist()
        except (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError, ValueError) as error:
            raise _damaged() from error
        self._check_members()

    def _check_end(self) -> None:
        """The directory ends the file, is small, and nothing stands before or after the archive."""
        self.file.seek(max(self.size - END.size, 0))
        record = self.file.read(END.size)
        if len(record) < END.size:
            raise _damaged()
        mark, disk, first_disk, here, count, length, offset, comment = END.unpack(record)
        if (mark, disk, first_disk, comment) != (b"PK\x05\x06", 0, 0, 0) or here != count:
            raise _damaged()
        if count > MOST_MEMBERS or length > MOST_DIRECTORY:
            raise _too_large()
        if offset + length + END.size != self.size:
            raise _damaged()

    def _check_members(self) -> None:
        names = [each.filename.casefold() for each in self.members]
        if len(set(names)) < len(names) or any(_strange(name) for name in names):
            raise _damaged()
        if sum(each.file_size for each in self.members) > MOST_UNPACKED:
            raise _too_large()
        if sum(each.compress_size for each in self.members) > self.size:
            raise _damaged()
        for each in self.members:
            if each.flag_bits & ENCRYPTED:
                raise BadPackage(Message("The file is locked with a password. Save it without."))
            if each.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
                raise _damaged()

    def unpacked(self, member: zipfile.ZipInfo) -> Iterator[bytes]:
        """What a member really holds, piece by piece; BadPackage if it is not what it says."""
        self._go_to(member)
        if member.compress_type == zipfile.ZIP_STORED:
            yield from self._stored(member)
            return
        engine, left, found = zlib.decompressobj(-zlib.MAX_WBITS), member.compress_size, 0
        while not engine.eof:
            data = engine.unconsumed_tail
            if not data:
                data = self.file.read(min(CHUNK, left))
                left -= len(data)
            if not data:
                raise _damaged()
            try:
                piece = engine.decompress(data, CHUNK)
            except zlib.error as error:
                raise _damaged() from error
            found += len(piece)
            if found > member.file_size:
                raise _too_large()
            yield piece
        if found != member.file_size or left or engine.unused_data or engine.unconsumed_tail:
            raise _damaged()

    def _stored(self, member: zipfile.ZipInfo) -> Iterator[bytes]:
        left = member.file_size
        if left != member.compress_size:
            raise _damaged()
        while left:
            piece = self.file.read(min(CHUNK, left))
            if not piece:
                raise _damaged()
            left -= len(piece)
            yield piece

    def _go_to(self, member: zipfile.ZipInfo) -> None:
        """To a member's bytes; its own head has to name it as the directory does."""
        self.file.seek(member.header_offset)
        head = self.file.read(LOCAL.size)
        if len(head) < LOCAL.size:
            raise _damaged()
        mark, *_, name_length, extra_length = LOCAL.unpack(head)
        name = self.file.read(name_length)
        utf8 = member.flag_bits & UTF8_NAMES
        if mark != b"PK\x03\x04" or name != member.orig_filename.encode(
            "utf-8" if utf8 else "cp437"
        ):
            raise _damaged()
        self.file.seek(extra_length, 1)

    def check_office(self, part: str, content_type: str) -> None:
        """Word, Excel or PowerPoint: this main part, of this type, and no macros."""
        names = {each.filename for each in self.members}
        if not {"[Content_Types].xml", "_rels/.rels", part} <= names:
            raise _damaged()
        for name in (each.casefold() for each in names):
            folder = any(f"/{each}" in name for each in MACRO_FOLDERS)
            if folder or name.endswith(MACRO_PARTS):
                raise _macros()
        types = _TypesOfParts()
        for member in self.members:
            self._check_part(member, types if member.filename == "[Content_Types].xml" else None)
        said = [each.casefold() for each in types.found.values()]
        if any(mark in each for each in said for mark in MACRO_TYPES):
            raise _macros()
        if types.found.get(f"/{part}") != content_type:
            raise _damaged()

    def check_open_document(self, kind: str) -> None:
        """OpenDocument: says its kind first, unpacked, as its rules want; and no macros."""
        first = self.members[0] if self.members else None
        if first is None or first.filename != "mimetype" or first.header_offset:
            raise _damaged()
        if b"".join(self.unpacked(first)) != kind.encode():
            raise _damaged()
        for member in self.members:
            folder, _, rest = member.filename.partition("/")
            listed = rest.endswith(LISTS_OF_MACROS) or rest.endswith("/") or not rest
            if folder.casefold() in {"basic", "scripts"} and not listed:
                raise _macros()
            self._check_part(member, None)

    def _check_part(self, member: zipfile.ZipInfo, types: "_TypesOfParts | None") -> None:
        """Unpack it whole; XML has to begin like XML, without a document type."""
        if types is not None and member.file_size > MOST_TYPES:
            raise _too_large()
        reader = types or (_Prolog() if member.filename.casefold().endswith(XML) else None)
        for piece in self.unpacked(member):
            if reader is not None:
                reader.take(piece)
        if reader is not None and not reader.begun:
            raise _damaged()


def _strange(name: str) -> bool:
    parts = name.rstrip("/").split("/")
    return (
        "\\" in name
        or "\0" in name
        or name.startswith("/")
        or not {"", ".", ".."}.isdisjoint(parts)
    )


class _Prolog:
    """Reads XML up to its first element. A document type can only stand before that."""

    def __init__(self) -> None:
        self.begun = False
        self.parser = expat.ParserCreate()
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.StartElementHandler = self._begin

    def _refuse(self, *_declared: object) -> None:
        raise BadPackage(
            Message("A part of the file declares a document type, which is not taken.")
        )

    def _begin(self, _name: str, _attributes: dict[str, str]) -> None:
        self.begun = True

    def take(self, piece: bytes) -> None:
        """The next bytes; what follows the first element is the reader's own affair."""
        if self.begun:
            return
        try:
            self.parser.Parse(piece)
        except expat.ExpatError as error:
            if not self.begun:
                raise _damaged() from error


class _TypesOfParts(_Prolog):
    """What `[Content_Types].xml` says of each part and each ending."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        super()._begin(name, attributes)
        key = attributes.get("PartName") or attributes.get("Extension")
        if key is not None:
            self.found[key] = attributes.get("ContentType", "")

    def take(self, piece: bytes) -> None:
        """The next bytes, all of which count."""
        try:
            self.parser.Parse(piece)
        except expat.ExpatError as error:
            raise _damaged() from error
