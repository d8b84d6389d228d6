"""The doctor names each planted fault, in words, and goes on to the next check."""

import json
import shutil
import socket
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import make_url, text, update

from app.core.clock import system_clock
from app.core.installation import pause_mail
from app.core.letters import Letter, State, write_letter
from app.operations import checkups, database_checkups
from app.operations.database_checkups import file_system
from app.operations.doctor import IN_DATABASE, WITHOUT_DATABASE, examine, faults
from app.settings import Settings, secret_key
from app.startup import RESTORING
from tests.databases import writing
from tests.make import NOW, letter_given
from tests.scanners import scanner
from tests.smtp import Peer
from tests.test_startup import run

NAMES = {"settings", "database", *WITHOUT_DATABASE, *IN_DATABASE}


@pytest.fixture
def environment(database_url, demo, tmp_path):
    """An installation in which all is well."""
    data = tmp_path / "data"
    data.mkdir(mode=0o750)
    found = {"CONVOCA_DATA_DIR": str(data), "CONVOCA_DATABASE_URL": database_url}
    secret_key(Settings(data_dir=data))
    return found


def examined(environment, now=None):
    return examine(environment, port=8000, now=now or system_clock())


def told(environment, name, now=None):
    """What is wrong under this name: state and words."""
    return [(each.state, each.what) for each in examined(environment, now) if each.name == name]


def test_where_all_is_well_only_the_letters_in_files_are_remarked(environment, database_url):
    found = examined(environment)

    assert {each.name for each in found} == NAMES
    assert not faults(found)
    remarked = {each.name for each in found if each.state != "ok"}
    assert remarked - {"sqlite"} == {"mail server"}
    assert all(each.why and each.do for each in found if each.state != "ok")


def test_with_everything_set_all_is_well(environment):
    with Peer() as peer, scanner() as daemon:
        given = {
            "CONVOCA_SMTP_URL": peer.url,
            "CONVOCA_BASE_URL": "https://convoca.example",
            "CONVOCA_CLAMAV": f"127.0.0.1:{daemon.server_address[1]}",
            "CONVOCA_SECRET_KEY": "abcdefghijklmnopqrstuvwxyz012345",
        }
        found = examined(environment | given)
        assert peer.taken == []
    assert {each.name for each in found if each.state != "ok"} <= {"sqlite"}


def closed_port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def no_data_folder(environment):
    shutil.rmtree(environment["CONVOCA_DATA_DIR"])


def a_file_in_its_place(environment):
    no_data_folder(environment)
    Path(environment["CONVOCA_DATA_DIR"]).write_text("")


def everybody_may_write(environment):
    Path(environment["CONVOCA_DATA_DIR"]).chmod(0o777)


def a_key_for_everybody(environment):
    (Path(environment["CONVOCA_DATA_DIR"]) / "secret.key").chmod(0o644)


def no_key(environment):
    (Path(environment["CONVOCA_DATA_DIR"]) / "secret.key").unlink()


def a_restore_cut_off(environment):
    (Path(environment["CONVOCA_DATA_DIR"]) / RESTORING).write_text("")


def no_server(environment):
    environment["CONVOCA_SMTP_URL"] = f"smtp://127.0.0.1:{closed_port()}"
    environment["CONVOCA_BASE_URL"] = "https://convoca.example"


def links_to_nowhere(environment):
    environment["CONVOCA_SMTP_URL"] = f"smtp://127.0.0.1:{closed_port()}"


def plain_http(environment):
    environment |= {
        "CONVOCA_BASE_URL": "http://convoca.example",
        "CONVOCA_INSECURE_HTTP": "yes",
    }


def no_scanner(environment):
    environment["CONVOCA_CLAMAV"] = f"127.0.0.1:{closed_port()}"


def files_without_a_folder(environment):
    (Path(environment["CONVOCA_DATA_DIR"]) / "files").write_text("")


def in_database(statement):
    def plant(environment):
        with writing(environment["CONVOCA_DATABASE_URL"]) as db:
            db.execute(text(statement))
            db.commit()

    return plant


