"""The list of entities: what the text names, what is added, noted, withdrawn, undone."""

import re
from html import unescape

import pytest

from app.core.changes import revert
from app.core.errors import Conflict
from app.core.journal import latest_change
from app.invitations.commands import add_invitation
from app.invitations.models import InvitationKind
from app.invitations.queries import called_upon, invitations_of
from app.meetings.queries import meeting_by_slug
from tests.make import loaded, make_entity, make_meeting, make_resolution, work_on

LIST = "/en/desk/first/invitations"


@pytest.fixture
def bodies(db):
    return [make_entity(db, key, f"Body {key}") for key in ("cim", "iin", "cicad")]


@pytest.fixture
def meeting(db, bodies):
    return make_meeting(db, resolution_id=make_resolution(db, called_upon=bodies).id)


@pytest.fixture
def chair(signed_in, meeting):
    return signed_in("chair", meeting)


def listed(db, meeting):
    db.rollback()
    return [
        (each.entity.key, each.kind.value, each.withdrawn_at is not None)
        for each in invitations_of(db, meeting.id)
    ]


def told(page):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


@pytest.mark.parametrize("slug", ["rtp-1", "practice"])
def test_the_demo_lists_all_ten_bodies_of_paragraph_4_with_their_paragraph(db, demo, slug):
    meeting = meeting_by_slug(db, slug)
    found = invitations_of(db, meeting.id)

    assert [each.entity_id for each in found] == [
        each.entity_id for each in called_upon(db, meeting)
    ]
    assert len(found) == 10
    assert {(each.paragraph.kind.value, each.paragraph.number) for each in found} == {
        ("operative", 4)
    }


def test_the_texts_names_are_taken_over_once_in_its_order(chair, db, meeting):
    assert "Take 3 entities over" in told(chair.get(LIST))
    for _ in range(2):
        assert chair.post(f"{LIST}/text").status_code == 303

    assert [key for key, _, _ in listed(db, meeting)] == ["cim", "iin", "cicad"]
    page = chair.get(LIST)
    assert "Everybody whom the resolution calls upon is on the list." in told(page)
    assert 'href="/en/desk/first/resolution#op-4"' in page.text


def test_an_entity_is_found_by_words_and_invited(chair, db, meeting):
    make_entity(db, "iom", "International Organization for Migration")
    page = chair.get(f"{LIST}?search=migration")
    assert "International Organization for Migration" in told(page)
    answer = chair.post(LIST, data={"entity": "iom", "kind": "invitation"})

    assert answer.status_code == 303
    assert listed(db, meeting) == [("iom", "invitation", False)]


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"entity": "cim", "kind": "call"}, 409),
        ({"entity": "nobody", "kind": "call"}, 404),
        ({"entity": "iin", "kind": "guess"}, 422),
        ({"entity": "iin"}, 422),
    ],
)
def test_what_cannot_be_added_is_said(chair, db, meeting, bodies, data, status):
    add_invitation(work_on(db, meeting), bodies[0], InvitationKind.CALL)

    assert chair.post(LIST, data=data).status_code == status
    assert len(listed(db, meeting)) == 1


def test_a_withdrawn_entity_stays_on_the_list_and_comes_back(chair, db, meeting, bodies):
    found = add_invitation(work_on(db, meeting), bodies[0], InvitationKind.CALL)
    address = f"{LIST}/{found.id}"
    chair.post(f"{address}/withdrawal", data={"version": 1})
    assert listed(db, meeting) == [("cim", "call", True)]
    page = told(chair.get(LIST))
    assert ("Withdrawn" in page, "0 entities are called upon" in page) == (True, True)
    assert chair.post(f"{address}/withdrawal", data={"version": 2}).status_code == 409

    chair.post(f"{address}/return", data={"version": 2})
    assert listed(db, meeting) == [("cim", "call", False)]


def test_a_withdrawal_and_a_note_can_be_undone(chair, db, meeting, bodies):
    found = add_invitation(work_on(db, meeting), bodies[0], InvitationKind.CALL)
    address = f"{LIST}/{found.id}"
    chair.post(address, data={"version": 1, "note_en": "Ask the director."})
    chair.post(f"{address}/withdrawal", data={"version": 2})
    for _ in range(2):
        number = re.search(r"/history/(\d+)/reversal", chair.get(LIST).text)[1]
        chair.post(f"/en/desk/first/history/{number}/reversal", data={"back": "invitations"})

    db.rollback()
    [left] = invitations_of(db, meeting.id)
    assert (left.withdrawn_at, dict(left.note)) == (None, {})


def test_an_addition_is_withdrawn_not_undone(db, meeting, bodies):
    work = work_on(db, loaded(db, meeting))
    add_invitation(work, bodies[0], InvitationKind.CALL)

    with pytest.raises(Conflict, match="cannot be undone"):
        revert(work, latest_change(db, meeting.id).number)


def test_two_notes_at_once_lose_neither(chair, db, meeting, bodies):
    found = add_invitation(work_on(db, meeting), bodies[0], InvitationKind.CALL)
    address = f"{LIST}/{found.id}"
    chair.post(address, data={"version": 1, "note_en": "First"})
    late = chair.post(address, data={"version": 1, "note_es": "Segunda"})
    cells = re.findall(r'<td role="cell">(.*?)</td>', late.text)

    assert late.status_code == 412
    assert [re.sub(r"<[^>]+>", "", cell) for cell in cells] == [
        *("empty", "First", "empty"),
        *("empty", "empty", "Segunda"),
    ]


def test_programs_keep_the_list_too(signed_in, db, meeting):
    program = signed_in("chair", meeting, bearer=True)
    address = "/api/v1/meetings/first/invitations"
    taken = program.post(f"{address}/text").json()["items"]
    first = f"{address}/{taken[0]['id']}"
    stale = program.put(f"{first}/withdrawal", headers={"If-Match": '"v7"'})
    gone = program.put(f"{first}/withdrawal", headers={"If-Match": '"v1"'})

    assert [each["entity"] for each in taken] == ["cim", "iin", "cicad"]
    assert taken[0]["paragraph"] == {"kind": "operative", "number": 4}
    assert (stale.status_code, stale.json()["present"]["version"]) == (412, 1)
    assert (gone.status_code, gone.json()["withdrawn"]) == (200, True)
