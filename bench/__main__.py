"""Measures and prints. Everything is loopback, temporary, and over in about two minutes."""

import argparse
import json
import os
import platform
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

from bench.children import settings_of_serve
from bench.data import SIZES, Store
from bench.letters import Letters, measure_letters
from bench.measure import Cost, Effort, Hot, StartUp, measure_size, measure_start
from bench.reading import Reading, measure_reading

FULL = Effort(rounds=7, requests=1500, repeats=5)
QUICK = Effort(rounds=3, requests=30, repeats=1)
EXPLANATION = """\
ours, bare: the server's CPU per request in µs, for Convoca and for a bare ASGI function with the
same answer under the same uvicorn settings, measured in turn; ratio: the median of the rounds'
ratios, with the lowest and the highest. Beyond half a megabyte the kernel's copying is most of it,
and differs from one process to the next. First rendering: of an answer that the shelf lacks.
"""


def main() -> None:
    """Measure every size and say what it costs."""
    arguments = _arguments()
    effort, sizes = (QUICK, SIZES[:1]) if arguments.quick else (FULL, SIZES)
    began = time.perf_counter()
    machine = f"Python {platform.python_version()}, {os.cpu_count()} processors"
    print(f"{machine}; {effort.rounds} rounds of at most {effort.requests} requests\n{EXPLANATION}")
    with tempfile.TemporaryDirectory(prefix="convoca-bench-") as name, Store(Path(name)) as store:
        folder = Path(name)
        start = measure_start(folder, effort)
        _print_start(start)
        settings = settings_of_serve(folder)
        costs = []
        for size in sizes:
            costs.append(measure_size(store, folder, size, effort, settings))
            _print_cost(costs[-1])
        letters = measure_letters(store, folder, rounds=effort.repeats)
        _print_letters(letters)
    reading = measure_reading(rounds=effort.repeats)
    _print_reading(reading)
    print(f"\nMeasured in {time.perf_counter() - began:.0f} seconds.")
    if arguments.json:
        found = {
            "machine": machine,
            "effort": asdict(effort),
            "start": asdict(start),
            "letters": asdict(letters),
            "reading": asdict(reading),
            "sizes": [asdict(cost) for cost in costs],
        }
        arguments.json.write_text(json.dumps(found, indent=2) + "\n")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measures the server.")
    parser.add_argument("--quick", action="store_true", help="25 sittings and few requests")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    return parser.parse_args()


def _print_start(start: StartUp) -> None:
    print(f"Start-up to the first 200: {start.seconds:.2f} s, {start.cpu:.2f} s of CPU")
    print(f"Idle: {start.idle:.1f} ms of CPU per second", flush=True)


def _print_cost(cost: Cost) -> None:
    heads = ("answer", "bytes", "ours µs", "bare µs", "ratio", "lowest", "highest")
    print(f"\n{cost.sittings} sittings")
    print("{:20}{:>11}{:>10}{:>10}{:>9}{:>9}{:>9}".format(*heads))
    for hot in cost.hot:
        _print_hot(hot)
    print(f"First rendering: page {cost.first_page:.1f} ms, feed {cost.first_feed:.1f} ms of CPU")
    print(f"Publishing: {cost.publishing:.1f} ms of CPU, {cost.statements} SQL statements")
    print(
        f"Memory: {cost.resident_at_start:.1f} MiB at start, "
        f"{cost.resident_after:.1f} MiB after the load",
        flush=True,
    )


def _print_letters(letters: Letters) -> None:
    publishing = letters.publishing
    print(f"\n{letters.count} letters")
    print(
        f"Publishing with them: {publishing.cpu * 1000:.1f} ms of CPU, "
        f"{publishing.statements} SQL statements"
    )
    print(
        f"Sending into files: {letters.per_second:.0f} letters per second, "
        f"{letters.ratio:.1f} times as long as writing the same files"
    )
    print(f"Memory of the sender: {letters.resident:.1f} MiB", flush=True)


def _print_reading(reading: Reading) -> None:
    print(f"\nReading a resolution of {reading.pages} pages: {reading.milliseconds:.0f} ms of CPU")
    print(
        f"A character: {reading.each:.2f} µs there, {reading.each_of_most:.2f} µs in a text of "
        f"a million; ratio {reading.ratio:.2f}",
        flush=True,
    )


def _print_hot(hot: Hot) -> None:
    print(
        f"{hot.case:20}{hot.bytes:>11,}{hot.ours:>10.1f}{hot.bare:>10.1f}"
        f"{hot.ratio:>9.2f}{hot.lowest:>9.2f}{hot.highest:>9.2f}"
    )


if __name__ == "__main__":
    main()
