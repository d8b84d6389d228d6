"""Loads the Working Groups of the demo from `demo/groups.json`: members, records, meetings."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from app.accounts.models import Person
from app.core.changes import COMMAND_LINE
from app.core.languages import LANGUAGES, Localized
from app.core.security import Site
from app.demo_sources import Json, day_of, read
from app.directory.models import Entity
from app.groups.clearances import ClearanceGiven, ask_clearance
from app.groups.commands import GroupGiven, add_member, set_up_group
from app.groups.decisions import DecisionGiven, add_decision
from app.groups.elections import ElectionGiven, PrecedenceGiven, elect, set_precedence
from app.groups.liaison import HostGiven, LiaisonGiven, add_liaison, set_host
from app.groups.models import Decision, Delegate, Group, Member, Method, Post, TaskState, Way
from app.groups.queries import members_of
from app.groups.rules import drawn
from app.groups.tasks import TaskGiven, add_task
from app.meetings.commands import Work, begin_work
from app.meetings.queries import meeting_by_slug
from app.meetings.rules import next_weekday
from app.resolutions.models import Paragraph, Resolution
from app.schedules.group_meetings import AttendanceGiven, NoticeGiven, convene, record_attendance
from app.schedules.models import GroupMeeting

TUESDAY = 1


@dataclass(frozen=True)
class Known:
    """What the Group's rows name."""

    entities: dict[str, Entity]
    people: dict[str, Person]
    source: Resolution

    def paragraph(self, place: list[object] | None) -> Paragraph | None:
        """["operative", 4] in the resolution."""
        if place is None:
            return None
        found = {(each.kind.value, each.number): each for each in self.source.paragraphs}
        return found[str(place[0]), int(str(place[1]))]


def load_group(work: Work, known: Known, *, site: Site) -> None:
    """The Group that prepares this meeting, if the demo has one."""
    data = read("groups.json").get(work.meeting.slug)
    if data is None:
        return
    group = _group(work, data, known)
    members = {each.entity.key: each for each in members_of(work.db, work.meeting_id)}
    # Convened before anybody has a seat, so that loading the demo writes to nobody.
    held = _meetings(work, group, data)
    delegates = _people(work, data, known, members)
    _elections(work, data, members, delegates)
    _attendance(work, data, held, delegates)
    decisions = _decisions(work, data, members, held)
    _tasks(work, data, known, decisions)
    _liaison(work, data, known)
    for row in data["clearances"]:
        ask_clearance(work, ClearanceGiven(**row))
    for each in held:
        meeting = meeting_by_slug(work.db, each.held.slug)
        begin_work(work.db, meeting, by=COMMAND_LINE, now=work.now, site=site)
        meeting.about = _joined(meeting.about, data["note"])


def _joined(about: Localized, note: dict[str, str]) -> Localized:
    return Localized({lang: f"{about[lang].strip()} {note[lang].strip()}" for lang in LANGUAGES})


def _day(work: Work, row: Json, name: str = "in_days", *, plain: str = "day") -> date:
    """A date, or so many days from today; meetings of the Group are on Tuesdays."""
    fixed = day_of(row.get(plain))
    return fixed or work.now.date() + timedelta(days=row[name])


def _group(work: Work, data: Json, known: Known) -> Group:
    given = GroupGiven(
        name=Localized(data["name"]),
        series=data["series"],
        symbol_prefix=data["symbol_prefix"],
        place=Localized(data["place"]),
        room=Localized(data["room"]),
        zone=data["zone"],
        quorum_base=None,
        quorum_open=data["quorum_open"],
        quorum_decide=data["quorum_decide"],
        quorum_source=data["quorum_source"],
        needs_clearance=tuple(data["needs_clearance"]),
        parent_id=known.entities[data["parent"]].id,
    )
    states = [
        each
        for each in known.entities.values()
        if each.kind == "state" and each.key not in data["except_"]
    ]
    group = set_up_group(work, data["key"], given, states)
    for key in data["voice"]:
        add_member(work, known.entities[key], votes=False)
    return group


def _people(
    work: Work, data: Json, known: Known, members: dict[str, Member]
) -> dict[str, Delegate]:
    """People who have their roles already; a seat adds to them."""
    delegates = {}
    for row in data["people"]:
        person, member = known.people[row["email"]], members[row["member"]]
        delegate = Delegate(
            meeting_id=work.meeting_id,
            member_id=member.id,
            member=member,
            person_id=person.id,
            person=person,
            administrator=row.get("administrator", False),
        )
        work.db.add(delegate)
        delegates[row["email"]] = delegate
    work.db.flush()  # elections name delegates by key
    return delegates


