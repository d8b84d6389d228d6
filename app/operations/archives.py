"""The file of a backup: a zip whose last member tells what the others must be.

A zip, because a file that was cut off has no directory and is refused at once, each member can be
looked at alone, and every system can open it.
"""

import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import TextIOWrapper
from pathlib import Path, PurePosixPath
from tempfile import NamedTemporaryFile
from typing import IO, Any

FORMAT = 1
MANIFEST = "manifest.json"
CHUNK = 1 << 20


class DamagedError(Exception):
    """Something is not what it was; what, and what to do."""


@dataclass
class Writing:
    """A backup being made."""

    archive: zipfile.ZipFile
    members: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, chunks: Iterable[bytes]) -> None:
        """A further member."""
        found = hashlib.sha256()
        with self.archive.open(name, "w", force_zip64=True) as member:
            for chunk in chunks:
                member.write(chunk)
                found.update(chunk)
        self.members[name] = found.hexdigest()

    def finish(self, facts: dict[str, Any]) -> None:
        """Write the manifest: without it this is no backup."""
        manifest = {"format": FORMAT, **facts, "members": self.members}
        self.archive.writestr(MANIFEST, json.dumps(manifest, indent=2) + "\n")


@contextmanager
def written(file: Path) -> Iterator[Writing]:
    """Under another name until it is whole and on the disk."""
    with NamedTemporaryFile(
        dir=file.parent, prefix=f".{file.name}.", suffix=".part", delete=False
    ) as part:
        try:
            with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
                yield Writing(archive)
            part.flush()
            os.fsync(part.fileno())
            Path(part.name).replace(file)
            sync(file.parent)
        except BaseException:
            Path(part.name).unlink(missing_ok=True)
            raise


def sync(folder: Path) -> None:
    """Names in a folder reach the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@dataclass(frozen=True)
class Reading:
    """A backup in which every member is as it was written."""

    archive: zipfile.ZipFile
    manifest: dict[str, Any]

    def names(self, folder: str) -> list[str]:
        """The members in a folder, in their order."""
        return [name for name in self.manifest["members"] if name.startswith(f"{folder}/")]

    def lines(self, name: str) -> Iterator[str]:
        """A member as lines."""
        with self.archive.open(name) as member, TextIOWrapper(member, "utf-8") as text:
            yield from text

    def take_out(self, name: str, place: Path) -> None:
        """A member as a file."""
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
        with self.archive.open(name) as member, place.open("xb") as out:
            for chunk in chunks_of(member):
                out.write(chunk)
            os.fchmod(out.fileno(), 0o640)
            os.fsync(out.fileno())


@contextmanager
def checked(file: Path) -> Iterator[Reading]:
    """The backup, read through once before anything is made of it."""
    try:
        with zipfile.ZipFile(file) as archive:
            manifest = json.loads(archive.read(MANIFEST))
            _check(archive, manifest)
            yield Reading(archive, manifest)
    except FileNotFoundError as error:
        raise DamagedError(f"There is no file {file}.") from error
    except (zipfile.BadZipFile, zlib.error, KeyError, ValueError, EOFError) as error:
        raise DamagedError(
            f"{file} is no whole backup ({error}). Nothing was restored. Take another one."
        ) from error


def _check(archive: zipfile.ZipFile, manifest: dict[str, Any]) -> None:
    if manifest["format"] != FORMAT:
        raise ValueError(f"its format is {manifest['format']}, this program knows {FORMAT}")
    members: dict[str, str] = manifest["members"]
    names = [name for name in archive.namelist() if name != MANIFEST]
    if sorted(names) != sorted(members):
        raise ValueError("members are missing or were added")
    for name, expected in members.items():
        if ".." in PurePosixPath(name).parts or PurePosixPath(name).is_absolute():
            raise ValueError(f"{name} leads elsewhere")
        found = hashlib.sha256()
        with archive.open(name) as member:
            for chunk in chunks_of(member):
                found.update(chunk)
        if found.hexdigest() != expected:
            raise ValueError(f"{name} is not as it was written")


def chunks_of(source: IO[bytes]) -> Iterator[bytes]:
    """A stream in pieces."""
    while chunk := source.read(CHUNK):
        yield chunk
