"""Names that change over time, and lists sorted as people of each language expect."""

from dataclasses import dataclass
from datetime import date

import pytest

from app.core.languages import Localized
from app.directory.rules import name_on, search_key_of, short_name, sorted_by_name


@dataclass(frozen=True)
class Name:
    name: Localized
    valid_from: date | None = None
    valid_until: date | None = None
    acronym: Localized | None = None


OLD = Name(Localized(en="Trinidad"), None, date(1962, 8, 30))
BETWEEN = Name(Localized(en="Federation"), date(1970, 1, 1), date(1980, 12, 31))
NEW = Name(Localized(en="Trinidad and Tobago"), date(1990, 1, 1), None)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(1900, 1, 1), OLD),
        (date(1962, 8, 30), OLD),
        (date(1970, 1, 1), BETWEEN),
        (date(1980, 12, 31), BETWEEN),
        (date(1985, 1, 1), BETWEEN),
        (date(1990, 1, 1), NEW),
        (date(2100, 1, 1), NEW),
    ],
)
def test_an_entity_is_called_as_it_was_on_that_day(day, expected):
    assert name_on([OLD, BETWEEN, NEW], day) == expected


def test_before_its_first_name_an_entity_has_that_name():
    assert name_on([BETWEEN, NEW], date(1900, 1, 1)) == BETWEEN


def test_the_short_name_is_the_acronym_of_the_language_or_else_the_name():
    name = Name(
        Localized(en="Commission of Women", es="Comisión de Mujeres"),
        acronym=Localized(es="CIM"),
    )

    assert [short_name(name, lang) for lang in ("en", "es", "fr")] == [
        "Commission of Women",
        "CIM",
        "Commission of Women",
    ]
    assert short_name(Name(Localized(en="Women")), "es") == "Women"


def test_an_entity_is_found_by_every_name_without_accents():
    names = [
        Name(Localized(es="Comisión Interamericana", pt="Comissão"), acronym=Localized(es="CIM")),
        Name(Localized(en="Ñandú Office")),
    ]
    key = search_key_of("women", names, {"en": ["Women's Commission"]})

    assert [word in key for word in ("comision", "comissao", "cim", "nandu", "women")] == [True] * 5
    assert key == key.casefold()


@pytest.mark.parametrize(
    ("lang", "expected"),
    [
        ("en", ["The Bahamas", "Ecuador", "Étoile", "Ñandú", "Nile", "Zaire"]),
        ("es", ["Las Bahamas", "Ecuador", "Étoile", "Nilo", "Ñandú", "Zaire"]),
        ("fr", ["Ecuador", "Étoile", "Ñandú", "Nile", "The Bahamas", "Zaire"]),
        ("pt", ["Ecuador", "Étoile", "Ñandú", "Nilo", "Zaire"]),
    ],
)
def test_a_list_is_sorted_as_its_readers_expect(lang, expected):
    assert sorted_by_name(expected[::-1], str, lang) == expected
