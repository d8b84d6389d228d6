"""The last step of a new meeting: the facts that the text does not give, then the meeting."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.core.access import ROLE_NAMES
from app.core.changes import Actor
from app.core.clock import Now
from app.core.database import SessionDep, refuse
from app.core.errors import Conflict, Invalid, UserError
from app.core.forms import Reader
from app.core.idempotency import OnceDep
from app.core.languages import Language, Message
from app.core.options import Option
from app.core.pages import FormDep, done, see_other
from app.desk import commands
from app.desk.forms import MAKERS, resolution_form, resolution_values, role_form
from app.desk.new_pages import page_of, path_of
from app.desk.proposals import convened, fresh_slug
from app.desk.queries import draft_of, latest_meeting, no_such_draft
from app.desk.readings import Opened, OpenedDep, OpenedIfThere
from app.desk.records import Confirmed
from app.meetings.commands import Work
from app.meetings.forms import meeting_form
from app.meetings.queries import taken_slugs

router = APIRouter(include_in_schema=False)


def _facts(
    request: Request,
    opened: Opened,
    lang: Language,
    values: Mapping[str, Any],
    *,
    problem: UserError | None = None,
) -> Response:
    return page_of(
        request,
        opened.viewer,
        "new_meeting",
        at=path_of(lang, f"/{opened.draft.id}/meeting"),
        problem=problem,
        draft=opened.draft,
        reading=opened.reading,
        plan=opened.plan,
        labels=opened.labels,
        values=values,
        roles=[Option(role.value, ROLE_NAMES[role].in_language(lang)) for role in MAKERS],
    )


def _prefilled(db: Session, opened: Opened) -> dict[str, Any]:
    """What the text and the latest meeting of whoever asks give already."""
    words = convened(opened.reading)
    key = opened.known.get(words.casefold(), "")
    title = opened.labels.get(key) or {opened.reading.language: words}
    latest = latest_meeting(db, list(opened.viewer.grants))
    facts: dict[str, Any] = {"role": MAKERS[0].value, **resolution_values(opened.reading)}
    facts |= {f"title_{lang}": text for lang, text in title.items()}
    facts["slug"] = fresh_slug([key, words, opened.reading.title or ""], taken_slugs(db))
    if latest is not None:
        facts |= {f"organization_{lang}": text for lang, text in latest.organization.items()}
        facts |= {"series": latest.series, "symbol_prefix": latest.symbol_prefix}
        facts["zone"] = latest.zone
    return facts


@router.get("/{lang}/desk/new/{draft_id}/meeting", name="new_facts")
def facts(request: Request, opened: OpenedDep, db: SessionDep, lang: Language) -> Response:
    """What will be made, and the few facts that the text does not give."""
    return _facts(request, opened, lang, _prefilled(db, opened))


@router.post("/{lang}/desk/new/{draft_id}/meeting", name="create_meeting")
def create(
    request: Request,
    opened: OpenedIfThere,
    once: OnceDep,
    db: SessionDep,
    form: FormDep,
    now: Now,
    lang: Language,
    draft_id: UUID,
) -> Response:
    """The meeting, with everything that was confirmed; the draft ends with it."""
    once.begin(db)
    if opened is None:
        raise no_such_draft()
    viewer = opened.viewer
    draft = draft_of(db, viewer.person_id, draft_id)
    try:
        work = _made(request, db, opened, draft.source_id, Reader(form), now)
    except (Invalid, Conflict) as problem:
        refuse(db)
        return _facts(request, opened, lang, dict(form), problem=problem)
    commands.discard_draft(db, draft, with_source=False)
    path = f"/{lang}/desk/{work.meeting.slug}"
    message = Message("The meeting is made: %(title)s.", {"title": work.meeting.title})
    return once.keep(db, done(request, see_other(path), message))


def _made(
    request: Request,
    db: Session,
    opened: Opened,
    source_id: UUID | None,
    reader: Reader,
    now: Now,
) -> Work:
    viewer = opened.viewer
    role, resolution = role_form(reader), resolution_form(reader)
    given = meeting_form(reader)
    confirmed = Confirmed(
        reading=opened.reading,
        text=opened.draft.text,
        points=opened.points,
        resolution=resolution,
        source_id=source_id,
    )
    maker = commands.Maker(
        by=Actor(viewer.person_id, viewer.name),
        site=request.app.state.site,
        now=now,
        person=db.get_one(Person, viewer.person_id),
        role=role,
    )
    return commands.create_meeting(db, confirmed, given, maker)
