"""The history at the desk: steps in words, undo and redo, what others do, the audit."""

import csv
import io
import json
import re
from html import unescape

import pytest
from sqlalchemy import text

from app.agendas.commands import remove_item
from app.agendas.queries import items_of
from app.core.changes import Actor, revert
from app.core.errors import Conflict
from app.core.journal import broken_changes, changes_after, latest_change
from app.core.languages import LANGUAGES
from app.schedules import commands
from app.schedules.queries import sitting_of
from tests.make import (
    loaded,
    make_item,
    make_meeting,
    make_room,
    make_sitting,
    publish,
    slot,
    words,
    work_on,
)

AGENDA = "/en/desk/first/agenda"
HISTORY = "/en/desk/first/history"


@pytest.fixture
def meeting(db):
    return make_meeting(db)


@pytest.fixture
def chair(signed_in, meeting):
    return signed_in("chair", meeting)


def titles(db, meeting):
    db.rollback()
    return [item.title["en"] for item in items_of(db, meeting.id)]


def add(visitor, title):
    assert visitor.post(f"{AGENDA}/items", data={"title_en": title}).status_code == 303


def told(page):
    return unescape(re.sub(r"<[^>]+>|\s+", " ", page.text))


def pressed(visitor, page, label):
    """Press the button of that name on the page."""
    found = re.search(
        rf'action="([^"]*)"><input[^>]*value="(\w+)">\s*<button[^>]*>{label}', page.text
    )
    return visitor.post(found[1], data={"back": found[2]})


def test_five_steps_are_undone_and_three_done_again(chair, db, meeting):
    for title in ("One", "Two", "Three"):
        add(chair, title)
    second = items_of(db, meeting.id)[1]
    chair.post(f"{AGENDA}/items/{second.id}/move", data={"to": "up"})
    chair.post(f"{AGENDA}/items/{second.id}", data={"version": second.version, "title_en": "TWO"})
    seen = [titles(db, meeting)]
    for _ in range(5):
        assert pressed(chair, chair.get(AGENDA), "Undo my last step").status_code == 303
        seen.append(titles(db, meeting))
    for _ in range(3):
        assert pressed(chair, chair.get(AGENDA), "Do it again").status_code == 303
        seen.append(titles(db, meeting))

    assert seen == [
        ["TWO", "One", "Three"],
        ["Two", "One", "Three"],
        ["One", "Two", "Three"],
        ["One", "Two"],
        ["One"],
        [],
        ["One"],
        ["One", "Two"],
        ["One", "Two", "Three"],
    ]
    assert broken_changes(db, meeting.id) == []


def test_after_a_new_step_there_is_nothing_to_do_again(chair):
    add(chair, "One")
    pressed(chair, chair.get(AGENDA), "Undo my last step")
    add(chair, "Two")

    assert "Do it again" not in chair.get(AGENDA).text


def test_each_undoes_only_own_steps(chair, signed_in, db, meeting):
    add(chair, "Mine")
    secretariat = signed_in("secretariat", meeting)
    add(secretariat, "Theirs")
    pressed(chair, chair.get(AGENDA), "Undo my last step")

    assert titles(db, meeting) == ["Theirs"]


def test_a_step_that_somebody_went_on_from_stays_and_the_page_says_so(chair, db, meeting):
    item = make_item(db, meeting, "First")
    step = latest_change(db, meeting.id).number
    chair.post(f"{AGENDA}/items/{item.id}", data={"version": 1, "title_en": "Changed"})
    answer = chair.post(f"{HISTORY}/{step}/reversal")

    assert (answer.status_code, titles(db, meeting)) == (409, ["Changed"])
    assert "It was changed again since" in told(answer)


