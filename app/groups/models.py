"""The Working Group that prepares a conference: members, officers, decisions, tasks, clearances.

`meeting_id` is always the conference: the Group's journal is a part of its journal.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Person
from app.core.database import Base, Identified, Versioned
from app.core.languages import Localized
from app.directory.models import Entity
from app.meetings.models import Meeting
from app.resolutions.models import Paragraph


class Prepared(Identified, Versioned):
    """A row that belongs to the preparation of one conference."""

    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meetings.id"), index=True)


class Group(Prepared, Base):
    """Who prepares the conference. `needs_clearance` names what the chair must clear first.

    The quorum counts the members that may vote unless `quorum_base` says another number.
    """

    __tablename__ = "groups"
    __table_args__ = (UniqueConstraint("meeting_id"),)

    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[Localized]
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("entities.id"))
    series: Mapped[str]
    symbol_prefix: Mapped[str]
    place: Mapped[Localized]
    room: Mapped[Localized]
    zone: Mapped[str]
    quorum_base: Mapped[int | None]
    quorum_open: Mapped[int]
    quorum_decide: Mapped[int]
    quorum_source: Mapped[str]
    needs_clearance: Mapped[list[str]] = mapped_column(JSON)

    parent: Mapped[Entity | None] = relationship(lazy="raise")


class Member(Prepared, Base):
    """A delegation in the Group, or a body that sits in with voice and no vote."""

    __tablename__ = "group_members"
    __table_args__ = (UniqueConstraint("meeting_id", "entity_id"),)

    entity_id: Mapped[UUID] = mapped_column(ForeignKey("entities.id"))
    votes: Mapped[bool]

    entity: Mapped[Entity] = relationship(lazy="raise")
    people: Mapped[list["Delegate"]] = relationship(lazy="raise", order_by="Delegate.id")


class Delegate(Prepared, Base):
    """Somebody of a member; an administrator of the mission may add others of it."""

    __tablename__ = "group_people"
    __table_args__ = (UniqueConstraint("meeting_id", "person_id"),)

    member_id: Mapped[UUID] = mapped_column(ForeignKey("group_members.id"), index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    administrator: Mapped[bool]

    person: Mapped[Person] = relationship(lazy="raise")
    member: Mapped[Member] = relationship(back_populates="people", lazy="raise")


class Post(StrEnum):
    """What the Group elects somebody to."""

    CHAIR = "chair"
    VICE_CHAIR = "vice_chair"
    RAPPORTEUR = "rapporteur"


class Method(StrEnum):
    """How something was agreed."""

    ACCLAMATION = "acclamation"
    VOTE = "vote"


class Election(Prepared, Base):
    """Somebody was elected; in office from a day until another, or until the next is elected."""

    __tablename__ = "elections"
    __table_args__ = (CheckConstraint("until >= since", name="days_in_order"),)

    post: Mapped[Post]
    delegate_id: Mapped[UUID] = mapped_column(ForeignKey("group_people.id"))
    nominated_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("group_members.id"))
    seconded_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("group_members.id"))
    method: Mapped[Method]
    in_favour: Mapped[int | None]
    against: Mapped[int | None]
    abstained: Mapped[int | None]
    held_at_id: Mapped[UUID | None] = mapped_column(ForeignKey("meetings.id"))
    since: Mapped[date]
    until: Mapped[date | None]

    delegate: Mapped[Delegate] = relationship(lazy="raise")
    nominated_by: Mapped[Member | None] = relationship(lazy="raise", foreign_keys=[nominated_by_id])
    seconded_by: Mapped[Member | None] = relationship(lazy="raise", foreign_keys=[seconded_by_id])
    held_at: Mapped[Meeting | None] = relationship(lazy="raise", foreign_keys=[held_at_id])


class Precedence(Prepared, Base):
    """The members' names in the order of the lots; the latest is in force. `seed`: of an offer."""

    __tablename__ = "precedences"

    drawn_on: Mapped[date]
    held_at_id: Mapped[UUID | None] = mapped_column(ForeignKey("meetings.id"))
    order: Mapped[list[str]] = mapped_column(JSON)
    seed: Mapped[str]

    held_at: Mapped[Meeting | None] = relationship(lazy="raise", foreign_keys=[held_at_id])


class Way(StrEnum):
    """How the Group decides."""

    ADOPTED = "adopted"
    AD_REFERENDUM = "ad_referendum"
    SILENCE = "silence"


class Outcome(StrEnum):
    """What a silence procedure came to, as the chair confirmed."""

    ADOPTED = "adopted"
    NOT_ADOPTED = "not_adopted"


