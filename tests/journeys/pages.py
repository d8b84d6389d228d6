"""Every page there is, each in every state that looks different."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from fastapi.routing import APIRoute
from playwright.sync_api import Page, Response

from app.demo import CHAIR
from app.main import ROUTERS

DELEGATE = "delegate@convoca.example"
SECRETARIAT = "secretariat@convoca.example"
MEMBER = "member@convoca.example"
Names = Mapping[str, str]


def send(form: str, **fields: str) -> Callable[[Page, Names], Response | None]:
    """Fill in and send the form whose address ends so, past what its fields would allow."""

    def act(page: Page, names: Names) -> Response | None:
        found = page.locator(f"form[action$='{form.format_map(names)}']").first
        for name, value in fields.items():
            field = found.locator(f"[name={name}]").first
            field.evaluate("(it, value) => (it.value = value)", value.format_map(names))
        folded = found.locator("xpath=ancestor::details[not(@open)]/summary")
        if folded.count():
            folded.first.click()
        with page.expect_navigation() as answer:
            found.locator("button[type=submit]").first.click()
        return answer.value

    return act


@dataclass(frozen=True)
class Visit:
    """One look at a page; `{opening}` and the like stand in `tests.journeys.site.furnish`."""

    route: str
    path: str
    email: str = ""
    status: int = 200
    act: Callable[[Page, Names], Response | None] | None = None


def desk(route: str, path: str, **given) -> Visit:
    return Visit(route, f"/desk{path}", email=CHAIR, **given)


VISITS = {
    "home": Visit("home", ""),
    "meetings": Visit("meetings", "/meetings"),
    "meeting": Visit("meeting", "/meetings/practice"),
    "meeting not published": Visit("meeting", "/meetings/announced"),
    "agenda": Visit("agenda", "/meetings/practice/agenda"),
    "no agenda": Visit("agenda", "/meetings/announced/agenda"),
    "schedule": Visit("schedule", "/meetings/practice/schedule"),
    "schedule of a day": Visit("schedule", "/meetings/practice/schedule?day={day}"),
    "schedule of an empty day": Visit("schedule", "/meetings/held-now/schedule?day={day_off}"),
    "schedule of an old edition": Visit("schedule", "/meetings/practice/schedule?edition=1"),
    "schedule during the meeting": Visit("schedule", "/meetings/held-now/schedule"),
    "schedule of 2006": Visit("schedule", "/meetings/rtp-1/schedule"),
    "no schedule": Visit("schedule", "/meetings/announced/schedule"),
    "sitting": Visit("sitting", "/meetings/practice/sittings/{opening}"),
    "sitting cancelled": Visit("sitting", "/meetings/practice/sittings/{cancelled}"),
    "sign in": Visit("sign_in_page", "/sign-in"),
    "sign-in link": Visit("sign_in_link", "/sign-in/{link}"),
    "sign-in link used up": Visit("sign_in_link", "/sign-in/used", status=410),
    "my calendar": Visit("my_calendar", "/my-calendar", SECRETARIAT),
    "sign-ins": Visit("sign_ins", "/sign-ins", CHAIR),
    "my calendar made": Visit("my_calendar", "/my-calendar", CHAIR, act=send("/my-calendar")),
    "desks": desk("desks", ""),
    "desk": desk("desk", "/practice"),
    "desk not published": desk("desk", "/announced"),
    "desk during the meeting": desk("desk", "/held-now"),
    "desk of a past meeting": desk("desk", "/rtp-1"),
    "desk forbidden": Visit("desk", "/desk/practice", email=DELEGATE, status=403),
    "resolution": desk("desk_resolution", "/practice/resolution"),
    "no resolution": desk("desk_resolution", "/announced/resolution"),
    "agenda at the desk": desk("desk_agenda", "/practice/agenda"),
    "agenda at the desk, empty": desk("desk_agenda", "/announced/agenda"),
    "new item": desk("new_item", "/practice/agenda/items/new"),
    "item": desk("edit_item", "/practice/agenda/items/{item}"),
    "item with errors": desk(
        "new_item",
        "/practice/agenda/items/new",
        status=422,
        act=send("/agenda/items", minutes="soon"),
    ),
    "item changed by two": desk(
        "edit_item",
        "/practice/agenda/items/{item}",
        status=412,
        act=send("{item}", version="0", title_en="Mine"),
    ),
    "grid": desk("desk_schedule", "/practice/schedule"),
    "grid with a chosen sitting": desk("desk_schedule", "/practice/schedule?sitting={waiting}"),
    "grid with a cancelled sitting": desk(
        "desk_schedule", "/practice/schedule?sitting={cancelled}"
    ),
    "grid without rooms": desk("desk_schedule", "/announced/schedule"),
    "grid, cell taken": desk(
        "desk_schedule",
        "/practice/schedule?sitting={waiting}",
        status=422,
        act=send("/placement", place="{taken}"),
    ),
    "new sitting": desk("new_sitting", "/practice/sittings/new"),
    "sitting at the desk": desk("edit_sitting", "/practice/sittings/{opening}"),
    "sitting never published": desk("edit_sitting", "/practice/sittings/{waiting}"),
    "sitting with errors": desk(
        "new_sitting",
        "/practice/sittings/new",
        status=422,
        act=send("/sittings", **{"from": "25:00", "until": "x", "minutes": "0"}),
    ),
    "sitting changed by two": desk(
        "edit_sitting",
        "/practice/sittings/{opening}",
        status=412,
        act=send("{opening}", version="0", title_en="Mine"),
    ),
    "publishing with a clash": desk("publish_page", "/practice/editions/new"),
    "publishing": desk("publish_page", "/rtp-1/editions/new"),
    "publishing with errors": desk(
        "publish_page", "/rtp-1/editions/new", status=422, act=send("/editions", remark="x" * 400)
    ),
    "publishing nothing": desk("publish_page", "/held-now/editions/new"),
    "publishing nothing at all": desk("publish_page", "/announced/editions/new"),
    "rooms": desk("desk_rooms", "/practice/rooms"),
    "no rooms": desk("desk_rooms", "/announced/rooms"),
    "room": desk("edit_room", "/practice/rooms/{room}"),
    "room with errors": desk(
        "desk_rooms", "/practice/rooms", status=422, act=send("/rooms", seats="many")
    ),
    "room changed by two": desk(
        "edit_room",
        "/practice/rooms/{room}",
        status=412,
        act=send("{room}", version="0", name_en="Mine"),
    ),
    "history": desk("history", "/practice/history"),
    "no history": desk("history", "/announced/history"),
    "history of a step that has no way back": desk(
        "history",
        "/rtp-1/history?until={reworded}",
        status=409,
        act=send("/{reworded}/reversal"),
    ),
    "documents": Visit("documents", "/meetings/rtp-1/documents"),
    "no documents": Visit("documents", "/meetings/announced/documents"),
    "register": desk("desk_documents", "/practice/documents"),
    "empty register": desk("desk_documents", "/announced/documents"),
    "register with errors": desk(
        "desk_documents", "/practice/documents", status=422, act=send("/documents", symbol="X")
    ),
    "document": desk("edit_document", "/practice/documents/{document}"),
    "document, no file": desk(
        "edit_document", "/practice/documents/{document}", status=422, act=send("/files")
    ),
    "document changed by two": desk(
        "edit_document",
        "/practice/documents/{document}",
        status=412,
        act=send("{document}", version="0", title_en="Mine"),
    ),
    "entities": desk("invitations", "/practice/invitations"),
    "entities found": desk("invitations", "/practice/invitations?search=nations"),
    "no entities": desk("invitations", "/announced/invitations?search=nothing+here"),
    "entity": desk("edit_invitation", "/practice/invitations/{called}"),
    "entity changed by two": desk(
        "edit_invitation",
        "/practice/invitations/{called}",
        status=412,
        act=send("{called}", version="0", note_en="Mine"),
    ),
    "new meeting": desk("new_meeting", "/new"),
    "new meeting, no resolution": desk(
        "new_meeting", "/new", status=422, act=send("/desk/new", text="Soup, fish, fruit")
    ),
    "text to confirm": desk("confirm_text", "/new/{draft}"),
    "text with errors": desk(
        "confirm_text",
        "/new/{draft}",
        status=422,
        act=send("{draft}", **{"add-operative-4": "x" * 400}),
    ),
    "facts of a new meeting": desk("new_facts", "/new/{draft}/meeting"),
    "facts with errors": desk(
        "new_facts", "/new/{draft}/meeting", status=422, act=send("/meeting", slug="Not so")
    ),
    "commitments": desk("commitments", "/practice/commitments"),
    "commitments of a past meeting": desk("commitments", "/rtp-1/commitments"),
    "no commitments": desk("commitments", "/announced/commitments"),
    "counting with errors": desk(
        "commitments", "/practice/commitments", status=422, act=send("/counting", days_0="1")
    ),
    "commitment": desk("edit_commitment", "/practice/commitments/{paragraph}"),
    "commitment with errors": desk(
        "edit_commitment",
        "/practice/commitments/{paragraph}",
        status=422,
        act=send("{paragraph}", remark_en="x" * 5000),
    ),
    "commitment changed by two": desk(
        "edit_commitment",
        "/practice/commitments/{paragraph}",
        status=412,
        act=send("{paragraph}", version="0", remark_en="Mine"),
    ),
    "due": desk("edit_due", "/practice/commitments/dues/{deadline}"),
    "due with errors": desk(
        "edit_due",
        "/practice/commitments/dues/{deadline}",
        status=422,
        act=send("{deadline}", what_en="x" * 400),
    ),
    "due changed by two": desk(
        "edit_due",
        "/practice/commitments/dues/{deadline}",
        status=412,
        act=send("{deadline}", version="0", what_en="Mine"),
    ),
    "letters": desk("letters", "/practice/letters"),
    "letters of one state": desk("letters", "/practice/letters?state=failed"),
    "no letters": desk("letters", "/announced/letters"),
    "letter that failed": desk("letter", "/practice/letters/{letter_failed}"),
    "letter that may have arrived": desk("letter", "/practice/letters/{letter_uncertain}"),
    "letter with errors": desk(
        "letter",
        "/practice/letters/{letter_failed}",
        status=422,
        act=send("{letter_failed}/address", address="nobody"),
    ),
    "group": desk("group", "/practice/group"),
    "group by precedence": desk("group", "/practice/group?order=precedence"),
    "no group": desk("group", "/announced/group"),
    "group with errors": desk(
        "group", "/practice/group", status=422, act=send("practice/group", quorum_open="many")
    ),
    "member of the group": desk("group_member", "/practice/group/members/{member}"),
    "officers": desk("officers", "/practice/group/officers"),
    "officers with errors": desk(
        "officers", "/practice/group/officers", status=422, act=send("/officers")
    ),
    "precedence": desk("precedence", "/practice/group/precedence"),
    "precedence offered": desk("precedence", "/practice/group/precedence?seed=lots"),
    "decisions": desk("decisions", "/practice/group/decisions"),
    "decisions with errors": desk(
        "decisions", "/practice/group/decisions", status=422, act=send("/decisions")
    ),
    "decision": desk("decision", "/practice/group/decisions/{decision}"),
    "decision ad referendum": desk("decision", "/practice/group/decisions/{open}"),
    "decision by silence": desk("decision", "/practice/group/decisions/{silent}"),
    "decision changed by two": desk(
        "decision",
        "/practice/group/decisions/{decision}",
        status=412,
        act=send("decisions/{decision}", version="0", text_en="Mine"),
    ),
    "work plan": desk("tasks", "/practice/group/tasks"),
    "work plan with errors": desk(
        "tasks", "/practice/group/tasks", status=422, act=send("/tasks", due_on="")
    ),
    "task": desk("task", "/practice/group/tasks/{task}"),
    "clearances": desk("clearances", "/practice/group/clearances"),
    "clearance": desk("clearance", "/practice/group/clearances/{clearance}"),
    "clearance recorded by the secretariat": Visit(
        "clearance", "/desk/practice/group/clearances/{clearance}", SECRETARIAT
    ),
    "liaison": desk("liaison", "/practice/group/liaison"),
    "liaison of a past meeting": desk("liaison", "/rtp-1/group/liaison"),
    "committee": desk("committee", "/practice/group/liaison/{committee}"),
    "meetings of the group": desk("group_meetings", "/practice/group/meetings"),
    "convening with errors": desk(
        "group_meetings",
        "/practice/group/meetings",
        status=422,
        act=send("/meetings", day="", starts="soon"),
    ),
    "meeting of the group": desk("group_meeting", "/practice/group/meetings/1"),
    "desk of a meeting of the group": desk("desk", "/gt-practice-2"),
    "moving": desk("moving", "/practice/move"),
    "moving with errors": desk(
        "moving", "/practice/move", status=422, act=send("/move", last_day="2020-01-01")
    ),
    "group for members": Visit("group_home", "/group/gt-practice", MEMBER),
    "decision for members": Visit(
        "group_decision", "/group/gt-practice/decisions/{silent}", MEMBER
    ),
    "sign in, no address": Visit(
        "sign_in_page", "/sign-in", status=422, act=send("/sign-in", email="nobody")
    ),
    "nothing there": Visit("", "/nothing/here", status=404),
    "no such meeting": Visit("meeting", "/meetings/nowhere", status=404),
}


# Answers that are no pages of their own.
PIECES = {"news", "audit", "letters_zip", "alive", "ready", "metrics", "document_file", "security"}


def page_routes() -> Mapping[str, re.Pattern[str]]:
    """Routes that answer GET with a page, by name: what their paths look like."""
    routes = [route for router in ROUTERS for route in router.routes]
    return {
        route.name: route.path_regex
        for route in routes
        if isinstance(route, APIRoute)
        and "GET" in route.methods
        and not route.path.startswith(("/api/", "/calendars/"))
        and route.name not in PIECES
    }
