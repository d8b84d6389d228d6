"""What people type, made harmless."""

import re

import pytest

from app.core.text import unlinked

# What large mail programs take for a link of their own accord.
LINK = re.compile(r"\w+://|www\.\w|\w\.[A-Za-z]{2,}|\w@\w")


@pytest.mark.parametrize(
    "text",
    [
        "Pay at https://evil.example/now",
        "www.evil.example",
        "evil.com, soon",
        "write to eve@evil.example",
        "FTP://evil.example",
        "ask\r\nhttp://evil.example",
    ],
)
def test_no_program_finds_a_link_in_what_was_typed(text):
    assert LINK.search(text)
    assert not LINK.search(unlinked(text))


@pytest.mark.parametrize("text", ["AG/RES. 2019, item 3.2", "Dra. Ruiz", "10:00–11:00, S. Pérez"])
def test_what_is_no_link_stays_as_it_is(text):
    assert unlinked(text) == text


def test_it_is_one_line():
    assert unlinked("Ana\r\nBcc: eve\u2028x") == "Ana Bcc: eve x"
