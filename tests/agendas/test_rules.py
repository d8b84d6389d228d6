"""Order, coverage and the frozen content of an agenda, on plain values."""

from dataclasses import dataclass
from uuid import UUID

import pytest

from app.agendas.rules import frozen_items, moved, open_points, revision_hash
from app.core.chain import BEGINNING
from app.core.languages import Localized


@dataclass(frozen=True)
class Keyed:
    key: str
    cross_cutting: bool = False


M2019, M2026 = Keyed("2019"), Keyed("2026")
PROTECTION, RIGHTS = Keyed("protection"), Keyed("rights", cross_cutting=True)
KEY = UUID(int=1)
IN_FOUR = Localized(en="Opening", es="Apertura", fr="Ouverture", pt="Abertura")


@dataclass(frozen=True)
class Item:
    number: str = "1"
    title: Localized = IN_FOUR
    mandates: tuple[Keyed, ...] = (M2019, M2026)
    purposes: tuple[Keyed, ...] = (PROTECTION,)
    minutes: int | None = 30
    id: UUID = KEY


@pytest.mark.parametrize(
    ("thing", "steps", "order"),
    [
        ("b", -1, "bacd"),
        ("b", 1, "acbd"),
        ("b", 2, "acdb"),
        ("b", 0, "abcd"),
        ("a", -1, "abcd"),
        ("d", 1, "abcd"),
        ("a", 1000, "bcda"),
        ("d", -1000, "dabc"),
    ],
)
def test_a_thing_moves_so_many_places_and_stops_at_the_ends(thing, steps, order):
    things = [[letter] for letter in "abcd"]
    found = moved(things, things["abcd".index(thing)], steps)

    assert "".join(letter for [letter] in found) == order


def test_an_agenda_that_serves_everything_in_four_languages_has_no_open_points():
    assert not open_points([Item()], [M2019, M2026], [PROTECTION, RIGHTS])


def test_what_no_item_serves_is_open_but_not_a_theme():
    points = open_points(
        [Item(mandates=(M2026,), purposes=())], [M2019, M2026], [PROTECTION, RIGHTS]
    )

    assert (points.mandates, points.purposes) == ((M2019,), (PROTECTION,))
    assert points


def test_a_title_that_lacks_a_language_is_open():
    items = [Item(), Item(number="2", title=Localized(es="Clausura"))]

    assert open_points(items, [], []).untranslated == (("2", ("en", "fr", "pt")),)


def test_an_empty_agenda_serves_nothing():
    points = open_points([], [M2019], [PROTECTION, RIGHTS])

    assert (points.mandates, points.purposes, points.untranslated) == ((M2019,), (PROTECTION,), ())


def test_a_revision_keeps_all_that_an_item_is():
    assert frozen_items([Item()]) == [
        {
            "id": str(KEY),
            "number": "1",
            "title": dict(IN_FOUR),
            "minutes": 30,
            "mandates": ["2019", "2026"],
            "purposes": ["protection"],
        }
    ]


def test_a_revisions_hash_depends_on_everything_in_it():
    items = frozen_items([Item()])
    other = frozen_items([Item(minutes=31)])
    given = [
        (BEGINNING, 1, "2026-03-02", items),
        ("1" * 64, 1, "2026-03-02", items),
        (BEGINNING, 2, "2026-03-02", items),
        (BEGINNING, 1, "2026-03-03", items),
        (BEGINNING, 1, "2026-03-02", other),
        (BEGINNING, 1, "2026-03-02", items[::-1] + other),
    ]

    assert len({revision_hash(*each) for each in given}) == len(given)
    assert revision_hash(*given[0]) == revision_hash(BEGINNING, 1, "2026-03-02", list(items))
