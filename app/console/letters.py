"""`convoca letters`: what waits, sending it, trying again, and holding everything back."""

import signal
from uuid import UUID

from sqlalchemy import select

from app.console.base import (
    CANNOT,
    Arguments,
    Commands,
    Run,
    site_of,
    stopped,
    writing,
)
from app.core.clock import system_clock
from app.core.database import create_engines
from app.core.installation import installation, pause_mail, resume_mail
from app.core.letters import Letter, send_again
from app.core.outbox import outbox, unsent_letters
from app.main import postman_of
from app.settings import Settings
from app.startup import check_folder, check_schema


def add_to(commands: Commands) -> None:
    """`letters` and its verbs."""
    letters = commands.add("letters", _list, "Letters: what waits, and sending it.")
    verbs = letters.add_subparsers(metavar="VERB")

    def add(name: str, run: Run, words: str) -> None:
        verb = verbs.add_parser(name, help=words, description=words)
        verb.set_defaults(run=run)
        if name == "send":
            verb.add_argument(
                "--forever", action="store_true", help="and go on until it is stopped"
            )
        if name == "retry":
            verb.add_argument("letter", help="its number, as `list` shows it")

    add("list", _list, "Show what has not left, and why.")
    add("send", _send, "Send what is due. Several at once do no harm.")
    add("retry", _retry, "Try a letter again at once.")
    add("pause", _pause, "Hold every letter back until `resume`.")
    add("resume", _resume, "Let letters leave again.")


def _list(settings: Settings, _arguments: Arguments) -> int:
    with writing(settings) as db:
        counts = outbox(db).counts
        if installation(db).mail_paused_at is not None:
            print("paused: no letter leaves until `convoca letters resume`")
        print(", ".join(f"{count} {state}" for state, count in counts.items()) or "no letters")
        for letter in unsent_letters(db):
            error = f"  {letter.last_error}" if letter.last_error else ""
            print(f"{letter.id}  {letter.state:10}  {letter.to_address}  {letter.subject}{error}")
    return 0


def _send(settings: Settings, arguments: Arguments) -> int:
    check_folder(settings)
    engines = create_engines(settings.database)
    try:
        check_schema(engines.read, settings.database)
        postman = postman_of(settings, engines, site_of(settings), clock=system_clock)
        if arguments.forever:
            for name in (signal.SIGTERM, signal.SIGINT):
                signal.signal(name, lambda *_: postman.stop())
            postman.run()
        else:
            count = postman.send_due()
            print(f"dealt with {count} letter{'' if count == 1 else 's'}")
    finally:
        engines.dispose()
    return 0


def _retry(settings: Settings, arguments: Arguments) -> int:
    with writing(settings) as db:
        try:
            found = db.scalar(select(Letter).where(Letter.id == UUID(arguments.letter)))
        except ValueError:
            found = None
        if found is None:
            return stopped(f"there is no letter {arguments.letter}.", CANNOT)
        send_again(db, found, now=system_clock())
    return 0


def _pause(settings: Settings, _arguments: Arguments) -> int:
    with writing(settings) as db:
        pause_mail(db, now=system_clock())
    print("paused")
    return 0


def _resume(settings: Settings, _arguments: Arguments) -> int:
    with writing(settings) as db:
        resume_mail(db)
    print("letters leave again")
    return 0
