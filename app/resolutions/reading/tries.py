"""Finds the longest known phrase at a word, in time that grows with the phrase only."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from app.resolutions.reading.tokens import Token, keyed

Value = TypeVar("Value")
STEM = 3  # letters by which stems are found


@dataclass(slots=True)
class _Node(Generic[Value]):
    after: dict[str, "_Node[Value]"] = field(default_factory=dict)
    values: list[Value] = field(default_factory=list)


class Trie(Generic[Value]):
    """Phrases by their words. The first may be a stem (`request*`), which any ending follows."""

    def __init__(self) -> None:
        self._root: _Node[Value] = _Node()
        self._stems: dict[str, list[tuple[str, _Node[Value]]]] = {}

    def add(self, phrase: str, value: Value) -> None:
        """A further phrase; several values of one phrase are all kept, in order."""
        self.add_keys(keyed(phrase), value)

    def add_keys(self, keys: Sequence[str], value: Value) -> None:
        """The same for words that are compared already."""
        if not keys:
            return
        first, *rest = keys
        node = self._stem(first[:-1]) if first.endswith("*") else self._next(self._root, first)
        for key in rest:
            node = self._next(node, key.rstrip("*"))
        node.values.append(value)

    def at(self, tokens: Sequence[Token], place: int) -> tuple[int, list[Value]]:
        """How many words the longest phrase that begins here has, and its values; else 0."""
        best: tuple[int, list[Value]] = (0, [])
        key = tokens[place].key
        starts = [self._root.after[key]] if key in self._root.after else []
        if self._stems:
            starts += [
                node for stem, node in self._stems.get(key[:STEM], ()) if key.startswith(stem)
            ]
        for start in starts:
            node, count = start, 1
            while True:
                if node.values and count > best[0]:
                    best = (count, node.values)
                if place + count >= len(tokens):
                    break
                found = node.after.get(tokens[place + count].key)
                if found is None:
                    break
                node, count = found, count + 1
        return best

    def _stem(self, stem: str) -> _Node[Value]:
        same = self._stems.setdefault(stem[:STEM], [])
        for known, node in same:
            if known == stem:
                return node
        same.append((stem, _Node()))
        return same[-1][1]

    @staticmethod
    def _next(node: _Node[Value], key: str) -> _Node[Value]:
        return node.after.setdefault(key, _Node())
