"""Every route by every role, as `permissions.csv` says; what is not in the table fails."""

import csv
import re
from collections import Counter
from datetime import time
from pathlib import Path
from uuid import uuid4

import pytest
from fastapi.routing import iter_route_contexts
from sqlalchemy import select

from app.accounts.commands import make_sign_in_link, sign_in
from app.accounts.models import Person
from app.accounts.queries import open_sign_ins
from app.calendars.commands import new_personal_feed
from app.core.access import Role
from app.core.journal import latest_change
from app.core.letters import State, write_letter
from app.invitations.commands import add_invitation, withdraw
from app.invitations.models import InvitationKind
from app.main import create_app
from app.reports.queries import counting_of
from app.resolutions.queries import resolution_by_id
from app.schedules import commands
from app.settings import Settings
from tests.make import (
    NOW,
    TEXT,
    letter_given,
    make_deadline,
    make_document,
    make_draft,
    make_entity,
    make_item,
    make_meeting,
    make_person,
    make_resolution,
    make_room,
    make_sitting,
    numbers,
    publish,
    slot,
    work_on,
)
from tests.make_groups import GroupThings, group_document, make_group

TABLE = list(csv.DictReader(Path(__file__).with_name("permissions.csv").read_text().splitlines()))
ROLES = ("anonymous", "stranger", "delegate", "member", "secretariat", "vice_chair", "chair")
OF_A_GROUP = re.compile(r"/groups?(/|$)|/days$|/move$")
SET_UP = "POST /api/v1/meetings/{slug}/group"
SHOWN = "GET /{lang}/meetings/{slug}/sittings/{sitting_id}"
SIGN_IN = "POST /api/v1/sign-ins"
BACK_ON_THE_LIST = "DELETE /api/v1/meetings/{slug}/invitations/{invitation_id}/withdrawal"
CANCELLED_FIRST = ("DELETE /api/v1/meetings/{slug}/sittings/{sitting_id}/cancellation", "return")


def route_of(row):
    return f"{row['method']} {row['path']}"


def routes_of(app):
    for route in iter_route_contexts(app.routes):
        # HEAD is answered as GET by the envelope; a mount names no methods.
        for method in set(route.methods or ["GET"]) - {"HEAD"}:
            yield f"{method} {route.path}"


def test_every_route_is_in_the_table_once_and_the_table_has_no_other(tmp_path):
    app = create_app(Settings(data_dir=tmp_path), base_url="http://localhost")

    assert Counter(map(route_of, TABLE)) == Counter(routes_of(app))


@pytest.fixture
def world(db, app):
    return World(db, app)


