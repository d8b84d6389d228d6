"""Prints whatever breaks a size budget or a house rule that no other tool sees; fails if any."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

FUNCTION, FILE, TEMPLATE = 40, 300, 120
MAY_COMMIT = ("app/core/", "app/console/", "app/operations/")
IN_CODE = {r"\.query\(": "use select()"}
IN_TEMPLATES = {
    r"\|\s*safe\b": "escape it, or make it Markup where it is made",
    r"<script(?![^>]*\ssrc=)": "the CSP refuses inline scripts",
    r"<style\b|\sstyle\s*=": "the CSP refuses inline styles",
    r"<[a-z][^>{]*\son[a-z]+\s*=": "the CSP refuses event attributes",
}


def complaints() -> Iterator[str]:
    for path in sorted(Path("app").rglob("*.py")):
        text = path.read_text()
        refused = IN_CODE
        if not path.as_posix().startswith(MAY_COMMIT):
            refused = IN_CODE | {r"\.commit\(\)": "the request commits, once"}
        yield from too_long(path, text, FILE)
        yield from matches(path, text, refused)
        yield from functions(path, ast.parse(text))
    for path in sorted(Path("templates").rglob("*.*")):
        text = path.read_text()
        yield from too_long(path, text, TEMPLATE)
        # Mail programs read no style sheets.
        refused = {} if path.is_relative_to("templates/letters") else IN_TEMPLATES
        yield from matches(path, text, refused)


def too_long(path: Path, text: str, limit: int) -> Iterator[str]:
    if (lines := text.count("\n")) > limit:
        yield f"{path}: {lines} lines, {limit} at most"


def matches(path: Path, text: str, refused: dict[str, str]) -> Iterator[str]:
    for pattern, reason in refused.items():
        for hit in re.finditer(pattern, text):
            yield f"{path}:{text.count(chr(10), 0, hit.start()) + 1} {hit[0].strip()}: {reason}"


def functions(path: Path, tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if (lines := node.end_lineno - node.lineno + 1) > FUNCTION:
            yield f"{path}:{node.lineno} {node.name}: {lines} lines, {FUNCTION} at most"
        for inner in ast.walk(node):
            if isinstance(inner, ast.Import | ast.ImportFrom):
                yield f"{path}:{inner.lineno} {node.name}: imports belong on top"


if __name__ == "__main__":
    sys.exit("\n".join(complaints()) or 0)
