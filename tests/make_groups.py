"""Groups and what hangs on them, valid by default."""

from datetime import date, time, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import selectinload

from app.accounts.models import Person
from app.directory.commands import NameGiven, add_entity
from app.directory.models import Entity, EntityKind
from app.groups.clearances import ClearanceGiven, ask_clearance
from app.groups.commands import (
    GroupGiven,
    PersonGiven,
    add_delegate,
    add_member,
    set_up_group,
)
from app.groups.decisions import DecisionGiven, add_decision
from app.groups.elections import ElectionGiven, elect
from app.groups.liaison import HostGiven, LiaisonGiven, add_liaison, set_host
from app.groups.models import Decision, Delegate, Member, Method, Post, Way
from app.groups.queries import NAMED, decision_of, group_of, host_of
from app.groups.tasks import TaskGiven, add_task
from app.schedules.group_meetings import NoticeGiven, convene
from tests.make import NOW, english, loaded, make_entity, numbers, work_on

SEATS = ("AA", "BB", "CC")
LATER = NOW + timedelta(days=3)


def group_given(**given):
    fixed = {
        "name": english("Working Group"),
        "series": "OEA/Ser.G",
        "symbol_prefix": "GT",
        "place": english("Washington, D.C."),
        "room": english("Room G"),
        "zone": "America/New_York",
        "quorum_base": None,
        "quorum_open": 1,
        "quorum_decide": 2,
        "quorum_source": "",
    }
    return GroupGiven(**(fixed | given))


def make_group(db, meeting, key="", **given):
    """Three delegations that vote, each with nobody."""
    meeting = loaded(db, meeting)
    found = group_of(db, meeting.id)
    if found is not None:
        return found
    seats = [make_entity(db, f"{key or meeting.slug}-{seat}", f"State {seat}") for seat in SEATS]
    group = set_up_group(
        work_on(db, meeting), key or f"gt-{meeting.slug}", group_given(**given), seats
    )
    db.flush()
    return group


def voters(db, meeting):
    """The delegations, by key."""
    db.flush()
    mine = select(Member).join(Member.entity).where(Member.meeting_id == meeting.id, Member.votes)
    people = selectinload(Member.people).joinedload(Delegate.person)
    statement = mine.options(NAMED, people).order_by(Entity.key)
    return list(db.scalars(statement.execution_options(populate_existing=True)))


def make_delegate(db, meeting, seat=0, *, name="", language="en"):
    """Somebody with a sign-in for one of the delegations."""
    member = voters(db, meeting)[seat]
    email = f"delegate-{next(numbers)}@example.org"
    given = PersonGiven(name or f"Person {email}", email, language)
    delegate = add_delegate(work_on(db, loaded(db, meeting)), member, given)
    db.flush()
    return delegate


def make_election(
    db, meeting, post="rapporteur", *, delegate=None, since=date(2026, 3, 1), **given
):
    delegate = delegate or make_delegate(db, meeting)
    facts = {"post": Post(post), "delegate": delegate, "method": Method.ACCLAMATION}
    election = ElectionGiven(**(facts | {"since": since} | given))
    return elect(work_on(db, loaded(db, meeting)), election)


def make_decision(db, meeting, text="It is so decided.", *, way="adopted", now=NOW, **given):
    meeting = loaded(db, meeting)
    facts = {
        "text": english(text),
        "original_language": "en",
        "decided_on": now.date(),
        "way": Way(way),
        "deadline_zone": "America/New_York",
    }
    if way == "silence":
        facts["deadline_at"] = LATER
    if way == "ad_referendum":
        facts["reserved"] = voters(db, meeting)[:1]
    return add_decision(work_on(db, meeting, now=now), DecisionGiven(**(facts | given)))


def make_task(db, meeting, what="Write the report", **given):
    facts = {"what": english(what), "post": "chair"}
    if "days_before" not in given:
        facts["due_on"] = meeting.first_day
    return add_task(work_on(db, loaded(db, meeting)), TaskGiven(**(facts | given)))


def make_clearance(db, meeting, title="Draft agenda"):
    return ask_clearance(work_on(db, loaded(db, meeting)), ClearanceGiven("agenda", title))


