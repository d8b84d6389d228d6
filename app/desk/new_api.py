"""Reading a text, and making a meeting of a confirmed one, as JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Any, Literal
from zoneinfo import available_timezones

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse
from pydantic import AfterValidator, Field

from app.accounts.models import Person
from app.core.access import Insider, Role
from app.core.api import Body, LocalizedInput, LocalizedNote
from app.core.changes import Actor
from app.core.clock import Now
from app.core.database import SessionDep
from app.core.errors import FieldError, Invalid, invalid
from app.core.idempotency import OnceDep
from app.core.languages import Localized, Message
from app.core.text import cleaned
from app.desk.commands import Maker, create_meeting
from app.desk.points import USES, Decision, Decisions, Point, Said, Use, decided
from app.desk.proposing import points_of
from app.desk.readings import NewcomerDep, read
from app.desk.records import Confirmed, ResolutionGiven
from app.meetings.api import summary
from app.meetings.commands import MeetingGiven
from app.meetings.forms import MOST_DAYS, SLUG
from app.meetings.models import MeetingKind
from app.meetings.queries import RESERVED_SLUGS
from app.resolutions.models import FindingKind
from app.resolutions.reading.record import Reading, Status, as_json
from app.resolutions.reading.record import Role as Asks

router = APIRouter(prefix="/api/v1", tags=["new meetings"])

PLACE = r"^(preambular|operative)-[1-9][0-9]{0,3}$"
MOST_FINDINGS = 5000
Text = Annotated[str, AfterValidator(lambda text: cleaned(text, lines=True))]
Line = Annotated[str, Field(max_length=300), AfterValidator(cleaned)]
Day = Annotated[date, Field(strict=False)]


class TextBody(Body):
    """The text of a resolution."""

    text: Text


class FindingBody(Body):
    """What somebody decided of a finding; what is absent stays as it is proposed.

    One that the reader did not find names its `kind` and its `paragraph`.
    """

    id: Annotated[str, Field(pattern=r"^[!-~]{1,100}$")]
    kept: bool = True
    kind: Annotated[FindingKind | None, Field(strict=False)] = None
    paragraph: Annotated[str | None, Field(pattern=PLACE)] = None
    name: Line | None = None
    role: Annotated[Asks | None, Field(strict=False)] = None
    use: Annotated[Use | None, Field(strict=False)] = None
    qualifier: Line | None = None
    day: Day | None = None
    until: Day | None = None
    words: LocalizedNote | None = None
    short: LocalizedInput | None = None


class ResolutionBody(Body):
    """The resolution's own facts."""

    symbol: Annotated[str, Field(max_length=80), AfterValidator(cleaned)] = ""
    title: LocalizedInput
    status: Annotated[Status | None, Field(strict=False)] = None
    adopted_on: Day | None = None
    approved_on: Day | None = None
    approved_by: LocalizedInput | None = None


class MeetingBody(Body):
    """The meeting's own facts."""

    slug: Annotated[str, Field(pattern=rf"^{SLUG.pattern}$")]
    kind: Annotated[MeetingKind, Field(strict=False)] = MeetingKind.CONFERENCE
    title: LocalizedInput
    ordinal: LocalizedInput = Field(default_factory=dict)
    organization: LocalizedInput = Field(default_factory=dict)
    series: Line = ""
    symbol_prefix: Line = ""
    place: LocalizedInput = Field(default_factory=dict)
    zone: str
    first_day: Day
    last_day: Day
    about: LocalizedNote = Field(default_factory=dict)


class NewMeetingBody(Body):
    """A text, what is confirmed of it, and the facts that it does not give."""

    text: Text
    resolution: ResolutionBody
    meeting: MeetingBody
    findings: Annotated[list[FindingBody], Field(max_length=MOST_FINDINGS)] = Field(
        default_factory=list
    )
    role: Literal["chair", "secretariat"] = "chair"


def _point(point: Point) -> dict[str, Any]:
    return {
        "id": point.id,
        "kind": point.kind,
        "paragraph": point.paragraph,
        "start": point.starts,
        "end": point.ends,
        "text": point.text,
        "kept": point.kept,
        **point.said.as_json(),
    }


@router.post("/readings", name="api_read_text")
def read_text(newcomer: NewcomerDep, body: TextBody) -> dict[str, Any]:
    """What a text says. Nothing is stored; `findings` are what can be confirmed one by one."""
    reading = read(body.text, newcomer.names)
    return {**as_json(reading), "findings": [_point(each) for each in points_of(reading)]}


