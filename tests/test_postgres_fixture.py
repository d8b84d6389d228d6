"""The tests' own PostgreSQL: clones are independent, and it leaves nothing behind."""

import psutil
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from tests.postgres import Postgres


@pytest.fixture(scope="module")
def server():
    with Postgres() as server:
        yield server


def run(url, statement):
    with create_engine(url, poolclass=NullPool).begin() as connection:
        result = connection.execute(text(statement))
        return result.scalar() if result.returns_rows else None


def test_a_clone_has_what_its_template_had_and_changes_alone(server):
    template = server.clone()
    run(template, "CREATE TABLE paper (name text)")
    run(template, "INSERT INTO paper VALUES ('Ñandú')")

    first, second = server.clone(template), server.clone(template)
    run(first, "DELETE FROM paper")

    assert run(first, "SELECT count(*) FROM paper") == 0
    assert run(second, "SELECT lower(name) FROM paper") == "ñandú"


def test_a_database_in_use_can_be_dropped(server):
    url = server.clone()
    with create_engine(url, poolclass=NullPool).connect():
        server.drop(url)

    with pytest.raises(OperationalError, match="does not exist"):
        run(url, "SELECT 1")


def test_the_loopback_port_asks_for_the_password(server):
    url = server.url("postgres", tcp=True)

    assert run(url, "SELECT inet_server_addr()::text") == "127.0.0.1/32"
    with pytest.raises(OperationalError, match="authentication failed"):
        run(url.replace(server.password, "guess"), "SELECT 1")


def test_it_leaves_nothing_behind():
    with Postgres() as server:
        processes = psutil.Process(server.guard.pid).children(recursive=True)
        assert "postgres" in {process.name() for process in processes}

    assert not server.folder.exists()
    assert not server.data.exists()
    assert not psutil.wait_procs(processes, timeout=5)[1]