def make_liaison(db, meeting, key=""):
    entity = make_entity(db, key or f"L{next(numbers)}")
    given = LiaisonGiven(entity=entity, considers=english("Compliance"))
    return add_liaison(work_on(db, loaded(db, meeting)), given)


def make_host(db, meeting, key=""):
    names = [NameGiven(name=english("The Host"))]
    entity = add_entity(db, key=key or f"H{next(numbers)}", kind=EntityKind.STATE, names=names)
    db.flush()
    return set_host(work_on(db, loaded(db, meeting)), HostGiven(entity=entity), version=0)


def notice(day=date(2026, 3, 10), *items, starts=time(10), ends=time(13)):
    return NoticeGiven(
        day=day,
        starts=starts,
        ends=ends,
        place=english("Washington, D.C."),
        room=english("Room G"),
        items=[english(item) for item in items],
    )


def convened(db, meeting, *notices, now=NOW):
    group = make_group(db, meeting)
    work = work_on(db, loaded(db, meeting), now=now)
    made = convene(work, group, list(notices) or [notice()])
    db.flush()
    return made


def seat_latest_person(db, meeting):
    """Whoever was made last sits for the first delegation and may add people of it."""
    person = db.scalars(select(Person).order_by(Person.id.desc())).first()
    member = voters(db, meeting)[0]
    ids = {"meeting_id": meeting.id, "member_id": member.id, "person_id": person.id}
    db.add(Delegate(administrator=True, **ids))
    db.flush()


class GroupThings:
    """What the routes of the Group ask for, for the table of permissions."""

    def __init__(self, db, meeting):
        self.db, self.meeting = db, meeting
        make_group(db, meeting)

    def made(self, route, wanted):
        db, meeting = self.db, self.meeting
        election = self.election() if "election_id" in wanted else None
        makers = {
            "member_id": self.member,
            "delegate_id": lambda: make_delegate(db, meeting).id,
            "election_id": lambda: election.id,
            "decision_id": lambda: self.decision(route),
            "task_id": lambda: make_task(db, meeting).id,
            "clearance_id": lambda: make_clearance(db, meeting).id,
            "liaison_id": lambda: make_liaison(db, meeting).id,
        }
        things = {name: make() for name, make in makers.items() if name in wanted}
        things |= {"until": election.until} if election else {}
        things |= self.beside(route, things)
        db.flush()
        return things

    def beside(self, route, made):
        """What the bodies name besides what stands in the address."""
        db, meeting, things = self.db, self.meeting, dict(made)
        if "/group/meetings/{number}" in route or "/calendars/groups/" in route:
            things["number"] = convened(db, meeting)[0].number
        if "/{lang}/group/" in route:
            seat_latest_person(db, meeting)
        if "people/{" in route or ("POST" in route and route.endswith("/elections")):
            things.setdefault("delegate_id", make_delegate(db, meeting).id)
        if route.endswith("/officers"):
            things["person"] = make_delegate(db, meeting).id
        if route.endswith("/host"):
            things["host"] = self.host()
        if "/liaison" in route:
            things["new_entity"] = make_entity(db, f"N{next(numbers)}").key
        if "decision_id" in made:
            things["voter"] = voters(db, meeting)[0]
        return things

    def member(self):
        entity = make_entity(self.db, f"M{next(numbers)}")
        member = add_member(work_on(self.db, loaded(self.db, self.meeting)), entity, votes=True)
        self.db.flush()
        return member.id

    def election(self):
        day = date(2026, 1, 1) + timedelta(days=next(numbers))
        return make_election(self.db, self.meeting, since=day, until=day)

    def decision(self, route):
        way = "ad_referendum" if "confirmations" in route else "silence"
        decision = make_decision(self.db, self.meeting, way=way)
        if route.endswith("/outcome"):
            over = update(Decision).where(Decision.id == decision.id)
            self.db.execute(over.values(deadline_at=NOW - timedelta(hours=1)))
        return decision.id

    def host(self):
        found = host_of(self.db, self.meeting.id) or make_host(self.db, self.meeting, "HOST")
        return found.entity.key

    def keys(self):
        return [each.entity.key for each in voters(self.db, self.meeting)]

    def form(self, path, things, hour):
        """What the pages of the Group are sent."""
        day = date(2026, 3, hour)
        group = {
            "name_en": "Working Group",
            "series": "OEA/Ser.G",
            "symbol_prefix": "GT",
            "place_en": "Washington, D.C.",
            "room_en": "Room G",
            "zone": "America/New_York",
            "quorum_open": "1",
            "quorum_decide": "2",
        }
        named = {name: str(things[name]) for name in ("person",) if name in things}
        received = things.get("voter")
        reservation = self.reservation(things)
        return {
            **group,
            **named,
            "person_name": "Ana",
            "email": f"p{next(numbers)}@example.org",
            "language": "en",
            "post": "rapporteur",
            "since": day,
            "until": things.get("until", ""),
            "method": "vote",
            "in_favour": "2",
            "order": "\n".join(self.keys()),
            "drawn_on": day,
            "text_en": "Decided.",
            "original_language": "en",
            "decided_on": day,
            "way": "silence" if "decision_id" in things else "adopted",
            "deadline": "2026-03-05T12:00",
            "reservation": reservation,
            "member": str(received.id) if received else "",
            "objection": "We do not agree.",
            "what_en": "Write",
            "owner": "chair",
            "due_on": day,
            "state": "open",
            "title": "Agenda",
            "matter": "agenda",
            "answer": "cleared",
            "said_by": "The chair",
            "came_by": "telephone",
            "considers_en": "Compliance",
            "day": day,
            "starts": "10:00",
            "ends": "13:00",
            "room": "Room G",
            "votes": "yes",
            "first_day": "2026-04-14",
            "last_day": "2026-04-17",
            "entity": things.get("host") or things.get("new_entity") or "",
        }

    def reservation(self, things):
        if "decision_id" not in things:
            return ""
        rows = decision_of(self.db, self.of(things), things["decision_id"]).reservations
        return str(rows[0].id) if rows else ""

    def of(self, things):
        return self.db.get(Decision, things["decision_id"]).meeting_id


