"""`convoca verify`: that nothing published was altered."""

from app.console.base import DAMAGED, Arguments, Commands, writing
from app.operations.checks import findings
from app.settings import Settings


def add_to(commands: Commands) -> None:
    """These commands."""
    commands.add("verify", _verify, "Prove that nothing published was altered.")


def _verify(settings: Settings, _arguments: Arguments) -> int:
    with writing(settings) as db:
        found = list(findings(db))
    for each in found:
        print(each)
    print(f"{len(found)} altered" if found else "verified: nothing altered")
    return DAMAGED if found else 0