@dataclass(frozen=True)
class Asked:
    """What a program confirms, its text read before any transaction begins."""

    viewer: Insider
    body: NewMeetingBody
    reading: Reading

    @property
    def confirmed(self) -> Confirmed:
        """Raises Invalid for decisions on what the text does not say."""
        points = points_of(self.reading)
        places = {f"{each.kind}-{each.n}" for each in self.reading.paragraphs}
        return Confirmed(
            reading=self.reading,
            text=self.body.text,
            points=decided(points, _decisions(points, self.body.findings, places)),
            resolution=_resolution(self.body.resolution),
        )


def asked(newcomer: NewcomerDep, body: NewMeetingBody) -> Asked:
    """A dependency: the body with its text read."""
    return Asked(newcomer.viewer, body, read(body.text, newcomer.names))


@router.post("/meetings", name="api_create_meeting", status_code=201)
def create(
    request: Request,
    asked: Annotated[Asked, Depends(asked)],
    once: OnceDep,
    db: SessionDep,
    now: Now,
) -> Response:
    """A meeting with everything that is confirmed of the text, each with its paragraph.

    With an Idempotency-Key a repeat gets the first answer again, for a day.
    """
    once.begin(db)
    viewer, body = asked.viewer, asked.body
    maker = Maker(
        by=Actor(viewer.person_id, viewer.name),
        site=request.app.state.site,
        now=now,
        person=db.get_one(Person, viewer.person_id),
        role=Role(body.role),
    )
    meeting = create_meeting(db, asked.confirmed, _meeting(body.meeting), maker).meeting
    path = f"/api/v1/meetings/{meeting.slug}"
    answer = JSONResponse(summary(meeting, None), 201, {"Location": path})
    return once.keep(db, answer)


def _decisions(
    points: Sequence[Point], bodies: Sequence[FindingBody], places: set[str]
) -> Decisions:
    """Raises Invalid for a finding that is not there, and for a use that it cannot have."""
    by_id = {each.id: each for each in points}
    wrong: list[FieldError] = []
    found: dict[str, Decision] = {}
    for number, body in enumerate(bodies):
        point = by_id.get(body.id)
        by_hand = point is None and body.paragraph in places
        kind = point.kind if point else body.kind
        if kind is None or not (point or by_hand):
            text = Message("The text has no such finding. Name its kind and its paragraph.")
            wrong.append(FieldError(f"findings.{number}.id", text))
        elif body.use is not None and body.use not in USES[kind]:
            wrong.append(FieldError(f"findings.{number}.use", Message("Choose from the list.")))
        else:
            said = _said(point.said if point else Said(use=USES[kind][0]), body)
            where = body.paragraph if by_hand else None
            added = kind if by_hand else None
            found[body.id] = Decision(kept=body.kept, said=said, kind=added, paragraph=where or "")
    if wrong:
        raise Invalid(wrong)
    return found


def _said(was: Said, body: FindingBody) -> Said:
    given: Mapping[str, Any] = {
        "name": body.name,
        "role": body.role,
        "use": body.use,
        "qualifier": body.qualifier,
        "day": body.day.isoformat() if body.day else None,
        "until": body.until.isoformat() if body.until else None,
        "words": None if body.words is None else Localized(body.words),
        "short": None if body.short is None else Localized(body.short),
    }
    said: Said = replace(was, **{key: value for key, value in given.items() if value is not None})
    return said


def _resolution(body: ResolutionBody) -> ResolutionGiven:
    if not Localized(body.title):
        raise invalid("resolution.title", Message("Enter the resolution’s title."))
    return ResolutionGiven(
        symbol=body.symbol,
        title=Localized(body.title),
        status=body.status,
        adopted_on=body.adopted_on,
        approved_on=body.approved_on,
        approved_by=Localized(body.approved_by) if body.approved_by else None,
    )


def _meeting(body: MeetingBody) -> MeetingGiven:
    if not Localized(body.title):
        raise invalid("meeting.title", Message("Enter the meeting’s name."))
    if body.zone not in available_timezones():
        raise invalid("meeting.zone", Message("Enter a zone like America/Caracas."))
    if body.slug in RESERVED_SLUGS:
        taken = Message("Another meeting has this address. Choose another.")
        raise invalid("meeting.slug", taken)
    if not 0 <= (body.last_day - body.first_day).days < MOST_DAYS:
        words = {"most": MOST_DAYS}
        text = Message("It lies after the first day, at most %(most)s days in all.", words)
        raise invalid("meeting.last_day", text)
    return MeetingGiven(
        slug=body.slug,
        kind=body.kind,
        title=Localized(body.title),
        ordinal=Localized(body.ordinal),
        organization=Localized(body.organization),
        series=body.series,
        symbol_prefix=body.symbol_prefix,
        place=Localized(body.place),
        zone=body.zone,
        first_day=body.first_day,
        last_day=body.last_day,
        about=Localized(body.about),
    )
