"""F2: the sender is killed again and again amid many letters."""

import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import select

from app.core.clock import system_clock
from app.core.letters import Letter, State, write_letter
from tests.faults.postman_process import LEASE
from tests.make import letter_given
from tests.smtp import Peer

PROCESS = Path(__file__).with_name("postman_process.py")
ROOT = Path(__file__).parents[2]
OPEN = {State.WAITING, State.SENDING, State.RETRY}


@pytest.mark.parametrize(
    ("letters", "kills"),
    [(40, 3), pytest.param(300, 25, marks=pytest.mark.soak)],
)
def test_killed_amid_letters_none_is_lost_and_none_leaves_twice(db, database_url, letters, kills):
    for number in range(letters):
        write_letter(db, letter_given(f"{number}"), now=system_clock())
    db.commit()
    chance = random.Random(letters)
    with Peer(seconds=0.008) as peer:
        killed = sum(
            killed_after(database_url, peer, chance.uniform(0.01, 0.15)) for _ in range(kills)
        )
        while states(db) & OPEN:
            time.sleep(LEASE.total_seconds())
            with postman(database_url, peer) as last:
                assert last.wait(timeout=120) == 0
        delivered = Counter(message["Message-ID"] for message in peer.messages)
    found = db.scalars(select(Letter)).all()

    sent = {each.message_id for each in found if each.state is State.SENT}
    uncertain = {each.message_id for each in found if each.state is State.UNCERTAIN}
    assert (len(sent) + len(uncertain), set(delivered.values())) == (letters, {1})
    assert sent <= delivered.keys() <= sent | uncertain
    assert len(uncertain) <= killed


def postman(database_url, peer):
    """One that is about to send."""
    program = subprocess.Popen(
        [sys.executable, PROCESS, database_url, peer.url],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert program.stdout.readline() == "ready\n"
    return program


def killed_after(database_url, peer, seconds):
    """Whether it was still at work when it was killed."""
    with postman(database_url, peer) as program:
        time.sleep(seconds)
        at_work = program.poll() is None
        program.kill()
    return at_work


def states(db):
    found = set(db.scalars(select(Letter.state)))
    db.rollback()  # its lock would keep the postmen out
    return found
