"""The Group's walk: from an election to a conference that moves by two weeks."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from icalendar import Calendar
from playwright.sync_api import expect

from app.core.clock import system_clock
from app.core.formats import Formats
from app.meetings.queries import meeting_by_slug
from tests.journeys.pages import MEMBER, SECRETARIAT

pytestmark = pytest.mark.browser

BASE = "/en/desk/practice"
FEED = "/calendars/groups/gt-practice/en/all.ics"
PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}


@pytest.fixture
def server(new_server):
    with new_server() as server:
        yield server


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def page_of(request, browser, server):
    """`page_of(email)`: somebody signed in with a browser of their own."""
    contexts = []

    def make(email, **device):
        context = browser.new_context(
            base_url=server.base_url, java_script_enabled=request.param, **device
        )
        context.add_cookies([server.cookie(email)])
        context.set_default_timeout(10_000)
        contexts.append(context)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()


def press(page, name, role="button"):
    with page.expect_navigation():
        page.get_by_role(role, name=name, exact=True).first.click()


def done(page):
    return page.get_by_role("status").first


def test_the_group_elects_meets_decides_clears_and_moves_the_conference(server, page_of):
    staff, phone = page_of(SECRETARIAT), page_of(MEMBER, **PHONE)
    elects_a_chair_who_gets_the_desk(staff, phone)
    convenes_a_series(staff)
    records_who_was_there(staff)
    decides_by_acclamation(staff)
    decides_ad_referendum(staff)
    decides_by_silence(staff, phone)
    clears_by_telephone(staff)
    clears_on_a_phone(staff, phone)
    owes_something_overdue(staff)
    moves_the_conference(server, staff)


def elects_a_chair_who_gets_the_desk(staff, phone):
    assert phone.goto(BASE).status == 403
    staff.goto(f"{BASE}/group/officers")
    staff.get_by_label("Post").select_option("chair")
    staff.get_by_label("Who").select_option(label="Claire Toussaint, Haiti")
    press(staff, "Record the election")
    expect(done(staff)).to_have_text("Elected: Claire Toussaint, Chair.")
    assert phone.goto(BASE).status == 200
    expect(phone.get_by_role("heading", name="For your clearance")).to_be_visible()


def convenes_a_series(staff):
    staff.goto(f"{BASE}/group/meetings")
    day = system_clock().date() + timedelta(days=28)
    staff.get_by_label("Day", exact=True).fill(day.isoformat())
    staff.get_by_label("A series: every so many weeks").fill("2")
    staff.get_by_label("Order of business, one item a line").fill("The draft conclusions")
    press(staff, "Convene and send the notice")
    expect(done(staff)).to_contain_text("from meeting 4 on")
    events = Calendar.from_ical(staff.request.get(FEED).body()).walk("VEVENT")
    numbers = {str(each["SUMMARY"]) for each in events}
    assert {f"Meeting {number} of the Group" for number in range(1, 5)} <= numbers
    staff.goto("/en/meetings/gt-practice-4/agenda")
    for title in ("Adoption of the order of business", "The draft conclusions"):
        expect(staff.get_by_role("main")).to_contain_text(title)


def records_who_was_there(staff):
    staff.goto(f"{BASE}/group/meetings/2")
    for name in ("Haiti", "Chile", "Trinidad and Tobago"):
        staff.get_by_label(name, exact=True).check()
    staff.get_by_label("Presided by").select_option(label="Marcus Bell, Trinidad and Tobago")
    staff.get_by_label("Why").fill("The chair was absent")
    press(staff, "Save the record")
    expect(staff.get_by_role("main")).to_contain_text(
        "3 of 34 present, 12 needed to open, 18 to decide."
    )


def _decide(staff, text, **chosen):
    staff.goto(f"{BASE}/group/decisions")
    staff.get_by_label("Text of the decision, English").fill(text)
    for label, value in chosen.items():
        staff.get_by_label(label, exact=True).select_option(value)
    if chosen.get("How") in {"ad_referendum", "silence"}:
        staff.get_by_text("Ad referendum, silence procedure").click()


def decides_by_acclamation(staff):
    _decide(staff, "The Group meets every second Tuesday.")
    press(staff, "Record the decision")
    expect(done(staff)).to_have_text("Decision 4 is recorded.")
    expect(staff.get_by_role("main")).to_contain_text("It is adopted")


def decides_ad_referendum(staff):
    _decide(staff, "The conclusions have four heads.", How="ad_referendum")
    staff.get_by_role("group", name="Ad referendum: who has to confirm").get_by_label(
        "Chile"
    ).check()
    press(staff, "Record the decision")
    expect(staff.get_by_role("main")).to_contain_text("Open: not all have confirmed")
    staff.get_by_label("How it came").first.fill("note 12/06")
    press(staff, "Record the confirmation")
    expect(staff.get_by_role("main")).to_contain_text("note 12/06")
    expect(staff.get_by_role("main")).not_to_contain_text("Open: not all have confirmed")


def decides_by_silence(staff, phone):
    _decide(staff, "The list of invitees is closed.", How="silence")
    deadline = system_clock() + timedelta(days=4)
    staff.get_by_label("Silence procedure: members may object until").fill(
        deadline.strftime("%Y-%m-%dT12:00")
    )
    press(staff, "Record the decision")
    expect(staff.get_by_role("main")).to_contain_text("Silence procedure is running")
    phone.goto("/en/group/gt-practice")
    press(phone, "Decision 6", "link")
    phone.get_by_label("We object, because").fill("One body is missing.")
    press(phone, "Object for Haiti")
    expect(done(phone)).to_have_text("Your objection is recorded.")
    staff.reload()
    expect(staff.get_by_role("main")).to_contain_text("One body is missing.")
    press(staff, "Confirm: not adopted")
    expect(staff.get_by_role("main")).to_contain_text("Not adopted")


def clears_by_telephone(staff):
    staff.goto(f"{BASE}/editions/new")
    press(staff, "Ask the chair to clear it")
    expect(staff.get_by_role("main")).to_contain_text("It is before the chair.")
    press(staff, "What the chair was asked", "link")
    staff.get_by_label("How it came").fill("by telephone, 3 March 10:12")
    press(staff, "Clear it")
    staff.goto(f"{BASE}/editions/new")
    expect(staff.get_by_role("main")).to_contain_text("The chair cleared it as it is now.")
    expect(staff.get_by_label("On whose instructions")).to_have_value("Claire Toussaint")
    press(staff, "Publish edition 1")
    expect(done(staff)).to_have_text("Edition 1 is published.")
    staff.goto(f"{BASE}/history")
    expect(staff.get_by_role("main")).to_contain_text(
        "published edition 1 on the instructions of Claire Toussaint"
    )


def clears_on_a_phone(staff, phone):
    staff.goto(f"{BASE}/group/clearances")
    staff.get_by_label("What is to be cleared").fill("Letters to the host")
    press(staff, "Ask the chair to clear it")
    phone.goto(BASE)
    row = phone.get_by_role("listitem").filter(has_text="Letters to the host")
    with phone.expect_navigation():
        row.get_by_role("button").click()
    expect(done(phone)).to_have_text("Cleared: Letters to the host")
    assert urlsplit(phone.url).path == BASE


def owes_something_overdue(staff):
    staff.goto(f"{BASE}/group/tasks")
    staff.get_by_label("What is to be done, English").fill("Book the interpreters")
    yesterday = system_clock().date() - timedelta(days=2)
    staff.get_by_label("Due on").fill(yesterday.isoformat())
    press(staff, "Add the task")
    row = staff.get_by_role("row").filter(has_text="Book the interpreters")
    expect(row).to_contain_text(f"Overdue: {Formats('en').full_date(yesterday)}")


def moves_the_conference(server, staff):
    with server.writing() as db:
        first = meeting_by_slug(db, "practice").first_day
    formats, later = Formats("en"), first + timedelta(days=14)
    staff.goto(f"{BASE}/move")
    expect(staff.get_by_role("main")).to_contain_text("5 placed sessions keep their hours")
    staff.get_by_label("First day").fill(later.isoformat())
    staff.get_by_label("Last day").fill((later + timedelta(days=2)).isoformat())
    staff.get_by_label("Document that moves it").fill("CP/RES. 889 rev. 1")
    press(staff, "Move the meeting and 5 sessions")
    main = staff.get_by_role("main")
    expect(done(staff)).to_contain_text("Sessions that moved with it: 5.")
    expect(main).to_contain_text("CP/RES. 889 rev. 1")
    expect(main).to_contain_text(formats.full_date(later - timedelta(days=21)))
    staff.goto("/en/meetings/practice/schedule")
    expect(staff.get_by_role("main")).to_contain_text(formats.day_short(first))
    staff.goto(f"{BASE}/group/tasks")
    row = staff.get_by_role("row").filter(has_text="Issue the schedule in four languages")
    expect(row).to_contain_text(formats.full_date(later - timedelta(days=14)))
