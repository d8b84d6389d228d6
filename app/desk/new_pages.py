"""A new meeting out of a text: bring the text, confirm what it says."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from app.core.access import Insider
from app.core.clock import Now
from app.core.database import SessionDep, refuse
from app.core.errors import Invalid, Stale, UserError
from app.core.languages import Language, Message
from app.core.pages import Frame, done, private_page, see_other, shown_errors
from app.core.uploads import keep_file
from app.desk import commands
from app.desk.forms import PointsReader
from app.desk.points import USES, Point
from app.desk.queries import draft_of, drafts_of
from app.desk.readings import BroughtDep, NewcomerDep, Opened, OpenedDep
from app.desk.words import BY_HAND, USE_WORDS
from app.resolutions.reading.record import Paragraph, Role
from app.resolutions.rules import KIND_WORDS, ROLE_WORDS, Piece, pieces

router = APIRouter(include_in_schema=False)

READABLE = ".pdf,.docx,.txt"
MOST_FIELDS = 20_000


async def _large_form(request: Request) -> FormData:
    """A long resolution has some hundred points, each with a few fields."""
    return await request.form(max_files=0, max_fields=MOST_FIELDS)


LargeFormDep = Annotated[FormData, Depends(_large_form)]


def path_of(lang: Language, rest: str = "") -> str:
    """An address of the way to a new meeting."""
    return f"/{lang}/desk/new{rest}"


def page_of(
    request: Request,
    viewer: Insider,
    name: str,
    *,
    at: str,
    problem: UserError | None = None,
    **context: object,
) -> Response:
    return private_page(
        request,
        f"desk/{name}.html",
        viewer,
        frame=Frame(at=at),
        status=problem.status if problem else 200,
        errors=shown_errors(request, problem),
        **context,
    )


def _first(
    request: Request,
    db: Session,
    viewer: Insider,
    lang: Language,
    *,
    text: str = "",
    problem: UserError | None = None,
) -> Response:
    drafts = drafts_of(db, viewer.person_id)
    return page_of(
        request,
        viewer,
        "new",
        at=path_of(lang),
        problem=problem,
        text=text,
        drafts=drafts,
        accepted=READABLE,
    )


@router.get("/{lang}/desk/new", name="new_meeting")
def show(request: Request, db: SessionDep, newcomer: NewcomerDep, lang: Language) -> Response:
    """A box for the text, and what was begun before."""
    return _first(request, db, newcomer.viewer, lang)


@router.post("/{lang}/desk/new", name="bring_text")
def bring(
    request: Request,
    newcomer: NewcomerDep,
    brought: BroughtDep,
    db: SessionDep,
    now: Now,
    lang: Language,
) -> Response:
    """Read the text; it is kept for whoever brought it, until a meeting is made of it."""
    stored = brought.received.stored
    if brought.problem is not None or brought.reading is None:
        refuse(db)
        viewer, problem = newcomer.viewer, brought.problem
        return _first(request, db, viewer, lang, text=brought.text, problem=problem)
    person_id = newcomer.viewer.person_id
    draft = commands.begin_draft(
        db,
        person_id=person_id,
        title=brought.reading.title or brought.reading.symbol or "",
        text=brought.text,
        source=keep_file(db, stored, by=person_id, now=now) if stored else None,
        now=now,
    )
    return see_other(path_of(lang, f"/{draft.id}"))


@dataclass(frozen=True)
class Shown:
    """A paragraph on the page: its text cut where something was found, and its points."""

    paragraph: Paragraph
    pieces: list[Piece[Point]]
    points: list[Point]

    @property
    def key(self) -> str:
        """What its fields are called after."""
        return f"{self.paragraph.kind}-{self.paragraph.n}"


def _shown(opened: Opened) -> list[Shown]:
    found: list[Shown] = []
    for each in opened.reading.paragraphs:
        key = f"{each.kind}-{each.n}"
        points = [point for point in opened.points if point.paragraph == key]
        spans = [(point.starts, point.ends, point) for point in points]
        found.append(Shown(each, pieces(each.text, spans), points))
    return found


def _confirm(
    request: Request,
    opened: Opened,
    lang: Language,
    *,
    typed: Mapping[str, Any] | None = None,
    problem: UserError | None = None,
) -> Response:
    draft = opened.draft
    return page_of(
        request,
        opened.viewer,
        "new_text",
        at=path_of(lang, f"/{draft.id}"),
        problem=problem,
        draft=draft,
        reading=opened.reading,
        shown=_shown(opened),
        plan=opened.plan,
        labels=opened.labels,
        typed=typed,
        kind_words=_said(KIND_WORDS, lang),
        role_words=_said(ROLE_WORDS, lang),
        use_words=_said(USE_WORDS, lang),
        uses=USES,
        roles=list(Role),
        by_hand=list(BY_HAND),
        warnings=[each.in_language(lang) for each in opened.reading.warnings],
    )


def _said(words: Mapping[Any, Message], lang: Language) -> dict[Any, str]:
    return {key: message.in_language(lang) for key, message in words.items()}


@router.get("/{lang}/desk/new/{draft_id}", name="confirm_text")
def confirm(request: Request, opened: OpenedDep, lang: Language) -> Response:
    """The text with what was found marked in place."""
    return _confirm(request, opened, lang)


@router.post("/{lang}/desk/new/{draft_id}", name="keep_points")
def keep(
    request: Request,
    opened: OpenedDep,
    form: LargeFormDep,
    db: SessionDep,
    now: Now,
    lang: Language,
    draft_id: UUID,
) -> Response:
    """Keep what was decided; on to the meeting's facts, or stay."""
    draft = draft_of(db, opened.viewer.person_id, draft_id)
    reader = PointsReader(form, opened.reading.language, opened.known)
    try:
        paragraphs = [each.key for each in _shown(opened)]
        decisions = reader.decisions(opened.points, paragraphs)
        commands.decide(db, draft, decisions, version=reader.version(), now=now)
    except (Invalid, Stale) as problem:
        refuse(db)
        return _confirm(request, opened, lang, typed=form, problem=problem)
    if form.get("then") == "meeting":
        return see_other(path_of(lang, f"/{draft_id}/meeting"))
    return done(request, see_other(path_of(lang, f"/{draft_id}")), Message("Kept as it stands."))


@router.post("/{lang}/desk/new/{draft_id}/removal", name="discard_text")
def discard(
    request: Request, newcomer: NewcomerDep, db: SessionDep, lang: Language, draft_id: UUID
) -> Response:
    """Away with what was begun."""
    draft = draft_of(db, newcomer.viewer.person_id, draft_id)
    commands.discard_draft(db, draft, with_source=True)
    return done(
        request, see_other(path_of(lang)), Message("Taken away: the text and what was kept.")
    )
