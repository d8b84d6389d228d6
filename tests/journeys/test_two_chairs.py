"""Two people at one desk: nothing is lost, what was done can be undone, others' work is seen."""

import pytest
from playwright.sync_api import expect

from app.agendas.queries import items_of
from app.demo import CHAIR
from app.meetings.queries import meeting_by_slug
from tests.journeys.pages import SECRETARIAT

AGENDA = "/en/desk/practice/agenda"

pytestmark = pytest.mark.browser


@pytest.fixture
def server(new_server):
    with new_server() as server:
        yield server


@pytest.fixture
def at_desk(browser, server):
    """`at_desk(email)`: a page of somebody signed in."""
    contexts = []

    def make(email, **options):
        context = browser.new_context(base_url=server.base_url, **options)
        context.add_cookies([server.cookie(email)])
        context.set_default_timeout(10_000)
        contexts.append(context)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()


def items(server):
    with server.writing() as db:
        found = items_of(db, meeting_by_slug(db, "practice").id)
        return [(item.title.get("en"), item.title.get("fr"), item.minutes) for item in found]


def titles(page):
    return page.locator(".items h2.sit").all_inner_texts()


def press(page, button):
    """Click, and be on the page that answers."""
    with page.expect_navigation():
        button.click()


def save(page):
    press(page, page.get_by_role("button", name="Save item 3"))


@pytest.fixture
def both(at_desk):
    """The chair and the secretariat, with item 3 open."""
    chair, secretariat = at_desk(CHAIR), at_desk(SECRETARIAT)
    for page in (chair, secretariat):
        page.goto(AGENDA)
        page.get_by_role("link", name="Edit item 3").click()
    secretariat.get_by_label("Title, English").fill("Protection <b>and</b> assistance")
    secretariat.get_by_label("Minutes foreseen").fill("45")
    save(secretariat)
    chair.get_by_label("Title, French").or_(chair.get_by_label("Title, Français")).fill("Protéger")
    return chair, secretariat


def test_two_edit_one_item_and_the_late_one_sees_all_three_texts(server, both):
    chair, _ = both
    save(chair)
    shown = chair.locator(".conflict")
    rows = [row.split("\t") for row in shown.locator("tbody tr").all_inner_texts()]

    assert shown.locator("h2").inner_text().strip() == "Two of you changed this"
    assert [row[0] for row in rows] == ["Title, English", "Title, Français", "Minutes foreseen"]
    assert rows[0][2:] == ["Protection <b>and</b> assistance", rows[0][1]]
    assert shown.locator("td b").count() == 0
    assert chair.get_by_label("Title, Français").input_value() == "Protéger"
    assert items(server)[2][::2] == ("Protection <b>and</b> assistance", 45)


@pytest.mark.parametrize(
    ("choice", "kept"),
    [
        ("Join both", ("Protection <b>and</b> assistance", "Protéger", 45)),
        ("Keep mine", ("Protection of and assistance to victims", "Protéger", 180)),
        (
            "Keep what is stored",
            (
                "Protection <b>and</b> assistance",
                "Protection des victimes et assistance aux victimes",
                45,
            ),
        ),
    ],
)
def test_one_press_keeps_either_or_joins_them(server, both, choice, kept):
    chair, _ = both
    save(chair)
    chair.locator(".conflict").get_by_text(choice, exact=True).click()
    chair.wait_for_load_state()

    assert items(server)[2] == kept


def test_the_text_of_who_saved_first_is_in_the_history_whatever_is_kept(both):
    chair, _ = both
    save(chair)
    chair.get_by_role("button", name="Keep mine").click()
    chair.get_by_role("link", name="The whole history").click()

    expect(chair.locator("main")).to_contain_text("M. Rojas changed item 3")


def test_what_the_other_does_appears_by_itself(both):
    chair, _ = both

    expect(chair.locator("[data-news]")).to_contain_text("M. Rojas changed item 3")
    assert chair.get_by_label("Title, Français").input_value() == "Protéger"


@pytest.mark.parametrize("scripts", [True, False])
def test_five_steps_are_undone_and_three_done_again(at_desk, scripts):
    page = at_desk(CHAIR, java_script_enabled=scripts)
    page.goto(AGENDA)
    seen = [titles(page)]
    for move in ("Move down item 1", "Move up item 3", "Move down item 2", "Move up item 5"):
        press(page, page.get_by_role("button", name=move))
        seen.append(titles(page))
    page.get_by_role("link", name="Edit item 4").click()
    page.get_by_label("Title, English").fill("Edited at last")
    press(page, page.get_by_role("button", name="Save item 4"))
    seen.append(titles(page))
    history = page.locator(".history")
    for back in range(1, 6):
        press(page, history.get_by_role("button", name="Undo my last step"))
        assert titles(page) == seen[5 - back]
    for forth in range(1, 4):
        press(page, history.get_by_role("button", name="Do it again"))
        assert titles(page) == seen[forth]
