"""Four meetings that together show everything a page can show."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta

from playwright.sync_api import Browser, Page
from sqlalchemy.orm import Session

from app.accounts.commands import grant_role
from app.accounts.queries import person_by_email
from app.core.access import Role
from app.core.journal import latest_by_subject
from app.core.languages import Localized
from app.core.letters import State, write_letter
from app.demo import CHAIR
from app.documents.queries import documents_of
from app.groups.queries import (
    clearances_of,
    decisions_of,
    liaisons_of,
    members_of,
    tasks_of,
)
from app.invitations.queries import invitations_of
from app.meetings.queries import meeting_by_slug
from app.reports.commands import say_fulfilled
from app.resolutions.queries import resolution_by_id
from app.schedules import commands
from app.schedules.queries import sittings_of
from tests.journeys.pages import DELEGATE, MEMBER, SECRETARIAT, VISITS, Names
from tests.journeys.server import Server
from tests.make import (
    letter_given,
    make_draft,
    make_meeting,
    make_room,
    make_sitting,
    publish,
    slot,
    work_on,
)

# The middle of a working day in the Americas; of today, since browsers drop cookies of the past.
NOW = datetime.combine(datetime.now(UTC).date(), time(15), UTC)

HEAD = r"""() => ({
  lang: document.documentElement.lang,
  titled: /^[\w¡¿].+ · Convoca$/u.test(document.title),
  headed: [...document.querySelectorAll("h1")].map((it) => it.textContent.trim() !== ""),
})"""


def furnish(server: Server) -> Names:
    """Put it all into the database; the names that paths and forms need."""
    with server.writing() as db:
        names = {**_practice(db), **_held_now(db), **_letters(db)}
        names |= {**_group(db), **_commitments(db)}
        _announced(db)
        names |= _reword(db, "rtp-1")
        db.commit()
    server.app.state.stamps.refresh()
    return {**names, "link": server.link_token(SECRETARIAT)}


def _letters(db: Session) -> dict[str, str]:
    """A letter in each state; the names of those that need somebody."""
    meeting = meeting_by_slug(db, "practice")
    found = {}
    for state in State:
        given = letter_given(f"shown:{state}", meeting_id=meeting.id)
        letter = found[state.value] = write_letter(db, given, now=NOW)
        letter.state, letter.attempts = state, 1
        letter.sent_at = NOW if state in {State.SENT, State.SENT_BY_HAND} else None
        letter.last_error = "550 5.1.1 no such user" if state is State.FAILED else ""
    db.flush()
    names = {f"letter_{name}": str(letter.id) for name, letter in found.items()}
    names["document"] = str(documents_of(db, meeting.id)[0].id)
    return names | {"called": str(invitations_of(db, meeting.id)[0].id)}


def _commitments(db: Session) -> dict[str, str]:
    """A paragraph of which something is said, a deadline, and a meeting that is not one yet."""
    meeting = meeting_by_slug(db, "practice")
    source = resolution_by_id(db, meeting.resolution_id)
    paragraph = next(each for each in source.paragraphs if each.anchor == "op-4")
    work = work_on(db, meeting, now=NOW)
    say_fulfilled(work, paragraph, done=False, remark=Localized(en="Asked by note."), version=0)
    draft = make_draft(db, person_by_email(db, CHAIR).id, now=NOW)
    return {
        "paragraph": str(paragraph.id),
        "deadline": str(meeting.deadlines[0].id),
        "draft": str(draft.id),
    }


def _group(db: Session) -> dict[str, str]:
    """What the Group of the practice meeting has by then."""
    meeting = meeting_by_slug(db, "practice")
    silent, reserved, adopted = decisions_of(db, meeting.id)
    found = {
        "decision": adopted,
        "open": reserved,
        "silent": silent,
        "task": tasks_of(db, meeting.id)[2],
        "clearance": clearances_of(db, meeting.id)[0],
        "committee": liaisons_of(db, meeting.id)[0],
        "member": next(each for each in members_of(db, meeting.id) if each.people),
    }
    return {name: str(row.id) for name, row in found.items()}


def _practice(db: Session) -> dict[str, str]:
    """Three editions with every kind of change, then a draft with a clash."""
    meeting = meeting_by_slug(db, "practice")
    hall, room_b, room_c = meeting.rooms
    by_title = {each.title["en"]: each for each in sittings_of(db, meeting.id)}
    opening, cancelled = by_title["Opening"], by_title["Second plenary session"]
    returning, dialogue = by_title["Working group 1"], by_title["Dialogue of heads of delegation"]
    added, closed = by_title["Working group 2"], by_title["Drafting committee"]

    def put(sitting, room, at, *, day, minutes=60):
        place = slot(meeting, room, at, day=day, minutes=minutes)
        commands.place_sitting(work_on(db, meeting), sitting, place, version=sitting.version)

    put(closed, room_c, time(15), day=2)
    publish(db, meeting, now=NOW - timedelta(days=3))
    commands.cancel_sitting(work_on(db, meeting), returning, version=returning.version)
    publish(db, meeting, now=NOW - timedelta(days=2))
    commands.bring_back_sitting(work_on(db, meeting), returning, version=returning.version)
    commands.cancel_sitting(work_on(db, meeting), cancelled, version=cancelled.version)
    put(opening, room_b, time(11, 30), day=1, minutes=90)
    put(added, room_b, time(15), day=2, minutes=90)
    publish(db, meeting, now=NOW - timedelta(days=1), remark="The opening moves to Room B.")

    put(dialogue, hall, time(10), day=3)
    dialogue.room = dialogue.room_id = None
    put(closed, room_c, time(9, 30), day=2)
    added.starts_at, added.ends_at, added.room_id = opening.starts_at, opening.ends_at, room_b.id
    item = returning.items[0]
    first = slot(meeting, hall, time(11, 30), minutes=90)
    day, hours = meeting.first_day.isoformat(), "11:30/13:00"
    return {
        "day": day,
        "opening": str(opening.id),
        "cancelled": str(cancelled.id),
        "waiting": str(by_title["Working group 3"].id),
        "item": str(item.id),
        "room": str(room_b.id),
        "taken": f"{day}/{hours}/{first.room_id}",
    }


def _held_now(db: Session) -> dict[str, str]:
    """On its second day; one session runs, one is next, one has no room."""
    yesterday = NOW.date() - timedelta(days=1)
    facts = {"first_day": yesterday, "last_day": yesterday + timedelta(days=3)}
    meeting = make_meeting(db, "held-now", **facts)
    room = make_room(db, meeting, seats=20, booths=2)
    make_sitting(db, meeting, "Plenary that runs", room=room, at=time(10, 30), day=2)
    make_sitting(db, meeting, "Plenary to come", room=room, at=time(15), day=2, closed=True)
    make_sitting(db, meeting, "Closing", room=room, at=time(15), day=4)
    publish(db, meeting, now=NOW)
    _chair(db, "held-now")
    return {"day_off": yesterday.isoformat()}


def _announced(db: Session) -> None:
    """Nothing but a name and two days."""
    first_day = NOW.date() + timedelta(days=200)
    make_meeting(db, "announced", first_day=first_day, last_day=first_day + timedelta(days=1))
    _chair(db, "announced")


def _chair(db: Session, slug: str) -> None:
    meeting = meeting_by_slug(db, slug)
    grant_role(db, person_by_email(db, CHAIR), meeting.id, Role.CHAIR)


def _reword(db: Session, slug: str) -> dict[str, str]:
    """A session whose last step leads nowhere back any more."""
    meeting = meeting_by_slug(db, slug)
    sitting = sittings_of(db, meeting.id)[0]
    sitting.title = Localized(sitting.title, en="Opening ceremony, later")
    return {"reworded": str(latest_by_subject(db, meeting.id, [sitting.id])[sitting.id])}


class Site:
    """`with site.look("schedule", "es") as page`: nothing may complain meanwhile."""

    def __init__(self, server: Server, browser: Browser) -> None:
        self.server, self.browser = server, browser
        self.cookies = {
            email: server.cookie(email) for email in (CHAIR, DELEGATE, SECRETARIAT, MEMBER)
        }
        self.names = furnish(server)
        self.pages: dict[tuple[str, str], Page] = {}
        self.complaints: list[str] = []
        self.texts: dict[str, str] = {}

    @contextmanager
    def look(self, name: str, lang: str, **options: object) -> Iterator[Page]:
        """The page, signed in as whom it takes; its head is right and no script complains."""
        visit = VISITS[name]
        page = self._page(visit.email, options)
        page.emulate_media(media="null", color_scheme="null")
        page.set_extra_http_headers({"Accept-Language": lang})
        self.complaints.clear()
        path = visit.path.format_map(self.names)
        answer = page.goto(f"/{lang}{path}" if path else "/")
        if visit.act:
            answer = visit.act(page, self.names)
        found = page.evaluate(HEAD)
        wanted = {"lang": lang, "titled": True, "headed": [True]}
        assert (answer.status, found) == (visit.status, wanted), (answer.status, found)
        yield page
        complaints = [each for each in self.complaints if f"status of {visit.status}" not in each]
        assert not complaints, complaints

    def text(self, page: Page, address: str, *statuses: int) -> str:
        """What is at an address that the page links to; asked for once."""
        if address not in self.texts:
            answer = page.request.get(address.replace("webcal://", "http://"))
            assert answer.status in {200, *statuses}, (answer.status, address)
            self.texts[address] = answer.text()
        return self.texts[address]

    def _page(self, email: str, options: dict[str, object]) -> Page:
        """One for everybody and every kind of device: a further one costs as much as its tests."""
        key = (email, repr(options))
        if key not in self.pages:
            context = self.browser.new_context(base_url=self.server.base_url, **options)
            context.add_cookies([self.cookies[email]] if email else [])
            page = self.pages[key] = context.new_page()
            page.on("console", lambda said: self.complaints.append(f"{said.text} {said.location}"))
            page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return self.pages[key]
