"""Three texts of one form: what joining them comes to."""

import pytest

from app.core.versions import edit_conflict

BASE = {"title": "Opening", "note": "", "items": ["a", "b"], "version": 3}


def conflict(theirs, mine):
    given = {"by": "Ana", "at": None, "version": 4}
    return edit_conflict(BASE, BASE | theirs, BASE | mine, **given)


def test_different_fields_join_without_a_choice():
    found = conflict({"title": "Inauguration"}, {"note": "Bring papers"})

    assert found.joined == {"title": "Inauguration", "note": "Bring papers", "items": ["a", "b"]}
    assert [row.field for row in found.differences] == ["title", "note"]
    assert not found.clashes


def test_of_one_field_that_both_changed_mine_is_joined_and_it_is_said():
    found = conflict({"title": "Inauguration"}, {"title": "Welcome"})

    assert (found.joined["title"], found.clashes) == ("Welcome", True)
    [row] = found.differences
    assert (row.base, row.theirs, row.mine) == ("Opening", "Inauguration", "Welcome")


def test_the_same_change_by_both_is_no_clash():
    assert not conflict({"title": "Welcome"}, {"title": "Welcome"}).clashes


@pytest.mark.parametrize(
    ("theirs", "mine", "joined"),
    [
        (["a", "b", "c"], ["a", "b", "d"], ["a", "b", "c", "d"]),
        (["a"], ["a", "b", "c"], ["a", "c"]),
        (["b"], ["a"], []),
        ([], ["a", "b"], []),
    ],
)
def test_boxes_join_tick_by_tick(theirs, mine, joined):
    assert conflict({"items": theirs}, {"items": mine}).joined["items"] == joined


def test_a_field_that_one_side_does_not_have_is_empty_there():
    found = edit_conflict(
        {}, {"items": ["a"], "minutes": 30}, {"minutes": "30"}, by="Ana", at=None, version=2
    )

    assert [(row.field, row.mine) for row in found.differences] == [
        ("items", []),
        ("minutes", "30"),
    ]
    assert found.joined == {"items": ["a"], "minutes": "30"}
