"""The schedule at the desk: placing, forms, cancelling and publishing, as a chair does it."""

import re
from datetime import UTC, date, datetime, time
from html import unescape

import pytest

from tests.make import (
    make_entity,
    make_item,
    make_meeting,
    make_resolution,
    make_room,
    make_sitting,
    publish,
    slot,
)

DESK = "/en/desk/first"
TEN_TO_ELEVEN = {"day": "2026-04-14", "from": "10:00", "until": "11:00"}


@pytest.fixture
def meeting(db):
    source = make_resolution(db, called_upon=[make_entity(db, "cim")])
    return make_meeting(db, resolution_id=source.id)


@pytest.fixture
def room(db, meeting):
    return make_room(db, meeting)


@pytest.fixture
def chair(signed_in, meeting):
    return signed_in("chair", meeting)


def only_sitting(chair):
    [found] = chair.get("/api/v1/meetings/first/sittings").json()["items"]
    return found


def post(chair, sitting, path, **form):
    address = f"{DESK}/sittings/{sitting.id}{path}"
    return chair.post(address, data={"version": sitting.version} | form)


def form_of(sitting, **given):
    return {"title_en": sitting.title["en"], "version": sitting.version} | given


def words_of(page):
    return unescape(re.sub(r"\s+", " ", page.text))


def test_a_sitting_may_be_added_without_a_place(chair):
    answer = chair.post(f"{DESK}/sittings", data={"title_en": "Plenary", "minutes": "90"})
    found = only_sitting(chair)

    assert (answer.status_code, answer.headers["location"]) == (303, f"{DESK}/schedule")
    assert (found["title"], found["minutes"]) == ({"en": "Plenary"}, 90)
    assert (found["starts_at"], found["ends_at"], found["room_id"]) == (None, None, None)
    assert "Not yet placed: 1" in words_of(chair.get(f"{DESK}/schedule"))


def test_a_sitting_is_added_with_everything(chair, db, meeting, room):
    item = make_item(db, meeting)
    form = TEN_TO_ELEVEN | {
        "title_en": "Plenary",
        "title_pt": "Plenária",
        "note_en": "Bring papers.",
        "room": str(room.id),
        "items": [str(item.id)],
        "entities": ["cim"],
        "closed": "yes",
    }
    assert chair.post(f"{DESK}/sittings", data=form).status_code == 303

    found = only_sitting(chair)
    assert {name: found[name] for name in found if name not in {"id", "version"}} == {
        "title": {"en": "Plenary", "pt": "Plenária"},
        "note": {"en": "Bring papers."},
        "minutes": None,
        "starts_at": "2026-04-14T14:00:00+00:00",
        "ends_at": "2026-04-14T15:00:00+00:00",
        "room_id": str(room.id),
        "items": [str(item.id)],
        "entities": ["cim"],
        "people": [],
        "closed": True,
        "cancelled": False,
    }


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"title_en": ""}, "title_en", "Enter the session's title in at least one language."),
        ({"minutes": "4"}, "minutes", "Enter a whole number from 5 to 1440."),
        ({"day": ""}, "day", "Choose a day of the meeting."),
        ({"day": "2026-04-18"}, "day", "Choose a day of the meeting."),
        ({"from": "noon"}, "from", "Enter a time like 09:30."),
        (
            {"until": "9:30"},
            "until",
            "The session ends before it starts. Enter a time after",
        ),
        ({"until": "10:00"}, "until", "The session ends before it starts."),
        ({"room": ""}, "room", "Choose a room."),
        ({"room": "elsewhere"}, "room", "Choose from the list."),
        ({"entities": ["unknown"]}, "entities", "Choose from the list."),
    ],
)
def test_a_mistake_is_named_at_its_field_and_nothing_typed_is_lost(
    chair, room, wrong, field, words
):
    form = TEN_TO_ELEVEN | {"title_en": "Plenary", "note_en": "Bring papers.", "room": str(room.id)}
    answer = chair.post(f"{DESK}/sittings", data=form | wrong)
    page = words_of(answer)

    assert answer.status_code == 422
    assert f'<a href="#{field}">{words}' in page
    assert "Bring papers." in page
    assert chair.get("/api/v1/meetings/first/sittings").json()["items"] == []


