"""`convoca doctor`: what an administrator should know, and what to do about each thing.

Every check stands for itself: one that cannot be made says why, and the next one is made.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.exc import SQLAlchemyError

from app.core.database import Engines, create_engines
from app.operations import checkups, database_checkups
from app.operations.symptoms import Patient, Symptom
from app.settings import SettingsError, load_settings
from app.startup import NotReadyError, check_folder, check_schema


class State(StrEnum):
    """How a thing stands."""

    OK = "ok"
    WARNING = "warning"
    FAULT = "fault"
    UNKNOWN = "not looked at"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at; `why` it matters and what to `do`, unless all is well."""

    name: str
    state: State
    what: str
    why: str = ""
    do: str = ""

    def told(self) -> dict[str, str]:
        """For programs."""
        return asdict(self)


Check = Callable[[Patient], Iterator[Symptom | str]]

WITHOUT_DATABASE: dict[str, Check] = {
    "public address": checkups.address,
    "secret key": checkups.key,
    "data folder": checkups.folder,
    "disk": checkups.disk,
    "mail server": checkups.mail_server,
    "files": checkups.files,
    "virus scanner": checkups.scanner,
}
IN_DATABASE: dict[str, Check] = {
    "sqlite": database_checkups.sqlite,
    "clock": database_checkups.clock,
    "time zones": database_checkups.zones,
    "letters": database_checkups.letters,
}


def examine(environment: Mapping[str, str], *, port: int, now: datetime) -> list[Finding]:
    """Everything, in the order in which it should be mended."""
    try:
        settings = load_settings(environment)
    except SettingsError as error:
        why = "A misspelt setting would silently not hold, so nothing starts with it."
        found = [
            Finding("settings", State.FAULT, line, why, "Correct or unset it, then run this again.")
            for line in str(error).splitlines()
        ]
        unknown = "the settings are wrong"
        names = (*WITHOUT_DATABASE, "database", *IN_DATABASE)
        return found + [Finding(name, State.UNKNOWN, unknown) for name in names]
    patient = Patient(settings, port, now)
    found = [Finding("settings", State.OK, "every setting is known and well-formed")]
    found += _all(WITHOUT_DATABASE, patient)
    return found + _database(patient)


def _database(patient: Patient) -> list[Finding]:
    """Whether it can be used, and what can be asked of it then."""
    url = patient.settings.database
    engines: Engines | None = None
    try:
        check_folder(patient.settings)
        engines = create_engines(url)
        check_schema(engines.read, url)
        patient.engines = engines
        return [
            Finding("database", State.OK, "it answers, and its schema is this program's"),
            *_all(IN_DATABASE, patient),
        ]
    except NotReadyError as error:
        why = "Nothing is served until this is mended."
        what, _, rest = str(error).partition(". ")
        unknown = [
            Finding(name, State.UNKNOWN, "the database cannot be used") for name in IN_DATABASE
        ]
        return [Finding("database", State.FAULT, f"{what}.", why, rest), *unknown]
    finally:
        if engines is not None:
            engines.dispose()


def _all(checks: Mapping[str, Check], patient: Patient) -> list[Finding]:
    return [each for name, check in checks.items() for each in _made(name, check, patient)]


def _made(name: str, check: Check, patient: Patient) -> Iterator[Finding]:
    try:
        for found in check(patient):
            if isinstance(found, str):
                yield Finding(name, State.OK, found)
            else:
                state = State.FAULT if found.grave else State.WARNING
                yield Finding(name, state, found.what, found.why, found.do)
    except (OSError, SQLAlchemyError) as error:
        why = "What cannot be looked at may be broken."
        what = f"It could not be looked at: {error}"
        yield Finding(
            name, State.FAULT, what, why, "Mend what the words name, then run this again."
        )


def faults(found: list[Finding]) -> bool:
    """Whether anything must be mended."""
    return any(each.state is State.FAULT for each in found)
