"""Reading what somebody brings, and reading a draft again: before any transaction begins.

A long text takes a while, and a transaction that writes holds the database.
"""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from sqlalchemy.orm import Session

from app.core.access import Insider, Permission, found_viewer, insider, require_anywhere
from app.core.clock import Now
from app.core.database import Sessions
from app.core.errors import Invalid, NotFound, invalid
from app.core.extraction import NoTextError, text_of
from app.core.languages import Localized, Message
from app.core.limits import limits_of
from app.core.receiving import FIELD, Received, receive
from app.core.text import cleaned
from app.core.uploads import Stored, Uploads
from app.desk.models import MeetingDraft
from app.desk.points import Point, decided, decision_from
from app.desk.proposing import points_of
from app.desk.queries import draft_of
from app.desk.rules import Plan, plan_of
from app.directory.known import known_entities
from app.directory.models import Entity
from app.directory.queries import entities
from app.resolutions.queries import known_names
from app.resolutions.reading.names import KnownName
from app.resolutions.reading.reader import read_resolution
from app.resolutions.reading.record import NotAResolution, Reading

MOST_TEXT = 4 * 1024 * 1024


@dataclass(frozen=True)
class Newcomer:
    """Somebody who may make a meeting, and the names by which a text calls entities."""

    viewer: Insider
    names: Sequence[KnownName]


def newcomer(request: Request, now: Now) -> Newcomer:
    """A dependency: whoever may make a meeting; nothing is open when it is answered."""
    sessions: Sessions = request.app.state.sessions
    with sessions.reading() as db:
        return Newcomer(may_create(request, db, now), known_names(db))


def may_create(request: Request, db: Session, now: Now) -> Insider:
    """The signed-in person, if a role in some meeting allows to make another."""
    viewer = insider(found_viewer(request, db, now))
    require_anywhere(viewer, Permission.CREATE_MEETING)
    return viewer


NewcomerDep = Annotated[Newcomer, Depends(newcomer)]


@dataclass(frozen=True)
class Brought:
    """What somebody pasted or sent: the text, what it says, or why it says nothing."""

    text: str
    received: Received
    reading: Reading | None = None
    problem: Invalid | None = None


async def received_text(request: Request, newcomer: NewcomerDep) -> AsyncIterator[Received]:
    """A dependency: the form, its file put away, from somebody who may bring one."""
    limits_of(request).upload(newcomer.viewer.person_id)
    async for found in receive(request, most_field_bytes=MOST_TEXT):
        yield found


def brought(
    request: Request,
    newcomer: NewcomerDep,
    received: Annotated[Received, Depends(received_text)],
) -> Brought:
    """A dependency: what was brought, read. The file counts where there is one."""
    pasted = received.form.get("text", "")
    text = cleaned(pasted, lines=True) if isinstance(pasted, str) else ""
    try:
        if received.stored is not None or received.problem is not None:
            uploads: Uploads = request.app.state.uploads
            found = text_of_file(uploads, received.taken())
            return Brought(found, received, reading=read(found, newcomer.names, field=FIELD))
        return Brought(text, received, reading=read(text, newcomer.names))
    except Invalid as problem:
        return Brought(text, received, problem=problem)


BroughtDep = Annotated[Brought, Depends(brought)]


def text_of_file(uploads: Uploads, stored: Stored) -> str:
    """The text of a file that was put away; Invalid says why there is none."""
    content = b"".join(uploads.store.read(stored.key, 0, stored.size))
    try:
        return text_of(content)
    except NoTextError as problem:
        raise invalid(FIELD, problem.sentence) from problem


def read(text: str, names: Sequence[KnownName], *, field: str = "text") -> Reading:
    """What a text says; Invalid in one sentence for what is no resolution."""
    if not text:
        raise invalid(field, Message("Paste the text of a resolution, or choose a file."))
    try:
        return read_resolution(text, names)
    except NotAResolution as problem:
        raise invalid(field, problem.sentence) from problem


@dataclass(frozen=True)
class Opened:
    """A draft with its text read again and everything that was decided of it.

    `known` gives the key for every spelling, folded; `labels` what people call a key.
    """

    viewer: Insider
    draft: MeetingDraft
    reading: Reading
    known: Mapping[str, str]
    labels: Mapping[str, Localized]

    @cached_property
    def points(self) -> list[Point]:
        """Every point as it stands."""
        decisions = {key: decision_from(each) for key, each in self.draft.decisions.items()}
        return decided(points_of(self.reading), decisions)

    @property
    def plan(self) -> Plan:
        """What would be made."""
        return plan_of(self.points, self.labels)


def opened(request: Request, draft_id: UUID, now: Now) -> Opened:
    """A dependency: a draft of whoever asks."""
    sessions: Sessions = request.app.state.sessions
    with sessions.reading() as db:
        viewer = may_create(request, db, now)
        draft = draft_of(db, viewer.person_id, draft_id)
        names, labels = known_names(db), labels_of(entities(db))
    reading = read(draft.text, names)
    return Opened(viewer, draft, reading, spellings(names), labels)


def opened_if_there(request: Request, draft_id: UUID, now: Now) -> Opened | None:
    """The same, or None: a form that was sent twice has made its meeting already."""
    try:
        return opened(request, draft_id, now)
    except NotFound:
        return None


OpenedDep = Annotated[Opened, Depends(opened)]
OpenedIfThere = Annotated[Opened | None, Depends(opened_if_there)]


def spellings(names: Iterable[KnownName]) -> dict[str, str]:
    """The key for every way to write a name; a key itself before anything else."""
    found: dict[str, str] = {}
    for each in names:
        for text in (*each.texts, *each.acronyms):
            found.setdefault(text.casefold(), each.key)
    return found | {each.key.casefold(): each.key for each in names}


def labels_of(directory: Iterable[Entity]) -> dict[str, Localized]:
    """What people call each key, of the directory and of what is shipped."""
    shipped = {row["key"]: Localized(row["names"][-1]["name"]) for row in known_entities()}
    return shipped | {each.key: each.names[-1].name for each in directory}