def test_a_taken_room_is_told_with_by_whom_and_until_when(chair, db, meeting, room):
    make_sitting(db, meeting, "Opening", room=room)
    form = TEN_TO_ELEVEN | {"title_en": "Plenary", "from": "10:30", "until": "12", "room": room.id}
    answer = chair.post(f"{DESK}/sittings", data=form)

    words = "Room A is taken until 11:00 by “Opening”. Choose another room or time."
    assert (answer.status_code, words in words_of(answer)) == (422, True)


def test_a_reception_may_last_until_midnight(chair, room):
    form = TEN_TO_ELEVEN | {"title_en": "Reception", "from": "21", "until": "0:00", "room": room.id}
    assert chair.post(f"{DESK}/sittings", data=form).status_code == 303

    assert only_sitting(chair)["ends_at"] == "2026-04-15T04:00:00+00:00"
    assert "Reception" in words_of(chair.get(f"{DESK}/schedule"))


def test_an_hour_that_the_clocks_skip_cannot_be_had(chair, db, signed_in):
    sunday = date(2027, 3, 14)
    meeting = make_meeting(db, "spring", zone="America/New_York", first_day=sunday, last_day=sunday)
    room = make_room(db, meeting)
    form = {"title_en": "Vigil", "day": "2027-03-14", "from": "2:30", "until": "4", "room": room.id}
    answer = signed_in("chair", meeting).post("/en/desk/spring/sittings", data=form)

    assert answer.status_code == 422
    assert "This time does not exist on that day: the clocks skip it." in words_of(answer)


def test_the_chosen_sitting_is_placed_by_pressing_a_free_cell(chair, db, meeting, room):
    sitting = make_sitting(db, meeting, "Plenary")
    page = chair.get(f"{DESK}/schedule?sitting={sitting.id}").text
    cells = re.findall(r'name="place" value="([^"]*)"', page)

    assert cells == [
        f"2026-04-{day}/{block}/{room.id}"
        for block in ("10:00/13:00", "15:00/18:00")
        for day in (14, 15, 16, 17)
    ]
    assert post(chair, sitting, "/placement", place=cells[5]).status_code == 303
    db.refresh(sitting)
    assert sitting.starts_at == datetime(2026, 4, 15, 19, tzinfo=UTC)


@pytest.mark.parametrize("place", ["", "2026-04-14", "2026-04-20/10:00/11:00/{room}"])
def test_a_cell_that_is_none_is_refused_on_the_grid(chair, db, meeting, room, place):
    sitting = make_sitting(db, meeting)
    answer = post(chair, sitting, "/placement", place=place.format(room=room.id))

    assert (answer.status_code, "There is a problem" in answer.text) == (422, True)
    assert only_sitting(chair)["starts_at"] is None


def test_a_cell_of_a_room_elsewhere_is_refused(chair, db, meeting, room):
    elsewhere = make_room(db, make_meeting(db, "second"))
    sitting = make_sitting(db, meeting)
    place = f"2026-04-14/10:00/11:00/{elsewhere.id}"

    assert post(chair, sitting, "/placement", place=place).status_code == 422
    assert only_sitting(chair)["room_id"] is None


def test_a_cell_that_somebody_took_meanwhile_is_refused_in_words(chair, db, meeting, room):
    make_sitting(db, meeting, "Opening", room=room)
    sitting = make_sitting(db, meeting, "Plenary")
    answer = post(chair, sitting, "/placement", place=f"2026-04-14/10:00/11:00/{room.id}")

    assert (answer.status_code, "is taken until 11:00 by “Opening”" in words_of(answer)) == (
        422,
        True,
    )


