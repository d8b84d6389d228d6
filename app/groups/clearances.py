"""Asking the chair to clear something, and what the chair said. One mechanism for all packages.

A package that needs it asks with `ask_clearance` and, before it does the thing, calls
`check_cleared` with the fingerprint of what is about to go out.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.queries import grants_in
from app.accounts.rules import holds
from app.core.access import Permission, Role
from app.core.changes import record_added, recording
from app.core.errors import Conflict, check_version, invalid
from app.core.journal import Area, Verb
from app.core.languages import Localized, Message
from app.core.records import Steps, kept_rows
from app.groups.models import Clearance, ClearanceState
from app.groups.queries import elections_of, group_of, latest_clearance
from app.groups.rules import in_office
from app.meetings.commands import Work
from app.meetings.models import Meeting
from app.meetings.rules import local_day

CLEARANCES = Area("group/clearances", Permission.EDIT_GROUP)
ASKED = Verb(CLEARANCES, "clearance.added", Message("%(who)s asked the chair to clear “%(title)s”"))
ANSWERED = Verb(
    CLEARANCES, "clearance.changed", Message("%(who)s recorded what the chair said of “%(title)s”")
)
CLEARING = frozenset({Role.CHAIR, Role.VICE_CHAIR})


@dataclass(frozen=True)
class ClearanceGiven:
    """A question to the chair; `path` leads to what is to be read, below the meeting's desk."""

    matter: str
    title: str
    text: str = ""
    path: str = ""
    fingerprint: str = ""


@dataclass(frozen=True)
class AnswerGiven:
    """What the chair said; `said_by` and `came_by` where somebody records it for the chair."""

    state: ClearanceState
    word: str = ""
    said_by: str = ""
    came_by: str = ""


def ask_clearance(work: Work, given: ClearanceGiven) -> Clearance:
    """Lay it before the chair."""
    if not given.title:
        raise invalid("title", Message("Say what is to be cleared."))
    row = Clearance(
        meeting_id=work.meeting_id,
        asked_by=work.by.name,
        asked_at=work.now,
        state=ClearanceState.ASKED,
        word="",
        said_by="",
        came_by="",
        **vars(given),
    )
    work.db.add(row)
    record_added(work, ASKED, row)
    return row


def answer_clearance(work: Work, clearance: Clearance, given: AnswerGiven, *, version: int) -> None:
    """Clear it or return it with a word. Who is not the chair says who said so, and how."""
    check_version(clearance.version, version)
    if clearance.state is not ClearanceState.ASKED:
        raise Conflict(Message("The chair has answered this already. Ask again."))
    if given.state is ClearanceState.RETURNED and not given.word:
        raise invalid("word", Message("Say what has to change."))
    in_person = clears(work)
    if not in_person and not given.said_by:
        raise invalid("said_by", Message("Say who cleared it."))
    if not in_person and not given.came_by:
        raise invalid("came_by", Message("Say how it came, for instance by telephone."))
    with recording(work, ANSWERED, clearance):
        clearance.state, clearance.word = given.state, given.word
        clearance.said_by = given.said_by or work.by.name
        clearance.said_at, clearance.came_by = work.now, given.came_by


def clears(work: Work) -> bool:
    """Whether whoever is at work is the chair or the vice chair."""
    return any(
        each.person_id == work.by.person_id
        for each in grants_in(work.db, work.meeting_id)
        if each.role in CLEARING and holds(each.valid_from, each.valid_until, now=work.now)
    )


def needs_clearance(db: Session, meeting_id: Any, matter: str) -> bool:
    """Whether the meeting's settings want the chair's word first."""
    group = group_of(db, meeting_id)
    return group is not None and matter in group.needs_clearance


def check_cleared(work: Work, matter: str, fingerprint: str) -> None:
    """Raise Conflict where the chair's word is needed and does not cover what goes out now."""
    if work.by.person_id is None or clears(work):
        return  # the chair, or a command typed on the machine
    if not needs_clearance(work.db, work.meeting_id, matter):
        return
    last = latest_clearance(work.db, work.meeting_id, matter)
    if last is None or last.state is not ClearanceState.CLEARED:
        raise Conflict(
            Message("This needs the chair’s clearance first."),
            advice=Message("Ask the chair to clear it, or record that it was cleared."),
        )
    if last.fingerprint != fingerprint:
        raise Conflict(
            Message("It was changed after the chair cleared it."),
            advice=Message("Ask the chair to clear it as it is now."),
        )


def instructing(work: Work, given: str) -> str:
    """On whose instructions something goes out: the chair's own, or whom the publisher names.

    Raises Invalid where a chair is in office and whoever publishes does not say who said so.
    """
    if given or work.by.person_id is None:
        return given  # a command typed on the machine instructs itself
    if clears(work):
        return work.by.name
    if chair_of(work.db, work.meeting, now=work.now):
        raise invalid("instructed_by", Message("Say on whose instructions you publish."))
    return ""


def chair_of(db: Session, meeting: Meeting, *, now: datetime) -> str:
    """The name of the chair in office, empty where the Group elected none."""
    today = local_day(now, meeting.zone)
    chair = in_office(elections_of(db, meeting.id), today).get("chair")
    return chair.delegate.person.name if chair else ""


kept_rows("clearance", Clearance, Steps(ASKED, ANSWERED), label=lambda row: Localized(en=row.title))
