"""What letters cost: publishing with two hundred of them, sending them, and the sender's memory."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import psutil
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.accounts.commands import add_person, grant_role
from app.core.access import Role
from app.core.clock import system_clock
from app.core.letters import Letter, State
from app.core.postman import Postman
from app.core.transports import Folder
from app.meetings.queries import meeting_by_slug
from app.schedules.models import Sitting, SittingPerson
from app.schedules.roles import SittingRole
from bench.children import MIB, environment
from bench.data import Publishing, Size, Store

PEOPLE = 8
PATIENCE = 60


@dataclass(frozen=True)
class Letters:
    """Figures of one run; `ratio` is to writing the same bytes into files, each forced to disk."""

    publishing: Publishing
    count: int
    per_second: float
    ratio: float
    resident: float


def measure_letters(store: Store, folder: Path, *, rounds: int) -> Letters:
    """Each of eight people speaks in each of 25 sessions, which are published at once."""
    size = Size(25, 2, 4, of="letters")
    store.make_draft(size)
    _give_roles(store, size)
    publishing = store.publish(size)
    with Session(store.engines.read) as db:
        count = db.scalar(select(func.count()).select_from(Letter)) or 0
    ours, bare = [], []
    for number in range(rounds):
        out = folder / f"letters-{number}"
        ours.append(_sent(store, out))
        bare.append(_written(out, folder / f"bare-{number}"))
        _unsend(store)
    ratio = median(mine / other for mine, other in zip(ours, bare, strict=True))
    resident = _resident(store, folder)
    return Letters(publishing, count, count / median(ours), ratio, resident)


def _give_roles(store: Store, size: Size) -> None:
    with store.transaction() as db:
        meeting = meeting_by_slug(db, size.slug)
        sittings = db.scalars(select(Sitting.id).where(Sitting.meeting_id == meeting.id)).all()
        for number in range(PEOPLE):
            email = f"speaker-{number}@convoca.example"
            person = add_person(db, email=email, name=f"Speaker {number}", language="en")
            db.flush()  # roles name the person by key
            grant_role(db, person, meeting.id, Role.MEMBER)
            for key in sittings:
                given = {"sitting_id": key, "person_id": person.id}
                db.add(SittingPerson(role=SittingRole.SPEAKS, **given))


def _sent(store: Store, folder: Path) -> float:
    """Seconds until all have left."""
    postman = Postman(store.engines, Folder(folder), "a@example.org", "k" * 40, system_clock)
    began = time.perf_counter()
    postman.send_due()
    return time.perf_counter() - began


def _written(source: Path, target: Path) -> float:
    """Seconds for the same bytes by plain writes, each forced to disk and renamed."""
    contents = [file.read_bytes() for file in source.glob("*.eml")]
    target.mkdir()
    began = time.perf_counter()
    for number, content in enumerate(contents):
        part = target / f".{number}.part"
        with part.open("wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        part.rename(target / f"{number}.eml")
    return time.perf_counter() - began


def _unsend(store: Store) -> None:
    with store.transaction() as db:
        db.execute(update(Letter).values(state=State.WAITING, attempts=0))


def _resident(store: Store, folder: Path) -> float:
    """MiB of `convoca letters send --forever` when it has sent everything."""
    program = [sys.executable, "-m", "app.cli", "letters", "send", "--forever"]
    child = subprocess.Popen(program, env=environment(folder))
    try:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            with Session(store.engines.read) as db:
                waits = select(Letter.id).where(Letter.state != State.SENT).limit(1)
                if db.scalar(waits) is None:
                    break
            time.sleep(0.2)
        resident: int = psutil.Process(child.pid).memory_info().rss
        return resident / MIB
    finally:
        child.terminate()
        child.wait(timeout=30)