def test_the_form_shows_what_is_stored_and_saves_it_as_it_was(chair, db, meeting, room):
    make_sitting(db, meeting, "Plenary", room=room, at=time(9, 30), note="Bring papers.")
    before = only_sitting(chair)
    page = chair.get(f"{DESK}/sittings/{before['id']}").text
    shown = {
        name: re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)[1]
        for name in ("from", "until", "version")
    }
    chosen = re.findall(r'<option value="([^"]+)" selected', page)

    assert shown == {"from": "09:30", "until": "10:30", "version": "1"}
    assert chosen == ["2026-04-14", str(room.id)]
    form = shown | {"title_en": "Plenary", "note_en": "Bring papers.", "day": chosen[0]}
    form["room"] = chosen[1]
    assert chair.post(f"{DESK}/sittings/{before['id']}", data=form).status_code == 303
    after = only_sitting(chair)
    assert {**after, "version": 1} == before


def test_emptying_day_and_times_takes_it_off(chair, db, meeting, room):
    sitting = make_sitting(db, meeting, room=room)
    form = form_of(sitting, day="", **{"from": "", "until": ""}, room=str(room.id))

    assert chair.post(f"{DESK}/sittings/{sitting.id}", data=form).status_code == 303
    assert only_sitting(chair)["starts_at"] is None


def test_a_stale_form_shows_both_places(chair, db, meeting, room):
    sitting = make_sitting(db, meeting, "Plenary", room=room)
    form = TEN_TO_ELEVEN | form_of(sitting, room=str(room.id))
    assert (
        chair.post(f"{DESK}/sittings/{sitting.id}", data=form | {"until": "12"}).status_code == 303
    )
    late = chair.post(f"{DESK}/sittings/{sitting.id}", data=form | {"until": "13"})

    assert late.status_code == 412
    cells = re.findall(r'<td role="cell">(.*?)</td>', late.text)
    assert [unescape(cell) for cell in cells[:3]] == ["11:00", "12:00", "13"]
    assert only_sitting(chair)["ends_at"] == "2026-04-14T16:00:00+00:00"


def test_cancelling_frees_the_room_and_bringing_back_wants_it_again(chair, db, meeting, room):
    sitting = make_sitting(db, meeting, "Plenary", room=room)
    assert post(chair, sitting, "/cancellation").status_code == 303
    assert only_sitting(chair)["cancelled"] is True
    other = make_sitting(db, meeting, "Opening", room=room)

    db.refresh(sitting)
    refused = post(chair, sitting, "/return")
    assert (refused.status_code, "by “Opening”" in words_of(refused)) == (422, True)
    assert post(chair, other, "/withdrawal").status_code == 303
    assert post(chair, sitting, "/return").status_code == 303
    db.refresh(sitting)
    assert (sitting.cancelled_at, sitting.placed) == (None, True)


@pytest.mark.parametrize(("path", "first"), [("/cancellation", True), ("/return", False)])
def test_what_is_so_already_is_a_conflict(chair, db, meeting, path, first):
    sitting = make_sitting(db, meeting)
    if first:
        assert post(chair, sitting, path).status_code == 303
        db.refresh(sitting)

    assert post(chair, sitting, path).status_code == 409


@pytest.mark.parametrize("path", ["/withdrawal", "/cancellation", "/return", "/removal"])
def test_a_verb_on_what_somebody_changed_is_stale(chair, db, meeting, path):
    sitting = make_sitting(db, meeting)
    answer = chair.post(f"{DESK}/sittings/{sitting.id}{path}", data={"version": 9})

    assert (answer.status_code, "Changed while you wrote" in words_of(answer)) == (412, True)


def test_only_what_was_never_published_can_be_deleted(chair, db, meeting, room):
    item = make_item(db, meeting)
    sitting = make_sitting(db, meeting, room=room, items=[item])
    publish(db, meeting)
    refused = post(chair, sitting, "/removal")
    never = make_sitting(db, meeting, "Never", items=[item])

    assert (refused.status_code, "Cancel it" in words_of(refused)) == (409, True)
    assert post(chair, never, "/removal").status_code == 303
    assert only_sitting(chair)["id"] == str(sitting.id)


