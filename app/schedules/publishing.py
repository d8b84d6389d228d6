"""Publishing: the timetable in work, and the agenda with it, frozen as the next edition."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.accounts.queries import first_with_role
from app.agendas.commands import freeze_agenda
from app.core.access import Role
from app.core.chain import BEGINNING
from app.core.changes import record_event
from app.core.errors import Conflict
from app.core.journal import Verb
from app.core.languages import Localized, Message
from app.groups.clearances import (
    ClearanceGiven,
    ask_clearance,
    check_cleared,
    instructing,
)
from app.groups.models import Clearance
from app.meetings.commands import Work, raise_public_stamp
from app.meetings.models import Meeting
from app.schedules.commands import SCHEDULE
from app.schedules.freezing import draft_of, edition_hash, fingerprint_of, labels_of
from app.schedules.letters import tell_people
from app.schedules.models import Edition, EditionSitting, Sitting
from app.schedules.queries import WholeEdition, current_edition, sittings_of
from app.schedules.rules import FrozenSitting, changes, next_edition, room_clashes

PUBLISHED = Verb(
    SCHEDULE,
    "edition.published",
    Message("%(who)s published edition %(number)s"),
    can_be_undone=False,
)


PUBLISHED_FOR = Verb(
    SCHEDULE,
    "edition.published_for",
    Message("%(who)s published edition %(number)s on the instructions of %(said_by)s"),
    can_be_undone=False,
)
# What a clearance of the timetable is about.
SCHEDULE_MATTER = "schedule"


def publish(work: Work, *, remark: Localized, instructed_by: str = "") -> tuple[WholeEdition, bool]:
    """Freeze the timetable in work as the next edition, and the agenda with it.

    Gives the edition and whether it is new: where nothing changed, it is the present one, so
    that pressing twice publishes once. `instructed_by` is whose word the publisher goes by.

    Raises Conflict for an empty timetable, a clash, or where the chair has to clear it first.
    """
    db, meeting, now = work.db, work.meeting, work.now
    last = current_edition(db, meeting.id)
    rows = _checked_rows(db, meeting, last, now=now)
    said_by = instructing(work, instructed_by)
    revision = freeze_agenda(work)
    edition = Edition(
        meeting_id=meeting.id,
        number=last.edition.number + 1 if last else 1,
        published_at=now,
        published_by=work.by.person_id,
        remark=remark,
        instructed_by=said_by,
        labels=labels_of(meeting),
        agenda_revision_id=revision.id if revision else None,
        previous_hash=last.edition.hash if last else BEGINNING,
        hash="",
    )
    if last is not None and _same(last, edition, rows):
        return last, False
    check_cleared(work, SCHEDULE_MATTER, fingerprint_of(rows))
    edition.hash = edition_hash(edition, rows)
    db.add(edition)
    db.flush()  # the edition's row comes before those that point to it
    db.execute(insert(EditionSitting), [_row(edition, n, row) for n, row in enumerate(rows)])
    raise_public_stamp(db, meeting.id, now=now)
    instructed = said_by not in {"", work.by.name}
    verb, words = (PUBLISHED_FOR, {"said_by": said_by}) if instructed else (PUBLISHED, {})
    record_event(work, verb, edition.id, number=edition.number, **words)
    whole = WholeEdition(edition, tuple(rows))
    tell_people(work, last, whole)
    return whole, True


def ask_to_publish(work: Work) -> Clearance:
    """The chair is asked to clear the timetable as it is now. Conflict if it cannot go out."""
    last = current_edition(work.db, work.meeting_id)
    rows = _checked_rows(work.db, work.meeting, last, now=work.now)
    number = last.edition.number + 1 if last else 1
    found = len(changes(last.by_sitting if last else {}, rows))
    title = Message("Schedule, edition %(number)s", {"number": number})
    text = Message("Changes: %(count)s. Sessions: %(all)s.", {"count": found, "all": len(rows)})
    given = ClearanceGiven(
        matter=SCHEDULE_MATTER,
        title=title.in_language(_language(work)),
        text=text.in_language(_language(work)),
        path="/editions/new",
        fingerprint=fingerprint_of(rows),
    )
    return ask_clearance(work, given)


def _language(work: Work) -> str:
    chair = first_with_role(work.db, work.meeting_id, Role.CHAIR, now=work.now)
    return chair.language if chair else "en"


def clashes_of(sittings: Iterable[Sitting]) -> list[tuple[Sitting, Sitting]]:
    """Pairs of placed sittings that hold one room at one moment."""
    return room_clashes([sitting for sitting in sittings if sitting.placed])


def drafted_rows(
    sittings: Iterable[Sitting], meeting: Meeting, last: WholeEdition | None, *, now: datetime
) -> list[FrozenSitting]:
    """What an edition published now would hold."""
    drafts = [draft_of(sitting, meeting) for sitting in sittings]
    return next_edition(last.by_sitting if last else {}, drafts, now=now)


def _checked_rows(
    db: Session, meeting: Meeting, last: WholeEdition | None, *, now: datetime
) -> list[FrozenSitting]:
    sittings = sittings_of(db, meeting.id)
    for first, second in clashes_of(sittings):
        raise Conflict(
            Message(
                "“%(first)s” and “%(second)s” are in one room at the same time.",
                {"first": first.title, "second": second.title},
            ),
            advice=Message("Move one of them, then publish."),
        )
    rows = drafted_rows(sittings, meeting, last, now=now)
    if not rows:
        raise Conflict(
            Message("No session has a day, a time and a room yet."),
            advice=Message("Place at least one session, then publish."),
        )
    return rows


def _same(last: WholeEdition, edition: Edition, rows: Sequence[FrozenSitting]) -> bool:
    return (
        not edition.remark
        and not changes(last.by_sitting, rows)
        and last.edition.labels == edition.labels
        and last.edition.agenda_revision_id == edition.agenda_revision_id
    )


def _row(edition: Edition, position: int, row: FrozenSitting) -> dict[str, object]:
    return {"edition_id": edition.id, "position": position, **vars(row)}
