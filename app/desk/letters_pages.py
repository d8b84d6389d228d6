"""The letters of a meeting: what became of each, and what can be done about it."""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from app.core.access import Permission
from app.core.database import SessionDep, refuse
from app.core.errors import Conflict, Invalid, UserError, invalid
from app.core.forms import Reader
from app.core.installation import installation
from app.core.languages import Message
from app.core.letters import Letter
from app.core.limits import limits_of
from app.core.mail import message_of
from app.core.pages import FormDep, shown_errors
from app.desk.letters import (
    PAGE,
    Group,
    chosen_letters,
    correct_letter,
    counts_of,
    group_of,
    letter_arrived,
    letter_of,
    letters_in,
    letters_sent_by_hand,
    reason_of,
    send_letter_again,
    trouble_of,
    verbs_of,
    waiting_letters,
)
from app.meetings.pages import Desk, desk_for

router = APIRouter(include_in_schema=False)

SendLetters = Annotated[Desk, Depends(desk_for(Permission.SEND_LETTERS))]
Chosen = Annotated[list[UUID] | None, Query(alias="letters", max_length=500)]
A_GLANCE = 10


@dataclass(frozen=True)
class Shown:
    """A group of letters on the page; `earlier` is where the next page begins."""

    key: str
    count: int
    rows: Sequence[Letter]
    earlier: UUID | None


def _letters(
    db: SessionDep,
    desk: Desk,
    *,
    only: Group | None = None,
    before: UUID | None = None,
    problem: UserError | None = None,
) -> Response:
    meeting_id = desk.meeting.id
    counts = counts_of(db, meeting_id)
    most = PAGE if only else A_GLANCE
    groups = []
    for group in [only] if only else list(Group):
        found = letters_in(db, meeting_id, group, before=before, most=most + 1)
        rows = found[:most]
        earlier = rows[-1].id if len(found) > most else None
        groups.append(Shown(group.value, counts[group.value], rows, earlier))
    return desk.page(
        "desk/letters.html",
        "letters",
        status=problem.status if problem else 200,
        errors=shown_errors(desk.request, problem),
        groups=groups,
        counts=counts,
        total=sum(counts.values()),
        only=only,
        paused_at=installation(db).mail_paused_at,
        trouble=trouble_of(db, meeting_id),
        reason_of=reason_of,
    )


@router.get("/{lang}/desk/{slug}/letters", name="letters")
def letters(
    db: SessionDep, desk: SendLetters, state: Group | None = None, before: UUID | None = None
) -> Response:
    """What became of the letters, those that need somebody first."""
    return _letters(db, desk, only=state, before=before)


@router.get("/{lang}/desk/{slug}/letters.zip", name="letters_zip")
def files(db: SessionDep, desk: SendLetters, letters: Chosen = None) -> Response:
    """The ticked letters, or all that wait, as files for a mail program."""
    limits_of(desk.request).export(desk.viewer.person_id)
    meeting_id, state = desk.meeting.id, desk.request.app.state
    chosen = chosen_letters(db, meeting_id, letters) if letters else waiting_letters(db, meeting_id)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, letter in enumerate(chosen, start=1):
            content = message_of(
                letter, sender=state.site.sender, secret_key=state.secret_key, now=desk.now
            )
            archive.writestr(f"{number:03}-{letter.id}.eml", content)
    name = f"{desk.meeting.slug}-letters.zip"
    return Response(
        packed.getvalue(),
        media_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _letter(
    desk: Desk, letter: Letter, *, address: str = "", problem: UserError | None = None
) -> Response:
    return desk.page(
        "desk/letter.html",
        "letters",
        status=problem.status if problem else 200,
        errors=shown_errors(desk.request, problem),
        letter=letter,
        group=group_of(letter).value,
        verbs=verbs_of(letter),
        address=address or letter.to_address,
        reason_of=reason_of,
    )


@router.get("/{lang}/desk/{slug}/letters/{letter_id}", name="letter")
def letter(db: SessionDep, desk: SendLetters, letter_id: UUID) -> Response:
    """One letter as it reads."""
    return _letter(desk, letter_of(db, desk.meeting.id, letter_id))


@router.post("/{lang}/desk/{slug}/letters/by-hand", name="letters_by_hand")
def by_hand(db: SessionDep, desk: SendLetters, form: FormDep) -> Response:
    """The ticked letters were sent some other way."""
    try:
        found = chosen_letters(db, desk.meeting.id, _ticked(form), lock=True)
        letters_sent_by_hand(desk.work, found)
    except (Invalid, Conflict) as problem:
        refuse(db)
        return _letters(db, desk, problem=problem)
    words = {"count": len(found)}
    return desk.to("/letters", Message("Marked as sent by yourselves: %(count)s.", words))


def _ticked(form: FormDep) -> list[UUID]:
    try:
        ticked = [UUID(str(value)) for value in form.getlist("letters")]
    except ValueError:
        ticked = []
    if not ticked:
        raise invalid("letters", Message("Tick at least one letter."))
    return ticked


@router.post("/{lang}/desk/{slug}/letters/{letter_id}/attempts", name="send_letter_again")
def again(db: SessionDep, desk: SendLetters, letter_id: UUID) -> Response:
    """One more try."""
    found = letter_of(db, desk.meeting.id, letter_id, lock=True)
    try:
        send_letter_again(desk.work, found)
    except Conflict as problem:
        refuse(db)
        return _letter(desk, found, problem=problem)
    return desk.to("/letters", Message("It is sent again: %(to)s.", {"to": found.to_address}))


@router.post("/{lang}/desk/{slug}/letters/{letter_id}/arrival", name="letter_arrived")
def arrival(db: SessionDep, desk: SendLetters, letter_id: UUID) -> Response:
    """It came after all."""
    found = letter_of(db, desk.meeting.id, letter_id, lock=True)
    try:
        letter_arrived(desk.work, found)
    except Conflict as problem:
        refuse(db)
        return _letter(desk, found, problem=problem)
    return desk.to("/letters", Message("Noted that it arrived: %(to)s.", {"to": found.to_address}))


@router.post("/{lang}/desk/{slug}/letters/{letter_id}/address", name="correct_letter")
def address(db: SessionDep, desk: SendLetters, letter_id: UUID, form: FormDep) -> Response:
    """Another address for this letter."""
    found, typed = letter_of(db, desk.meeting.id, letter_id, lock=True), Reader(form).raw("address")
    try:
        correct_letter(desk.work, found, typed)
    except (Invalid, Conflict) as problem:
        refuse(db)
        return _letter(desk, found, address=typed, problem=problem)
    words = {"to": found.to_address}
    return desk.to("/letters", Message("Corrected, and on its way to %(to)s.", words))
