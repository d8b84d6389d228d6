"""What stops the start, in which words, and that nothing is made over anything."""

import json
import shutil
import sqlite3

import pytest

from app import cli
from app.settings import SettingsError, load_settings


def run(capsys, *argv):
    """Exit code and what was said."""
    code = cli.main(list(argv))
    said = capsys.readouterr()
    return code, (said.out + said.err).strip()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CONVOCA_BASEURL", "https://convoca.example"),
        ("CONVOCA_BASE_URL", "convoca.example"),
        ("CONVOCA_BASE_URL", "https://convoca.example/path"),
        ("CONVOCA_BASE_URL", "http://convoca.example"),
        ("CONVOCA_DATABASE_URL", "mysql://somewhere/convoca"),
        ("CONVOCA_DATABASE_URL", "nonsense"),
        ("CONVOCA_SECRET_KEY", "short"),
        ("CONVOCA_INSECURE_HTTP", "perhaps"),
    ],
)
def test_a_wrong_variable_stops_the_start_by_name(monkeypatch, capsys, folder, name, value):
    monkeypatch.setenv(name, value)

    code, said = run(capsys, "migrate")

    assert code == 2
    assert name in said
    assert not folder.exists()


def test_every_wrong_variable_is_named_at_once():
    with pytest.raises(SettingsError, match=r"(?s)CONVOCA_ONE.*CONVOCA_SECRET_KEY|KEY.*ONE"):
        load_settings({"CONVOCA_ONE": "1", "CONVOCA_SECRET_KEY": "short", "OTHER": "fine"})


def test_a_secret_is_never_repeated():
    with pytest.raises(SettingsError) as caught:
        load_settings({"CONVOCA_SECRET_KEY": "hunter2"})
    assert "hunter2" not in str(caught.value)


def test_plain_http_in_public_is_possible_when_it_is_wanted():
    wanted = {"CONVOCA_BASE_URL": "http://convoca.example/", "CONVOCA_INSECURE_HTTP": "yes"}
    assert load_settings(wanted).base_url == "http://convoca.example"


def test_nothing_is_served_before_there_is_a_database(capsys, folder):
    code, said = run(capsys, "serve")

    assert (code, "convoca migrate" in said) == (1, True)
    assert not (folder / "convoca.db").exists()


def test_migrating_twice_changes_nothing(capsys, installed):
    before = (installed / "convoca.db").read_bytes()
    assert run(capsys, "migrate") == (0, "")
    assert (installed / "convoca.db").read_bytes() == before
    assert json.loads((installed / "installation.json").read_text())["program"] == "convoca"


def test_the_demo_is_loaded_once(capsys, installed):
    assert run(capsys, "demo", "--if-new") == (0, "")
    code, said = run(capsys, "demo")
    assert (code, "nothing was loaded" in said) == (1, True)


@pytest.mark.parametrize("command", ["serve", "migrate", "demo", "verify"])
def test_a_lost_database_is_not_made_anew(capsys, installed, command):
    (installed / "convoca.db").unlink()

    code, said = run(capsys, command)

    assert (code, "backup" in said) == (1, True)
    assert not (installed / "convoca.db").exists()


@pytest.mark.parametrize("command", ["serve", "migrate", "verify"])
@pytest.mark.parametrize("damage", [slice(0, 16), slice(8192, 12288)])
def test_a_damaged_database_stops_the_start(capsys, installed, command, damage):
    file = installed / "convoca.db"
    content = bytearray(file.read_bytes())
    content[damage] = b"\xa5" * len(content[damage])
    file.write_bytes(content)

    code, said = run(capsys, command)

    assert (code, "damaged" in said) == (1, True)
    assert file.read_bytes() == content


@pytest.mark.parametrize("command", ["serve", "migrate"])
def test_a_newer_schema_is_left_alone(capsys, installed, command):
    with sqlite3.connect(installed / "convoca.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()

    code, said = run(capsys, command)

    assert (code, "newer" in said and "9999" in said) == (1, True)


def test_a_database_of_another_program_is_left_alone(capsys, folder):
    folder.mkdir()
    connection = sqlite3.connect(folder / "convoca.db")
    connection.execute("CREATE TABLE recipes (name TEXT)")
    connection.commit()
    connection.close()

    code, said = run(capsys, "serve")

    assert (code, "holds other tables" in said) == (1, True)


def test_a_sign_in_link_is_printed(capsys, installed):
    code, said = run(capsys, "sign-in", "Chair@Convoca.example")
    assert (code, said.startswith("http://127.0.0.1:8000/en/sign-in/")) == (0, True)
    code, said = run(capsys, "sign-in", "nobody@convoca.example")
    assert (code, "nobody@convoca.example" in said) == (1, True)


def test_publishing_from_the_command_line(capsys, installed):
    assert run(capsys, "publish", "practice") == (0, "practice: published edition 1")
    assert run(capsys, "publish", "practice") == (
        0,
        "practice: nothing changed since edition 1",
    )
    assert run(capsys, "publish", "nowhere")[0] == 1


TAMPERING = {
    "UPDATE edition_sittings SET sequence = sequence + 1": "edition 1",
    "UPDATE edition_sittings SET content = replace(content, 'Hall', 'Hell')": "edition 1",
    "UPDATE editions SET published_at = '2020-01-01 00:00:00.000000'": "edition 1",
    "DELETE FROM edition_sittings WHERE position = 3": "edition 1",
    "UPDATE agenda_revisions SET items = replace(items, 'Opening', 'Closing')": "revision 1",
}


@pytest.mark.parametrize("statement", TAMPERING)
def test_what_was_altered_is_found_and_named(capsys, installed, statement):
    assert run(capsys, "verify") == (0, "verified: nothing altered")
    connection = sqlite3.connect(installed / "convoca.db")
    assert connection.execute(statement).rowcount > 0
    connection.commit()
    connection.close()

    code, said = run(capsys, "verify")

    assert (code, f"{TAMPERING[statement]} is not as published" in said) == (3, True)


def test_the_data_folder_is_not_open_to_others(installed):
    assert installed.stat().st_mode & 0o007 == 0


def test_a_copied_folder_serves_elsewhere(installed, tmp_path, monkeypatch, capsys):
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(installed, elsewhere)
    monkeypatch.setenv("CONVOCA_DATA_DIR", str(elsewhere))
    assert run(capsys, "verify") == (0, "verified: nothing altered")
