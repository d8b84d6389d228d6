"""Keeping a reading in progress, and making the meeting of it in one transaction."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.accounts.commands import grant_role
from app.accounts.models import Person
from app.core.access import Permission, Role
from app.core.changes import Actor, record_event
from app.core.errors import check_version
from app.core.journal import Area, Verb
from app.core.languages import Localized, Message
from app.core.security import Site
from app.core.uploads import File
from app.desk.models import MeetingDraft
from app.desk.points import Decisions, decision_json
from app.desk.records import Confirmed, Directory, record_resolution
from app.desk.rules import Plan, day_of, plan_of
from app.documents.commands import DocumentGiven, add_document
from app.documents.models import DocumentClass
from app.invitations.commands import add_invitation
from app.invitations.models import InvitationKind
from app.meetings.commands import MeetingGiven, Work, add_meeting, begin_work
from app.meetings.models import Deadline, Mandate, Purpose
from app.resolutions.models import Paragraph

RESOLUTION = Area("resolution", Permission.EDIT_MEETING)
MEETING_CREATED = Verb(
    RESOLUTION,
    "meeting.created",
    Message("%(who)s made the meeting of %(symbol)s, “%(title)s”"),
    can_be_undone=False,
)
TO_REPORT = Message("Report to %(name)s")
MOST_TITLE = 200


@dataclass(frozen=True, kw_only=True)
class Maker:
    """Who makes a meeting, and what they become in it; a command makes one for nobody."""

    by: Actor
    site: Site
    now: datetime
    person: Person | None = None
    role: Role = Role.CHAIR


def begin_draft(
    db: Session, *, person_id: UUID, title: str, text: str, source: File | None, now: datetime
) -> MeetingDraft:
    """A text that was read, to be confirmed."""
    draft = MeetingDraft(
        person_id=person_id,
        title=title[:MOST_TITLE],
        text=text,
        source=source,
        decisions={},
        changed_at=now,
    )
    db.add(draft)
    db.flush()
    return draft


def decide(
    db: Session, draft: MeetingDraft, decisions: Decisions, *, version: int, now: datetime
) -> None:
    """Keep what was decided so far; only the present decisions count."""
    check_version(draft.version, version)
    draft.decisions = {key: decision_json(each) for key, each in decisions.items()}
    draft.changed_at = now
    db.flush()


def discard_draft(db: Session, draft: MeetingDraft, *, with_source: bool) -> None:
    """Away with it; its file stays where a resolution has it."""
    source_id = draft.source_id
    db.delete(draft)
    db.flush()
    if with_source and source_id is not None:
        db.execute(delete(File).where(File.id == source_id))


def create_meeting(db: Session, confirmed: Confirmed, given: MeetingGiven, maker: Maker) -> Work:
    """The meeting with everything that the confirmed text asks for, each with its paragraph.

    Raises Invalid for an address that another meeting has.
    """
    directory = Directory(db, confirmed.reading.language)
    plan = plan_of(confirmed.points, directory.keys)
    source = record_resolution(db, confirmed, directory)
    meeting = add_meeting(db, given, resolution_id=source.id, now=maker.now)
    work = begin_work(db, meeting, by=maker.by, now=maker.now, site=maker.site)
    paragraphs = {f"{each.kind}-{each.number}": each for each in source.paragraphs}
    record_event(
        work, MEETING_CREATED, meeting.id, symbol=source.symbol or source.title, title=given.title
    )
    meeting.mandates = _mandates(plan, paragraphs)
    meeting.purposes = _purposes(plan, paragraphs)
    meeting.deadlines = _deadlines(plan, paragraphs, directory)
    db.flush()
    _ask(work, plan, paragraphs, directory)
    _enter(work, plan, paragraphs)
    if maker.person is not None:
        grant_role(db, maker.person, meeting.id, maker.role)
    return work


Paragraphs = dict[str, Paragraph]


def _mandates(plan: Plan, paragraphs: Paragraphs) -> list[Mandate]:
    return [
        Mandate(
            position=position,
            key=each.key,
            prefix=each.prefix,
            symbol=each.symbol,
            title=each.title,
            short=each.short,
            paragraph=paragraphs[each.point.paragraph],
        )
        for position, each in enumerate(plan.mandates)
    ]


def _purposes(plan: Plan, paragraphs: Paragraphs) -> list[Purpose]:
    return [
        Purpose(
            position=position,
            key=each.key,
            name=each.name,
            cross_cutting=each.cross_cutting,
            paragraph=paragraphs[each.point.paragraph],
        )
        for position, each in enumerate(plan.purposes)
    ]


def _deadlines(plan: Plan, paragraphs: Paragraphs, directory: Directory) -> list[Deadline]:
    found = [
        Deadline(
            due_on=day_of(each.said.day),
            what=each.said.words,
            paragraph=paragraphs[each.paragraph],
        )
        for each in plan.deadlines
    ]
    for each in plan.reports:
        recipient = directory.entity(each.said.name)
        to_it = Message(TO_REPORT.text, {"name": recipient.names[-1].name}).everywhere()
        found.append(
            Deadline(
                due_on=day_of(each.said.day),
                what=each.said.words or to_it,
                paragraph=paragraphs[each.paragraph],
                recipient=recipient,
            )
        )
    for position, deadline in enumerate(found):
        deadline.position = position
    return found


def _ask(work: Work, plan: Plan, paragraphs: Paragraphs, directory: Directory) -> None:
    """Whom to call upon, whom to invite."""
    for kind, points in (
        (InvitationKind.CALL, plan.calls),
        (InvitationKind.INVITATION, plan.invitations),
    ):
        for each in points:
            entity = directory.entity(each.said.name)
            add_invitation(work, entity, kind, paragraph=paragraphs[each.paragraph])


def _enter(work: Work, plan: Plan, paragraphs: Paragraphs) -> None:
    """The papers that the resolution rests on, for those who work on the meeting."""
    for each in plan.documents:
        given = DocumentGiven(
            symbol=each.said.name,
            title=each.said.words or Localized(en=each.text),
            dated=day_of(each.said.day),
            document_class=DocumentClass.RESTRICTED,
        )
        add_document(work, given, paragraph=paragraphs[each.paragraph])
