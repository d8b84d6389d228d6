"""Sittings in work and editions, in a fixed number of statements."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.agendas.models import Item
from app.core.chain import BEGINNING
from app.core.errors import NotFound
from app.core.languages import Message
from app.directory.models import Entity
from app.groups.models import Delegate
from app.schedules.freezing import edition_hash, frozen_of
from app.schedules.models import Edition, EditionSitting, GroupMeeting, Sitting, SittingPerson
from app.schedules.rules import FrozenSitting, Slot

WITH_PARTS = (
    joinedload(Sitting.room),
    selectinload(Sitting.items).selectinload(Item.mandates),
    selectinload(Sitting.items).selectinload(Item.purposes),
    selectinload(Sitting.entities).selectinload(Entity.names),
    selectinload(Sitting.people).joinedload(SittingPerson.person),
)


def sittings_of(db: Session, meeting_id: UUID) -> Sequence[Sitting]:
    """The timetable in work: sittings with all their parts, by start, unplaced ones last."""
    statement = select(Sitting).where(Sitting.meeting_id == meeting_id).options(*WITH_PARTS)
    found = db.scalars(statement.order_by(Sitting.id)).all()
    return sorted(found, key=lambda each: (each.starts_at is None, each.starts_at or 0, each.id))


def sitting_of(db: Session, meeting_id: UUID, sitting_id: UUID) -> Sitting:
    """One sitting of this very meeting with its parts, or NotFound."""
    found = any_sitting_of(db, meeting_id, sitting_id)
    if found is None:
        raise no_such_sitting()
    return found


def any_sitting_of(db: Session, meeting_id: UUID, sitting_id: UUID) -> Sitting | None:
    """The same, or None."""
    statement = select(Sitting).where(Sitting.meeting_id == meeting_id, Sitting.id == sitting_id)
    return db.scalar(statement.options(*WITH_PARTS))


def holders_of(db: Session, meeting_id: UUID, slot: Slot, *, but: Sitting) -> Sequence[Sitting]:
    """Other sittings, without their parts, that hold the slot's room at some moment of it."""
    if slot.room_id is None:
        return []
    statement = select(Sitting).where(
        Sitting.meeting_id == meeting_id,
        Sitting.room_id == slot.room_id,
        Sitting.cancelled_at.is_(None),
        Sitting.starts_at < slot.ends_at,
        Sitting.ends_at > slot.starts_at,
        Sitting.id != but.id,
    )
    return db.scalars(statement.order_by(Sitting.starts_at)).all()


def people_in(db: Session, sitting_ids: Collection[UUID]) -> Sequence[SittingPerson]:
    """Who does what in these sittings, with the people."""
    statement = select(SittingPerson).where(SittingPerson.sitting_id.in_(sitting_ids))
    found = statement.options(joinedload(SittingPerson.person))
    return db.scalars(found.order_by(SittingPerson.sitting_id, SittingPerson.person_id)).all()


def no_such_sitting() -> NotFound:
    """The same words whether it never existed or is not shown."""
    return NotFound(Message("There is no such session in this meeting."))


def closed_sittings(db: Session, *meeting_ids: UUID) -> dict[UUID, Sitting]:
    """Sittings whose closed flag was ever set or lifted; editions are shown by it."""
    statement = select(Sitting).where(
        Sitting.meeting_id.in_(meeting_ids), Sitting.closed_changed_at.is_not(None)
    )
    return {sitting.id: sitting for sitting in db.scalars(statement)}


@dataclass(frozen=True)
class WholeEdition:
    """An edition with what it holds."""

    edition: Edition
    sittings: tuple[FrozenSitting, ...]

    @property
    def by_sitting(self) -> dict[UUID, FrozenSitting]:
        """Its sittings by their key."""
        return {row.sitting_id: row for row in self.sittings}


def current_edition(db: Session, meeting_id: UUID) -> WholeEdition | None:
    """What is published now."""
    statement = select(Edition).where(Edition.meeting_id == meeting_id)
    edition = db.scalar(statement.order_by(Edition.number.desc()).limit(1))
    return _whole(db, edition) if edition else None


def current_editions(db: Session, meeting_ids: Collection[UUID]) -> dict[UUID, WholeEdition]:
    """What is published now of each of these meetings, in two statements."""
    latest = (
        select(Edition.meeting_id, func.max(Edition.number).label("number"))
        .where(Edition.meeting_id.in_(meeting_ids))
        .group_by(Edition.meeting_id)
        .subquery()
    )
    same = Edition.meeting_id == latest.c.meeting_id, Edition.number == latest.c.number
    found = db.scalars(select(Edition).join(latest, and_(*same))).all()
    statement = select(EditionSitting).where(
        EditionSitting.edition_id.in_([each.id for each in found])
    )
    rows: dict[UUID, list[FrozenSitting]] = {each.id: [] for each in found}
    for row in db.scalars(statement.order_by(EditionSitting.position)):
        rows[row.edition_id].append(frozen_of(row))
    return {each.meeting_id: WholeEdition(each, tuple(rows[each.id])) for each in found}


def edition_numbered(db: Session, meeting_id: UUID, number: int) -> WholeEdition | None:
    """An edition by its number."""
    statement = select(Edition).where(Edition.meeting_id == meeting_id, Edition.number == number)
    edition = db.scalar(statement)
    return _whole(db, edition) if edition else None


def editions_of(db: Session, meeting_id: UUID) -> Sequence[Edition]:
    """Every edition without what it holds, the first one first."""
    statement = select(Edition).where(Edition.meeting_id == meeting_id)
    return db.scalars(statement.order_by(Edition.number)).all()


def _whole(db: Session, edition: Edition) -> WholeEdition:
    statement = select(EditionSitting).where(EditionSitting.edition_id == edition.id)
    rows = db.scalars(statement.order_by(EditionSitting.position))
    return WholeEdition(edition, tuple(frozen_of(row) for row in rows))


WITH_RECORD = (
    joinedload(GroupMeeting.held),
    joinedload(GroupMeeting.presided_by).joinedload(Delegate.person),
    joinedload(GroupMeeting.summary),
)


def group_meetings(db: Session, meeting_id: UUID) -> Sequence[GroupMeeting]:
    """Meetings of the Group that prepares this conference, the latest first."""
    statement = select(GroupMeeting).where(GroupMeeting.meeting_id == meeting_id)
    found = statement.options(*WITH_RECORD).order_by(GroupMeeting.number.desc())
    return db.scalars(found).all()


def group_meeting_of(db: Session, meeting_id: UUID, number: int) -> GroupMeeting:
    """One of them by its number, or NotFound."""
    mine = GroupMeeting.meeting_id == meeting_id, GroupMeeting.number == number
    found = db.scalar(select(GroupMeeting).where(*mine).options(*WITH_RECORD))
    if found is None:
        raise NotFound(Message("The Group has no meeting with this number."))
    return found


def was_published(db: Session, sitting_id: UUID) -> bool:
    """Whether it was ever in an edition."""
    statement = select(EditionSitting.id).where(EditionSitting.sitting_id == sitting_id).limit(1)
    return db.scalar(statement) is not None


def broken_editions(db: Session, meeting_id: UUID) -> list[int]:
    """Numbers of editions that are not what was published: altered, missing or out of chain."""
    previous, broken = BEGINNING, []
    for number, edition in enumerate(editions_of(db, meeting_id), start=1):
        whole = _whole(db, edition)
        found = edition_hash(edition, whole.sittings)
        if (edition.number, edition.previous_hash, edition.hash) != (number, previous, found):
            broken.append(edition.number)
        previous = edition.hash
    return broken
