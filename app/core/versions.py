"""Two people edit one thing: what the second one started from, what is there, what they typed.

Works on the values of a form, by field name; a list stands for ticked boxes. Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

Value = str | list[str]
Values = Mapping[str, object]


@dataclass(frozen=True)
class Difference:
    """One field that somebody changed; `clash` if both did, and not to the same."""

    field: str
    base: Value
    theirs: Value
    mine: Value

    @property
    def clash(self) -> bool:
        """Whether joining has to choose."""
        return (
            isinstance(self.mine, str)
            and self.base not in {self.theirs, self.mine}
            and self.theirs != self.mine
        )


@dataclass(frozen=True)
class EditConflict:
    """A stale save. `version` is the present one, `joined` what both together come to."""

    by: str
    at: datetime | None
    version: int
    differences: tuple[Difference, ...]
    mine: Mapping[str, Value]
    joined: Mapping[str, Value]

    @property
    def clashes(self) -> bool:
        """Whether some field was changed by both."""
        return any(each.clash for each in self.differences)


def edit_conflict(
    base: Values,
    theirs: Values,
    mine: Values,
    *,
    by: str,
    at: datetime | None,
    version: int,
) -> EditConflict:
    """Compare three states of one form. The fields are those of `theirs` and `mine`."""
    fields = [name for name in dict.fromkeys([*theirs, *mine]) if name != "version"]
    rows = [
        Difference(
            name,
            _plain(base.get(name), like=theirs.get(name)),
            _plain(theirs.get(name), like=mine.get(name)),
            _plain(mine.get(name), like=theirs.get(name)),
        )
        for name in fields
    ]
    return EditConflict(
        by=by,
        at=at,
        version=version,
        differences=tuple(row for row in rows if not row.base == row.theirs == row.mine),
        mine={row.field: row.mine for row in rows},
        joined={row.field: _joined(row) for row in rows},
    )


def _joined(row: Difference) -> Value:
    """Whoever changed it; of a text that both changed, mine; of boxes, everybody's ticks."""
    if isinstance(row.mine, list):
        return _joined_lists(list(row.base), list(row.theirs), row.mine)
    return row.theirs if row.mine == row.base else row.mine


def _joined_lists(base: list[str], theirs: list[str], mine: list[str]) -> list[str]:
    gone = {each for each in base if each not in theirs or each not in mine}
    return [each for each in dict.fromkeys([*theirs, *mine]) if each not in gone]


def _plain(value: object, *, like: object) -> Value:
    if isinstance(value, list | tuple):
        return sorted(str(each) for each in value)
    if value is None:
        return [] if isinstance(like, list | tuple) else ""
    return str(value).replace("\r\n", "\n").strip()
