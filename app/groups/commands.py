"""Setting up the Group, its members and their people."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.accounts.commands import add_person, give_role, take_role
from app.accounts.queries import person_by_email
from app.accounts.rules import normalized_email
from app.core.access import Permission, Role
from app.core.changes import record_added, recording, recording_removal
from app.core.errors import Conflict, check_version, invalid
from app.core.journal import Area, Verb
from app.core.languages import Localized, Message
from app.core.records import Steps, kept_rows
from app.directory.models import Entity
from app.directory.rules import name_on
from app.groups.models import Delegate, Election, Group, Member, Objection, Reservation
from app.groups.queries import NAMED, meetings_of_group, seat_of
from app.meetings.commands import Work

GROUP = Area("group", Permission.EDIT_GROUP)
SET_UP = Verb(GROUP, "group.set_up", Message("%(who)s set up the %(title)s"), can_be_undone=False)
CHANGED = Verb(GROUP, "group.changed", Message("%(who)s changed what is said of the %(title)s"))
JOINED = Verb(GROUP, "member.added", Message("%(who)s added %(title)s to the Group"))
VOICE = Verb(GROUP, "member.changed", Message("%(who)s changed the vote of %(title)s"))
LEFT = Verb(GROUP, "member.removed", Message("%(who)s took %(title)s off the Group"))
PERSON_ADDED = Verb(GROUP, "delegate.added", Message("%(who)s gave %(title)s a sign-in"))
PERSON_CHANGED = Verb(GROUP, "delegate.changed", Message("%(who)s changed the entry of %(title)s"))
PERSON_REMOVED = Verb(
    GROUP, "delegate.removed", Message("%(who)s took the sign-in for the Group from %(title)s")
)


@dataclass(frozen=True)
class GroupGiven:
    """The Group as it is entered."""

    name: Localized
    series: str
    symbol_prefix: str
    place: Localized
    room: Localized
    zone: str
    quorum_base: int | None
    quorum_open: int
    quorum_decide: int
    quorum_source: str
    needs_clearance: tuple[str, ...] = ()
    parent_id: UUID | None = None


@dataclass(frozen=True)
class PersonGiven:
    """Somebody of a member, as entered."""

    name: str
    email: str
    language: str
    administrator: bool = False


def check_zone(zone: str) -> None:
    """Raise Invalid for what is no time zone."""
    if zone not in available_timezones():
        raise invalid("zone", Message("Enter a time zone like America/New_York."))


def set_up_group(work: Work, key: str, given: GroupGiven, entities: Iterable[Entity]) -> Group:
    """The Group that prepares this conference, with these delegations as its members."""
    if work.db.scalar(select(Group.id).where(Group.meeting_id == work.meeting_id)) is not None:
        raise Conflict(Message("A Working Group prepares this meeting already."))
    if work.db.scalar(select(Group.id).where(Group.key == key)) is not None:
        raise invalid("key", Message("Another Group has this short name."))
    group = Group(meeting_id=work.meeting_id, key=key, **vars(given) | _lists(given))
    work.db.add(group)
    record_added(work, SET_UP, group)
    for entity in entities:
        work.db.add(Member(meeting_id=work.meeting_id, entity_id=entity.id, votes=True))
    work.db.flush()  # people are added to members
    return group


def change_group(work: Work, group: Group, given: GroupGiven, *, version: int) -> None:
    """Other words, place, quorum, or what needs the chair's clearance."""
    check_version(group.version, version)
    with recording(work, CHANGED, group):
        for name, value in (vars(given) | _lists(given)).items():
            if name != "parent_id":
                setattr(group, name, value)


def _lists(given: GroupGiven) -> dict[str, object]:
    return {"needs_clearance": list(given.needs_clearance)}


def add_member(work: Work, entity: Entity, *, votes: bool) -> Member:
    """A further delegation, or a body with voice and no vote. Conflict if it is there already."""
    mine = Member.meeting_id == work.meeting_id, Member.entity_id == entity.id
    if work.db.scalar(select(Member.id).where(*mine)) is not None:
        raise Conflict(Message("It is in the Group already."))
    member = Member(meeting_id=work.meeting_id, entity=entity, votes=votes, people=[])
    member.entity_id = entity.id
    work.db.add(member)
    record_added(work, JOINED, member)
    return member