def test_before_publishing_one_sees_what_will_change(chair, db, meeting, room):
    moved = make_sitting(db, meeting, "Moved", room=room, at=time(9))
    struck = make_sitting(db, meeting, "Struck", room=room, at=time(11))
    make_sitting(db, meeting, "Untouched", room=room, at=time(15))
    publish(db, meeting)
    moved.starts_at, moved.ends_at = slot_times(meeting, room, time(12))
    post(chair, struck, "/withdrawal")
    make_sitting(db, meeting, "Added", room=room, at=time(16))
    make_sitting(db, meeting, "Unplaced")
    page = words_of(chair.get(f"{DESK}/editions/new"))
    rows = dict(re.findall(r'<span class="sit">(\w+)</span>.*?<td role="cell">(.*?)</tr>', page))

    assert {name: re.findall(r"<(?:del|ins)>([^<]*)<", row) for name, row in rows.items()} == {
        "Struck": ["Tue 14 11:00–12:00, Room A"],
        "Moved": ["Tue 14 09:00–10:00, Room A", "Tue 14 12:00–13:00, Room A"],
        "Added": ["Tue 14 16:00–17:00, Room A"],
    }
    assert "3 changes" in page
    assert "1 session has no place and stays unpublished: <a" in page
    assert "Publish edition 2" in page


def slot_times(meeting, room, at):
    place = slot(meeting, room, at)
    return place.starts_at, place.ends_at


def test_an_empty_schedule_is_not_published(chair, db, meeting):
    make_sitting(db, meeting, "Unplaced")
    page = chair.get(f"{DESK}/editions/new")
    answer = chair.post(f"{DESK}/editions", data={})

    assert "Place at least one session, then publish." in words_of(page)
    assert (answer.status_code, "No session has a day" in words_of(answer)) == (409, True)


def test_a_clash_that_came_from_elsewhere_stops_publishing(chair, db, meeting, room):
    for title in ("Opening", "Plenary"):
        sitting = make_sitting(db, meeting, title)
        sitting.starts_at, sitting.ends_at = slot_times(meeting, room, time(10))
        sitting.room_id = room.id
    words = "“Opening” and “Plenary” are in one room at the same time."

    assert words in words_of(chair.get(f"{DESK}/editions/new"))
    assert words in words_of(chair.get(DESK))
    answer = chair.post(f"{DESK}/editions", data={"remark": "Kept"})
    assert (answer.status_code, words in words_of(answer)) == (409, True)
    assert chair.get("/api/v1/meetings/first/editions").json()["items"] == []


def test_publishing_twice_publishes_once_and_says_so(chair, db, meeting, room):
    make_sitting(db, meeting, room=room)
    told = []
    for _ in range(2):
        answer = chair.post(f"{DESK}/editions", data={"remark": ""})
        assert answer.headers["location"] == f"{DESK}/schedule?edition=1"
        cookie = f"convoca-done={answer.cookies['convoca-done']}"
        told.append(
            words_of(chair.get(DESK, headers={"Cookie": chair.headers["Cookie"] + "; " + cookie}))
        )

    assert "Edition 1 is published." in told[0]
    assert "Nothing has changed since edition 1." in told[1]


def test_a_line_for_readers_stands_above_the_schedule(chair, client, db, meeting, room):
    make_sitting(db, meeting, room=room)
    chair.post("/es/desk/first/editions", data={"remark": "Cambio de sala"})

    page = client.get("/en/meetings/first/schedule").text
    assert '<span lang="es">Cambio de sala</span>' in page


def test_a_line_for_readers_that_is_too_long_is_not_cut(chair, db, meeting, room):
    make_sitting(db, meeting, room=room)
    answer = chair.post(f"{DESK}/editions", data={"remark": "x" * 301})

    assert (answer.status_code, "x" * 301 in answer.text) == (422, True)
    assert chair.get("/api/v1/meetings/first/editions").json()["items"] == []


def test_a_sitting_with_a_time_but_no_room_is_shown_beside_the_grid(chair, db, meeting, room):
    sitting = make_sitting(db, meeting, "Reception")
    sitting.starts_at, sitting.ends_at = slot_times(meeting, room, time(19))

    assert "Placed without a room: 1" in words_of(chair.get(f"{DESK}/schedule"))