def letters_held_back(environment):
    with writing(environment["CONVOCA_DATABASE_URL"]) as db:
        pause_mail(db, now=NOW)
        db.commit()


def letter_in(state):
    def plant(environment):
        with writing(environment["CONVOCA_DATABASE_URL"]) as db:
            write_letter(db, letter_given("a"), now=NOW)
            db.execute(update(Letter).values(state=state))
            db.commit()

    return plant


@pytest.mark.parametrize(
    ("plant", "name", "state", "words"),
    [
        (no_data_folder, "data folder", "fault", "is not there"),
        (a_file_in_its_place, "data folder", "fault", "is no folder"),
        (everybody_may_write, "data folder", "fault", "Everybody on this machine"),
        (a_key_for_everybody, "secret key", "fault", "Others on this machine may read"),
        (no_key, "secret key", "warning", "There is no key"),
        (a_restore_cut_off, "database", "fault", "was cut off"),
        (no_server, "mail server", "fault", "refuses the connection"),
        (links_to_nowhere, "public address", "fault", "this machine itself"),
        (plain_http, "public address", "warning", "plain http"),
        (no_scanner, "virus scanner", "fault", "does not answer as a scanner"),
        (files_without_a_folder, "files", "fault", "could not be kept"),
        (
            in_database("UPDATE alembic_version SET version_num = '0001'"),
            "database",
            "fault",
            "is older",
        ),
        (
            in_database("UPDATE alembic_version SET version_num = 'later'"),
            "database",
            "fault",
            "a newer Convoca",
        ),
        (
            in_database("UPDATE meetings SET zone = 'Mars/Olympus'"),
            "time zones",
            "fault",
            "Mars/Olympus",
        ),
        (letters_held_back, "letters", "warning", "held back since 2026-03-02 12:00"),
        (letter_in(State.WAITING), "letters", "fault", "should have left at 2026-03-02 12:00"),
        (letter_in(State.FAILED), "letters", "warning", "1 letters failed, 0 may have arrived"),
        (letter_in(State.UNCERTAIN), "letters", "warning", "0 letters failed, 1 may have arrived"),
    ],
)
def test_a_planted_fault_is_named(environment, plant, name, state, words):
    plant(environment)

    found = examined(environment)
    [this] = [each for each in found if each.name == name and each.state != "ok"]
    assert (this.state, words in this.what, bool(this.why), bool(this.do)) == (
        state,
        True,
        True,
        True,
    )
    assert {each.name for each in found} == NAMES
    assert faults(found) is any(each.state == "fault" for each in found)


@pytest.mark.parametrize(
    ("answer", "words"),
    [("421 no", "421 no"), ("554 go away", "554")],
)
def test_a_mail_server_that_does_not_want_us_is_quoted(environment, answer, words):
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]

        def refuse():
            connection, _ = listening.accept()
            connection.sendall(f"{answer}\r\n".encode())
            connection.close()

        thread = threading.Thread(target=refuse)
        thread.start()
        given = {"CONVOCA_SMTP_URL": f"smtp://127.0.0.1:{port}"}
        [(state, what)] = told(environment | given, "mail server")
        thread.join()
    assert (state, words in what) == ("fault", True), what


def test_a_login_is_tried_and_the_password_is_not_told(environment):
    with Peer() as peer:
        url = peer.url.replace("//", "//convoca:s3cret@")
        found = examined(environment | {"CONVOCA_SMTP_URL": url})
    [mail] = [each for each in found if each.name == "mail server"]
    assert mail.state == "fault"
    assert "s3cret" not in json.dumps([each.told() for each in found])


