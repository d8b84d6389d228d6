"""How the lists of a Word document count: ECMA-376 part 1, 17.9."""

import re
from dataclasses import dataclass, field

from app.core.numerals import roman


@dataclass(frozen=True)
class Level:
    """How one level of a list counts: `(%2)` with 17.9.17's kind of number."""

    kind: str = "decimal"
    pattern: str = ""
    start: int = 1


@dataclass
class Lists:
    """Every list of a document: a number points to a pattern, and may begin anew."""

    patterns: dict[str, dict[int, Level]] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)
    restarts: dict[tuple[str, int], int] = field(default_factory=dict)
    counts: dict[str, dict[int, int]] = field(default_factory=dict)

    def label(self, number: str, level: int) -> str:
        """What stands before the next paragraph of this list."""
        pattern = self.numbers.get(number, "")
        levels = self.patterns.get(pattern, {})
        if level not in levels:
            return ""
        counts = self.counts.setdefault(pattern, {})
        restart = self.restarts.pop((number, level), None)
        first = levels[level].start if restart is None else restart
        fresh = restart is not None or level not in counts
        counts[level] = first if fresh else counts[level] + 1
        for deeper in [each for each in counts if each > level]:
            del counts[deeper]
        return re.sub(
            r"%([1-9])",
            lambda found: self._said(levels, counts, int(found[1]) - 1),
            levels[level].pattern if levels[level].kind != "bullet" else "•",
        )

    def _said(self, levels: dict[int, Level], counts: dict[int, int], level: int) -> str:
        of = levels.get(level, Level())
        return counted(counts.setdefault(level, of.start), of.kind)


def counted(number: int, kind: str) -> str:
    """A number of a list as that kind of list writes it."""
    if kind in {"lowerLetter", "upperLetter"} and number >= 1:
        letters = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letters if kind == "lowerLetter" else letters.upper()
    if kind in {"lowerRoman", "upperRoman"} and 1 <= number < 40:  # noqa: PLR2004
        return roman(number) if kind == "lowerRoman" else roman(number).upper()
    if kind == "none":
        return ""
    return f"{number:02}" if kind == "decimalZero" else str(number)
