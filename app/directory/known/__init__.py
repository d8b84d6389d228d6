"""Entities that everybody knows, shipped with the program: states, organizations, their bodies.

One source for the demo's directory and for reading a resolution without a database.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

FILES = ("states", "oas", "organizations", "classes", "other_states")


@cache
def known_entities(files: tuple[str, ...] = FILES) -> tuple[dict[str, Any], ...]:
    """Rows as these files have them: key, kind, family, parent, names with their days, aliases.

    Bodies of several organizations bear names like "General Assembly"; `family` says whose this is.
    `local` are further such names.
    """
    rows: list[dict[str, Any]] = []
    for name in files:
        text = (Path(__file__).parent / f"{name}.json").read_text(encoding="utf-8")
        rows.extend(json.loads(text))
    return tuple(rows)
