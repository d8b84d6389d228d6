"""What a resolution says, point by point: as the reader found it, as a person decided. Pure.

A point is one finding with what the planner would make of it. Decisions are kept apart from the
reading, by the point's id, so that the text can be read again without losing one of them.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields, replace
from enum import StrEnum
from typing import Any

from app.core.languages import Localized
from app.resolutions.models import FindingKind, FindingState
from app.resolutions.reading.record import Part

NOTHING = Localized()


class Use(StrEnum):
    """What the planner makes of a point that is kept; `NOTHING` is only recorded."""

    NOTHING = "nothing"
    CALL = "call"
    INVITATION = "invitation"
    REPORT = "report"
    MANDATE = "mandate"
    DOCUMENT = "document"
    DEADLINE = "deadline"
    PURPOSE = "purpose"
    THEME = "theme"


USES: Mapping[FindingKind, tuple[Use, ...]] = {
    FindingKind.BODY: (Use.NOTHING, Use.CALL, Use.INVITATION, Use.REPORT),
    FindingKind.INSTRUMENT: (Use.NOTHING, Use.MANDATE, Use.DOCUMENT),
    FindingKind.DEADLINE: (Use.DEADLINE, Use.NOTHING),
    FindingKind.DATE: (Use.NOTHING,),
    FindingKind.PURPOSE: (Use.PURPOSE, Use.THEME, Use.NOTHING),
}


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a point says; which fields count depends on its kind.

    `name` is the key of an entity or the name of one that the directory lacks; the symbol of an
    instrument; the key of a purpose. `words` are a title, a purpose's name, what is due.
    `short` is what lists call a mandate. `day` and `until` are days as 2006-03-14, empty while
    they stand open.
    """

    name: str = ""
    role: str = ""
    use: Use = Use.NOTHING
    qualifier: str = ""
    day: str = ""
    until: str = ""
    words: Localized = NOTHING
    short: Localized = NOTHING

    def as_json(self) -> dict[str, Any]:
        """Only what is said."""
        plain = asdict(self) | {
            "use": self.use.value,
            "words": dict(self.words),
            "short": dict(self.short),
        }
        return {name: value for name, value in plain.items() if value}


@dataclass(frozen=True, kw_only=True)
class Point:
    """One thing that a paragraph says. `found` is what the reader read, None if added by hand."""

    id: str
    kind: FindingKind
    part: Part
    n: int
    text: str
    kept: bool
    said: Said
    sure: bool = True
    starts: int | None = None
    ends: int | None = None
    found: Said | None = None

    @property
    def paragraph(self) -> str:
        """Of which paragraph it is: "operative-4"."""
        return f"{self.part}-{self.n}"

    @property
    def state(self) -> FindingState:
        """What the person made of it."""
        if not self.kept:
            return FindingState.REJECTED
        if self.found is None:
            return FindingState.ADDED
        return FindingState.CONFIRMED if self.found == self.said else FindingState.CORRECTED


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What a person decided of a point; of one added by hand also what and where it is."""

    kept: bool
    said: Said
    kind: FindingKind | None = None
    paragraph: str = ""


Decisions = Mapping[str, Decision]


def said_from(plain: Mapping[str, Any]) -> Said:
    """What `as_json` gave, as a value again."""
    known = {each.name for each in fields(Said)} - {"words", "short", "use"}
    return Said(
        **{name: value for name, value in plain.items() if name in known},
        use=Use(plain.get("use", Use.NOTHING)),
        words=Localized(plain.get("words")),
        short=Localized(plain.get("short")),
    )


def decision_json(decision: Decision) -> dict[str, Any]:
    """A decision as it is stored."""
    about = {"kind": decision.kind.value if decision.kind else "", "paragraph": decision.paragraph}
    found = {"kept": decision.kept, "said": decision.said.as_json(), **about}
    return {name: value for name, value in found.items() if value != ""}


def decision_from(plain: Mapping[str, Any]) -> Decision:
    """A stored decision."""
    return Decision(
        kept=plain["kept"],
        said=said_from(plain["said"]),
        kind=FindingKind(plain["kind"]) if "kind" in plain else None,
        paragraph=plain.get("paragraph", ""),
    )


def decided(points: Iterable[Point], decisions: Decisions) -> list[Point]:
    """The points as somebody decided, each paragraph's additions by hand after its others."""
    found = [_decided(point, decisions.get(point.id)) for point in points]
    found.extend(_added(decisions))
    order = {Part.PREAMBULAR: 0, Part.OPERATIVE: 1}
    return sorted(found, key=lambda each: (order[each.part], each.n))


def _decided(point: Point, decision: Decision | None) -> Point:
    return point if decision is None else replace(point, kept=decision.kept, said=decision.said)


def _added(decisions: Decisions) -> Iterator[Point]:
    for key, decision in decisions.items():
        if decision.kind is not None:
            part, _, n = decision.paragraph.partition("-")
            yield Point(
                id=key,
                kind=decision.kind,
                part=Part(part),
                n=int(n),
                text=decision.said.words.shown_in("").text or decision.said.name,
                kept=decision.kept,
                said=decision.said,
            )
