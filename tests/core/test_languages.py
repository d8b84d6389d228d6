"""Text in four languages: what is kept, what is shown where one is missing."""

import random

import pytest

from app.core.languages import (
    LANGUAGES,
    Localized,
    LocalText,
    Message,
    collation_key,
    folded,
    negotiate,
)

CHAIR = Localized(en="Chair", es="Presidencia")


def test_a_text_keeps_only_the_languages_that_say_something():
    assert dict(Localized(en=" Chair ", es="", fr="  ")) == {"en": "Chair"}
    assert not Localized(es="  ")
    assert Localized({"en": "Chair"}, es="Presidencia") == CHAIR


def test_a_language_that_is_not_ours_is_refused():
    with pytest.raises(ValueError, match="unknown languages: \\['de'\\]"):
        Localized(de="Vorsitz")


def test_equal_texts_are_one_value_in_whatever_order_they_came():
    other = Localized(es="Presidencia", en="Chair")

    assert (other, hash(other)) == (CHAIR, hash(CHAIR))
    assert other != Localized(en="Chair")


def test_a_text_is_shown_in_the_readers_language_or_marked_as_foreign():
    assert [CHAIR.shown_in(lang) for lang in LANGUAGES] == [
        LocalText("Chair", "en", foreign=False),
        LocalText("Presidencia", "es", foreign=False),
        LocalText("Chair", "en", foreign=True),
        LocalText("Chair", "en", foreign=True),
    ]
    assert Localized(pt="Presidência").shown_in("en") == LocalText(
        "Presidência", "pt", foreign=True
    )
    assert Localized().shown_in("fr") == LocalText("", "fr", foreign=False)


def test_missing_languages_are_told_in_the_order_of_the_house():
    assert (CHAIR.missing(), Localized().missing()) == (["fr", "pt"], list(LANGUAGES))


def test_a_message_speaks_the_readers_language_and_so_does_what_it_names():
    message = Message("Room added: %(name)s.", {"name": Localized(en="Hall", es="Sala")})

    assert message.in_language("en") == "Room added: Hall."
    said = [message.in_language(lang) for lang in ("es", "fr", "pt")]
    assert ["Sala" in said[0], "Hall" in said[1], "Hall" in said[2]] == [True] * 3
    assert all("Room added" not in words for words in said)


def test_a_message_may_hold_another_one_and_anything_that_has_words():
    message = Message("%(reason)s", {"reason": Message("There is a problem")})

    assert message.in_language("en") == "There is a problem"
    assert message.in_language("es") == Message("There is a problem").in_language("es")
    assert Message("%(reason)s", {"reason": 7}).in_language("pt") == "7"


def test_text_that_people_typed_is_not_taken_for_a_pattern():
    named = Message("Session added: %(title)s", {"title": Localized(en="100 %(sure)s %d")})

    assert named.in_language("en") == "Session added: 100 %(sure)s %d"
    assert Message("100 %(sure)s").in_language("en") == "100 %(sure)s"


def test_searching_takes_no_notice_of_accents_and_case():
    assert folded("Comisión ÑANDÚ Straße") == folded("COMISION nandu STRASSE")


@pytest.mark.parametrize(
    ("lang", "order"),
    [
        ("en", ["The Bahamas", "Belize", "Ñuflo", "Peru"]),
        ("es", ["Las Bahamas", "Belice", "Nuevo", "Ñuflo", "Oeste"]),
        ("fr", ["Bahamas", "Équateur", "États-Unis", "Haïti"]),
        ("pt", ["Bahamas", "Brasil", "Ética", "Etiópia"]),
    ],
)
def test_words_sort_as_in_a_dictionary(lang, order):
    shuffled = random.Random(5).sample(order, len(order))

    assert sorted(shuffled, key=lambda text: collation_key(text, lang)) == order


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    "address",
    ["/meetings/nowhere", "/meetings/rtp-1/schedule?edition=99", "/meetings/rtp-1/schedule?day=x"],
)
def test_what_is_not_there_is_said_in_the_readers_language(client, demo, lang, address):
    answer = client.get(f"/{lang}{address}")
    title = Message("We did not find this page").in_language(lang)
    assert answer.status_code == 404
    assert f"<h1>{title}</h1>" in answer.text
    assert f'<html lang="{lang}">' in answer.text


def test_an_unknown_language_is_answered_in_the_readers_best_one(client):
    answer = client.get("/de/meetings", headers={"Accept-Language": "de, pt-BR;q=0.8, en;q=0.5"})
    assert (answer.status_code, '<html lang="pt">' in answer.text) == (404, True)


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        ("", "en"),
        ("fr-CA", "fr"),
        ("de, es;q=0.5", "es"),
        ("en;q=0.1, pt;q=0.9", "pt"),
        ("es;q=x, fr", "fr"),
        ("*", "en"),
    ],
)
def test_the_best_language(accepted, expected):
    assert negotiate(accepted) == expected