def test_what_others_changed_elsewhere_stays_when_a_step_is_undone(db, meeting):
    ana, luis = Actor(None, "Ana"), Actor(None, "Luis")
    sitting = make_sitting(db, meeting, "Plenary", room=make_room(db, meeting))
    commands.unplace_sitting(work_on(db, meeting, by=ana), sitting, version=1)
    step = latest_change(db, meeting.id).number
    given = words("Plenary session")
    commands.change_sitting(work_on(db, meeting, by=luis), sitting, given, version=2)
    revert(work_on(db, meeting, by=ana), step)

    assert (sitting.title["en"], sitting.placed) == ("Plenary session", True)


def items_in(db, sitting):
    db.expire_all()
    return [item.id for item in sitting_of(db, sitting.meeting_id, sitting.id).items]


def test_a_removed_item_comes_back_with_its_place_and_its_sessions(db, meeting):
    items = [make_item(db, meeting, title) for title in ("One", "Two", "Three")]
    sitting = make_sitting(db, meeting, items=[items[1]])
    remove_item(work_on(db, meeting), items[1], version=items[1].version)
    meanwhile = items_in(db, sitting)
    revert(work_on(db, loaded(db, meeting)), latest_change(db, meeting.id).number)

    assert [item.title["en"] for item in items_of(db, meeting.id)] == ["One", "Two", "Three"]
    assert (meanwhile, items_in(db, sitting)) == ([], [items[1].id])


def test_a_deleted_session_comes_back_as_it_was(db, meeting):
    room, item = make_room(db, meeting), make_item(db, meeting)
    sitting = make_sitting(db, meeting, "Plenary", room=room, items=[item], note="Papers")
    before = latest_change(db, meeting.id).after
    commands.delete_sitting(work_on(db, meeting), sitting, version=1)
    revert(work_on(db, loaded(db, meeting)), latest_change(db, meeting.id).number)

    assert latest_change(db, meeting.id).after == before
    assert items_in(db, sitting) == [item.id]


def test_a_published_session_is_not_undone_away(db, meeting):
    make_sitting(db, meeting, room=make_room(db, meeting))
    added = latest_change(db, meeting.id).number
    publish(db, meeting)

    with pytest.raises(Conflict, match="published"):
        revert(work_on(db, loaded(db, meeting)), added)


def test_publishing_has_no_way_back(chair, db, meeting):
    make_sitting(db, meeting, room=make_room(db, meeting))
    publish(db, meeting)
    step = latest_change(db, meeting.id)
    answer = chair.post(f"{HISTORY}/{step.number}/reversal")

    assert (step.verb, answer.status_code) == ("edition.published", 409)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_step_is_a_sentence_in_the_readers_language(chair, db, meeting, lang):
    room = make_room(db, meeting, "Sala Bolívar")
    item, sitting = make_item(db, meeting, "Opening"), make_sitting(db, meeting, "Plenary")
    make_item(db, meeting, "Closing")
    chair.post(f"{AGENDA}/items/{item.id}/move", data={"to": "down"})
    commands.place_sitting(
        work_on(db, loaded(db, meeting)),
        sitting_of(db, meeting.id, sitting.id),
        slot(meeting, room),
        version=1,
    )
    page = told(chair.get(f"/{lang}/desk/first/history"))

    for name in ("Sala Bolívar", "Opening", "Plenary", "A chair"):
        assert name in page
    if lang == "en":
        assert "A chair moved item 1, “Opening”, after item 2" in page
    else:
        assert "moved item" not in page


def test_the_history_is_paged(chair, db, meeting):
    for number in range(60):
        make_item(db, meeting, f"Item {number}")
    first = chair.get(HISTORY)
    older = re.search(r'href="(/en/desk/first/history\?until=\d+)"', first.text)[1]
    rows = [
        re.findall(r'<td role="cell" class="num">(\d+)', chair.get(a).text)
        for a in (HISTORY, older)
    ]

    assert [int(number) for page in rows for number in page] == list(range(60, 0, -1))


