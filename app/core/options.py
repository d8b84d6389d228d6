"""What there is to choose from in a form: boxes to tick and choices of a list."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from app.core.languages import Language, Localized


@dataclass(frozen=True)
class Option:
    """A box to tick; with a mark it is drawn as a mandate."""

    value: str
    label: Localized | str


@dataclass(frozen=True)
class MarkedOption(Option):
    """A mandate to tick."""

    mark: int
    prefix: str
    key: str


def as_option(each: Any) -> Option:
    """A mandate, a purpose, an item or an entity as a box to tick."""
    if hasattr(each, "mark"):
        return MarkedOption(each.key, each.title, each.mark, each.prefix, each.key)
    return Option(each.key, each.name)


def labels_by_value(options: Iterable[Option], lang: Language) -> dict[str, str]:
    """What stands beside each box, by its value."""
    return {
        each.value: each.label if isinstance(each.label, str) else each.label.shown_in(lang).text
        for each in options
    }