class World:
    """A published meeting, another one, and new things in them to ask for."""

    def __init__(self, db, app):
        self.db, self.app = db, app
        source = make_resolution(db, "source")
        self.meeting = make_meeting(db, "first", resolution_id=source.id)
        self.room = make_room(db, self.meeting)
        self.entity = make_entity(db)
        self.shown = make_sitting(db, self.meeting, room=self.room)
        publish(db, self.meeting)
        self.other = make_meeting(db, "second")
        self.reader = make_person(db, "delegate", self.meeting)

    def visitor(self, role, client, signed_in, *, bearer):
        if role == "anonymous":
            return client
        if role == "stranger":
            return signed_in("chair", self.other, bearer=bearer)
        return signed_in(role, self.meeting, bearer=bearer)

    def things(self, route, meeting):
        """New things in the meeting, by the names that paths give them; only those wanted."""
        wanted = {*re.findall(r"{(\w+)}", route), *(["token"] if route == SIGN_IN else [])}
        makers = {
            "sitting_id": lambda: self.sitting(route, meeting),
            "item_id": lambda: make_item(self.db, meeting).id,
            "room_id": lambda: make_room(self.db, meeting).id,
            "token": lambda: self.token(route),
            "letter_id": lambda: self.letter(route, meeting).id,
            "document_id": lambda: self.entered(meeting).id,
            "invitation_id": lambda: self.invitation(route, meeting).id,
            "new_entity": lambda: make_entity(self.db, f"E{next(numbers)}").key,
            "number": lambda: self.step(meeting),
            "sign_in_id": lambda: self.sign_in_of_another().id,
            "draft_id": lambda: make_draft(self.db, self.latest_person()).id,
            "deadline_id": lambda: make_deadline(self.db, meeting).id,
            "paragraph_id": lambda: self.paragraph(meeting),
        }
        if route.endswith("/invitations"):
            wanted = {"new_entity"}
        if route.endswith("/by-hand"):
            wanted = {"letter_id"}
        if route.endswith("/group/members"):
            wanted = {"new_entity"}
        things = {name: make() for name, make in makers.items() if name in wanted}
        if not OF_A_GROUP.search(route) or route == SET_UP:
            return things
        for each in (self.meeting, self.other):
            make_group(self.db, each)
        return things | GroupThings(self.db, meeting).made(route, wanted)

    def sitting(self, route, meeting):
        if route == SHOWN:
            return self.shown.id
        sitting = make_sitting(self.db, meeting)
        if route.endswith(CANCELLED_FIRST):
            commands.cancel_sitting(work_on(self.db, self.meeting), sitting, version=1)
            self.db.flush()
        return sitting.id

    def latest_person(self):
        """Whoever was made last: the visitor, where there is one."""
        return self.db.scalar(select(Person.id).order_by(Person.id.desc()).limit(1))

    def paragraph(self, meeting):
        """Of a resolution of which nobody has said anything yet."""
        meeting.resolution_id = make_resolution(self.db, f"R{next(numbers)}").id
        self.db.flush()
        return resolution_by_id(self.db, meeting.resolution_id).paragraphs[0].id

    def entered(self, meeting):
        """A restricted one with a file."""
        return make_document(self.db, self.app, meeting, f"RTP/doc.{next(numbers)}/06")

    def invitation(self, route, meeting):
        """One on the list, withdrawn where it is to be brought back."""
        entity = make_entity(self.db, f"E{next(numbers)}")
        work = work_on(self.db, meeting)
        found = add_invitation(work, entity, InvitationKind.CALL)
        if route.endswith(("return", BACK_ON_THE_LIST)):
            withdraw(work, found, version=1)
        self.db.flush()
        return found

    def letter(self, route, meeting):
        """One that may have arrived, or that failed where the address is to be corrected."""
        given = letter_given(str(uuid4()), meeting_id=meeting.id)
        letter = write_letter(self.db, given, now=NOW)
        letter.state = State.FAILED if route.endswith("/address") else State.UNCERTAIN
        self.db.flush()
        return letter

    def step(self, meeting):
        """The number of a step that can be undone."""
        make_item(self.db, meeting)
        return latest_change(self.db, meeting.id).number

    def token(self, route):
        if "sign-in" in route:
            return make_sign_in_link(self.db, self.reader, now=NOW)
        return new_personal_feed(self.db, self.reader.id, now=NOW)

    def sign_in_of_another(self):
        sign_in(self.db, make_sign_in_link(self.db, self.reader, now=NOW), now=NOW)
        return open_sign_ins(self.db, self.reader.id, now=NOW)[0]

    def ask(self, visitor, row, things, *, hour=11):
        """The request of this row, with everything in order but who sends it."""
        keys = {"/api/v1/entities": "cim", "/api/v1/resolutions": "source"}
        key = next((keys[each] for each in keys if row["path"].startswith(each)), "2026-04-14")
        key = "gt-first" if "/group" in row["path"] and "{key}" in row["path"] else key
        given = {**things, "lang": "en", "slug": "first", "part": "day", "key": key, "code": "en"}
        path = row["path"].format(**given)
        if path == "/static":
            path = "/static/0/favicon.svg"
        if row["method"] == "GET":
            return visitor.get(path)
        second = (*CANCELLED_FIRST, BACK_ON_THE_LIST)
        version = 2 if route_of(row).endswith(second) or "document_id" in things else 1
        if not path.startswith("/api/"):
            named = {"letters": str(things.get("letter_id")), "entity": things.get("new_entity")}
            form = self.form(hour) | {"version": version, "kind": "call"} | named
            form["class"] = "restricted"
            if "commitments/" in path and "dues" not in path:
                counts = path.endswith("counting")
                form["version"] = counting_of(self.db, self.meeting.id).version if counts else 0
            if OF_A_GROUP.search(row["path"]):
                form |= GroupThings(self.db, self.meeting).form(path, things, hour)
                form["entity"] = form["entity"] or things.get("new_entity") or ""
            return visitor.post(path, data=form)
        headers = {"If-Match": '"v0"' if path.endswith("fulfilment") else f'"v{version}"'}
        body = self.document(path, things, hour)
        if OF_A_GROUP.search(row["path"]):
            body = group_document(path, things, hour)
            if route_of(row) == SET_UP:
                body |= {"key": "gt-new"}
        return visitor.request(row["method"], path, json=body, headers=headers)

    def form(self, hour):
        cell = f"{self.meeting.first_day}/{hour}:00/{hour}:30/{self.room.id}"
        typed = {"name_en": "A", "title_en": "B", "to": "up", "remark": "News", "place": cell}
        typed |= {"address": "a@example.org", "email": "a@example.org"}
        typed |= {f"days_{place}": 9 - place for place in range(4)}
        facts = {"first_day": "2027-03-02", "last_day": "2027-03-04", "zone": "UTC"}
        facts |= {"slug": f"m{next(numbers)}", "role": "chair", "resolution_title_en": "T"}
        return typed | facts | {"state": "done", "what_en": "Report"}

    def new_meeting(self):
        facts = {"first_day": "2027-03-02", "last_day": "2027-03-04", "zone": "UTC"}
        facts |= {"slug": f"m{next(numbers)}", "title": {"en": "A meeting"}}
        return {"text": TEXT, "resolution": {"title": {"en": "T"}}, "meeting": facts}

    def document(self, path, things, hour):
        place = slot(self.meeting, self.room, time(hour))
        if path == "/api/v1/meetings":
            return self.new_meeting()
        bodies = {
            "readings": {"text": TEXT},
            "fulfilment": {"done": True},
            "sign-in-links": {"address": "a@example.org"},
            "by-hand": {"letters": [str(things.get("letter_id"))]},
            "address": {"address": "b@example.org"},
            "sign-ins": {"token": things.get("token")},
            "/note": {"note": {"en": "A"}},
            "invitations": {"entity": things.get("new_entity"), "kind": "call"},
            "documents": {"title": {"en": "A"}, "document_class": "members"},
            "rooms": {"name": {"en": "A"}},
            "moves": {"steps": 1},
            "editions": {"remark": {"en": "News"}},
            "placement": {
                "starts_at": place.starts_at.isoformat(),
                "ends_at": place.ends_at.isoformat(),
                "room_id": str(place.room_id),
            },
        }
        return next((bodies[kind] for kind in bodies if kind in path), {"title": {"en": "B"}})