def change_vote(work: Work, member: Member, *, votes: bool, version: int) -> None:
    """With or without a vote."""
    check_version(member.version, version)
    with recording(work, VOICE, member):
        member.votes = votes


def remove_member(work: Work, member: Member, *, version: int) -> None:
    """No longer in the Group; Conflict where the record names it."""
    check_version(member.version, version)
    if member.people or _named_in_the_record(work, member):
        raise Conflict(
            Message("People or decisions of the Group hang on this member."),
            advice=Message("Take its people off first; what the record names stays."),
        )
    with recording_removal(work, LEFT, member):
        work.db.delete(member)


def _named_in_the_record(work: Work, member: Member) -> bool:
    columns = (
        Election.nominated_by_id,
        Election.seconded_by_id,
        Reservation.member_id,
        Objection.member_id,
    )
    found = (work.db.scalar(select(each).where(each == member.id).limit(1)) for each in columns)
    return any(each is not None for each in found)


def add_delegate(work: Work, member: Member, given: PersonGiven) -> Delegate:
    """Somebody signs in for this member from now on; asks for the first link like everybody."""
    email = normalized_email(given.email)
    person = person_by_email(work.db, email)
    if person is None:
        person = add_person(work.db, email=email, name=given.name, language=given.language)
        work.db.flush()  # the seat names the person by key
    mine = Delegate.meeting_id == work.meeting_id, Delegate.person_id == person.id
    if work.db.scalar(select(Delegate.id).where(*mine)) is not None:
        raise invalid("email", Message("Somebody with this address is in the Group already."))
    delegate = Delegate(
        meeting_id=work.meeting_id,
        member_id=member.id,
        member=member,
        person_id=person.id,
        person=person,
        administrator=given.administrator,
    )
    work.db.add(delegate)
    record_added(work, PERSON_ADDED, delegate)
    _seated(work, delegate)
    return delegate


def remove_delegate(work: Work, delegate: Delegate, *, version: int) -> None:
    """No longer of this member; Conflict for somebody whom the Group elected."""
    check_version(delegate.version, version)
    elected = select(Election.id).where(Election.delegate_id == delegate.id).limit(1)
    if work.db.scalar(elected) is not None:
        raise Conflict(
            Message("The Group elected this person; the record keeps that."),
            advice=Message("End the term of office instead."),
        )
    with recording_removal(work, PERSON_REMOVED, delegate):
        work.db.delete(delegate)
    follow_seat(work, delegate)


def prepared_meetings(work: Work) -> list[UUID]:
    """The conference and every meeting of its Group: a role in the Group is one in all."""
    return [work.meeting_id, *(each.id for each in meetings_of_group(work.db, work.meeting_id))]


def _seated(work: Work, delegate: Delegate) -> None:
    for meeting_id in prepared_meetings(work):
        give_role(work.db, delegate.person_id, meeting_id, Role.MEMBER)


def start_of(day: date, zone: str) -> datetime:
    """The first instant of a day by the clock of the Group."""
    return datetime.combine(day, time(), tzinfo=ZoneInfo(zone))


def end_of(day: date, zone: str) -> datetime:
    """The first instant after a day."""
    return start_of(day + timedelta(days=1), zone)


def _member_name(member: Member) -> Localized:
    return name_on(member.entity.names, date.max).name


kept_rows("group", Group, Steps(SET_UP, CHANGED), label=lambda group: group.name)


def follow_seat(work: Work, delegate: Delegate) -> None:
    """Whoever has a seat is a member of every meeting; whoever has none is not."""
    if seat_of(work.db, work.meeting_id, delegate.person_id) is not None:
        _seated(work, delegate)
        return
    for meeting_id in prepared_meetings(work):
        take_role(work.db, delegate.person_id, meeting_id, Role.MEMBER)


kept_rows("member", Member, Steps(JOINED, VOICE, LEFT), label=_member_name, load=(NAMED,))
kept_rows(
    "delegate",
    Delegate,
    Steps(PERSON_ADDED, PERSON_CHANGED, PERSON_REMOVED),
    label=lambda delegate: Localized(en=delegate.person.name),
    load=(joinedload(Delegate.person),),
    follow=follow_seat,
)
