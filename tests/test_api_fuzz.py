"""Generated requests against the whole API: never a 500, and answers of the described kind."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from app.accounts.models import SignIn
from app.core.security import token_hash
from app.meetings.queries import meetings
from tests.journeys.server import Server
from tests.make import NOW, make_person

TOKEN = "a-made-up-token-that-does-not-end"


@pytest.fixture
def served(settings, clock, db, demo):
    """The application on a socket, with a chair of both demo meetings signed in."""
    person = make_person(db, "chair", *meetings(db))
    expires_at = NOW + timedelta(days=1)
    token = {"token_hash": token_hash(TOKEN), "expires_at": expires_at, "agent": ""}
    db.add(SignIn(person_id=person.id, created_at=NOW, seen_at=NOW, **token))
    db.commit()
    with Server(settings, clock=clock) as server:
        yield server


def generated(server, *, cases, phases, headers):
    """Let the generator loose; gives its report and whether it found nothing."""
    program = Path(sys.executable).with_name("schemathesis")
    finished = subprocess.run(
        [
            program,
            "run",
            f"{server.base_url}/api/v1/openapi.json",
            *(part for header in headers for part in ("--header", header)),
            "--checks=not_a_server_error",
            f"--phases={phases}",
            f"--max-examples={cases}",
            "--seed=2118",
            "--exclude-path=/api/v1/sign-ins/current",
            "--suppress-health-check=all",
            "--no-color",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    return finished.returncode, finished.stdout + finished.stderr


def test_a_chairs_program_breaks_nothing(served):
    headers = [f"Authorization: Bearer {TOKEN}"]
    code, report = generated(served, cases=3, phases="examples,fuzzing", headers=headers)
    assert code == 0, report


@pytest.mark.fuzz
@pytest.mark.parametrize("headers", [[f"Authorization: Bearer {TOKEN}"], []])
def test_ten_thousand_requests_break_nothing(served, headers):
    phases = "examples,coverage,fuzzing,stateful"
    code, report = generated(served, cases=200, phases=phases, headers=headers)
    assert code == 0, report