def said(response):
    """The status, or that one has to sign in first, which to a browser is said by a redirect."""
    if response.status_code == 303 and response.headers["location"].endswith("/sign-in"):
        return "sign-in"
    return str(response.status_code)


@pytest.mark.parametrize("row", TABLE, ids=route_of)
def test_who_may(row, world, client, signed_in):
    found = {}
    for hour, role in enumerate(ROLES, start=11):
        bearer = row["path"].startswith("/api/")
        visitor = world.visitor(role, client, signed_in, bearer=bearer)
        things = world.things(route_of(row), world.meeting)
        found[role] = said(world.ask(visitor, row, things, hour=hour))

    assert found == {role: row[role] for role in ROLES}


@pytest.mark.parametrize("role", Role)
def test_a_stranger_to_the_meeting_is_told_the_same_as_of_one_that_never_was(
    role, world, signed_in
):
    visitor = signed_in(role, world.other)

    answers = [visitor.get(f"/en/desk/{slug}") for slug in ("first", "never-was")]

    assert [answer.status_code for answer in answers] == [404, 404]


OF_A_MEETING = [row for row in TABLE if "_id}" in row["path"] and "draft_id" not in row["path"]]


@pytest.mark.parametrize("row", OF_A_MEETING, ids=route_of)
def test_what_belongs_to_another_meeting_is_not_found(row, world, signed_in):
    visitor = signed_in("chair", world.meeting, world.other, bearer="api" in row["path"])
    things = world.things(route_of(row), world.other)
    if row["path"].startswith("/{lang}/meetings"):
        room = make_room(world.db, world.other)
        things["sitting_id"] = make_sitting(world.db, world.other, room=room).id
        publish(world.db, world.other)

    assert world.ask(visitor, row, things).status_code == 404
