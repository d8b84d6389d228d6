"""The whole story, from the printed link to a calendar that moves by itself."""

import os
import subprocess
import sys
from datetime import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from icalendar import Calendar
from playwright.sync_api import expect

from app.core.formats import Formats
from app.demo import CHAIR
from app.meetings.queries import meeting_by_slug
from app.meetings.rules import days_of, local_instant
from tests.journeys.hands import Keyboard, Pointer

LAPTOP = {"viewport": {"width": 1280, "height": 800}}
PHONE_WITHOUT_SCRIPTS = {
    "viewport": {"width": 360, "height": 740},
    "is_mobile": True,
    "has_touch": True,
    "java_script_enabled": False,
}
SCHEDULE = "/en/meetings/practice/schedule"
FEED = "/calendars/practice/en/all.ics"
FIRST_PLENARY = {
    "Español": "Primera sesión plenaria",
    "Français": "Première séance plénière",
    "Português": "Primeira sessão plenária",
    "English": "First plenary session",
}

pytestmark = pytest.mark.browser


@pytest.fixture
def server(new_server):
    with new_server() as server:
        yield server


@pytest.fixture
def visitor(browser, server, hands, device):
    """`visitor()`: somebody with a browser of their own, without cookies."""
    contexts = []

    def make():
        context = browser.new_context(base_url=server.base_url, **device)
        context.set_default_timeout(10_000)
        contexts.append(context)
        return hands(context.new_page())

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def meeting(server):
    """The practice meeting."""
    with server.writing() as db:
        return meeting_by_slug(db, "practice")


def printed_link(server):
    """What `convoca sign-in` prints."""
    environment = {
        **os.environ,
        "CONVOCA_DATA_DIR": str(server.settings.data_dir),
        "CONVOCA_DATABASE_URL": server.settings.database_url,
        "CONVOCA_BASE_URL": server.base_url,
    }
    program = Path(sys.executable).with_name("convoca")
    return subprocess.check_output([program, "sign-in", CHAIR], env=environment, text=True).strip()


def part(page, heading):
    """The part of a page under this heading."""
    return page.locator("section", has=page.get_by_role("heading", name=heading, exact=True))


def session(page, title):
    """The cell of a session on the public page."""
    return page.get_by_role("cell").filter(has=page.get_by_role("heading", name=title, exact=True))


def said(page):
    """What the page before did."""
    return page.get_by_role("status").first


def entries(someone):
    """The feed's entries by UID, read without a cookie."""
    answer = someone.page.request.get(FEED)
    assert answer.status == 200
    return {str(event["uid"]): event for event in Calendar.from_ical(answer.body()).events}


def uid_of(feed, title):
    [uid] = [uid for uid, event in feed.items() if event["summary"] == title]
    return uid


@pytest.mark.parametrize(
    ("hands", "device"),
    [
        pytest.param(Keyboard, LAPTOP, id="by keyboard"),
        pytest.param(
            Pointer,
            PHONE_WITHOUT_SCRIPTS,
            id="on a phone without scripts",
            marks=pytest.mark.postgresql_journey,
        ),
    ],
)
def test_the_whole_story(server, visitor, meeting):
    chair, delegate = visitor(), visitor()
    days = [Formats("en").day_short(day) for day in days_of(meeting)]

    signs_in(chair, printed_link(server))
    reads_the_desk(chair)
    adds_an_agenda_item(chair)
    places_a_waiting_session(chair, f"Free {days[1]} 15:00, Room B")
    adds_a_session(chair, Formats("en").day(days_of(meeting)[2]))
    publishes(chair, "The first edition, with 7 sessions", edition=1)

    reads_in_four_languages(delegate, days[1])
    before = entries(delegate)
    assert len(before) == 7

    moves_a_session(chair, "Opening item 1", f"Free {days[0]} 15:00, Plenary Hall")
    cancels_a_session(chair, "Second plenary session item 4")
    publishes(chair, "2 changes", edition=2)

    finds_what_changed(delegate, f"Moved from {days[0]} 09:30")
    after = entries(delegate)
    moved, cancelled = uid_of(before, "Opening"), uid_of(before, "Second plenary session")
    afternoon = local_instant(meeting.first_day, time(15), meeting.zone)
    assert after.keys() == before.keys()
    assert after[moved]["dtstart"].dt == afternoon != before[moved]["dtstart"].dt
    assert after[moved]["sequence"] > before[moved]["sequence"]
    assert before[cancelled]["status"] == "CONFIRMED"
    assert after[cancelled]["status"] == "CANCELLED"

    chair.press("button", "Sign out")
    assert urlsplit(chair.page.url).path == "/en/sign-in"
    assert delegate.page.context.cookies() == []


def signs_in(chair, link):
    chair.page.goto(link)
    expect(chair.page.get_by_role("heading", level=1)).to_have_text("Sign in as Ana Ruiz")
    chair.press("button", "Sign in")
    chair.press("link", "Practice Meeting of National Authorities")


