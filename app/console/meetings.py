"""`convoca demo`, `sign-in` and `publish`: what pages do too, from a terminal."""

from app.accounts.commands import end_sign_ins, make_sign_in_link
from app.accounts.queries import open_sign_ins, person_by_email
from app.accounts.rules import device_of
from app.console.base import (
    CANNOT,
    Arguments,
    Commands,
    base_url,
    port_of_environment,
    site_of,
    stopped,
    writing,
)
from app.core.changes import COMMAND_LINE
from app.core.clock import system_clock
from app.core.languages import Localized
from app.demo import is_empty, load_demo
from app.meetings.commands import begin_work
from app.meetings.queries import meeting_by_slug
from app.schedules.publishing import publish
from app.settings import Settings


def add_to(commands: Commands) -> None:
    """These commands."""
    demo = commands.add("demo", _demo, "Load the two demo meetings.")
    demo.add_argument("--if-new", action="store_true", help="only when there is no meeting yet")
    link = commands.add("sign-in", _sign_in, "Make a one-time sign-in link.")
    link.add_argument("email")
    words = "Show where somebody is signed in, and sign them out everywhere."
    listed = commands.add("sign-ins", _sign_ins, words)
    listed.add_argument("email")
    listed.add_argument("--end", action="store_true", help="sign out everywhere")
    edition = commands.add("publish", _publish, "Publish the schedule of a meeting.")
    edition.add_argument("meeting", help="its slug, like rtp-1")


def _demo(settings: Settings, arguments: Arguments) -> int:
    with writing(settings) as db:
        if is_empty(db):
            load_demo(db, site=site_of(settings), now=system_clock())
        elif not arguments.if_new:
            return stopped("there are meetings already; nothing was loaded.", CANNOT)
    return 0


def _sign_in(settings: Settings, arguments: Arguments) -> int:
    with writing(settings) as db:
        person = person_by_email(db, arguments.email.strip().casefold())
        if person is None:
            return stopped(f"nobody here has the address {arguments.email}.", CANNOT)
        token = make_sign_in_link(db, person, now=system_clock())
        address = f"/{person.language}/sign-in/{token}"
    print(f"{base_url(settings, port_of_environment())}{address}")
    return 0


def _sign_ins(settings: Settings, arguments: Arguments) -> int:
    now = system_clock()
    with writing(settings) as db:
        person = person_by_email(db, arguments.email.strip().casefold())
        if person is None:
            return stopped(f"nobody here has the address {arguments.email}.", CANNOT)
        for each in open_sign_ins(db, person.id, now=now):
            began, seen = f"{each.created_at:%Y-%m-%d %H:%M}", f"{each.seen_at:%Y-%m-%d %H:%M}"
            print(f"since {began} UTC, used {seen} UTC  {device_of(each.agent)}")
        if arguments.end:
            print(f"ended: {end_sign_ins(db, person.id, now=now)}")
    return 0


def _publish(settings: Settings, arguments: Arguments) -> int:
    with writing(settings) as db:
        meeting = meeting_by_slug(db, arguments.meeting)
        site = site_of(settings)
        work = begin_work(db, meeting, by=COMMAND_LINE, now=system_clock(), site=site)
        whole, new = publish(work, remark=Localized())
    number = whole.edition.number
    words = f"published edition {number}" if new else f"nothing changed since edition {number}"
    print(f"{meeting.slug}: {words}")
    return 0
