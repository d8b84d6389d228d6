"""The demo's directory, which is what everybody knows, and its resolution as it was confirmed."""

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from app.core.languages import Localized
from app.desk.points import Decision, Point, Said, Use, decided
from app.desk.proposing import points_of
from app.desk.records import Confirmed, Directory, ResolutionGiven
from app.directory.known import known_entities
from app.directory.models import Entity
from app.resolutions.models import FindingKind
from app.resolutions.queries import known_names
from app.resolutions.reading.reader import read_resolution
from app.resolutions.reading.record import Status

FOLDER = Path(__file__).parents[1] / "demo"

Json = dict[str, Any]


def read(name: str) -> Any:
    """A file of `demo/`."""
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def load_entities(db: Session) -> dict[str, Entity]:
    """The Organization's states and bodies by key; others come when a text names them."""
    directory = Directory(db, "en")
    for row in known_entities(("states", "oas")):
        directory.entity(row["key"])
    db.flush()  # the reader knows them by name
    return directory.here


def day_of(text: str | None) -> date | None:
    """A date as the files write it."""
    return date.fromisoformat(text) if text else None


def confirmed_resolution(db: Session, rows: Iterable[Json], *, first_day: date) -> Confirmed:
    """The resolution as the reader reads it, with what the demo's files say of its points.

    `rows` are the points of one meeting, beside those that belong to the resolution.
    """
    data = read("resolution.json")
    text = (FOLDER / "resolution.txt").read_text(encoding="utf-8")
    reading = read_resolution(text, known_names(db))
    proposed = points_of(reading)
    decisions = _decisions(proposed, [*data["points"], *rows], first_day)
    return Confirmed(
        reading=reading,
        text=text,
        points=decided(proposed, decisions),
        resolution=ResolutionGiven(
            key=data["key"],
            symbol=data["symbol"],
            title=Localized(data["title"]),
            status=Status(data["status"]),
            approved_by=Localized(data["approved_by"]),
            approved_on=day_of(data["approved_on"]),
            adopted_on=day_of(data["adopted_on"]),
        ),
    )


def _decisions(
    proposed: Iterable[Point], rows: Iterable[Json], first_day: date
) -> dict[str, Decision]:
    """What a row names counts as corrected; what it does not find is added by hand."""
    found: dict[str, Decision] = {}
    points = list(proposed)
    for number, row in enumerate(rows):
        kind, where = FindingKind(row["kind"]), row["paragraph"]
        point = next((each for each in points if _is(each, kind, row)), None)
        if point is not None:
            said = _said(point.said, row, first_day)
            found[point.id] = Decision(kept=row.get("kept", True), said=said)
            points.remove(point)
        elif row.get("kept", True):
            said = _said(Said(name=row["name"]), row, first_day)
            key = f"hand-{where}-{number}"
            found[key] = Decision(kept=True, said=said, kind=kind, paragraph=where)
    return found


def _is(point: Point, kind: FindingKind, row: Json) -> bool:
    same_place = (point.paragraph, point.kind) == (row["paragraph"], kind)
    return same_place and point.said.name == row["name"]


def _said(said: Said, row: Json, first_day: date) -> Said:
    days = row.get("days_before_opening")
    day = row.get("day", said.day)
    return replace(
        said,
        name=row.get("as", said.name),
        use=Use(row.get("use", said.use)),
        day=day if days is None else (first_day - timedelta(days=days)).isoformat(),
        words=Localized(row.get("words", said.words)),
        short=Localized(row.get("short", said.short)),
    )
