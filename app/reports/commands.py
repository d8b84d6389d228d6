"""Saying what is fulfilled, and how days are counted back."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from app.core.changes import Kind, record_added, recording, recording_removal
from app.core.errors import Stale
from app.core.journal import State, Verb
from app.core.languages import Localized, Message
from app.meetings.commands import COMMITMENTS, Work
from app.reports.models import Fulfilment, Ladder
from app.reports.queries import fulfilment_of, ladder_of
from app.reports.rules import fulfilment_state, ladder_state
from app.resolutions.models import Paragraph

SAID = Verb(
    COMMITMENTS,
    "fulfilment.said",
    Message("%(who)s said how far operative paragraph %(number)s is fulfilled"),
)
COUNTED = Verb(
    COMMITMENTS, "counting.changed", Message("%(who)s changed how days are counted back")
)


def say_fulfilled(
    work: Work, paragraph: Paragraph, *, done: bool, remark: Localized, version: int
) -> Fulfilment:
    """This paragraph is done, or open after all. Version 0 is for what nobody has said yet.

    Raises Stale if somebody said otherwise meanwhile.
    """
    said = fulfilment_of(work.db, work.meeting_id, paragraph.id)
    present = said.version if said else 0
    if present != version:
        raise Stale(present)
    done_at = work.now if done else None
    if said is None:
        return _add_said(work, Fulfilment(done_at=done_at, remark=remark), paragraph)
    with recording(work, SAID, said, number=paragraph.label):
        said.done_at = done_at if done != (said.done_at is not None) else said.done_at
        said.remark = remark
    return said


def _add_said(work: Work, said: Fulfilment, paragraph: Paragraph) -> Fulfilment:
    said.meeting_id, said.paragraph_id = work.meeting_id, paragraph.id
    work.db.add(said)
    record_added(work, SAID, said, number=paragraph.label)
    return said


def count_back(work: Work, days: Sequence[int], source: Localized, *, version: int) -> Ladder:
    """From now on this meeting counts so; version 0 is for one that counts as usual."""
    ladder = ladder_of(work.db, work.meeting_id)
    present = ladder.version if ladder else 0
    if present != version:
        raise Stale(present)
    if ladder is None:
        return _add_ladder(work, Ladder(days=list(days), source=source))
    with recording(work, COUNTED, ladder):
        ladder.days, ladder.source = list(days), source
    return ladder


def _add_ladder(work: Work, ladder: Ladder) -> Ladder:
    ladder.meeting_id = work.meeting_id
    work.db.add(ladder)
    record_added(work, COUNTED, ladder)
    return ladder


def _find_said(work: Work, said_id: UUID) -> Fulfilment | None:
    return work.db.scalar(
        select(Fulfilment).where(Fulfilment.meeting_id == work.meeting_id, Fulfilment.id == said_id)
    )


def _restore_said(work: Work, said_id: UUID, state: State | None) -> None:
    said = _find_said(work, said_id)
    if state is None:
        if said is not None:
            paragraph = work.db.get_one(Paragraph, said.paragraph_id)
            with recording_removal(work, SAID, said, number=paragraph.label):
                work.db.delete(said)
        return
    paragraph = work.db.get_one(Paragraph, UUID(state["paragraph"]))
    remark, done = Localized(state["remark"]), state["done"]
    if said is None:
        done_at = work.now if done else None
        _add_said(work, Fulfilment(id=said_id, done_at=done_at, remark=remark), paragraph)
    else:
        say_fulfilled(work, paragraph, done=done, remark=remark, version=said.version)


def _find_ladder(work: Work, ladder_id: UUID) -> Ladder | None:
    found = ladder_of(work.db, work.meeting_id)
    return found if found is not None and found.id == ladder_id else None


def _restore_ladder(work: Work, ladder_id: UUID, state: State | None) -> None:
    ladder = _find_ladder(work, ladder_id)
    if state is None:
        if ladder is not None:
            with recording_removal(work, COUNTED, ladder):
                work.db.delete(ladder)
        return
    source = Localized(state["source"])
    if ladder is None:
        _add_ladder(work, Ladder(id=ladder_id, days=state["days"], source=source))
    else:
        count_back(work, state["days"], source, version=ladder.version)


Kind(
    "fulfilment",
    Fulfilment,
    find=_find_said,
    state=fulfilment_state,
    label=lambda said: said.remark,
    restore=_restore_said,
)
Kind(
    "counting",
    Ladder,
    find=_find_ladder,
    state=ladder_state,
    label=lambda ladder: ladder.source,
    restore=_restore_ladder,
)