def test_a_server_that_speaks_no_tls_is_named(environment):
    with Peer() as peer:
        url = peer.url.replace("smtp:", "smtps:")
        [(state, what)] = told(environment | {"CONVOCA_SMTP_URL": url}, "mail server")
    assert (state, "certificate" in what) == ("fault", True)


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (NOW - timedelta(days=1), "before this program was made"),
        (datetime(2026, 11, 2, tzinfo=UTC), "something was done at 2026-11-20"),
    ],
)
def test_a_clock_that_is_wrong_is_named(environment, database_url, now, words):
    later = "UPDATE editions SET published_at = '2026-11-20 10:00:00+00:00'"
    if database_url.startswith("sqlite"):
        later = later.replace("+00:00", ".000000")
    with writing(database_url) as db:
        db.execute(text(later))
        db.commit()
    [(state, what)] = told(environment, "clock", now)
    assert (state, words in what) == ("fault", True)


@pytest.mark.only("postgresql")
def test_a_database_whose_clock_differs_is_named(environment):
    [(state, what)] = told(environment, "clock", datetime(2031, 1, 1, tzinfo=UTC))
    assert (state, "This machine and the database differ" in what) == ("fault", True)


@pytest.mark.parametrize(("free", "state"), [(1, "fault"), (8, "warning"), (90, "ok")])
def test_a_disk_that_fills_is_named_in_time(environment, monkeypatch, free, state):
    usage = SimpleNamespace(total=100 * 10**8, free=free * 10**8)
    monkeypatch.setattr(checkups.shutil, "disk_usage", lambda _place: usage)
    assert {each for each, _ in told(environment, "disk")} == {state}


@pytest.mark.only("sqlite")
def test_a_damaged_database_is_named_and_the_rest_is_looked_at(environment, database_url):
    file = Path(make_url(database_url).database)
    content = bytearray(file.read_bytes())
    content[8192:12288] = b"\xa5" * 4096
    file.write_bytes(content)

    found = {each.name: each for each in examined(environment)}
    assert (found["database"].state, "damaged" in found["database"].what) == ("fault", True)
    assert {found[name].state for name in IN_DATABASE} == {"not looked at"}
    assert found["disk"].state == "ok"


@pytest.mark.only("sqlite")
def test_a_library_with_the_fault_of_the_log_is_named(environment, monkeypatch):
    for version, state in (((3, 40, 1), "warning"), ((3, 51, 3), "ok")):
        monkeypatch.setattr(database_checkups.sqlite3, "sqlite_version_info", version)
        assert {each for each, _ in told(environment, "sqlite")} == {state}


@pytest.mark.only("postgresql")
def test_a_database_that_is_away_is_named(environment, database_url):
    environment["CONVOCA_DATABASE_URL"] = f"postgresql://nobody@127.0.0.1:{closed_port()}/none"
    [(state, what)] = told(environment, "database")
    assert (state, "does not answer" in what) == ("fault", True)


def test_a_database_on_another_machine_is_known(tmp_path):
    mounts = tmp_path / "mounts"
    real = tmp_path.resolve()
    mounts.write_text(f"/dev/sda / ext4 rw 0 0\nserver:/x {real} nfs4 rw 0 0\n")
    assert file_system(tmp_path / "convoca.db", mounts) == "nfs4"
    assert file_system(Path("/elsewhere/convoca.db"), mounts) == "ext4"
    assert file_system(Path("/elsewhere"), tmp_path / "none") == ""


def test_wrong_settings_are_findings_and_no_secret_is_told(monkeypatch, capsys):
    monkeypatch.setenv("CONVOCA_SECRET_KEY", "hunter2")
    monkeypatch.setenv("CONVOCA_NOSUCH", "1")

    code, said = run(capsys, "doctor")

    assert code == 1
    assert "CONVOCA_NOSUCH: there is no such setting" in said
    assert "CONVOCA_SECRET_KEY: must have at least 32 characters" in said
    assert ("hunter2" in said, "not looked at  database" in said) == (False, True)


def test_programs_get_it_as_json(capsys, installed):
    code, said = run(capsys, "doctor", "--json")

    found = json.loads(said)
    assert code == 0
    assert {each["name"] for each in found} == NAMES
    assert all(each.keys() == {"name", "state", "what", "why", "do"} for each in found)


def test_of_an_empty_folder_it_says_what_to_run(capsys, folder):
    code, said = run(capsys, "doctor")
    assert (code, "convoca migrate" in said) == (1, True)
    assert not folder.exists()
