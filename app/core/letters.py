"""The outbox: letters written in the transaction that decides them, sent by `core.postman`.

A letter goes to one recipient. What it says, its Message-ID and its calendar part are fixed when
it is written; sending it again sends the same.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import Index, LargeBinary, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column
from uuid_utils.compat import uuid7

from app.core.database import Base, Identified
from app.core.errors import Conflict, invalid
from app.core.installation import installation
from app.core.languages import Message
from app.core.text import cleaned

MOST_HTML = 100_000  # longer ones are cut by large providers
MOST_SUBJECT = 200


class State(StrEnum):
    """What became of a letter.

    waiting -> sending -> sent, retry (-> sending), failed or uncertain: it may have arrived.
    """

    WAITING = "waiting"
    SENDING = "sending"
    RETRY = "retry"
    SENT = "sent"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    SUPERSEDED = "superseded"
    CANCELLED = "cancelled"
    SENT_BY_HAND = "sent_by_hand"


DUE = frozenset({State.WAITING, State.RETRY})
STOPPED = frozenset({State.RETRY, State.FAILED, State.UNCERTAIN})
UNSENT = DUE | {State.SENDING, State.FAILED, State.UNCERTAIN}


class Letter(Identified, Base):
    """One message to one recipient, and how far it came.

    `lease` is whoever is sending it now; `handed_over_at` the moment from which it may have
    arrived. The secret of a link is never stored: it stands in place of `token_mark` only in
    what is sent, derived from `token_for`.
    """

    __tablename__ = "letters"
    __table_args__ = (
        Index(None, "state", "next_try_at"),
        Index(None, "meeting_id", "state"),
        Index(None, "thread"),
    )

    meeting_id: Mapped[UUID | None]
    kind: Mapped[str]
    dedupe: Mapped[str] = mapped_column(unique=True)
    thread: Mapped[str]
    to_name: Mapped[str]
    to_address: Mapped[str]
    reply_to: Mapped[str]
    copy_line: Mapped[str]
    language: Mapped[str]
    subject: Mapped[str]
    text: Mapped[str]
    html: Mapped[str]
    calendar: Mapped[bytes | None] = mapped_column(LargeBinary)
    calendar_method: Mapped[str]
    message_id: Mapped[str] = mapped_column(unique=True)
    token_mark: Mapped[str]
    token_for: Mapped[str]
    created_at: Mapped[datetime]
    state: Mapped[State]
    next_try_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    lease: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    handed_over_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(default="")


@dataclass(frozen=True, kw_only=True)
class Copy:
    """Somebody else who gets the same letter, and is named under it."""

    name: str
    address: str


@dataclass(frozen=True, kw_only=True)
class LetterGiven:
    """A letter as it is written.

    `dedupe` names its occasion: the same one is written once. A later letter of a `thread`
    takes the place of earlier ones that have not left.
    """

    kind: str
    to_name: str
    to_address: str
    language: str
    subject: str
    text: str
    html: str
    dedupe: str
    thread: str = ""
    calendar: bytes | None = None
    calendar_method: str = ""
    meeting_id: UUID | None = None
    reply_to: str = ""
    copies: tuple[Copy, ...] = ()
    token_mark: str = ""
    token_for: str = ""


def checked_address(text: str, *, field: str = "address") -> str:
    """One plain mail address, normalised; Invalid for anything else that could reach a server."""
    address = text.strip()
    try:
        # Names like .test and .example are for demos and drills; no server is asked here.
        found = validate_email(address, check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        # The library's reserved names are well-formed, which is all that matters here.
        if "special-use or reserved" in str(error) and _plain(address):
            return address
        raise invalid(field, Message("Enter an address like name@example.org.")) from error
    return found.normalized


def _plain(address: str) -> bool:
    local, _, domain = address.partition("@")
    return bool(local and domain) and address.isascii() and not set(address) & set('<>,;:"\\ \r\n')


def write_letter(db: Session, given: LetterGiven, *, now: datetime) -> Letter:
    """Put it, and its copies, into the outbox; the one that is there if it was written before."""
    return write_letters(db, [given], now=now)[0]


def write_letters(db: Session, given: Sequence[LetterGiven], *, now: datetime) -> list[Letter]:
    """The same for many, in as many statements as for one; gives them in the order given."""
    occasions = [each.dedupe for each in given]
    written = {
        letter.dedupe: letter
        for letter in db.scalars(select(Letter).where(Letter.dedupe.in_(occasions)))
    }
    fresh: dict[str, LetterGiven] = {}
    for each in given:
        if each.dedupe not in written:
            fresh.setdefault(each.dedupe, each)
    envelopes = [part for each in fresh.values() for part in (each, *_copies_of(each))]
    if envelopes:
        _supersede(db, {each.thread for each in envelopes if each.thread})
        domain = installation(db).uid_domain
        latest = {each.thread: each for each in envelopes if each.thread}
        for each in envelopes:
            letter = written[each.dedupe] = _letter(each, domain=domain, now=now)
            if latest.get(each.thread, each) is not each:
                letter.state = State.SUPERSEDED
            db.add(letter)
        db.flush()  # whoever wrote them may ask for one by its key
    return [written[occasion] for occasion in occasions]


def _copies_of(given: LetterGiven) -> list[LetterGiven]:
    """The same letter to everybody who gets a copy."""
    return [
        replace(
            given,
            to_name=each.name,
            to_address=each.address,
            dedupe=f"{given.dedupe}:copy:{each.address}",
            thread=given.thread and f"{given.thread}:copy:{each.address}",
        )
        for each in given.copies
    ]


def _letter(given: LetterGiven, *, domain: str, now: datetime) -> Letter:
    if len(given.html.encode()) > MOST_HTML:
        raise ValueError(f"the letter {given.dedupe} is too long")
    key = uuid7()
    return Letter(
        id=key,
        meeting_id=given.meeting_id,
        kind=given.kind,
        dedupe=given.dedupe,
        thread=given.thread,
        to_name=cleaned(given.to_name),
        to_address=checked_address(given.to_address),
        reply_to=checked_address(given.reply_to) if given.reply_to else "",
        copy_line=", ".join(cleaned(each.name) for each in given.copies),
        language=given.language,
        subject=cleaned(given.subject)[:MOST_SUBJECT],
        text=given.text,
        html=given.html,
        calendar=given.calendar,
        calendar_method=given.calendar_method,
        message_id=f"<{key}@{domain}>",
        token_mark=given.token_mark,
        token_for=given.token_for,
        created_at=now,
        state=State.WAITING,
        next_try_at=now,
    )


def _supersede(db: Session, threads: Collection[str]) -> None:
    db.execute(
        update(Letter)
        .where(Letter.thread.in_(threads), Letter.state.in_(DUE))
        .values(state=State.SUPERSEDED)
    )


def is_superseded(db: Session, letter: Letter) -> bool:
    """Whether a later letter of its thread has been written."""
    if not letter.thread:
        return False
    later = select(Letter.id).where(Letter.thread == letter.thread, Letter.id > letter.id)
    return db.scalar(later.limit(1)) is not None


def send_again(db: Session, letter: Letter, *, now: datetime) -> None:
    """One more try at once: of what failed, waits for its next try, or may not have arrived."""
    _only(letter, STOPPED)
    if is_superseded(db, letter):
        raise Conflict(Message("A newer letter has taken the place of this one."))
    letter.state, letter.next_try_at, letter.handed_over_at = State.WAITING, now, None


def correct_address(db: Session, letter: Letter, address: str, *, now: datetime) -> None:
    """The right address, and at once another try; not for a letter that may have arrived."""
    _only(letter, DUE | {State.FAILED})
    letter.to_address = checked_address(address)
    if letter.state is not State.WAITING:
        send_again(db, letter, now=now)


def mark_sent(letter: Letter, *, now: datetime) -> None:
    """Somebody found that an uncertain letter arrived."""
    _only(letter, {State.UNCERTAIN})
    letter.state, letter.sent_at = State.SENT, now


def mark_sent_by_hand(letter: Letter, *, now: datetime) -> None:
    """The secretariat sent it some other way; it does not leave from here any more."""
    _only(letter, DUE | {State.FAILED, State.UNCERTAIN})
    letter.state, letter.sent_at = State.SENT_BY_HAND, now


def _only(letter: Letter, states: Collection[State]) -> None:
    if letter.state not in states:
        raise Conflict(
            Message("The letter has moved on meanwhile, so this does not fit it any more."),
            advice=Message("Look at what became of it, then decide."),
        )
