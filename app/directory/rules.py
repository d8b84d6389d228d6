"""Which name an entity bears on a day, and how a list of entities is sorted for a reader."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Protocol, TypeVar

from app.core.languages import Localized, collation_key, folded


class DatedName(Protocol):
    """A name with the days on which it was right; open ends are None."""

    @property
    def valid_from(self) -> date | None: ...
    @property
    def valid_until(self) -> date | None: ...
    @property
    def name(self) -> Localized: ...
    @property
    def acronym(self) -> Localized | None: ...


Name = TypeVar("Name", bound=DatedName)
Item = TypeVar("Item")


def name_on(names: Sequence[Name], day: date) -> Name:
    """The name borne on that day; the nearest one when the day lies outside all of them."""
    for name in names:
        begun = name.valid_from is None or name.valid_from <= day
        if begun and (name.valid_until is None or day <= name.valid_until):
            return name
    before = [name for name in names if name.valid_from is not None and name.valid_from <= day]
    return before[-1] if before else names[0]


def short_name(name: DatedName, lang: str) -> str:
    """The acronym where there is one in this language, otherwise the name."""
    if name.acronym is not None and lang in name.acronym:
        return name.acronym[lang]
    return name.name.shown_in(lang).text


def search_key_of(
    key: str, names: Iterable[DatedName], aliases: Mapping[str, Iterable[str]]
) -> str:
    """Everything that somebody may type to find this entity, without accents."""
    words = {key}
    for name in names:
        words.update(name.name.values())
        words.update((name.acronym or {}).values())
    for spellings in aliases.values():
        words.update(spellings)
    return folded(" ".join(sorted(words)))


def sorted_by_name(items: Iterable[Item], name_of: Callable[[Item], str], lang: str) -> list[Item]:
    """Alphabetical in the reader's language; `name_of(item)` gives the shown name."""
    return sorted(items, key=lambda item: collation_key(name_of(item), lang))
