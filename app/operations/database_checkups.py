"""What the doctor looks at in a database that can be used."""

import os
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import func, select

from app.core.database import wal_is_safe
from app.core.installation import installation
from app.core.journal import Change
from app.core.letters import State
from app.core.outbox import outbox
from app.meetings.models import Meeting
from app.operations.health import LATE_AFTER
from app.operations.symptoms import Found, Patient, Symptom
from app.schedules.models import Edition

# When this was written: no clock that goes can show less.
WRITTEN = datetime(2026, 11, 1, tzinfo=UTC)
CLOCKS_AGREE = timedelta(minutes=2)
# File systems of other machines: SQLite's locks do not hold there.
REMOTE = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs", "afs", "glusterfs"})
DONE = (Change.at, Edition.published_at)


def sqlite(patient: Patient) -> Found:
    """What SQLite needs of its library and of its place."""
    file = patient.settings.database_file
    if file is None:
        yield "not used; the database is PostgreSQL"
        return
    kind = file_system(file, Path("/proc/mounts"))
    if kind in REMOTE:
        yield Symptom(
            f"{file} lies on another machine ({kind}).",
            "SQLite's locks do not hold there; the database will be damaged one day.",
            "Move the data folder to a disk of this machine, or use PostgreSQL.",
        )
    if not wal_is_safe(sqlite3.sqlite_version_info):
        yield Symptom(
            f"SQLite {sqlite3.sqlite_version} has a fault in its write-ahead log.",
            "Convoca does without that log, which is slower but safe.",
            "Nothing has to be done. SQLite 3.51.3, 3.50.7 or 3.44.6 is mended.",
            grave=False,
        )
    elif kind not in REMOTE:
        yield f"SQLite {sqlite3.sqlite_version} on a disk of this machine"


def file_system(file: Path, mounts: Path) -> str:
    """The kind of file system on which a file lies; empty where nobody says."""
    place, found = os.path.realpath(file), ("", "")
    try:
        lines = mounts.read_text().splitlines()
    except OSError:
        return ""
    for line in lines:
        _, point, kind, *_ = line.split(" ")
        inside = place == point or place.startswith(f"{point.rstrip('/')}/")
        if inside and len(point) >= len(found[0]):
            found = (point, kind)
    return found[1]


def clock(patient: Patient) -> Found:
    """Whether now is after all that was done."""
    why = "Sign-ins, deadlines, letters and calendars follow this clock."
    do = "Set the clock, and let the machine keep it by NTP."
    now = patient.now
    if now < WRITTEN:
        yield Symptom(f"The clock shows {now:%Y-%m-%d}, before this program was made.", why, do)
        return
    with patient.reading() as db:
        latest = max(
            filter(None, (db.scalar(select(func.max(each))) for each in DONE)), default=now
        )
        there = db.scalar(select(func.now())) if db.get_bind().dialect.name != "sqlite" else now
    if latest - now > CLOCKS_AGREE:
        words = f"The clock shows {now:%Y-%m-%d %H:%M} UTC, but something was done at"
        yield Symptom(f"{words} {latest:%Y-%m-%d %H:%M} UTC.", why, do)
    elif there is not None and abs(there - now) > CLOCKS_AGREE:
        words = f"This machine and the database differ by {abs(there - now)}."
        yield Symptom(words, why, f"{do} Both of them.")
    else:
        yield f"{now:%Y-%m-%d %H:%M} UTC, after all that was done"


def zones(patient: Patient) -> Found:
    """Whether every meeting's zone is known here."""
    with patient.reading() as db:
        used = db.scalars(select(Meeting.zone).distinct().order_by(Meeting.zone)).all()
    missing = [zone for zone in used if not _known(zone)]
    if missing:
        yield Symptom(
            f"The time zone data of this machine does not know {', '.join(missing)}.",
            "The meeting's times cannot be worked out.",
            "Install the newest tzdata of your system, or correct the meeting's zone.",
        )
    else:
        yield f"all known: {', '.join(used) or 'no meeting yet'}"


def _known(zone: str) -> bool:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def letters(patient: Patient) -> Found:
    """What waits for somebody."""
    with patient.reading() as db:
        paused = installation(db).mail_paused_at
        found = outbox(db)
    counts = {state: found.counts.get(state, 0) for state in (State.FAILED, State.UNCERTAIN)}
    if paused is not None:
        yield Symptom(
            f"Letters are held back since {paused:%Y-%m-%d %H:%M} UTC.",
            "A pause is meant for after a restore; meanwhile nobody is told anything.",
            "Look at the letters, then `convoca letters resume`.",
            grave=False,
        )
    elif found.overdue(now=patient.now, after=LATE_AFTER):
        yield Symptom(
            f"A letter should have left at {found.oldest_due:%Y-%m-%d %H:%M} UTC.",
            "Nobody sends letters here, or the mail server takes none.",
            "Check the mail server; see that `convoca serve` or `convoca letters send` runs.",
        )
    if any(counts.values()):
        yield Symptom(
            f"{counts[State.FAILED]} letters failed, {counts[State.UNCERTAIN]} may have arrived.",
            "Somebody was not told, or perhaps not.",
            "The secretariat finds them on each meeting's page of letters.",
            grave=False,
        )
    elif paused is None:
        yield "none failed"
