"""A form whose version is no number is stale on every page that edits; what was typed is kept."""

from html import unescape

import pytest

from app.core.languages import Localized
from app.reports.commands import say_fulfilled
from app.resolutions.queries import resolution_by_id
from tests.make import (
    make_deadline,
    make_document,
    make_item,
    make_meeting,
    make_resolution,
    make_room,
    make_sitting,
    work_on,
)

TYPED = {"title_en": "Mine", "name_en": "Mine", "what_en": "Mine", "remark_en": "Mine"}


def fulfilment(db, _app, meeting):
    paragraph = resolution_by_id(db, meeting.resolution_id).paragraphs[0]
    work = work_on(db, meeting)
    say_fulfilled(work, paragraph, done=True, remark=Localized(en="Yours"), version=0)
    return f"commitments/{paragraph.id}"


PLACES = {
    "item": lambda db, _app, meeting: f"agenda/items/{make_item(db, meeting).id}",
    "session": lambda db, _app, meeting: f"sittings/{make_sitting(db, meeting).id}",
    "room": lambda db, _app, meeting: f"rooms/{make_room(db, meeting).id}",
    "document": lambda db, app, meeting: f"documents/{make_document(db, app, meeting).id}",
    "deadline": lambda db, _app, meeting: f"commitments/dues/{make_deadline(db, meeting).id}",
    "fulfilment": fulfilment,
}


@pytest.mark.parametrize("version", ["²", "x", "9" * 5000, ""])
@pytest.mark.parametrize("place", PLACES)
def test_a_version_that_is_no_number_is_stale(db, app, signed_in, place, version):
    meeting = make_meeting(db, resolution_id=make_resolution(db).id)
    address = f"/en/desk/first/{PLACES[place](db, app, meeting)}"
    chair = signed_in("chair", meeting)
    typed = TYPED | {"class": "public", "state": "open", "version": version}

    answer = chair.post(address, data=typed)
    assert (answer.status_code, "Mine" in unescape(answer.text)) == (412, True)
