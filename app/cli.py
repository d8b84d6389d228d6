"""The program `convoca`: calls commands as pages do, and commits by itself.

Exit codes: 0 done, 1 cannot be done now, 2 wrong usage or settings, 3 damage found.
"""

import argparse
import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
from alembic import command
from sqlalchemy.orm import Session

from app.accounts.commands import make_sign_in_link
from app.accounts.queries import person_by_email
from app.agendas.queries import broken_revisions
from app.core.clock import system_clock
from app.core.database import Sessions, create_engines
from app.core.errors import UserError
from app.core.installation import found_installation
from app.core.languages import Localized
from app.demo import CHAIR, is_empty, load_demo
from app.main import create_app
from app.meetings.queries import meeting_by_slug, meetings
from app.schedules.commands import publish
from app.schedules.queries import broken_editions
from app.settings import Settings, SettingsError, load_settings
from app.startup import (
    NotReadyError,
    alembic_config,
    check_folder,
    check_newer,
    check_schema,
    mark_in_use,
)

DAMAGED = 3
Arguments = argparse.Namespace
Parser = argparse.ArgumentParser


def main(argv: list[str] | None = None) -> int:
    """Run one command."""
    arguments = _parser().parse_args(argv)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(message)s")
    try:
        settings = load_settings(os.environ)
        run: Callable[[Settings, Arguments], int] = arguments.run
        return run(settings, arguments)
    except SettingsError as error:
        return _stopped(str(error), 2)
    except NotReadyError as error:
        return _stopped(str(error), 1)
    except UserError as error:
        advice = f" {error.advice.in_language('en')}" if error.advice else ""
        return _stopped(error.sentence.in_language("en") + advice, 1)


def _stopped(words: str, code: int) -> int:
    sys.stderr.write(f"convoca: {words}\n")
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="convoca", description="Plans official meetings.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, run: Callable[[Settings, Arguments], int], words: str) -> Parser:
        found = commands.add_parser(name, help=words, description=words)
        found.set_defaults(run=run)
        return found

    serve = add("serve", _serve, "Serve pages, calendars and the API.")
    serve.add_argument("--host", default=os.environ.get("HOST") or "127.0.0.1")
    serve.add_argument("--port", type=int, default=_port())
    serve.add_argument("--welcome", action="store_true", help="print the demo chair's link")
    add("migrate", _migrate, "Make or update the database. Alone may create one.")
    demo = add("demo", _demo, "Load the two demo meetings.")
    demo.add_argument("--if-new", action="store_true", help="only when there is no meeting yet")
    link = add("sign-in", _sign_in, "Make a one-time sign-in link.")
    link.add_argument("email")
    edition = add("publish", _publish, "Publish the schedule of a meeting.")
    edition.add_argument("meeting", help="its slug, like rtp-1")
    add("verify", _verify, "Prove that nothing published was altered.")
    return parser


def _port() -> int:
    given = os.environ.get("PORT") or "8000"
    return int(given) if given.isdigit() else 8000


def _base_url(settings: Settings, port: int) -> str:
    return settings.base_url or f"http://127.0.0.1:{port}"


@contextmanager
def _writing(settings: Settings) -> Iterator[Session]:
    """A checked database and one transaction."""
    check_folder(settings)
    engines = create_engines(settings.database)
    try:
        check_schema(engines.read, settings.database)
        with Sessions(engines, after_write=lambda: None).writing() as db:
            yield db
            db.commit()
    finally:
        engines.dispose()


def _serve(settings: Settings, arguments: Arguments) -> int:
    with _writing(settings) as db:
        found_installation(db, now=system_clock())
        person = person_by_email(db, CHAIR) if arguments.welcome else None
        token = make_sign_in_link(db, person, now=system_clock()) if person else None
    base_url = _base_url(settings, arguments.port)
    app = create_app(settings, base_url=base_url)
    print(f"\nConvoca serves at {base_url}", flush=True)
    if person and token:
        address = f"{base_url}/{person.language}/sign-in/{token}"
        words = f"Sign in as {person.name}, the demo chair (once, within 15 minutes):\n  {address}"
        print(f"{words}\n", flush=True)
    uvicorn.run(
        app,
        host=arguments.host,
        port=arguments.port,
        log_level="warning",
        access_log=False,  # addresses hold tokens
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=20,
    )
    return 0


def _migrate(settings: Settings, _arguments: Arguments) -> int:
    check_folder(settings, may_begin=True)
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o750)
    engines = create_engines(settings.database)
    check_newer(engines.read, settings.database)
    command.upgrade(alembic_config(settings.database), "head")
    with Sessions(engines, after_write=lambda: None).writing() as db:
        found_installation(db, now=system_clock())
        db.commit()
    engines.dispose()
    mark_in_use(settings, now=system_clock())
    return 0


def _demo(settings: Settings, arguments: Arguments) -> int:
    with _writing(settings) as db:
        if is_empty(db):
            load_demo(db, now=system_clock())
        elif not arguments.if_new:
            return _stopped("there are meetings already; nothing was loaded.", 1)
    return 0


def _sign_in(settings: Settings, arguments: Arguments) -> int:
    with _writing(settings) as db:
        person = person_by_email(db, arguments.email.strip().casefold())
        if person is None:
            return _stopped(f"nobody here has the address {arguments.email}.", 1)
        token = make_sign_in_link(db, person, now=system_clock())
        address = f"/{person.language}/sign-in/{token}"
    print(f"{_base_url(settings, _port())}{address}")
    return 0


def _publish(settings: Settings, arguments: Arguments) -> int:
    with _writing(settings) as db:
        meeting = meeting_by_slug(db, arguments.meeting)
        whole, new = publish(db, meeting, by=None, now=system_clock(), remark=Localized())
    number = whole.edition.number
    words = f"published edition {number}" if new else f"nothing changed since edition {number}"
    print(f"{meeting.slug}: {words}")
    return 0


def _verify(settings: Settings, _arguments: Arguments) -> int:
    damaged = 0
    with _writing(settings) as db:
        for meeting in meetings(db):
            editions = broken_editions(db, meeting.id)
            revisions = broken_revisions(db, meeting.id)
            for kind, numbers in (("edition", editions), ("agenda revision", revisions)):
                for number in numbers:
                    print(f"{meeting.slug}: {kind} {number} is not as published")
                    damaged += 1
    print("verified: nothing altered" if not damaged else f"{damaged} altered")
    return DAMAGED if damaged else 0


if __name__ == "__main__":
    sys.exit(main())
