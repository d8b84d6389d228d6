"""Keeping an installation from a terminal: what is said, and with which exit code."""

import pytest

from tests.test_startup import run


@pytest.fixture
def backup(capsys, installed, tmp_path):
    file = tmp_path / "backup.zip"
    code, said = run(capsys, "backup", str(file))
    assert (code, "rows" in said, "secret.key" in said) == (0, True, True)
    return file


@pytest.fixture
def empty(monkeypatch, tmp_path):
    """Another data folder is configured."""
    monkeypatch.setenv("CONVOCA_DATA_DIR", str(tmp_path / "empty"))
    return tmp_path / "empty"


def test_a_backup_is_restored_and_verified(capsys, backup, empty):
    code, said = run(capsys, "restore", str(backup))

    assert (code, "restored" in said, "no secret.key here" in said) == (0, True, True)
    assert run(capsys, "verify") == (0, "verified: nothing altered")
    assert {path.name for path in empty.iterdir()} == {"convoca.db", "installation.json"}


def test_the_same_key_is_not_complained_of(capsys, backup, empty, installed):
    empty.mkdir()
    (empty / "secret.key").write_text("k" * 43)

    assert "no secret.key" not in run(capsys, "restore", str(backup))[1]


def test_a_folder_in_use_is_not_restored_into(capsys, backup, installed):
    before = (installed / "convoca.db").read_bytes()

    code, said = run(capsys, "restore", str(backup))

    assert (code, "is not empty" in said) == (1, True)
    assert (installed / "convoca.db").read_bytes() == before


def test_a_damaged_backup_has_an_exit_code_of_its_own(capsys, backup, empty):
    backup.write_bytes(backup.read_bytes()[:-100])

    code, said = run(capsys, "restore", str(backup))

    assert (code, "no whole backup" in said, empty.exists()) == (3, True, False)
    assert run(capsys, "restore", str(backup.with_name("no.zip")))[0] == 3


def test_a_damaged_database_is_not_taken_for_a_backup(capsys, installed, tmp_path):
    file = installed / "convoca.db"
    content = bytearray(file.read_bytes())
    content[8192:12288] = b"\xa5" * 4096
    file.write_bytes(content)

    code, said = run(capsys, "backup", str(tmp_path / "b.zip"))

    assert (code, "damaged" in said) == (1, True)
    assert list(tmp_path.glob("*.zip")) == []


@pytest.mark.parametrize(
    "place", ["{backup}", "/nowhere/at/all.zip"], ids=["taken", "without a folder"]
)
def test_a_backup_needs_a_place(capsys, backup, place):
    assert run(capsys, "backup", place.format(backup=backup))[0] == 1
