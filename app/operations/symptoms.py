"""What the doctor's checks are given, and what they say."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.core.database import Engines, Sessions
from app.settings import Settings


@dataclass(frozen=True)
class Symptom:
    """What is wrong, why it matters, what to do; `grave` if it must be mended."""

    what: str
    why: str
    do: str
    grave: bool = True


@dataclass
class Patient:
    """An installation under examination; `engines` once its database can be used."""

    settings: Settings
    port: int
    now: datetime
    engines: Engines | None = None

    def reading(self) -> Session:
        """For checks that look into the database."""
        if self.engines is None:
            raise RuntimeError("the database is looked at first")
        return Sessions(self.engines, after_write=lambda: None).reading()


Found = Iterator[Symptom | str]
