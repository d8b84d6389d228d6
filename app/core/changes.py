"""The journal: what each command changed, written in its own transaction.

One mechanism for the history that people read, for undo and redo, for the audit, and for what
a desk asks every few seconds to see others' work. Numbered without gaps and hash-chained.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import JSON, Index, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core.access import Permission
from app.core.chain import BEGINNING, chained_hash
from app.core.database import Base, Frozen, Identified
from app.core.errors import Conflict, NotFound
from app.core.languages import Localized, Message
from app.core.security import Site

State = dict[str, Any]
Words = Mapping[str, object]

# Parts of a state that move along when others are moved.
SHIFTS = frozenset({"position"})


@dataclass(frozen=True)
class Area:
    """A part of the desk with a history of its own; `key` is also its address there."""

    key: str
    permission: Permission


@dataclass(frozen=True)
class Verb:
    """What can happen to something. `sentence` takes who, title and the change's own words."""

    area: Area
    key: str
    sentence: Message
    can_be_undone: bool = True

    def __post_init__(self) -> None:
        VERBS[self.key] = self


VERBS: dict[str, Verb] = {}


class Nature(StrEnum):
    """Done by somebody, or the reversal of something done, or of such a reversal."""

    DONE = "done"
    UNDONE = "undone"
    REDONE = "redone"


class Change(Identified, Frozen, Base):
    """One step: what the subject was before and after; None is not there (yet, or any more).

    Without foreign keys: the journal outlives what it tells of.
    """

    __tablename__ = "changes"
    __table_args__ = (
        UniqueConstraint("meeting_id", "number"),
        Index(None, "meeting_id", "area", "number"),
        Index(None, "subject_id", "number"),
    )

    meeting_id: Mapped[UUID]
    number: Mapped[int]
    at: Mapped[datetime]
    actor_id: Mapped[UUID | None]
    actor_name: Mapped[str]
    area: Mapped[str]
    verb: Mapped[str]
    nature: Mapped[Nature]
    reverts: Mapped[int | None]
    kind: Mapped[str]
    subject_id: Mapped[UUID]
    version: Mapped[int | None]
    words: Mapped[State] = mapped_column(JSON)
    before: Mapped[State | None] = mapped_column(JSON(none_as_null=True))
    after: Mapped[State | None] = mapped_column(JSON(none_as_null=True))
    previous_hash: Mapped[str]
    hash: Mapped[str]

    @property
    def can_be_undone(self) -> bool:
        """Whether there is a way back; a further step since may still bar it."""
        return VERBS[self.verb].can_be_undone

    @property
    def sentence(self) -> Message:
        """ "Ana Ruiz moved item 4 before item 3", in the reader's language once asked."""
        told = {name: _word(value) for name, value in self.words.items()}
        what = Message(VERBS[self.verb].sentence.text, told)
        if self.nature is Nature.UNDONE:
            return Message("%(who)s undid: %(what)s", {"who": self.actor_name, "what": what})
        if self.nature is Nature.REDONE:
            return Message("%(who)s did again: %(what)s", {"who": self.actor_name, "what": what})
        return what


def _word(value: Any) -> object:
    return Localized(value) if isinstance(value, dict) else value


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


def change_hash(change: Change) -> str:
    """The hash over everything that a change tells, chained to the change before."""
    content = {
        "meeting": str(change.meeting_id),
        "number": change.number,
        "at": change.at.astimezone(UTC).isoformat(),
        "actor": [str(change.actor_id), change.actor_name],
        "what": [change.area, change.verb, change.nature, change.reverts],
        "subject": [change.kind, str(change.subject_id), change.version],
        "words": change.words,
        "before": change.before,
        "after": change.after,
    }
    return chained_hash(change.previous_hash, content)


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


def latest_change(db: Session, meeting_id: UUID) -> Change | None:
    """The end of the journal."""
    statement = select(Change).where(Change.meeting_id == meeting_id)
    return db.scalar(statement.order_by(Change.number.desc()).limit(1))


def change_numbered(db: Session, meeting_id: UUID, number: int) -> Change:
    """One change of this very meeting, or NotFound."""
    statement = select(Change).where(Change.meeting_id == meeting_id, Change.number == number)
    found = db.scalar(statement)
    if found is None:
        raise NotFound(Message("There is no such step in this meeting's history."))
    return found


def head_number(db: Session, meeting_id: UUID) -> int:
    """The number of the latest change; 0 before the first."""
    statement = select(func.max(Change.number)).where(Change.meeting_id == meeting_id)
    return db.scalar(statement) or 0