class Decision(Prepared, Base):
    """What the Group decided, in the language it was taken in and in translations."""

    __tablename__ = "decisions"
    __table_args__ = (UniqueConstraint("meeting_id", "number"),)

    number: Mapped[int]
    text: Mapped[Localized]
    original_language: Mapped[str]
    decided_on: Mapped[date]
    held_at_id: Mapped[UUID | None] = mapped_column(ForeignKey("meetings.id"))
    way: Mapped[Way]
    deadline_at: Mapped[datetime | None]
    deadline_zone: Mapped[str]
    outcome: Mapped[Outcome | None]
    outcome_at: Mapped[datetime | None]
    outcome_by: Mapped[str]
    source: Mapped[str]
    supersedes_id: Mapped[UUID | None] = mapped_column(ForeignKey("decisions.id"))

    held_at: Mapped[Meeting | None] = relationship(lazy="raise", foreign_keys=[held_at_id])
    supersedes: Mapped["Decision | None"] = relationship(remote_side="Decision.id", lazy="raise")
    reservations: Mapped[list["Reservation"]] = relationship(lazy="raise")
    objections: Mapped[list["Objection"]] = relationship(lazy="raise")


class Reservation(Prepared, Base):
    """A delegation whose agreement *ad referendum* is open until its capital confirms."""

    __tablename__ = "reservations"
    __table_args__ = (UniqueConstraint("decision_id", "member_id"),)

    decision_id: Mapped[UUID] = mapped_column(ForeignKey("decisions.id"))
    member_id: Mapped[UUID] = mapped_column(ForeignKey("group_members.id"))
    confirmed_at: Mapped[datetime | None]
    came_by: Mapped[str]

    member: Mapped[Member] = relationship(lazy="raise")


class Objection(Prepared, Base):
    """A delegation breaks the silence; one that came after the deadline is kept and is late."""

    __tablename__ = "objections"

    decision_id: Mapped[UUID] = mapped_column(ForeignKey("decisions.id"), index=True)
    member_id: Mapped[UUID] = mapped_column(ForeignKey("group_members.id"))
    text: Mapped[str]
    received_at: Mapped[datetime]
    came_by: Mapped[str]

    member: Mapped[Member] = relationship(lazy="raise")


class TaskState(StrEnum):
    """How far a task is."""

    OPEN = "open"
    UNDER_WAY = "under_way"
    DONE = "done"
    DROPPED = "dropped"


class Task(Prepared, Base):
    """What somebody owes by a day: a date, or so many days before the conference opens."""

    __tablename__ = "tasks"
    __table_args__ = (
        UniqueConstraint("meeting_id", "number"),
        CheckConstraint("(due_on IS NULL) <> (days_before IS NULL)", name="one_kind_of_day"),
        CheckConstraint("(entity_id IS NULL) <> (post IS NULL)", name="one_kind_of_owner"),
    )

    number: Mapped[int]
    what: Mapped[Localized]
    entity_id: Mapped[UUID | None] = mapped_column(ForeignKey("entities.id"))
    post: Mapped[str | None]
    due_on: Mapped[date | None]
    days_before: Mapped[int | None]
    paragraph_id: Mapped[UUID | None] = mapped_column(ForeignKey("paragraphs.id"))
    decision_id: Mapped[UUID | None] = mapped_column(ForeignKey("decisions.id"))
    state: Mapped[TaskState]

    entity: Mapped[Entity | None] = relationship(lazy="raise")
    paragraph: Mapped[Paragraph | None] = relationship(lazy="raise")
    decision: Mapped[Decision | None] = relationship(lazy="raise")


class ClearanceState(StrEnum):
    """What the chair said."""

    ASKED = "asked"
    CLEARED = "cleared"
    RETURNED = "returned"


class Clearance(Prepared, Base):
    """The secretariat asks the chair to clear something; the chair clears or returns it.

    It covers what has its `fingerprint`; `path` leads to that, below the meeting's desk.
    """

    __tablename__ = "clearances"

    matter: Mapped[str]
    title: Mapped[str]
    text: Mapped[str]
    path: Mapped[str]
    fingerprint: Mapped[str]
    asked_by: Mapped[str]
    asked_at: Mapped[datetime]
    state: Mapped[ClearanceState]
    word: Mapped[str]
    said_by: Mapped[str]
    said_at: Mapped[datetime | None]
    came_by: Mapped[str]


class Liaison(Prepared, Base):
    """A committee that the Group does not command.

    `dates`: {"on", "what"}, `papers`: {"on", "symbol", "way"}.
    """

    __tablename__ = "liaisons"
    __table_args__ = (UniqueConstraint("meeting_id", "entity_id"),)

    entity_id: Mapped[UUID] = mapped_column(ForeignKey("entities.id"))
    considers: Mapped[Localized]
    paragraph_id: Mapped[UUID | None] = mapped_column(ForeignKey("paragraphs.id"))
    contact: Mapped[str]
    dates: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    papers: Mapped[list[dict[str, Any]]] = mapped_column(JSON)

    entity: Mapped[Entity] = relationship(lazy="raise")
    paragraph: Mapped[Paragraph | None] = relationship(lazy="raise")


class Host(Prepared, Base):
    """The country that receives the conference, and how far that is. `requests`: {"on", "what"}."""

    __tablename__ = "hosts"
    __table_args__ = (UniqueConstraint("meeting_id"),)

    entity_id: Mapped[UUID] = mapped_column(ForeignKey("entities.id"))
    offer: Mapped[str]
    agreement: Mapped[str]
    signed_on: Mapped[date | None]
    focal_points: Mapped[str]
    requests: Mapped[list[dict[str, Any]]] = mapped_column(JSON)

    entity: Mapped[Entity] = relationship(lazy="raise")
