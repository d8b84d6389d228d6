"""Committees that consider a part of the subject, and the host country."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app.core.access import Permission
from app.core.changes import record_added, recording
from app.core.errors import check_version, invalid
from app.core.journal import Area, Verb
from app.core.languages import Localized, Message
from app.core.records import Steps, kept_rows
from app.directory.models import Entity
from app.directory.rules import name_on
from app.groups.models import Host, Liaison
from app.groups.queries import host_of
from app.meetings.commands import Work

LIAISON = Area("group/liaison", Permission.EDIT_GROUP)
ADDED = Verb(LIAISON, "liaison.added", Message("%(who)s added the liaison with %(title)s"))
CHANGED = Verb(LIAISON, "liaison.changed", Message("%(who)s changed the liaison with %(title)s"))
HOST_ADDED = Verb(LIAISON, "host.added", Message("%(who)s recorded the host country, %(title)s"))
HOST_CHANGED = Verb(
    LIAISON, "host.changed", Message("%(who)s changed what is said of the host, %(title)s")
)


@dataclass(frozen=True)
class LiaisonGiven:
    """A committee as it is entered."""

    entity: Entity
    considers: Localized
    contact: str = ""
    paragraph_id: UUID | None = None
    dates: tuple[dict[str, str], ...] = ()
    papers: tuple[dict[str, str], ...] = ()


@dataclass(frozen=True)
class HostGiven:
    """The host as it is entered."""

    entity: Entity
    offer: str = ""
    agreement: str = ""
    signed_on: date | None = None
    focal_points: str = ""
    requests: tuple[dict[str, str], ...] = ()


def add_liaison(work: Work, given: LiaisonGiven) -> Liaison:
    """A further committee. Invalid if it has a row already."""
    mine = Liaison.meeting_id == work.meeting_id, Liaison.entity_id == given.entity.id
    if work.db.scalar(select(Liaison.id).where(*mine)) is not None:
        raise invalid("entity", Message("This committee is there already."))
    row = Liaison(meeting_id=work.meeting_id)
    _fill(row, given)
    work.db.add(row)
    record_added(work, ADDED, row)
    return row


def change_liaison(work: Work, row: Liaison, given: LiaisonGiven, *, version: int) -> None:
    """What it considers, its dates, its contact, the papers exchanged."""
    check_version(row.version, version)
    with recording(work, CHANGED, row):
        _fill(row, given)


def set_host(work: Work, given: HostGiven, *, version: int) -> Host:
    """Who receives the conference and how far that is; `version` is 0 for the first time."""
    row = host_of(work.db, work.meeting_id)
    if given.signed_on is not None and given.signed_on > work.now.date():
        raise invalid("signed_on", Message("This day has not come yet."))
    check_version(row.version if row else 0, version)
    if row is None:
        row = Host(meeting_id=work.meeting_id)
        _fill(row, given)
        work.db.add(row)
        record_added(work, HOST_ADDED, row)
    else:
        with recording(work, HOST_CHANGED, row):
            _fill(row, given)
    return row


def _fill(row: Any, given: LiaisonGiven | HostGiven) -> None:
    for name, value in vars(given).items():
        setattr(row, name, list(value) if isinstance(value, tuple) else value)
    row.entity_id = given.entity.id


def _name(row: Liaison | Host) -> Localized:
    return name_on(row.entity.names, date.max).name


kept_rows(
    "liaison",
    Liaison,
    Steps(ADDED, CHANGED),
    label=_name,
    load=(joinedload(Liaison.entity).selectinload(Entity.names),),
)
kept_rows(
    "host",
    Host,
    Steps(HOST_ADDED, HOST_CHANGED),
    label=_name,
    load=(joinedload(Host.entity).options(selectinload(Entity.names)),),
)
