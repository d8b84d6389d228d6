"""Numbers of lines at the left margin, and words set with a space after each letter."""

import re
from collections.abc import Sequence

COUNTED = re.compile(r"[ \t]*(?P<n>\d{1,4})(?:[ \t]{2,}|\t|[ \t]*$)")
SPACED = re.compile(
    r"[ \t]*[A-ZÀ-Ý](?: [A-ZÀ-Ý]){3,}(?:  +[A-ZÀ-Ý](?: [A-ZÀ-Ý])+)*(?: ?[:.,])?[ \t]*"
)
FEWEST = 10  # counted lines; fewer are no margin
SHARE = 0.6  # of the lines that are not empty


def without_margin(lines: Sequence[str]) -> list[str]:
    """Lines without the count that draft texts print beside every line, or every fifth one."""
    counted = {
        place: int(hit["n"]) for place, line in enumerate(lines) if (hit := COUNTED.match(line))
    }
    full = sum(1 for line in lines if line.strip())
    if len(counted) < FEWEST // 2 or not (_each(counted, full) or _fifths(counted)):
        return list(lines)
    return [
        COUNTED.sub("", line, count=1) if place in counted else line
        for place, line in enumerate(lines)
    ]


def _steps(counted: dict[int, int], step: int) -> int:
    """How many numbers are the one before and `step`, or begin a page again."""
    numbers = list(counted.values())
    return sum(
        1
        for before, after in zip([0, *numbers], numbers, strict=False)
        if after in {before + step, step}
    )


def _each(counted: dict[int, int], full: int) -> bool:
    enough = len(counted) >= FEWEST and len(counted) > SHARE * full
    return enough and _steps(counted, 1) > 0.9 * len(counted)


def _fifths(counted: dict[int, int]) -> bool:
    return _steps(counted, 5) == len(counted)


def unspaced(line: str) -> str:
    """ "R E S O L V E S :" as a word."""
    if SPACED.fullmatch(line) is None:
        return line
    return " ".join(part.replace(" ", "") for part in re.split(r" {2,}", line.strip()))