def test_what_others_do_is_told_and_nothing_new_costs_nothing(chair, signed_in, db, meeting):
    make_item(db, meeting, "Old")
    opened = latest_change(db, meeting.id).number
    address = re.search(r'data-news="([^"]*)"', chair.get(AGENDA).text)[1]
    empty = chair.get(address)
    again = chair.get(address, headers={"If-None-Match": empty.headers["etag"]})
    add(chair, "My own")
    add(signed_in("secretariat", meeting), "Theirs <b>")
    news = chair.get(address, headers={"If-None-Match": empty.headers["etag"]})

    assert address.endswith(f"/{opened}")
    assert (empty.status_code, empty.text.strip(), again.status_code) == (200, "", 304)
    assert "A secretariat added item 3, “Theirs &lt;b&gt;”" in news.text
    assert "My own" not in news.text


def test_the_audit_is_a_table_that_no_spreadsheet_runs(chair, db, meeting):
    make_item(db, meeting, "=1+1")
    make_item(db, meeting, "Two, “three”")
    answer = chair.get(f"{HISTORY}.csv")
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))

    assert answer.headers["content-disposition"] == 'attachment; filename="first-history.csv"'
    assert [row["hash"] for row in rows] == [each.hash for each in changes_after(db, meeting.id, 0)]
    assert json.loads(rows[1]["after"])["title"] == {"en": "Two, “three”"}
    assert not [cell for row in rows for cell in row.values() if cell[:1] in set("=+-@")]


def test_an_altered_step_is_found(db, meeting):
    for title in ("One", "Two", "Three"):
        make_item(db, meeting, title)
    db.execute(text("UPDATE changes SET actor_name = 'Nobody' WHERE number = 2"))
    db.expire_all()
    assert broken_changes(db, meeting.id) == [2]

    db.execute(text("DELETE FROM changes WHERE number = 1"))
    assert 2 in broken_changes(db, meeting.id)


def test_the_api_tells_the_steps_and_undoes_them(signed_in, db, meeting):
    program = signed_in("chair", meeting, bearer=True)
    program.post("/api/v1/meetings/first/items", json={"title": {"en": "One"}})
    [step] = program.get("/api/v1/meetings/first/changes").json()["items"]
    undone = program.post(f"/api/v1/meetings/first/changes/{step['number']}/reversal")
    again = program.post(f"/api/v1/meetings/first/changes/{step['number']}/reversal")

    assert step["what"]["es"] == "A chair añadió el punto 1, “One”"
    assert (undone.status_code, undone.json()["nature"], titles(db, meeting)) == (201, "undone", [])
    assert again.status_code == 409


def test_the_steps_come_in_pages(signed_in, db, meeting):
    for number in range(130):
        make_item(db, meeting, f"Item {number}")
    program = signed_in("chair", meeting, bearer=True)
    first = program.get("/api/v1/meetings/first/changes").json()
    rest = program.get(f"/api/v1/meetings/first/changes?after={first['next']}").json()

    numbers = [step["number"] for page in (first, rest) for step in page["items"]]
    assert (numbers, rest["next"]) == (list(range(1, 131)), None)


def test_a_refused_save_leaves_no_step(chair, db, meeting):
    item = make_item(db, meeting)
    before = latest_change(db, meeting.id).number
    late = chair.post(f"{AGENDA}/items/{item.id}", data={"version": 0, "title_en": "Late"})
    wrong = chair.post(f"{AGENDA}/items/{item.id}", data={"version": 1, "minutes": "soon"})

    assert (late.status_code, wrong.status_code) == (412, 422)
    assert latest_change(db, meeting.id).number == before


def test_saving_what_is_stored_already_is_no_step(chair, db, meeting):
    item = make_item(db, meeting, "Opening")
    before = latest_change(db, meeting.id).number
    form = {"version": 1, "title_en": "Opening"}

    assert chair.post(f"{AGENDA}/items/{item.id}", data=form).status_code == 303
    assert latest_change(db, meeting.id).number == before
