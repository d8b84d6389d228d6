"""The commitments of a meeting with all that answers them, in a fixed number of statements."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.agendas.models import Item
from app.agendas.queries import items_of
from app.core.errors import NotFound
from app.core.languages import Localized, Message
from app.directory.rules import name_on
from app.documents.models import Document
from app.documents.queries import documents_of
from app.invitations.models import Invitation, InvitationKind
from app.invitations.queries import invitations_of
from app.meetings.models import Deadline, Meeting
from app.reports.models import Fulfilment, Ladder
from app.reports.rules import (
    USUAL_DAYS,
    USUAL_SOURCE,
    Answer,
    AnswerKind,
    Commitment,
    Due,
    Step,
    Whom,
    counted_back,
    gist,
    state_of,
)
from app.resolutions.models import Paragraph, Resolution
from app.resolutions.queries import resolution_by_id
from app.resolutions.reading.record import Part
from app.schedules.models import Sitting
from app.schedules.queries import sittings_of


@dataclass(frozen=True)
class Counting:
    """How a meeting counts back from its reports; version 0 is the usual way."""

    days: Sequence[int]
    source: Localized
    version: int


def ladder_of(db: Session, meeting_id: UUID) -> Ladder | None:
    """How this meeting counts, if it does not count as usual."""
    return db.scalar(select(Ladder).where(Ladder.meeting_id == meeting_id))


def counting_of(db: Session, meeting_id: UUID) -> Counting:
    """How this meeting counts."""
    found = ladder_of(db, meeting_id)
    if found is None:
        return Counting(USUAL_DAYS, USUAL_SOURCE.everywhere(), 0)
    return Counting(found.days, found.source, found.version)


def fulfilment_of(db: Session, meeting_id: UUID, paragraph_id: UUID) -> Fulfilment | None:
    """What somebody said of this paragraph for this meeting."""
    return db.scalar(
        select(Fulfilment).where(
            Fulfilment.meeting_id == meeting_id, Fulfilment.paragraph_id == paragraph_id
        )
    )


def commitments_of(db: Session, meeting: Meeting, *, today: date) -> list[Commitment]:
    """A row for each operative paragraph; none where no resolution is recorded."""
    if meeting.resolution_id is None:
        return []
    return list(_Rows(db, meeting, today).rows())


def resolution_of(db: Session, meeting: Meeting) -> Resolution:
    """The meeting's resolution with its paragraphs, or NotFound."""
    if meeting.resolution_id is None:
        raise NotFound(Message("No resolution is recorded for this meeting."))
    return resolution_by_id(db, meeting.resolution_id)


def commitment_of(db: Session, meeting: Meeting, paragraph_id: UUID, *, today: date) -> Commitment:
    """One of this very meeting's, or NotFound."""
    for each in commitments_of(db, meeting, today=today):
        if each.paragraph_id == paragraph_id:
            return each
    raise NotFound(Message("There is no such paragraph in this meeting’s resolution."))


class _Rows:
    """Everything that the rows are made of, read once."""

    def __init__(self, db: Session, meeting: Meeting, today: date) -> None:
        self.meeting, self.today = meeting, today
        self.resolution = resolution_of(db, meeting)
        self.invitations = invitations_of(db, meeting.id)
        self.documents = documents_of(db, meeting.id)
        self.items = items_of(db, meeting.id)
        self.sittings = sittings_of(db, meeting.id)
        self.counting = counting_of(db, meeting.id)
        said = select(Fulfilment).where(Fulfilment.meeting_id == meeting.id)
        self.said = {each.paragraph_id: each for each in db.scalars(said)}

    def rows(self) -> Iterator[Commitment]:
        for paragraph in self.resolution.paragraphs:
            if paragraph.kind is Part.OPERATIVE:
                yield self._row(paragraph)

    def _row(self, paragraph: Paragraph) -> Commitment:
        said = self.said.get(paragraph.id)
        dues = [
            self._due(each) for each in self.meeting.deadlines if each.paragraph_id == paragraph.id
        ]
        return Commitment(
            paragraph_id=paragraph.id,
            number=paragraph.number,
            label=paragraph.label,
            anchor=paragraph.anchor,
            asks=Localized({lang: gist(text) for lang, text in paragraph.text.items()}),
            whom=self._whom(paragraph),
            dues=dues,
            answers=list(self._answers(paragraph)),
            state=state_of(
                said_done=None if said is None else said.done_at is not None,
                asks_meeting=any(p.paragraph_id == paragraph.id for p in self.meeting.purposes),
                over=self.meeting.last_day < self.today,
                days=[each.day for each in dues if each.day is not None],
                today=self.today,
            ),
            by_hand=said is not None,
            remark=said.remark if said else Localized(),
            version=said.version if said else 0,
        )

    def _whom(self, paragraph: Paragraph) -> list[Whom]:
        day = self.meeting.first_day
        return [
            Whom(each.entity.key, name_on(each.entity.names, day).name, each.role)
            for each in paragraph.addressees
        ]

    def _due(self, deadline: Deadline) -> Due:
        steps: list[Step] = []
        squeezed = False
        if deadline.due_on is not None and deadline.recipient_id is not None:
            days, closes = self.counting.days, self.meeting.last_day
            steps, squeezed = counted_back(deadline.due_on, days, closes=closes)
        return Due(
            id=deadline.id,
            version=deadline.version,
            day=deadline.due_on,
            what=deadline.what,
            is_report=deadline.recipient_id is not None,
            steps=steps,
            squeezed=squeezed,
        )

    def _answers(self, paragraph: Paragraph) -> Iterator[Answer]:
        yield from _asked(self.invitations, paragraph, self.meeting.first_day)
        keys = {p.key for p in self.meeting.purposes if p.paragraph_id == paragraph.id}
        pursuing = [each for each in self.items if keys & {p.key for p in each.purposes}]
        yield from _discussed(pursuing, self.sittings)
        yield from _papers(self.documents, paragraph)


def _asked(invitations: Iterable[Invitation], paragraph: Paragraph, day: date) -> Iterator[Answer]:
    for each in invitations:
        if each.paragraph_id == paragraph.id and each.withdrawn_at is None:
            call = each.kind is InvitationKind.CALL
            kind = AnswerKind.CALL if call else AnswerKind.INVITATION
            name = name_on(each.entity.names, day).name
            yield Answer(kind, each.id, name, f"/invitations/{each.id}")


def _discussed(items: Sequence[Item], sittings: Iterable[Sitting]) -> Iterator[Answer]:
    for item in items:
        title = Localized({lang: f"{item.number}. {text}" for lang, text in item.title.items()})
        yield Answer(AnswerKind.ITEM, item.id, title, f"/agenda/items/{item.id}")
    ids = {item.id for item in items}
    for sitting in sittings:
        if sitting.placed and ids & {item.id for item in sitting.items}:
            yield Answer(AnswerKind.SITTING, sitting.id, sitting.title, f"/sittings/{sitting.id}")


def _papers(documents: Iterable[Document], paragraph: Paragraph) -> Iterator[Answer]:
    for each in documents:
        if each.paragraph_id == paragraph.id:
            yield Answer(AnswerKind.DOCUMENT, each.id, each.title, f"/documents/{each.id}")
