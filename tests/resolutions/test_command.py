"""`convoca read`."""

import json

import pytest

from app import cli
from tests.resolutions.test_reading import CASES

FILE = str(CASES / "trafficking.txt")
OPERATIVE = {
    "number", "opening", "text", "addressee", "through", "instruments", "bodies", "deadlines",
    "dates", "purposes", "paragraphs",
}  # fmt: skip


def test_it_prints_the_contract_as_json(folder, capsys):
    assert cli.main(["read", FILE, "--json"]) == 0

    found = json.loads(capsys.readouterr().out)
    assert list(found) == [
        "symbol", "title", "organ", "status", "date", "language", "preamble", "operative",
        "instruments", "warnings",
    ]  # fmt: skip
    assert (found["status"], found["date"]) == ("draft", "2005-05-24")
    assert set(found["operative"][3]) == OPERATIVE
    assert found["operative"][3]["addressee"] == "Permanent Council"
    assert found["operative"][3]["through"].startswith("Working Group to Prepare")
    assert found["operative"][3]["bodies"][2] == {
        "name": "CIM", "key": "CIM", "role": "called_upon", "qualifier": None
    }  # fmt: skip
    assert found["preamble"][0]["n"] == 1
    assert not folder.exists()


def test_it_tells_people_what_is_wanted_of_whom(folder, capsys):
    assert cli.main(["read", FILE]) == 0

    said = capsys.readouterr().out
    assert "   body: called_upon CIM\n" in said
    assert "   deadline: before the next regular session of the General Assembly\n" in said


def test_the_names_of_a_database_are_known_too(installed, capsys):
    assert cli.main(["read", FILE, "--json"]) == 0

    found = json.loads(capsys.readouterr().out)
    assert [each["key"] for each in found["operative"][5]["bodies"][:2]] == ["CP", "GA"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (
            b"Dear Ambassador, I have the honor to refer to the note of the Chair.",
            "not a resolution",
        ),
        (b"", "The file is empty."),
        (b"\0\1\2", "This is not a file of text."),
    ],
)
def test_what_is_no_resolution_is_wrong_usage_and_one_sentence(
    folder, tmp_path, capsys, content, sentence
):
    file = tmp_path / "given"
    file.write_bytes(content)

    assert cli.main(["read", str(file)]) == 2
    said = capsys.readouterr()
    assert (said.out, said.err.count("\n"), sentence in said.err) == ("", 1, True)


def test_a_file_that_is_not_there_is_wrong_usage(folder, capsys):
    assert cli.main(["read", "nowhere.txt"]) == 2
    assert capsys.readouterr().err == (
        "convoca: nowhere.txt cannot be read: No such file or directory.\n"
    )