def group_document(path, things, hour):
    """What programs send."""
    day = f"2026-03-{hour:02}"
    group = {
        "name": {"en": "Working Group"},
        "series": "OEA/Ser.G",
        "symbol_prefix": "GT",
        "place": {"en": "Washington, D.C."},
        "room": {"en": "Room G"},
        "zone": "America/New_York",
        "quorum_open": 1,
        "quorum_decide": 2,
    }
    decision = {"text": {"en": "B"}, "original_language": "en", "decided_on": day}
    if things.get("decision_id"):
        decision |= {"way": "silence", "deadline_at": LATER.isoformat()}
    voter = {"member": things["voter"].entity.key} if "voter" in things else {}
    bodies = {
        "/people": {"name": "Ana", "email": f"p{next(numbers)}@example.org", "language": "en"},
        "/members": {"entity": things.get("new_entity")},
        "/end": {"until": str(things.get("until"))},
        "/elections": {
            "post": "rapporteur",
            "delegate_id": str(things.get("delegate_id")),
            "since": day,
        },
        "/precedences": {"drawn_on": day, "seed": "lots"},
        "/objections": {"text": "We do not agree.", **voter},
        "/confirmations": voter,
        "/outcome": None,
        "/decisions": decision,
        "/tasks": {"what": {"en": "B"}, "post": "chair", "due_on": day},
        "/answer": {"state": "cleared", "said_by": "The chair", "came_by": "telephone"},
        "/clearances": {"title": "Agenda"},
        "/liaisons": {"entity": things.get("new_entity"), "considers": {"en": "Compliance"}},
        "/host": {"entity": things.get("host")},
        "/record": {"presided_why": "The chair was absent"},
        "/group/meetings/": {"day": day, "starts": "10:00", "ends": "12:00"},
        "/group/meetings": {"day": day, "starts": "10:00", "ends": "12:00"},
        "/days": {"first_day": "2026-04-14", "last_day": "2026-04-17"},
        "/group": group,
    }
    return next(bodies[kind] for kind in bodies if kind in path)
