"""The letters of one meeting: what became of them, and what its officers do about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer

from app.core.access import Permission
from app.core.changes import record_event
from app.core.errors import NotFound
from app.core.journal import Area, Verb
from app.core.languages import Message
from app.core.letters import (
    Letter,
    State,
    correct_address,
    mark_sent,
    mark_sent_by_hand,
    send_again,
)
from app.meetings.commands import Work

LETTERS = Area("letters", Permission.SEND_LETTERS)
SENT_AGAIN = Verb(
    LETTERS,
    "letter.sent_again",
    Message("%(who)s had the letter to %(to)s sent again"),
    can_be_undone=False,
)
ARRIVED = Verb(
    LETTERS,
    "letter.arrived",
    Message("%(who)s found that the letter to %(to)s arrived"),
    can_be_undone=False,
)
CORRECTED = Verb(
    LETTERS,
    "letter.corrected",
    Message("%(who)s corrected the address of the letter to %(to)s"),
    can_be_undone=False,
)
BY_HAND = Verb(
    LETTERS,
    "letter.by_hand",
    Message("%(who)s marked the letter to %(to)s as sent by the secretariat"),
    can_be_undone=False,
)


class Group(StrEnum):
    """States as people look for them, those that need somebody first."""

    UNCERTAIN = "uncertain"
    FAILED = "failed"
    WAITING = "waiting"
    SENT = "sent"
    WITHDRAWN = "withdrawn"


STATES: dict[Group, frozenset[State]] = {
    Group.UNCERTAIN: frozenset({State.UNCERTAIN}),
    Group.FAILED: frozenset({State.FAILED}),
    Group.WAITING: frozenset({State.WAITING, State.SENDING, State.RETRY}),
    Group.SENT: frozenset({State.SENT, State.SENT_BY_HAND}),
    Group.WITHDRAWN: frozenset({State.SUPERSEDED, State.CANCELLED}),
}
BODIES = (defer(Letter.text), defer(Letter.html), defer(Letter.calendar))
PAGE = 50


def group_of(letter: Letter) -> Group:
    """Where people look for this letter."""
    return next(group for group, states in STATES.items() if letter.state in states)


def verbs_of(letter: Letter) -> set[str]:
    """What may be done about it, as the last part of its address says."""
    if letter.state is State.UNCERTAIN:
        return {"arrival", "attempts", "by-hand"}
    if letter.state in {State.FAILED, State.RETRY}:
        return {"attempts", "address", "by-hand"}
    return {"address", "by-hand"} if letter.state is State.WAITING else set()


def counts_of(db: Session, meeting_id: UUID) -> dict[str, int]:
    """How many letters there are in each group."""
    statement = select(Letter.state, func.count().label("number"))
    rows = db.execute(statement.where(Letter.meeting_id == meeting_id).group_by(Letter.state))
    found = {row.state: row.number for row in rows}
    return {
        group.value: sum(found.get(state, 0) for state in states)
        for group, states in STATES.items()
    }


def letters_in(
    db: Session, meeting_id: UUID, group: Group, *, before: UUID | None = None, most: int = PAGE
) -> Sequence[Letter]:
    """The newest letters of a group without their bodies, or those older than one of them."""
    statement = select(Letter).where(
        Letter.meeting_id == meeting_id, Letter.state.in_(STATES[group])
    )
    if before is not None:
        statement = statement.where(Letter.id < before)
    return db.scalars(statement.options(*BODIES).order_by(Letter.id.desc()).limit(most)).all()


def letter_of(db: Session, meeting_id: UUID, letter_id: UUID, *, lock: bool = False) -> Letter:
    """One letter of this very meeting, or NotFound."""
    statement = select(Letter).where(Letter.meeting_id == meeting_id, Letter.id == letter_id)
    found = db.scalar(statement.with_for_update() if lock else statement)
    if found is None:
        raise no_such_letter()
    return found


def chosen_letters(
    db: Session, meeting_id: UUID, letter_ids: Sequence[UUID], *, lock: bool = False
) -> Sequence[Letter]:
    """These letters of this very meeting, in the order they were written, or NotFound."""
    statement = select(Letter).where(Letter.meeting_id == meeting_id, Letter.id.in_(letter_ids))
    statement = statement.order_by(Letter.id)
    found = db.scalars(statement.with_for_update() if lock else statement).all()
    if len(found) != len(set(letter_ids)):
        raise no_such_letter()
    return found


def waiting_letters(db: Session, meeting_id: UUID) -> Sequence[Letter]:
    """Every letter that is not sent yet, whole."""
    states = STATES[Group.WAITING]
    statement = select(Letter).where(Letter.meeting_id == meeting_id, Letter.state.in_(states))
    return db.scalars(statement.order_by(Letter.id)).all()


def no_such_letter() -> NotFound:
    """The same words whether it never existed or is another meeting's."""
    return NotFound(Message("There is no such letter in this meeting."))


@dataclass(frozen=True)
class Trouble:
    """Mail does not get through: how many of the letters since then are sent, and what next."""

    sent: int
    total: int
    next_try: datetime


def trouble_of(db: Session, meeting_id: UUID) -> Trouble | None:
    """Whether letters are tried again and again."""
    own = Letter.meeting_id == meeting_id
    tried = own & (Letter.state == State.RETRY)
    since = db.scalar(select(func.min(Letter.created_at)).where(tried))
    next_try = db.scalar(select(func.min(Letter.next_try_at)).where(tried))
    if since is None or next_try is None:
        return None
    states = func.count().filter(Letter.state.in_(STATES[Group.SENT])), func.count()
    watched = frozenset(State) - STATES[Group.WITHDRAWN]
    counted = select(*states).where(own, Letter.created_at >= since, Letter.state.in_(watched))
    sent, total = db.execute(counted).one()
    return Trouble(sent, total, next_try)


def send_letter_again(work: Work, letter: Letter) -> None:
    """One more try at once."""
    send_again(work.db, letter, now=work.now)
    record_event(work, SENT_AGAIN, letter.id, to=letter.to_address)


def letter_arrived(work: Work, letter: Letter) -> None:
    """Somebody checked an uncertain letter: it came."""
    mark_sent(letter, now=work.now)
    record_event(work, ARRIVED, letter.id, to=letter.to_address)


def correct_letter(work: Work, letter: Letter, address: str) -> None:
    """The right address, for this letter; it leaves again at once."""
    correct_address(work.db, letter, address, now=work.now)
    record_event(work, CORRECTED, letter.id, to=letter.to_address)


def letters_sent_by_hand(work: Work, letters: Sequence[Letter]) -> None:
    """The secretariat sent them itself; nothing leaves from here any more."""
    for letter in letters:
        mark_sent_by_hand(letter, now=work.now)
        record_event(work, BY_HAND, letter.id, to=letter.to_address)


REASONS = {
    "the mail server refuses the connection": Message("The mail server refuses the connection."),
    "the mail server's name is not known": Message("The mail server’s name is not known."),
    "the mail server did not answer in time": Message("The mail server did not answer in time."),
    "the mail server closed the connection": Message("The mail server closed the connection."),
    "the disk is full": Message("The disk is full."),
}


def reason_of(letter: Letter) -> Message:
    """Why it has not left, in plain words; what the server said stands beside it."""
    known = REASONS.get(letter.last_error)
    if known is not None:
        return known
    if letter.last_error.startswith("4"):
        return Message("The other side asks us to come back later.")
    if letter.last_error.startswith("5"):
        return Message("The other side refused it. Often the address is wrong.")
    return Message("It could not be handed over. Whoever runs Convoca has to look.")
