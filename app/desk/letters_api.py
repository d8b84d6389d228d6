"""The letters of a meeting as JSON, with what can be done about each."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from app.core.access import Permission
from app.core.api import Body, listed
from app.core.database import SessionDep
from app.core.letters import Letter
from app.desk.letters import (
    PAGE,
    Group,
    chosen_letters,
    correct_letter,
    letter_arrived,
    letter_of,
    letters_in,
    letters_sent_by_hand,
    send_letter_again,
)
from app.meetings.api import ApiDesk, api_desk_for

router = APIRouter(prefix="/api/v1/meetings/{slug}/letters", tags=["letters"])

SendLetters = Annotated[ApiDesk, Depends(api_desk_for(Permission.SEND_LETTERS))]
Ids = Annotated[list[Annotated[UUID, Field(strict=False)]], Field(min_length=1, max_length=500)]


class AddressBody(Body):
    """The right address."""

    address: str = Field(max_length=320)


class ByHandBody(Body):
    """Letters that the secretariat sent itself."""

    letters: Ids


def _answer(letter: Letter) -> dict[str, Any]:
    return {
        "id": str(letter.id),
        "kind": letter.kind,
        "state": letter.state,
        "to": {"name": letter.to_name, "address": letter.to_address},
        "language": letter.language,
        "subject": letter.subject,
        "written_at": letter.created_at.isoformat(),
        "sent_at": letter.sent_at.isoformat() if letter.sent_at else None,
        "next_try_at": letter.next_try_at.isoformat(),
        "attempts": letter.attempts,
        "last_error": letter.last_error,
    }


@router.get("", name="api_letters")
def letters(
    db: SessionDep,
    desk: SendLetters,
    state: Group = Group.WAITING,
    before: Annotated[UUID | None, Query(description="The last id of the page before")] = None,
) -> dict[str, Any]:
    """The letters of one group, the newest first."""
    found = letters_in(db, desk.meeting.id, state, before=before, most=PAGE + 1)
    shown = found[:PAGE]
    more = str(shown[-1].id) if len(found) > PAGE else None
    return listed([_answer(each) for each in shown], more)


@router.get("/{letter_id}", name="api_letter")
def letter(db: SessionDep, desk: SendLetters, letter_id: UUID) -> dict[str, Any]:
    """One letter with its text."""
    found = letter_of(db, desk.meeting.id, letter_id)
    return {**_answer(found), "text": found.text}


@router.post("/{letter_id}/attempts", name="api_send_letter_again", status_code=201)
def again(db: SessionDep, desk: SendLetters, letter_id: UUID) -> dict[str, Any]:
    """One more try at once."""
    found = letter_of(db, desk.meeting.id, letter_id, lock=True)
    send_letter_again(desk.work, found)
    return _answer(found)


@router.post("/{letter_id}/arrival", name="api_letter_arrived", status_code=201)
def arrival(db: SessionDep, desk: SendLetters, letter_id: UUID) -> dict[str, Any]:
    """An uncertain letter came after all."""
    found = letter_of(db, desk.meeting.id, letter_id, lock=True)
    letter_arrived(desk.work, found)
    return _answer(found)


@router.put("/{letter_id}/address", name="api_correct_letter")
def address(
    db: SessionDep, desk: SendLetters, letter_id: UUID, body: AddressBody
) -> dict[str, Any]:
    """Another address for this letter, and at once another try."""
    found = letter_of(db, desk.meeting.id, letter_id, lock=True)
    correct_letter(desk.work, found, body.address)
    return _answer(found)


@router.post("/by-hand", name="api_letters_by_hand", status_code=201)
def by_hand(db: SessionDep, desk: SendLetters, body: ByHandBody) -> dict[str, Any]:
    """The secretariat sent these itself."""
    found = chosen_letters(db, desk.meeting.id, body.letters, lock=True)
    letters_sent_by_hand(desk.work, found)
    return listed([_answer(each) for each in found])
