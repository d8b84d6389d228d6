"""Files that people send: first the bytes under a random key, then the row that makes them a file.

Whatever fails in between leaves bytes without a row, which nobody can reach and which are
collected after an hour. The name is only shown; the type is from our own table.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import BinaryIO
from uuid import UUID

from sqlalchemy import Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core.database import Base, Identified
from app.core.errors import TooLarge, invalid
from app.core.filetypes import BY_MEDIA_TYPE, checked_type
from app.core.languages import Message
from app.core.scanning import Scanner, ScannerAwayError
from app.core.stores import CHUNK, Store, new_key
from app.core.text import cleaned

MOST_BYTES = 50 * 1024 * 1024
# Fields of a form, and what multipart puts around them.
MOST_BESIDE = 256 * 1024
NAME_LENGTH = 200
ORPHANED_AFTER = timedelta(hours=1)
AT_ONCE = 500
# They would show annex[turn]fdp.exe as annexexe.pdf.
TURNS_TEXT = {*"\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"}


class ScanState(StrEnum):
    """What the virus scanner said. Without a scanner nothing is said, and files are served."""

    CLEAN = "clean"
    PENDING = "pending"
    REFUSED = "refused"
    UNSCANNED = "unscanned"


SERVED = frozenset({ScanState.CLEAN, ScanState.UNSCANNED})
WAITING = frozenset({ScanState.PENDING, ScanState.UNSCANNED})


class File(Identified, Base):
    """One file as it was sent. Its bytes never change; only what the scanner says of them does."""

    __tablename__ = "files"
    __table_args__ = (Index(None, "scan"),)

    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    uploaded_at: Mapped[datetime]
    uploaded_by: Mapped[UUID | None]
    scan: Mapped[ScanState]

    @property
    def served(self) -> bool:
        """Whether anybody gets it."""
        return self.scan in SERVED

    @property
    def kind(self) -> str:
        """What people call its type."""
        return BY_MEDIA_TYPE[self.media_type].name


@dataclass
class Stored:
    """Bytes that lie under a key; `keep_file` makes them a file."""

    key: str
    name: str
    media_type: str
    size: int
    sha256: str
    scan: ScanState
    kept: bool = False


@dataclass(frozen=True)
class Uploads:
    """Where files go, who looks for viruses, and how large one may be."""

    store: Store
    scanner: Scanner | None = None
    most_bytes: int = MOST_BYTES

    def take(self, file: BinaryIO, name: str, *, field: str) -> Stored:
        """Check a file and put its bytes away; Invalid or TooLarge say why it is not taken.

        Slow (disk, network): never inside a transaction.
        """
        size = file.seek(0, 2)
        if size > self.most_bytes:
            raise too_large(self.most_bytes)
        if size == 0:
            raise invalid(field, Message("The file is empty."))
        name = shown_name(name)
        found = checked_type(file, name, field=field)
        scan, virus = self.scan(_pieces(file))
        if virus is not None:
            words = {"name": name, "virus": virus}
            text = Message("“%(name)s” was not kept: it holds a virus (%(virus)s).", words)
            raise invalid(field, text)
        key, digest = new_key(), _digest(_pieces(file))
        file.seek(0)
        self.store.put(key, file)
        return Stored(key, name, found.media_type, size, digest, scan)

    def scan(self, pieces: Iterable[bytes]) -> tuple[ScanState, str | None]:
        """What the scanner says, and the virus if there is one; PENDING while it is away."""
        if self.scanner is None:
            return ScanState.UNSCANNED, None
        try:
            virus = self.scanner.virus_in(pieces)
        except ScannerAwayError:
            return ScanState.PENDING, None
        return (ScanState.REFUSED if virus else ScanState.CLEAN), virus

    def scan_again(self, file: File) -> ScanState:
        """What the scanner says now of a file that waits."""
        try:
            return self.scan(self.store.read(file.key, 0, file.size))[0]
        except FileNotFoundError:
            return file.scan


def too_large(most: int) -> TooLarge:
    """How much may be sent."""
    words = {"most": most // 1024 // 1024}
    return TooLarge(Message("A file may have at most %(most)s MiB.", words))


def shown_name(name: str) -> str:
    """A file's name as it may be shown: its last part, on one line, of bounded length."""
    last = name.replace("\\", "/").rpartition("/")[2]
    last = cleaned("".join(char for char in last if char not in TURNS_TEXT))
    stem, dot, ending = last.rpartition(".")
    if len(last) > NAME_LENGTH and dot:
        last = f"{stem[: NAME_LENGTH - 1 - len(ending)]}.{ending}"
    return last[:NAME_LENGTH]


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    file.seek(0)
    while piece := file.read(CHUNK):
        yield piece


def _digest(pieces: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
    return digest.hexdigest()


def keep_file(db: Session, stored: Stored, *, by: UUID | None, now: datetime) -> File:
    """The row: from the commit on it is a file."""
    file = File(
        key=stored.key,
        name=stored.name,
        media_type=stored.media_type,
        size=stored.size,
        sha256=stored.sha256,
        uploaded_at=now,
        uploaded_by=by,
        scan=stored.scan,
    )
    db.add(file)
    stored.kept = True
    return file


def waiting_files(db: Session) -> Sequence[File]:
    """Files that the scanner has not seen yet."""
    return db.scalars(select(File).where(File.scan.in_(WAITING)).order_by(File.id)).all()


def collect_orphans(db: Session, store: Store, *, now: datetime) -> list[str]:
    """Delete what lies in the store without a row for more than an hour; the keys of it.

    An hour is longer than any request: a row that is about to be written finds its bytes.
    """
    old = [each.key for each in store.listed() if each.stored_at < now - ORPHANED_AFTER]
    orphans: list[str] = []
    for start in range(0, len(old), AT_ONCE):
        keys = old[start : start + AT_ONCE]
        known = set(db.scalars(select(File.key).where(File.key.in_(keys))))
        orphans += [key for key in keys if key not in known]
    for key in orphans:
        store.delete(key)
    return orphans


def broken_files(db: Session, store: Store) -> list[File]:
    """Files whose bytes are gone, or are not those that were sent."""
    return [
        file
        for file in db.scalars(select(File).order_by(File.id))
        if not _whole(store, file.key, file.size, file.sha256)
    ]


def _whole(store: Store, key: str, size: int, sha256: str) -> bool:
    try:
        # One byte more than there should be: a longer file is another one.
        return _digest(store.read(key, 0, size + 1)) == sha256
    except FileNotFoundError:
        return False
