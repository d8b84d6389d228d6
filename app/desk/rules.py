"""What a confirmed reading makes of a meeting: mandates, purposes, calls, deadlines. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from app.core.languages import Localized
from app.desk.points import Point, Use
from app.desk.proposals import mandate_words
from app.resolutions.rules import fresh_key


@dataclass(frozen=True)
class MandatePlan:
    """A resolution that ordered the meeting."""

    point: Point
    prefix: str
    key: str

    @property
    def symbol(self) -> str:
        """As it is cited."""
        return self.point.said.name

    @property
    def title(self) -> Localized:
        """Its title, or its symbol where the text gives none."""
        return self.point.said.words or Localized(en=self.symbol)

    @property
    def short(self) -> Localized:
        """What a list of mandates calls it."""
        return self.point.said.short or self.title


@dataclass(frozen=True)
class PurposePlan:
    """What the meeting is for, or a theme that cuts across it."""

    point: Point
    key: str

    @property
    def name(self) -> Localized:
        """What people call it."""
        return self.point.said.words or Localized(en=self.point.text)

    @property
    def cross_cutting(self) -> bool:
        """Whether it belongs to every purpose."""
        return self.point.said.use is Use.THEME


@dataclass(frozen=True)
class Plan:
    """What pressing "Create the meeting" makes, besides the meeting itself.

    Each is named once, by the paragraph that comes first in the text.
    """

    mandates: Sequence[MandatePlan] = ()
    purposes: Sequence[PurposePlan] = ()
    calls: Sequence[Point] = ()
    invitations: Sequence[Point] = ()
    documents: Sequence[Point] = ()
    deadlines: Sequence[Point] = ()
    reports: Sequence[Point] = ()
    unknown: Sequence[str] = field(default=())


def plan_of(points: Iterable[Point], known: Iterable[str]) -> Plan:
    """The plan of the points that are kept; `known` are the keys of entities there are."""
    kept = [each for each in points if each.kept]

    def of(*uses: Use) -> list[Point]:
        found: dict[object, Point] = {}
        for each in kept:
            if each.said.use in uses:
                found.setdefault(_identity(each), each)
        return list(found.values())

    keys = set(known)
    bodies = [each.said.name for each in kept if each.said.role]
    return Plan(
        mandates=_mandates(of(Use.MANDATE)),
        purposes=_purposes(of(Use.PURPOSE, Use.THEME)),
        calls=of(Use.CALL),
        invitations=of(Use.INVITATION),
        documents=of(Use.DOCUMENT),
        deadlines=of(Use.DEADLINE),
        reports=of(Use.REPORT),
        unknown=[name for name in dict.fromkeys(bodies) if name not in keys],
    )


def _identity(point: Point) -> object:
    """Two points with the same are one thing, named twice."""
    if point.said.use is Use.DEADLINE:
        return point.id
    return point.said.name or point.said.words


def _mandates(points: Sequence[Point]) -> list[MandatePlan]:
    found: dict[str, MandatePlan] = {}
    for point in points:
        prefix, key = mandate_words(point.said.name)
        key = fresh_key(key, found)
        found[key] = MandatePlan(point, prefix, key)
    return list(found.values())


def _purposes(points: Sequence[Point]) -> list[PurposePlan]:
    found: list[PurposePlan] = []
    for point in points:
        words = point.said.name or point.said.words.shown_in("en").text or point.text
        key = fresh_key(words, {each.key for each in found})
        found.append(PurposePlan(point, key))
    return found


def day_of(text: str) -> date | None:
    """A day as points keep it; None while it stands open."""
    return date.fromisoformat(text) if text else None
