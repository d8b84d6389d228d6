"""Places of a text that are taken: finding out whether another one overlaps takes little time."""

from bisect import bisect_left, insort


class Spans:
    """Disjoint places, each from a first character to before a last one."""

    def __init__(self) -> None:
        self._ends: dict[int, int] = {}
        self._starts: list[int] = []

    def free(self, start: int, end: int) -> bool:
        """Whether nothing taken overlaps."""
        place = bisect_left(self._starts, end)
        return not place or self._ends[self._starts[place - 1]] <= start

    def take(self, start: int, end: int) -> bool:
        """Take a place unless something overlaps; whether it was free."""
        if not self.free(start, end):
            return False
        insort(self._starts, start)
        self._ends[start] = end
        return True

    def end_at(self, start: int) -> int | None:
        """The end of what begins exactly here."""
        return self._ends.get(start)
