"""`make bench` measures what it says; how fast anything is, is not tested."""

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
NUMBER = r"[\d,]+(?:\.\d+)?"


def test_every_figure_is_printed_and_written(tmp_path):
    file = tmp_path / "figures.json"

    ran = subprocess.run(
        [sys.executable, "-m", "bench", "--quick", "--json", file],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert ran.returncode == 0, ran.stderr
    for line in (
        "Start-up to the first 200: N s, N s of CPU",
        "Idle: N ms of CPU per second",
        "25 sittings",
        *(
            rf"{what} {form}( +N){{6}}"
            for what in ("page", "feed")
            for form in ("200 gzip", "200 identity", "304 gzip")
        ),
        "First rendering: page N ms, feed N ms of CPU",
        "Publishing: N ms of CPU, N SQL statements",
        "Memory: N MiB at start, N MiB after the load",
    ):
        assert re.search(f"^{line.replace('N', NUMBER)}$", ran.stdout, re.MULTILINE), line
    figures = json.loads(file.read_text())
    assert [size["sittings"] for size in figures["sizes"]] == [25]
    assert [hot["bytes"] > 0 for hot in figures["sizes"][0]["hot"]] == [True, True, False] * 2
