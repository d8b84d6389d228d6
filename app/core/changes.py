"""Writing the journal: who does something, and what each command changed, in its transaction.

Also the way back: undo and redo go through the commands that people use.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.chain import BEGINNING
from app.core.errors import Conflict
from app.core.journal import (
    Change,
    Nature,
    State,
    Verb,
    change_hash,
    change_numbered,
    latest_change,
)
from app.core.languages import Localized, Message
from app.core.security import Site

Words = Mapping[str, object]

# Parts of a state that move along when others are moved.
SHIFTS = frozenset({"position"})


@dataclass(frozen=True)
class Actor:
    """Who does it: a person, or a command that somebody typed on the machine."""

    person_id: UUID | None
    name: str


COMMAND_LINE = Actor(None, "Convoca")


@dataclass(frozen=True, kw_only=True)
class Doing:
    """Who does something in one meeting, when, and in which transaction."""

    db: Session
    meeting_id: UUID
    by: Actor
    now: datetime
    site: Site
    reverting: Change | None = None


AnyDoing = TypeVar("AnyDoing", bound=Doing)


@dataclass(frozen=True)
class Kind:
    """How the journal deals with one kind of thing.

    `find` gives a thing of this meeting or None, `state` its content as JSON, `label` its name,
    `restore` brings it to a state (None: away with it) through the commands that people use.
    """

    key: str
    model: type
    find: Callable[[Any, UUID], Any]
    state: Callable[[Any], State]
    label: Callable[[Any], Localized]
    restore: Callable[[Any, UUID, State | None], None]

    def __post_init__(self) -> None:
        KINDS[self.key] = self
        BY_MODEL[self.model] = self


KINDS: dict[str, Kind] = {}
BY_MODEL: dict[type, Kind] = {}


@contextmanager
def recording(doing: Doing, verb: Verb, subject: Any, **words: object) -> Iterator[None]:
    """Whatever the block does to the subject becomes a change; nothing done is none."""
    kind = BY_MODEL[type(subject)]
    before = kind.state(subject)
    yield
    doing.db.flush()  # the change tells the new version
    after = kind.state(subject)
    if before != after:
        _write(doing, verb, subject, before=before, after=after, words=words)


def record_added(doing: Doing, verb: Verb, subject: Any, **words: object) -> None:
    """The subject is new."""
    doing.db.flush()  # the change tells its key and version
    after = BY_MODEL[type(subject)].state(subject)
    _write(doing, verb, subject, before=None, after=after, words=words)


@contextmanager
def recording_removal(doing: Doing, verb: Verb, subject: Any, **words: object) -> Iterator[None]:
    """The block takes the subject away."""
    before = BY_MODEL[type(subject)].state(subject)
    yield
    doing.db.flush()
    _write(doing, verb, subject, before=before, after=None, words=words)


def record_event(doing: Doing, verb: Verb, subject_id: UUID, **words: object) -> None:
    """Something that has no way back, like publishing."""
    _append(doing, verb, "", subject_id, version=None, before=None, after=None, words=words)


def _write(
    doing: Doing,
    verb: Verb,
    subject: Any,
    *,
    before: State | None,
    after: State | None,
    words: Words,
) -> None:
    kind = BY_MODEL[type(subject)]
    _append(
        doing,
        verb,
        kind.key,
        subject.id,
        version=subject.version if after is not None else None,
        before=before,
        after=after,
        words={"title": kind.label(subject), **words},
    )


def _append(
    doing: Doing,
    verb: Verb,
    kind: str,
    subject_id: UUID,
    *,
    version: int | None,
    before: State | None,
    after: State | None,
    words: Words,
) -> None:
    last = latest_change(doing.db, doing.meeting_id)
    told = {name: _stored(value) for name, value in {"who": doing.by.name, **words}.items()}
    source = doing.reverting
    change = Change(
        meeting_id=doing.meeting_id,
        number=last.number + 1 if last else 1,
        at=doing.now,
        actor_id=doing.by.person_id,
        actor_name=doing.by.name,
        area=verb.area.key,
        verb=source.verb if source else verb.key,
        nature=_nature(source),
        reverts=source.number if source else None,
        kind=kind,
        subject_id=subject_id,
        version=version,
        words=source.words if source else told,
        before=before,
        after=after,
        previous_hash=last.hash if last else BEGINNING,
    )
    change.hash = change_hash(change)
    doing.db.add(change)
    doing.db.flush()  # the next change of this transaction follows it


def _stored(value: object) -> object:
    return dict(value) if isinstance(value, Localized) else value


def _nature(source: Change | None) -> Nature:
    if source is None:
        return Nature.DONE
    return Nature.REDONE if source.nature is Nature.UNDONE else Nature.UNDONE


def revert(doing: AnyDoing, number: int) -> Change:
    """Undo a change, or do an undone one again; gives the change that was reverted.

    Raises NotFound, or Conflict where it has no way back or somebody went on from there.
    """
    change = change_numbered(doing.db, doing.meeting_id, number)
    if not change.can_be_undone:
        raise Conflict(Message("This step cannot be undone."))
    kind = KINDS[change.kind]
    subject = kind.find(doing, change.subject_id)
    present = kind.state(subject) if subject is not None else None
    target = reverted(present, change.before, change.after)
    kind.restore(replace(doing, reverting=change), change.subject_id, target)
    return change


def reverted(present: State | None, before: State | None, after: State | None) -> State | None:
    """The present state with one change taken back; what others changed elsewhere stays.

    Raises Conflict where somebody went on from what this change left.
    """
    if present is not None and after is not None:
        touched = [
            key
            for key in after
            if (before[key] != after[key] if before is not None else key not in SHIFTS)
        ]
        if all(present[key] == after[key] for key in touched):
            return None if before is None else present | {key: before[key] for key in touched}
    elif present is after is None:
        return before
    raise Conflict(
        Message("It was changed again since, so this step cannot be undone by itself."),
        advice=Message("Undo the later steps first, or change it by hand."),
    )