def reads_the_desk(chair):
    page = chair.page
    expect(page.get_by_role("heading", level=1)).to_contain_text("Opens in")
    mandates = part(page, "The three mandates").get_by_role("listitem")
    expect(mandates).to_have_count(3)
    for mandate, key in zip(mandates.all(), ("2019", "2026", "2040"), strict=True):
        expect(mandate).to_contain_text(f"AG/RES. {key} (XXXIV-O/04)")
    for purpose in ("Protection and assistance", "Prevention", "Punishment"):
        expect(part(page, "Purposes")).to_contain_text(purpose)
    bodies = part(page, "Bodies called upon")
    expect(bodies).to_contain_text("Paragraph 4 calls upon 10 bodies")
    expect(bodies.get_by_role("listitem")).to_have_count(10)
    for number in (3, 6):
        row = page.get_by_role("row").filter(has_text=f"paragraph {number}")
        assert row.count() >= 1
    still_open = part(page, "Still open")
    expect(still_open).to_contain_text("Item 4 has no title in: Français, Português")
    expect(still_open).to_contain_text("4 not yet placed")
    expect(still_open).not_to_contain_text("No item addresses")


def adds_an_agenda_item(chair):
    chair.press("link", "Agenda")
    chair.press("link", "Add an item")
    titles = {
        "English": "Training of border officials",
        "Español": "Capacitación de funcionarios de fronteras",
        "Français": "Formation des agents aux frontières",
        "Português": "Capacitação de agentes de fronteira",
    }
    for language, title in titles.items():
        chair.write(f"Title, {language}", title)
    chair.tick("AG/RES. 2040", off=True)
    chair.write("Minutes foreseen", "45")
    chair.tick("Prevention")
    chair.press("button", "Add the item")
    expect(said(chair.page)).to_have_text("Item 8 added: Training of border officials")
    item = chair.page.locator("#item-8")
    for tag in ("AG/RES. 2019", "AG/RES. 2026", "Prevention", "45 min"):
        expect(item).to_contain_text(tag)


def places_a_waiting_session(chair, cell):
    chair.press("link", "Schedule")
    chair.press("link", "Working group 2")
    chair.press_cell("button", cell)
    expect(said(chair.page)).to_have_text("Session placed: Working group 2")


def adds_a_session(chair, day):
    chair.press("link", "Add a session")
    chair.write("Title, English", "Briefing for delegations")
    chair.write("Title, Español", "Reunión informativa para delegaciones")
    chair.choose("Day", day)
    chair.write("From", "15:00")
    chair.write("Until", "16:00")
    chair.choose("Room", "Room C")
    chair.tick("8. Training of border officials")
    chair.tick("IOM")
    chair.press("button", "Add the session")
    expect(said(chair.page)).to_have_text("Session added: Briefing for delegations")


def publishes(chair, heading, *, edition):
    chair.press("link", "Check and publish")
    expect(chair.page.get_by_role("heading", level=1)).to_have_text(heading)
    chair.write("A line for readers", f"Timetable number {edition}")
    chair.press("button", f"Publish edition {edition}")
    expect(said(chair.page)).to_have_text(f"Edition {edition} is published.")


def reads_in_four_languages(delegate, day):
    page = delegate.page
    page.goto(SCHEDULE)
    expect(session(page, FIRST_PLENARY["English"])).to_be_visible()
    delegate.press("link", day)
    query = urlsplit(page.url).query
    delegate.press("link", "All")
    titles = set()
    for name, title in FIRST_PLENARY.items():
        delegate.press("link", name)
        lang = page.locator(".langs [aria-current]").get_attribute("lang")
        assert urlsplit(page.url).path == f"/{lang}/meetings/practice/schedule"
        expect(page.locator("html")).to_have_attribute("lang", lang)
        expect(session(page, title)).to_be_visible()
        titles.add(page.title())
    assert len(titles) == 4
    page.goto(f"{SCHEDULE}?{query}")
    delegate.press("link", "Português")
    assert urlsplit(page.url).query == query


def moves_a_session(chair, title, cell):
    chair.press_cell("link", title)
    chair.press_cell("button", cell)
    expect(said(chair.page)).to_contain_text("Session placed: ")


def cancels_a_session(chair, title):
    chair.press_cell("link", title)
    chair.press("button", "Cancel it")
    expect(said(chair.page)).to_have_text("Session cancelled: Second plenary session")


def finds_what_changed(delegate, words):
    page = delegate.page
    page.goto(SCHEDULE)
    expect(page.get_by_role("main")).to_contain_text("Timetable number 2")
    expect(session(page, "Opening")).to_contain_text(words)
    struck = session(page, "Second plenary session")
    expect(struck).to_contain_text("Cancelled")
    expect(struck.get_by_role("deletion")).to_have_text("Second plenary session")
