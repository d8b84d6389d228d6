"""The outbox: a letter is written once, replaced by a later one, and changed only where it fits."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.core.errors import Conflict, Invalid
from app.core.letters import (
    Copy,
    Letter,
    State,
    checked_address,
    correct_address,
    mark_sent,
    mark_sent_by_hand,
    send_again,
    write_letter,
    write_letters,
)
from app.core.outbox import doubt_unsent, outbox
from tests.databases import statements_of
from tests.make import NOW, letter_given

VERBS = {
    "again": lambda db, letter: send_again(db, letter, now=NOW),
    "address": lambda db, letter: correct_address(db, letter, "b@example.org", now=NOW),
    "arrived": lambda _db, letter: mark_sent(letter, now=NOW),
    "by hand": lambda _db, letter: mark_sent_by_hand(letter, now=NOW),
}
FITS = {
    State.WAITING: {"address": State.WAITING, "by hand": State.SENT_BY_HAND},
    State.SENDING: {},
    State.RETRY: {
        "again": State.WAITING,
        "address": State.WAITING,
        "by hand": State.SENT_BY_HAND,
    },
    State.SENT: {},
    State.FAILED: {
        "again": State.WAITING,
        "address": State.WAITING,
        "by hand": State.SENT_BY_HAND,
    },
    State.UNCERTAIN: {
        "again": State.WAITING,
        "arrived": State.SENT,
        "by hand": State.SENT_BY_HAND,
    },
    State.SUPERSEDED: {},
    State.CANCELLED: {},
    State.SENT_BY_HAND: {},
}


def states(db):
    return [letter.state for letter in db.scalars(select(Letter).order_by(Letter.id))]


def test_the_same_occasion_makes_one_letter(db):
    first = write_letter(db, letter_given("a"), now=NOW)
    again = write_letter(db, letter_given("a", subject="Other words"), now=NOW)

    assert (again is first, states(db)) == (True, [State.WAITING])


def test_a_later_letter_takes_the_place_of_those_that_have_not_left(db):
    first, second = (
        write_letter(db, letter_given(name, thread="ana"), now=NOW) for name in ("a", "b")
    )
    first.state, second.state = State.SENT, State.RETRY
    other = write_letter(db, letter_given("c", thread="luis"), now=NOW)
    write_letter(db, letter_given("d", thread="ana"), now=NOW)
    db.expire_all()

    assert states(db) == [State.SENT, State.SUPERSEDED, State.WAITING, State.WAITING]
    assert other.state is State.WAITING


def test_many_are_written_as_one_would_be_each_occasion_once_and_the_last_of_a_thread_stands(db):
    old = write_letter(db, letter_given("old", thread="ana"), now=NOW)
    names = ["a", "old", "b", "a", "c"]
    given = [letter_given(name, thread="ana" if name != "b" else "luis") for name in names]
    found = write_letters(db, given, now=NOW)
    db.expire_all()

    assert [letter.dedupe for letter in found] == names
    assert found[0] is found[3]
    assert found[1] is old
    assert states(db) == [State.SUPERSEDED, State.SUPERSEDED, State.WAITING, State.WAITING]


@pytest.mark.parametrize("most", [1, 50])
def test_letters_take_as_many_statements_however_many_there_are(db, most):
    copies = (Copy(name="Luis", address="luis@example.org"),)
    db.connection()  # SQLite counts its BEGIN
    with statements_of(db.get_bind()) as statements:
        given = [
            letter_given(f"{number}", thread=f"{number}", copies=copies) for number in range(most)
        ]
        write_letters(db, given, now=NOW)

    assert len(statements) == 4


def test_a_letter_that_was_replaced_is_not_sent_again(db):
    first = write_letter(db, letter_given("a", thread="ana"), now=NOW)
    first.state = State.FAILED
    write_letter(db, letter_given("b", thread="ana"), now=NOW)

    with pytest.raises(Conflict, match="newer"):
        send_again(db, first, now=NOW)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("verb", VERBS)
def test_what_may_be_done_in_each_state(db, state, verb):
    letter = write_letter(db, letter_given("a"), now=NOW)
    letter.state = state
    if verb not in FITS[state]:
        with pytest.raises(Conflict):
            VERBS[verb](db, letter)
        assert letter.state is state
    else:
        VERBS[verb](db, letter)
        assert letter.state is FITS[state][verb]


def test_each_copy_is_a_letter_of_its_own_and_all_name_who_gets_one(db):
    copies = (Copy(name="Luis", address="luis@example.org"), Copy(name="Eva", address="e@x.org"))
    write_letter(db, letter_given("a", copies=copies), now=NOW)
    found = db.scalars(select(Letter).order_by(Letter.id)).all()

    assert [letter.to_address for letter in found] == [
        "ana@example.org",
        "luis@example.org",
        "e@x.org",
    ]
    assert {letter.copy_line for letter in found} == {"Luis, Eva"}
    assert len({letter.message_id for letter in found}) == 3


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ana",
        "ana@",
        "@example.org",
        "ana@example.org>\r\nRCPT TO:<evil@example.org",
        "ana@example.org\nBcc: evil@example.org",
        "ana@example.org, evil@example.org",
        "Ana <ana@example.org>",
        "ana@exam\0ple.org",
        "ana evil@example.org",
        "a" * 300 + "@example.org",
    ],
)
def test_what_is_no_single_address_reaches_no_server(db, address):
    with pytest.raises(Invalid):
        write_letter(db, letter_given("a", to_address=address), now=NOW)
    db.rollback()
    assert states(db) == []


@pytest.mark.parametrize(
    "address",
    ["ana@example.org", "ana.ruiz+rtp@sub.example.org", "chair@convoca.example", "a@b.test"],
)
def test_an_address_is_taken_also_of_a_reserved_name(address):
    assert checked_address(f" {address} ") == address


def test_the_outbox_at_a_glance(db):
    write_letter(db, letter_given("a"), now=NOW - timedelta(hours=2))
    write_letter(db, letter_given("b"), now=NOW).state = State.SENT
    db.flush()
    found = outbox(db)

    assert found.counts == {State.WAITING: 1, State.SENT: 1}
    assert found.oldest_due == NOW - timedelta(hours=2)
    assert found.overdue(now=NOW, after=timedelta(hours=1))
    assert not found.overdue(now=NOW, after=timedelta(hours=3))


def test_after_a_restore_nobody_knows_whether_the_unsent_left(db):
    for name, state in (
        ("a", State.WAITING),
        ("b", State.RETRY),
        ("c", State.SENDING),
        ("d", State.SENT),
        ("e", State.FAILED),
    ):
        write_letter(db, letter_given(name), now=NOW).state = state
    db.flush()
    doubt_unsent(db)
    db.expire_all()

    assert states(db) == [*[State.UNCERTAIN] * 3, State.SENT, State.FAILED]
