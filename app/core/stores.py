"""Where the bytes of files lie: a folder, or a bucket. Keys are random; nothing is overwritten."""

import errno
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO, Protocol
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import BaseError as ObstoreError
from obstore.store import S3Store

from app.core.errors import Busy, NoSpace
from app.core.languages import Message

CHUNK = 256 * 1024
# Up to here a bucket takes a file in one piece, and only if its key is new; S3 has no such
# condition for a file in several parts, and none is needed for keys that cannot be guessed.
ONE_PIECE = 8 * 1024 * 1024
PARTS_AT_ONCE = 2
KEY = re.compile(r"([0-9a-f]{2})/\1[0-9a-f]{62}")
FULL = {errno.ENOSPC, errno.EDQUOT}


@dataclass(frozen=True)
class StoredFile:
    """What lies under a key, and since when."""

    key: str
    size: int
    stored_at: datetime


class Store(Protocol):
    """Keeps bytes under keys. Missing keys are a FileNotFoundError."""

    def put(self, key: str, file: BinaryIO) -> None: ...
    def read(self, key: str, start: int, end: int) -> Iterator[bytes]: ...
    def delete(self, key: str) -> None: ...
    def listed(self) -> Iterator[StoredFile]: ...


def new_key() -> str:
    """A key that nobody can guess and that says nothing of the file."""
    token = token_hex(32)
    return f"{token[:2]}/{token}"


@contextmanager
def watching_space() -> Iterator[None]:
    """A full disk becomes a sentence for whoever sent the file."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise NoSpace(Message("There is not enough space to keep this file.")) from error
        raise


class FolderStore:
    """A folder of our own: files 0640, folders 0750, each file on the disk before its row is."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, key: str, file: BinaryIO) -> None:
        """Copy it whole and see it through to the disk; what cannot be finished is taken away."""
        path = self._path(key)
        with watching_space():
            self.root.mkdir(mode=0o750, parents=True, exist_ok=True)
            path.parent.mkdir(mode=0o750, exist_ok=True)
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o640)
            try:
                with os.fdopen(descriptor, "wb") as target:
                    while chunk := file.read(CHUNK):
                        target.write(chunk)
                    target.flush()
                    os.fsync(target.fileno())
                _settle(path.parent)
                _settle(self.root)
            except BaseException:
                path.unlink(missing_ok=True)
                raise

    def read(self, key: str, start: int, end: int) -> Iterator[bytes]:
        """The bytes from `start` to before `end`; a file that is gone is noticed now."""
        path = self._path(key)
        path.stat()
        return _pieces(path, start, end - start)

    def delete(self, key: str) -> None:
        """Away with it, if it is there."""
        self._path(key).unlink(missing_ok=True)

    def listed(self) -> Iterator[StoredFile]:
        """Everything that lies here under a key, also what a crash left unfinished."""
        for path in self.root.glob("??/*"):
            key = f"{path.parent.name}/{path.name}"
            if KEY.fullmatch(key):
                found = path.stat()
                yield StoredFile(key, found.st_size, datetime.fromtimestamp(found.st_mtime, UTC))

    def _path(self, key: str) -> Path:
        return self.root / _valid(key)


def _valid(key: str) -> str:
    if not KEY.fullmatch(key):
        raise ValueError(f"not a key: {key!r}")
    return key


def _settle(folder: Path) -> None:
    """A new name survives a power cut only once its folder is written too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _pieces(path: Path, start: int, left: int) -> Iterator[bytes]:
    """Opened when the first piece is asked for, since some never ask."""
    with path.open("rb") as source:
        source.seek(start)
        while left > 0 and (piece := source.read(min(CHUNK, left))):
            left -= len(piece)
            yield piece


class BucketStore:
    """A bucket of an S3-compatible service, under a prefix; the usual AWS variables sign in."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.bucket = S3Store(
            parts.netloc,
            prefix=parts.path.strip("/") or None,
            client_options={"connect_timeout": "5s", "timeout": "120s"},
            retry_config={"max_retries": 3, "retry_timeout": timedelta(seconds=30)},
        )

    def put(self, key: str, file: BinaryIO) -> None:
        """All of it, or nothing that anybody can see."""
        size = file.seek(0, os.SEEK_END) - file.seek(0)
        with _asking():
            if size <= ONE_PIECE:
                obstore.put(self.bucket, _valid(key), file.read(), mode="create")
                return
            obstore.put(
                self.bucket,
                _valid(key),
                file,
                use_multipart=True,
                chunk_size=ONE_PIECE,
                max_concurrency=PARTS_AT_ONCE,
            )

    def read(self, key: str, start: int, end: int) -> Iterator[bytes]:
        """The bytes from `start` to before `end`; asked for now, fetched piece by piece."""
        if start == end:
            return iter(())
        with _asking():
            found = obstore.get(self.bucket, _valid(key), options={"range": (start, end)})
            return (bytes(piece) for piece in found.stream(CHUNK))

    def delete(self, key: str) -> None:
        """Away with it, if it is there."""
        with _asking():
            obstore.delete(self.bucket, _valid(key))

    def listed(self) -> Iterator[StoredFile]:
        """Everything that lies here under a key."""
        with _asking():
            for page in obstore.list(self.bucket):
                for each in page:
                    if KEY.fullmatch(each["path"]):
                        yield StoredFile(each["path"], each["size"], each["last_modified"])


@contextmanager
def _asking() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise
    except (ObstoreError, OSError) as error:
        raise Busy(Message("The place where files are kept does not answer.")) from error


def store_at(url: str, folder: Path) -> Store:
    """The bucket of `s3://bucket/prefix`; without an address the folder."""
    return BucketStore(url) if url else FolderStore(folder)
