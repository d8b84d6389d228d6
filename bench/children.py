"""Servers as child processes: started, awaited, measured, and ended by their own pid."""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stdout, suppress
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

import psutil

from app import cli
from bench.wire import HOST, PATIENCE, Answer, Wire, request

ROOT = Path(__file__).parents[1]
MIB = 1024 * 1024
PATH_OF_LIFE = "/livez"


@dataclass(frozen=True)
class Child:
    """A server that answers, with what its start took."""

    pid: int
    port: int
    start_seconds: float
    start_cpu: float

    def cpu(self) -> float:
        """Seconds of processor time, user and system, of all its threads so far."""
        return cpu_seconds(self.pid)

    def resident(self) -> float:
        """Resident memory in MiB."""
        rss: int = psutil.Process(self.pid).memory_info().rss
        return rss / MIB


def cpu_seconds(pid: int) -> float:
    """The kernel's own clock of a process, in nanoseconds; elsewhere its ticks of 10 ms."""
    if sys.platform == "linux":
        # What clock_getcpuclockid(3) makes of a pid, which Python does not offer.
        with suppress(OSError):
            return time.clock_gettime((~pid << 3) | 2)
    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system)


def environment(folder: Path) -> dict[str, str]:
    """This process's variables, but none of an installation that may be configured here."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("CONVOCA_")}
    return {**ours, "CONVOCA_DATA_DIR": str(folder)}


def convoca(folder: Path, *arguments: str) -> None:
    """Run one of the program's commands in this process."""
    with patch.dict(os.environ, environment(folder), clear=True), redirect_stdout(StringIO()):
        if code := cli.main(list(arguments)):
            raise RuntimeError(f"convoca {' '.join(arguments)} ended with {code}")


def settings_of_serve(folder: Path) -> dict[str, Any]:
    """The arguments with which `convoca serve` runs uvicorn: the bare server gets the same."""
    with patch("uvicorn.run") as run:
        convoca(folder, "serve", "--host", HOST, "--port", str(free_port()))
    # How the log looks holds classes, and costs nothing while nothing is wrong.
    return {name: value for name, value in run.call_args.kwargs.items() if name != "log_config"}


def free_port() -> int:
    """One that nobody uses at this moment."""
    with socket.socket() as held:
        held.bind((HOST, 0))
        port: int = held.getsockname()[1]
        return port


@contextmanager
def serving(folder: Path) -> Iterator[Child]:
    """`convoca serve` on the data in the folder."""
    port = free_port()
    command = ["app.cli", "serve", "--host", HOST, "--port", str(port)]
    with _child(command, port, environment(folder)) as child:
        yield child


@contextmanager
def serving_bare(answer: Answer, folder: Path, settings: Mapping[str, Any]) -> Iterator[Child]:
    """A server that knows one answer."""
    port = free_port()
    known, body = folder / "bare.json", folder / "bare.body"
    known.write_text(json.dumps({"status": answer.status, "headers": answer.headers}))
    body.write_bytes(answer.body)
    uvicorn_settings = json.dumps({**settings, "port": port})
    command = ["bench.bare", str(known), str(body), uvicorn_settings]
    with _child(command, port, environment(folder)) as child:
        yield child


@contextmanager
def _child(command: list[str], port: int, variables: Mapping[str, str]) -> Iterator[Child]:
    with tempfile.TemporaryFile() as errors:
        began = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=ROOT,
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
        )
        try:
            if not _answers(process, port):
                errors.seek(0)
                words = errors.read().decode(errors="replace")
                raise RuntimeError(f"{command[0]} did not start: {words[-2000:]}")
            ready = time.perf_counter() - began
            yield Child(process.pid, port, ready, cpu_seconds(process.pid))
        finally:
            _end(process)


def _answers(process: subprocess.Popen[bytes], port: int) -> bool:
    deadline = time.perf_counter() + PATIENCE
    while process.poll() is None and time.perf_counter() < deadline:
        with suppress(OSError), Wire(port) as wire:
            return wire.ask(request(PATH_OF_LIFE, port)).status in {200, 304}
        time.sleep(0.005)
    return False


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
