"""`convoca files`: what lies in the store, compared with what the database says."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from app.console.base import DAMAGED, Arguments, Commands
from app.core.clock import system_clock
from app.core.database import Sessions, create_engines
from app.core.uploads import ScanState, broken_files
from app.operations.housekeeping import collect_files, scan_files
from app.settings import Settings
from app.startup import check_folder, check_schema


def add_to(commands: Commands) -> None:
    """These commands."""
    words = "Collect what no row names, show waiting files to the scanner, or check every file."
    commands.add("files", _files, words).add_argument("what", choices=sorted(STEPS))


def _files(settings: Settings, arguments: Arguments) -> int:
    return STEPS[arguments.what](settings)


@contextmanager
def _sessions(settings: Settings) -> Iterator[Sessions]:
    check_folder(settings)
    engines = create_engines(settings.database)
    try:
        check_schema(engines.read, settings.database)
        yield Sessions(engines, after_write=lambda: None)
    finally:
        engines.dispose()


def _collect(settings: Settings) -> int:
    with _sessions(settings) as sessions:
        collected = collect_files(sessions, settings.uploads(), system_clock)
    print(f"collected: {len(collected)}")
    return 0


def _scan(settings: Settings) -> int:
    with _sessions(settings) as sessions:
        counts = scan_files(sessions, settings.uploads())
    print(", ".join(f"{state.value}: {counts.get(state, 0)}" for state in ScanState))
    return 0


def _check(settings: Settings) -> int:
    with _sessions(settings) as sessions, sessions.reading() as db:
        broken = broken_files(db, settings.uploads().store)
    for file in broken:
        print(f"file {file.id} ({file.name}) is gone or altered")
    print(f"{len(broken)} gone or altered" if broken else "every file is as it was sent")
    return DAMAGED if broken else 0


STEPS: dict[str, Callable[[Settings], int]] = {
    "check": _check,
    "collect": _collect,
    "scan": _scan,
}
