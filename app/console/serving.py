"""`convoca migrate` and `convoca serve`."""

import os

import uvicorn
from alembic import command

from app.accounts.commands import make_sign_in_link
from app.accounts.queries import person_by_email
from app.console.base import Arguments, Commands, base_url, port_of_environment, writing
from app.core.clock import system_clock
from app.core.database import Sessions, create_engines
from app.core.installation import found_installation
from app.demo import CHAIR
from app.main import create_app
from app.settings import Settings
from app.startup import alembic_config, check_folder, check_newer, mark_in_use


def add_to(commands: Commands) -> None:
    """These commands."""
    serve = commands.add("serve", _serve, "Serve pages, calendars and the API.")
    serve.add_argument("--host", default=os.environ.get("HOST") or "127.0.0.1")
    serve.add_argument("--port", type=int, default=port_of_environment())
    serve.add_argument(
        "--no-letters", action="store_true", help="leave them to `convoca letters send`"
    )
    serve.add_argument("--welcome", action="store_true", help="print the demo chair's link")
    commands.add("migrate", _migrate, "Make or update the database. Alone may create one.")


def _serve(settings: Settings, arguments: Arguments) -> int:
    with writing(settings) as db:
        found_installation(db, now=system_clock())
        person = person_by_email(db, CHAIR) if arguments.welcome else None
        token = make_sign_in_link(db, person, now=system_clock()) if person else None
    base = base_url(settings, arguments.port)
    app = create_app(settings, base_url=base, sends=not arguments.no_letters)
    print(f"\nConvoca serves at {base}", flush=True)
    if person and token:
        address = f"{base}/{person.language}/sign-in/{token}"
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
