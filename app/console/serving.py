"""`convoca migrate` and `convoca serve`."""

import os
import signal
from argparse import ArgumentTypeError
from types import FrameType

import uvicorn
from alembic import command

from app.accounts.commands import make_sign_in_link
from app.accounts.queries import person_by_email
from app.console.base import (
    WRONG,
    Arguments,
    Commands,
    base_url,
    port_of_environment,
    stopped,
    writing,
)
from app.core.clock import system_clock
from app.core.database import Sessions, create_engines
from app.core.installation import found_installation
from app.demo import CHAIR
from app.main import Convoca, create_app
from app.operations.logs import log_settings
from app.settings import Settings, load_settings, secret_key
from app.startup import alembic_config, check_folder, check_newer, mark_in_use

MOST_WORKERS = 64


def add_to(commands: Commands) -> None:
    """These commands."""
    serve = commands.add("serve", _serve, "Serve pages, calendars and the API.")
    serve.add_argument("--host", default=os.environ.get("HOST") or "127.0.0.1")
    serve.add_argument("--port", type=int, default=port_of_environment())
    serve.add_argument(
        "--no-letters", action="store_true", help="leave them to `convoca letters send`"
    )
    serve.add_argument("--workers", type=_some, default=1, help="processes; PostgreSQL only")
    serve.add_argument("--welcome", action="store_true", help="print the demo chair's link")
    commands.add("migrate", _migrate, "Make or update the database. Alone may create one.")


def _some(given: str) -> int:
    if not given.isdecimal() or not 1 <= int(given) <= MOST_WORKERS:
        raise ArgumentTypeError(f"a number from 1 to {MOST_WORKERS}, not {given}")
    return int(given)


def _serve(settings: Settings, arguments: Arguments) -> int:
    if arguments.workers > 1 and settings.database_file is not None:
        words = "several workers need PostgreSQL (CONVOCA_DATABASE_URL); on SQLite one serves."
        return stopped(words, WRONG)
    token = _prepare(settings, welcome=arguments.welcome)
    base = base_url(settings, arguments.port)
    print(f"\nConvoca serves at {base}", flush=True)
    if token:
        words = "Sign in as the demo chair (once, within 15 minutes):"
        print(f"{words}\n  {base}/en/sign-in/{token}\n", flush=True)
    # What uvicorn heard it hears again when it is done; by then all has ended well.
    signal.signal(signal.SIGTERM, _nothing_more)
    options = {
        "host": arguments.host,
        "port": arguments.port,
        "log_config": log_settings(settings),
        "log_level": "warning",
        "access_log": False,  # addresses hold tokens
        "proxy_headers": False,  # looked at only where somebody counts: core.limits
        "server_header": False,
        "timeout_graceful_shutdown": 20,
        # A worker that is slow to start is not one that hangs.
        "timeout_worker_healthcheck": 30,
    }
    if arguments.workers == 1:
        app = create_app(settings, base_url=base, sends=not arguments.no_letters)
        uvicorn.run(app, **options)
    else:
        os.environ["PORT"] = str(arguments.port)
        factory = "worker_without_letters" if arguments.no_letters else "worker"
        uvicorn.run(f"{__name__}:{factory}", factory=True, workers=arguments.workers, **options)
    return 0


def worker(*, sends: bool = True) -> Convoca:
    """The application of one of several processes, from the environment that they share."""
    settings = load_settings(os.environ)
    base = base_url(settings, port_of_environment())
    return create_app(settings, base_url=base, sends=sends)


def worker_without_letters() -> Convoca:
    """The same where letters are sent by a process of their own."""
    return worker(sends=False)


def _prepare(settings: Settings, *, welcome: bool) -> str | None:
    """What is made once, before any worker; the token of the demo chair's link, if wanted."""
    with writing(settings) as db:
        found_installation(db, now=system_clock())
        person = person_by_email(db, CHAIR) if welcome else None
        token = make_sign_in_link(db, person, now=system_clock()) if person else None
    secret_key(settings)
    return token


def _nothing_more(_number: int, _frame: FrameType | None) -> None:
    pass


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
