"""Order, coverage and frozen content of an agenda, on plain values."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar
from uuid import UUID

from app.core.chain import chained_hash
from app.core.languages import Language, Localized


class Keyed(Protocol):
    """A mandate or a purpose."""

    @property
    def key(self) -> str: ...


class PurposeLike(Keyed, Protocol):
    """A purpose, or a theme that cuts across all of them."""

    @property
    def cross_cutting(self) -> bool: ...


class ItemLike(Protocol):
    """An item with what it serves and its place, from 0."""

    @property
    def id(self) -> UUID: ...
    @property
    def position(self) -> int: ...
    @property
    def number(self) -> str: ...
    @property
    def title(self) -> Localized: ...
    @property
    def minutes(self) -> int | None: ...
    @property
    def mandates(self) -> Sequence[Keyed]: ...
    @property
    def purposes(self) -> Sequence[Keyed]: ...


Thing = TypeVar("Thing")


def moved(order: Sequence[Thing], thing: Thing, steps: int) -> list[Thing]:
    """The order with one thing moved up (negative) or down; at an end it stays there."""
    rest = [other for other in order if other is not thing]
    place = min(max(order.index(thing) + steps, 0), len(rest))
    return [*rest[:place], thing, *rest[place:]]


@dataclass(frozen=True)
class OpenPoints:
    """What an agenda still lacks. Warnings for the desk and the Group, never a gate."""

    mandates: tuple[Keyed, ...]
    purposes: tuple[Keyed, ...]
    untranslated: tuple[tuple[str, tuple[Language, ...]], ...]

    def __bool__(self) -> bool:
        return bool(self.mandates or self.purposes or self.untranslated)


def open_points(
    items: Sequence[ItemLike], mandates: Iterable[Keyed], purposes: Iterable[PurposeLike]
) -> OpenPoints:
    """Mandates and purposes that no item serves, and items without a title in some language."""
    served = {mandate.key for item in items for mandate in item.mandates}
    pursued = {purpose.key for item in items for purpose in item.purposes}
    return OpenPoints(
        mandates=tuple(each for each in mandates if each.key not in served),
        purposes=tuple(
            each for each in purposes if not each.cross_cutting and each.key not in pursued
        ),
        untranslated=tuple(
            (item.number, tuple(gaps)) for item in items if (gaps := item.title.missing())
        ),
    )


def item_state(item: ItemLike) -> dict[str, Any]:
    """What the journal keeps of an item."""
    return {
        "title": dict(item.title),
        "minutes": item.minutes,
        "mandates": [mandate.key for mandate in item.mandates],
        "purposes": [purpose.key for purpose in item.purposes],
        "position": item.position,
    }


def frozen_items(items: Iterable[ItemLike]) -> list[dict[str, Any]]:
    """The agenda as JSON: what a revision keeps of each item."""
    return [
        {
            "id": str(item.id),
            "number": item.number,
            "title": dict(item.title),
            "minutes": item.minutes,
            "mandates": [mandate.key for mandate in item.mandates],
            "purposes": [purpose.key for purpose in item.purposes],
        }
        for item in items
    ]


def revision_hash(previous: str, number: int, frozen_at: str, items: Sequence[object]) -> str:
    """The hash of a revision, chained to the one before it."""
    content = {"number": number, "frozen_at": frozen_at, "items": list(items)}
    return chained_hash(previous, content)
