"""What the program's commands share: how they are declared, stopped, and given a database."""

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.core.database import Sessions, create_engines
from app.core.security import Site
from app.settings import Settings
from app.startup import check_folder, check_schema

CANNOT, WRONG, DAMAGED = 1, 2, 3
Arguments = argparse.Namespace
Parser = argparse.ArgumentParser
Run = Callable[[Settings, Arguments], int]
RunEarly = Callable[[Mapping[str, str], Arguments], int]


@dataclass(frozen=True)
class Commands:
    """Where each module of this package puts its commands."""

    parsers: Any

    def add(self, name: str, run: Run, words: str) -> Parser:
        """A further command: what runs it, and what `--help` says of it."""
        found: Parser = self.parsers.add_parser(name, help=words, description=words)
        found.set_defaults(run=run)
        return found

    def add_early(self, name: str, run: RunEarly, words: str) -> Parser:
        """A command that works although the settings may be wrong."""
        found: Parser = self.parsers.add_parser(name, help=words, description=words)
        found.set_defaults(run_early=run)
        return found


def stopped(words: str, code: int) -> int:
    """Say why on standard error, and give the exit code back."""
    sys.stderr.write(f"convoca: {words}\n")
    return code


def port_of_environment() -> int:
    """PORT, or 8000."""
    given = os.environ.get("PORT") or "8000"
    return int(given) if given.isdigit() else 8000


def base_url(settings: Settings, port: int) -> str:
    """Where people reach this installation; without a setting, this machine."""
    return settings.base_url or f"http://127.0.0.1:{port}"


def site_of(settings: Settings) -> Site:
    """The same for commands that write letters and links."""
    return Site(base_url(settings, port_of_environment()), settings.mail_from)


@contextmanager
def reading(settings: Settings) -> Iterator[Session]:
    """A checked database, of which others go on writing."""
    with _checked(settings) as sessions, sessions.reading() as db:
        yield db


@contextmanager
def writing(settings: Settings) -> Iterator[Session]:
    """A checked database and one transaction."""
    with _checked(settings) as sessions, sessions.writing() as db:
        yield db
        db.commit()


@contextmanager
def _checked(settings: Settings) -> Iterator[Sessions]:
    check_folder(settings)
    engines = create_engines(settings.database)
    try:
        check_schema(engines.read, settings.database)
        yield Sessions(engines, after_write=lambda: None)
    finally:
        engines.dispose()
