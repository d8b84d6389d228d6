"""Several processes on one PostgreSQL serve the same thing at once."""

import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import httpx2
import psutil
import pytest

from app.accounts.commands import make_sign_in_link, sign_in
from app.core.clock import system_clock
from tests.make import make_meeting, make_person, make_room, make_sitting, publish
from tests.postgres import free_port

ROOT = Path(__file__).parents[2]
PATIENCE = 60
CROWD = 8
SCHEDULE = "/api/v1/meetings/first/schedule"


@pytest.fixture
def token(db):
    """A chair's, with edition 1 published."""
    now = system_clock()
    first = (now + timedelta(days=90)).date()
    meeting = make_meeting(db, first_day=first, last_day=first + timedelta(days=3))
    make_sitting(db, meeting, room=make_room(db, meeting))
    publish(db, meeting, now=now)
    _, token, _ = sign_in(
        db, make_sign_in_link(db, make_person(db, "chair", meeting), now=now), now=now
    )
    db.commit()
    return token


@pytest.fixture
def served(token, database_url, tmp_path):
    """Two workers, started as an administrator would."""
    port = free_port()
    command = [sys.executable, "-m", "app.cli", "serve", "--port", str(port), "--workers", "2"]
    settings = {
        "PYTHONPATH": str(ROOT),
        "CONVOCA_DATA_DIR": str(tmp_path),
        "CONVOCA_DATABASE_URL": database_url,
    }
    program = subprocess.Popen(command, cwd=ROOT, env=settings, stdout=subprocess.DEVNULL)
    yield f"http://127.0.0.1:{port}", psutil.Process(program.pid)
    program.send_signal(signal.SIGTERM)
    assert program.wait(timeout=60) == 0


def seen_by_one(served):
    """Which worker answers on a new connection, and the edition that it shows, if it is up."""
    address, program = served
    try:
        with httpx2.Client(base_url=address) as client:
            answer = client.get(SCHEDULE)
            mine = answer.extensions["network_stream"].get_extra_info("client_addr")[1]
            workers = [
                worker.pid
                for worker in program.children()
                for each in worker.net_connections("tcp")
                if each.raddr and each.raddr.port == mine
            ]
    except httpx2.TransportError:
        time.sleep(0.05)
        return {}
    return dict.fromkeys(workers, answer.json()["edition"])


def seen_by_both(served, edition):
    """Ask until both workers have shown this edition; which they are."""
    deadline = time.monotonic() + PATIENCE
    with ThreadPoolExecutor(CROWD) as crowd:  # one at a time would always meet the same one
        while True:
            found = {}
            for each in crowd.map(seen_by_one, [served] * CROWD):
                found |= each
            if list(found.values()) == [edition] * 2:
                return found
            assert time.monotonic() < deadline, found


@pytest.mark.only("postgresql")
def test_what_one_worker_publishes_the_other_shows(served, token):
    before = seen_by_both(served, 1)

    with httpx2.Client(base_url=served[0], headers={"Authorization": f"Bearer {token}"}) as client:
        body = {"remark": {"en": "News"}}
        assert client.post("/api/v1/meetings/first/editions", json=body).status_code == 201

    assert seen_by_both(served, 2).keys() == before.keys()