def _elections(
    work: Work, data: Json, members: dict[str, Member], delegates: dict[str, Delegate]
) -> None:
    for row in data["elections"]:
        given = ElectionGiven(
            post=Post(row["post"]),
            delegate=delegates[row["email"]],
            method=Method.ACCLAMATION,
            since=_day(work, row, plain="since"),
            nominated_by=members.get(row.get("nominated_by", "")),
            seconded_by=members.get(row.get("seconded_by", "")),
        )
        elect(work, given)
    if seed := data.get("precedence_seed"):
        keys = [key for key, each in members.items() if each.votes]
        given_order = PrecedenceGiven(work.now.date(), drawn(keys, seed), seed)
        set_precedence(work, given_order, keys)


def _meetings(work: Work, group: Group, data: Json) -> list[GroupMeeting]:
    notices = [
        NoticeGiven(
            day=day_of(row.get("day")) or next_weekday(_day(work, row), TUESDAY),
            starts=time.fromisoformat(row["starts"]),
            ends=time.fromisoformat(row["ends"]),
            place=group.place,
            room=group.room,
            items=[Localized(item) for item in row["items"]],
        )
        for row in data["meetings"]
    ]
    made = convene(work, group, notices)
    work.db.flush()  # decisions name the meeting by key
    return made


def _attendance(
    work: Work, data: Json, held: list[GroupMeeting], delegates: dict[str, Delegate]
) -> None:
    for row, each in zip(data["meetings"], held, strict=True):
        if "present" in row:
            chair = delegates[row["presided_by"]]
            given = AttendanceGiven(present=row["present"], presided_by_id=chair.id)
            record_attendance(work, each, given, version=each.version)


def _on_the_hour(work: Work, days: int) -> datetime:
    return (work.now + timedelta(days=days)).replace(minute=0, second=0, microsecond=0)


def _decisions(
    work: Work, data: Json, members: dict[str, Member], held: list[GroupMeeting]
) -> dict[int, Decision]:
    decisions = {}
    for row in data["decisions"]:
        closes = row.get("closes_in_days")
        given = DecisionGiven(
            text=Localized(row["text"]),
            original_language=row["original"],
            decided_on=_day(work, row, plain="on"),
            way=Way(row["way"]),
            held_at_id=held[row["meeting"] - 1].held_id if "meeting" in row else None,
            deadline_at=_on_the_hour(work, closes) if closes else None,
            deadline_zone=data["zone"],
            source=row["source"],
            reserved=[members[key] for key in row.get("reserved", [])],
        )
        decision = add_decision(work, given)
        decisions[decision.number] = decision
    return decisions


def _tasks(work: Work, data: Json, known: Known, decisions: dict[int, Decision]) -> None:
    for row in data["tasks"]:
        paragraph = known.paragraph(row.get("paragraph"))
        relative = "days_before" in row
        given = TaskGiven(
            what=Localized(row["what"]),
            state=TaskState(row["state"]),
            entity_id=known.entities[row["entity"]].id if "entity" in row else None,
            post=row.get("post"),
            due_on=None if relative else _day(work, row, plain="due_on"),
            days_before=row.get("days_before"),
            paragraph_id=paragraph.id if paragraph else None,
            decision_id=decisions[row["decision"]].id if "decision" in row else None,
            after_the_conference=row.get("after", False),
        )
        add_task(work, given)


def _liaison(work: Work, data: Json, known: Known) -> None:
    for row in data["liaisons"]:
        paragraph = known.paragraph(row["paragraph"])
        committee = LiaisonGiven(
            entity=known.entities[row["entity"]],
            considers=Localized(row["considers"]),
            contact=row["contact"],
            paragraph_id=paragraph.id if paragraph else None,
            dates=tuple(row["dates"]),
            papers=tuple(row["papers"]),
        )
        add_liaison(work, committee)
    row = data["host"]
    host = HostGiven(
        entity=known.entities[row["entity"]],
        offer=row["offer"],
        agreement=row["agreement"],
        signed_on=day_of(row["signed_on"]),
        focal_points=row["focal_points"],
        requests=tuple(row["requests"]),
    )
    set_host(work, host, version=0)
