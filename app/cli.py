"""The program `convoca`: calls commands as pages do, and commits by itself.

Exit codes: 0 done, 1 cannot be done now, 2 wrong usage or settings, 3 damage found.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from app.console.base import CANNOT, DAMAGED, WRONG, Commands, Run, RunEarly, stopped
from app.core.errors import UserError
from app.operations.archives import DamagedError
from app.operations.logs import set_up_logs
from app.settings import SettingsError, load_settings
from app.startup import NotReadyError

GROUPS = ("serving", "meetings", "reading", "letters", "keeping", "files")
# A command of seconds waits for no module but its own.
QUICK = {"read": "reading"}


def main(argv: list[str] | None = None) -> int:
    """Run one command."""
    given = sys.argv[1:] if argv is None else argv
    arguments = _parser(given).parse_args(given)
    if "run_early" in arguments:
        early: RunEarly = arguments.run_early
        return early(os.environ, arguments)
    try:
        settings = load_settings(os.environ)
        set_up_logs(settings)
        run: Run = arguments.run
        return run(settings, arguments)
    except SettingsError as error:
        return stopped(str(error), WRONG)
    except NotReadyError as error:
        return stopped(str(error), CANNOT)
    except DamagedError as error:
        return stopped(str(error), DAMAGED)
    except UserError as error:
        advice = f" {error.advice.in_language('en')}" if error.advice else ""
        return stopped(error.sentence.in_language("en") + advice, CANNOT)


def _parser(given: Sequence[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="convoca", description="Plans official meetings.")
    commands = Commands(parser.add_subparsers(required=True, metavar="COMMAND"))
    quick = QUICK.get(given[0]) if given else None
    for group in [quick] if quick else GROUPS:
        import_module(f"app.console.{group}").add_to(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
