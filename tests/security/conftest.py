"""A meeting in which everything that people can type is meant badly, and every address of it."""

import csv
from datetime import date
from pathlib import Path

import pytest

from app.accounts.commands import make_sign_in_link, sign_in
from app.accounts.queries import open_sign_ins
from app.calendars.commands import new_personal_feed
from app.core.changes import Actor
from app.core.journal import head_number
from app.core.letters import State, write_letter
from app.invitations.commands import InvitationKind, add_invitation, change_note
from app.reports.commands import say_fulfilled
from app.resolutions.queries import resolution_by_id
from tests.make import (
    NOW,
    TEXT,
    english,
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
    publish,
    work_on,
)
from tests.make_groups import (
    convened,
    make_clearance,
    make_decision,
    make_delegate,
    make_election,
    make_group,
    make_host,
    make_liaison,
    make_task,
    notice,
    voters,
)

TABLE = Path(__file__).parents[1] / "permissions.csv"
# Ends an attribute, a title, a text area, a script or a comment, and then begins an element.
MARKUP = "\"'-->]]></title></textarea></script><x-evil onerror=evil()>"
BAD = MARKUP + "&{{77777*7}}${77777*7}=cmd|' /C'!A0"
ROWS = list(csv.DictReader(TABLE.read_text().splitlines()))
GETS = [row["path"] for row in ROWS if row["method"] == "GET" and row["path"] != "/static"]
CHANGES = [(row["method"], row["path"]) for row in ROWS if row["method"] != "GET"]


class World:
    """One of everything, named and annotated badly."""

    def __init__(self, db, app):
        self.entity = make_entity(db, "cim", BAD)
        source = make_resolution(db, "source", called_upon=[self.entity])
        texts = {name: english(BAD) for name in ("title", "ordinal", "place", "about")}
        meeting = self.meeting = make_meeting(db, resolution_id=source.id, **texts)
        self.chair = make_person(db, "chair", meeting, name=BAD)
        by = Actor(self.chair.id, self.chair.name)
        room = make_room(db, meeting, BAD)
        item = make_item(db, meeting, BAD, mandates=["2019"], purposes=["protection"])
        placed = make_sitting(
            db, meeting, BAD, room=room, items=[item], entities=[self.entity], note=BAD
        )
        make_sitting(db, meeting, BAD)
        document = make_document(
            db, app, meeting, BAD[:60], title=english(BAD), document_class="public"
        )
        work = work_on(db, meeting, by=by)
        invitation = add_invitation(work, self.entity, InvitationKind.CALL)
        db.flush()
        change_note(work, invitation, english(BAD), version=1)
        publish(db, meeting, remark=BAD)
        given = {"to_name": BAD, "subject": BAD, "text": BAD, "meeting_id": meeting.id}
        letter = write_letter(db, letter_given("bad", **given), now=NOW)
        letter.state, letter.last_error = State.FAILED, BAD
        _, self.token, _ = sign_in(db, make_sign_in_link(db, self.chair, now=NOW), now=NOW)
        here = open_sign_ins(db, self.chair.id, now=NOW)[0]
        here.agent = BAD
        db.flush()
        self.names = {
            "lang": "en",
            "slug": meeting.slug,
            "sitting_id": placed.id,
            "item_id": item.id,
            "room_id": room.id,
            "document_id": document.id,
            "invitation_id": invitation.id,
            "letter_id": letter.id,
            **self.commitments(db, source, work),
            **self.group(db, meeting),
            "sign_in_id": here.id,
            "number": head_number(db, meeting.id) - 3,
            "token": new_personal_feed(db, self.chair.id, now=NOW),
            "code": "en",
            "part": "entity",
            "key": "cim",
        }
        self.link = make_sign_in_link(db, self.chair, now=NOW)

    def commitments(self, db, source, work):
        """A text that is being read, a paragraph of which something is said, a deadline."""
        paragraph = resolution_by_id(db, source.id).paragraphs[0]
        bad_text = TEXT.replace("statistical records", f"statistical {BAD} records")
        draft = make_draft(db, self.chair.id, text=bad_text)
        deadline = make_deadline(db, self.meeting, what=BAD, paragraph=paragraph)
        say_fulfilled(work, paragraph, done=True, remark=english(BAD), version=0)
        return {
            "draft_id": draft.id,
            "paragraph_id": paragraph.id,
            "deadline_id": deadline.id,
        }

    def group(self, db, meeting):
        """The Group with one of each of its records."""
        bad = english(BAD)
        make_group(db, meeting, name=bad, place=bad, room=bad, quorum_source=BAD)
        delegate = make_delegate(db, meeting, name=BAD)
        election = make_election(db, meeting, delegate=delegate)
        liaison = make_liaison(db, meeting)
        liaison.considers = bad
        make_host(db, meeting)
        made = {
            "delegate_id": delegate,
            "member_id": voters(db, meeting)[0],
            "election_id": election,
            "decision_id": make_decision(db, meeting, BAD),
            "task_id": make_task(db, meeting, BAD),
            "clearance_id": make_clearance(db, meeting, BAD[:80]),
            "liaison_id": liaison,
        }
        db.flush()
        self.held = convened(db, meeting, notice(date(2026, 3, 10), BAD))[0].number
        return {name: row.id for name, row in made.items()}

    def address(self, path):
        """A route's path with what is in the world; a name that is not there is a KeyError."""
        given = dict(self.names)
        if path.startswith("/api/v1/resolutions"):
            given["key"] = "source"
        if "/group" in path:
            given |= {"key": "gt-first", "number": self.held}
        if "sign-in" in path:
            given["token"] = self.link
        return path.format(**given)


@pytest.fixture
def world(db, app):
    found = World(db, app)
    db.commit()
    return found


@pytest.fixture
def chair(app, db, client, world):
    """The browser of the one with the bad name."""
    client.headers["Cookie"] = f"convoca-session={world.token}"
    return client
