"""`convoca backup`, `restore`, `verify`, `doctor`: nothing lost, nothing altered, all well."""

import json
from collections.abc import Mapping
from pathlib import Path

from app.console.base import (
    CANNOT,
    DAMAGED,
    Arguments,
    Commands,
    port_of_environment,
    reading,
)
from app.core.clock import system_clock
from app.operations.backups import back_up
from app.operations.checks import findings
from app.operations.doctor import examine, faults
from app.operations.restoring import restore
from app.settings import Settings


def add_to(commands: Commands) -> None:
    """These commands."""
    words = "Write one file with the database and the uploads, while people work."
    backup = commands.add("backup", _backup, words)
    backup.add_argument("file", type=Path, help="where; it must not be there yet")
    words = "Make an installation of a backup, in the configured empty place."
    back = commands.add("restore", _restore, words)
    back.add_argument("file", type=Path, help="what `convoca backup` wrote")
    commands.add("verify", _verify, "Prove that nothing published was altered.")
    words = "Say what is wrong with this installation, why it matters, and what to do."
    doctor = commands.add_early("doctor", _doctor, words)
    doctor.add_argument("--json", action="store_true", help="for programs")


def _doctor(environment: Mapping[str, str], arguments: Arguments) -> int:
    found = examine(environment, port=port_of_environment(), now=system_clock())
    if arguments.json:
        print(json.dumps([each.told() for each in found], indent=2))
    else:
        for each in found:
            print(f"{each.state:13}  {each.name}: {each.what}")
            for line in filter(None, (each.why, each.do)):
                print(f"{'':13}  {line}")
    return CANNOT if faults(found) else 0


def _backup(settings: Settings, arguments: Arguments) -> int:
    facts = back_up(settings, arguments.file, now=system_clock())
    print(f"{arguments.file}: {sum(facts['tables'].values())} rows, schema {facts['schema']}")
    print("The secret key is not in it: keep secret.key (or CONVOCA_SECRET_KEY) in another place.")
    return 0


def _restore(settings: Settings, arguments: Arguments) -> int:
    facts = restore(settings, arguments.file, now=system_clock())
    print(f"restored: {sum(facts['tables'].values())} rows as of {facts['made_at']}")
    if not settings.secret_key and not (settings.data_dir / "secret.key").exists():
        print("There is no secret.key here: links and cookies made with the old one are void.")
    return 0


def _verify(settings: Settings, _arguments: Arguments) -> int:
    with reading(settings) as db:
        found = list(findings(db))
    for each in found:
        print(each)
    print(f"{len(found)} altered" if found else "verified: nothing altered")
    return DAMAGED if found else 0
