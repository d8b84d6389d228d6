"""What is proved by looking at the program, its papers and its sheet of requirements."""

import ast
import csv
import re
import tomllib
from datetime import timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from app.accounts.letters import WINDOW
from app.accounts.rules import LINK_LIFE, MOST_LETTERS, SIGN_IN_LIFE
from app.agendas.forms import MOST_MINUTES
from app.core.filetypes import BY_MEDIA_TYPE
from app.core.forms import TEXT_LENGTH, TITLE_LENGTH
from app.core.idempotency import KEPT_FOR
from app.core.limits import MOST_BODY, Rates
from app.core.packed import MOST_MEMBERS, MOST_UNPACKED
from app.core.uploads import MOST_BYTES, NAME_LENGTH
from app.desk.letters_pages import Chosen
from app.desk.new_api import MOST_FINDINGS
from app.desk.readings import MOST_TEXT
from app.documents.forms import SYMBOL_LENGTH
from app.settings import Settings, SettingsError, load_settings

ROOT = Path(__file__).parents[2]
MODULES = {path: path.read_text() for path in sorted((ROOT / "app").rglob("*.py"))}
SHEET = list(csv.DictReader((ROOT / "docs/asvs.csv").read_text().splitlines()))
STATUSES = {"met", "deviation", "does not apply", "open"}
MIB = 1024 * 1024


def found(pattern):
    return {path.name for path, text in MODULES.items() if re.search(pattern, text)}


def imported():
    for text in MODULES.values():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Import):
                yield from (each.name for each in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield from (f"{node.module}.{each.name}" for each in node.names)


def test_1_1_2_nothing_is_marked_as_markup_by_hand():
    assert found(r"\bMarkup\(|mark_safe|Markup\b.*import") == set()


def test_1_2_3_no_page_writes_data_into_a_script():
    templates = [path.read_text() for path in (ROOT / "templates").rglob("*.html")]
    scripts = [each for text in templates for each in re.findall(r"<script[^>]*>([^<]*)", text)]
    assert scripts
    assert {each.strip() for each in scripts} == {""}


def test_1_2_4_sql_is_never_put_together_from_text():
    # The one place names tables of our own schema, when a backup is brought in.
    assert found(r"\btext\(\s*f[\"']|exec_driver_sql\(\s*f[\"']|noqa: S608") == {"portable.py"}


def test_1_2_5_the_program_starts_no_other():
    names = set(imported())
    assert not {"os.system", "pty", "shlex"} & names
    # One is our own, in a process apart: its words are fixed, the file comes by its input.
    assert found(r"\bsubprocess\b") == {"extraction.py"}
    assert found(r"shell\s*=") == set()
    assert found(r"os\.(system|popen|exec|spawn)") == set()


def test_1_3_2_nothing_is_run_that_somebody_sent():
    names = {name.split(".")[0] for name in imported()}
    assert not {"pickle", "marshal", "shelve", "yaml", "dill"} & names
    assert found(r"(?<![\w.])(eval|exec|compile)\(") == set()


def test_11_4_1_no_weak_hash_and_no_cipher_of_our_own():
    assert found(r"\b(md5|sha1|DES|RC4|ECB|crypt)\b") == set()
    assert "cryptography" not in {name.split(".")[0] for name in imported()}


def test_11_5_1_secrets_come_from_the_systems_generator():
    # The delay before a letter is tried again may be guessed.
    assert found(r"^(import|from) random\b|\n(import|from) random\b") == {"postman.py"}
    assert found(r"\buuid4\b") == set()
    assert found(r"secrets\.token_(urlsafe|hex)\((?!\d)") == set()


def test_13_4_1_an_image_holds_only_what_runs():
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert ignored[0] == "*"
    allowed = {line[1:] for line in ignored if line.startswith("!")}
    assert allowed & {"app", "migrations"} == {"app", "migrations"}
    assert not allowed & {".git", "tests", "data", ".env", "bench"}


@pytest.mark.parametrize("name", ["run.lock", "dev.lock"])
def test_15_1_1_every_library_is_pinned_by_its_hash(name):
    lines = (ROOT / "requirements" / name).read_text().splitlines()
    pinned = [line for line in lines if re.match(r"[a-z0-9]", line, re.IGNORECASE)]
    assert pinned
    assert [line for line in pinned if "==" not in line] == []
    assert sum("--hash=sha256:" in line for line in lines) >= len(pinned)
    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]


def test_13_3_1_a_secret_may_come_as_a_file_and_must_be_one(tmp_path):
    key = "abcdefghijklmnopqrstuvwxyz012345"
    place = tmp_path / "key"
    place.write_text(f"{key}\n")
    assert load_settings({"CONVOCA_SECRET_KEY_FILE": str(place)}).secret_key == key
    for given in (
        {"CONVOCA_SECRET_KEY_FILE": str(tmp_path / "none")},
        {"CONVOCA_SECRET_KEY": "short"},
        {"CONVOCA_SECRET_KEY": "changeme" * 5},
    ):
        with pytest.raises(SettingsError, match="CONVOCA_SECRET_KEY"):
            load_settings(given)


def test_9_1_1_a_word_that_was_signed_otherwise_is_not_shown(client: TestClient):
    client.headers["Cookie"] = "convoca-done=IkhlbGxvIg.aaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbb"
    answer = client.get("/en/sign-in")
    assert (answer.status_code, "Hello" in answer.text) == (200, False)


def told():
    text = (ROOT / "docs/limits.md").read_text()
    lines = re.findall(r"^\| ([^|]+) \| ([^|]+) \|$", text, re.MULTILINE)
    return dict(lines[1:])


def span(length):
    names = {timedelta(minutes=1): "a minute", timedelta(hours=1): "an hour"}
    return names[length]


def test_2_1_1_the_limits_that_are_told_are_those_that_hold():
    rates = Rates()
    many = Chosen.__metadata__[0].metadata[0].max_length
    assert told() == {
        "a form or a JSON body": f"{MOST_BODY // 1024} KiB",
        "a resolution's text, pasted": f"{MOST_TEXT // MIB} MiB",
        "findings of a resolution, decided at once by a program": f"{MOST_FINDINGS}",
        "a file": f"{MOST_BYTES // MIB} MiB",
        "a packed file (DOCX, XLSX, PPTX, ODT, ODS, ODP), unpacked": f"{MOST_UNPACKED // MIB} MiB",
        "parts of a packed file": f"{MOST_MEMBERS}",
        "a file's name": f"{NAME_LENGTH} characters",
        "a title, a name, a place, in each language": f"{TITLE_LENGTH} characters",
        "a note or a text, in each language": f"{TEXT_LENGTH} characters",
        "a document's symbol": f"{SYMBOL_LENGTH} characters",
        "an item or a session": f"{MOST_MINUTES} minutes",
        "letters marked by hand, or taken away, at once": f"{many}",
        "letters with a sign-in link, to one address": f"{MOST_LETTERS} in {span(WINDOW)}",
        "sign-in links asked for, from one place": rate(rates.links_asked),
        "wrong links, from one place": rate(rates.wrong_links),
        "files, by one person": rate(rates.uploads),
        "lists taken away, by one person": rate(rates.exports),
        "a sign-in link": f"{LINK_LIFE // timedelta(minutes=1)} minutes",
        "a sign-in": f"{SIGN_IN_LIFE // timedelta(hours=1)} hours",
        "a sign-in that nobody uses": f"{Settings().idle_minutes} minutes",
        "an idempotency key": f"{KEPT_FOR // timedelta(hours=1)} hours",
    }


def rate(limit):
    return f"{limit.most} in {span(limit.within)}"


def test_5_1_1_every_kind_of_file_that_is_taken_is_told():
    text = (ROOT / "docs/limits.md").read_text()
    assert [kind.name for kind in BY_MEDIA_TYPE.values() if kind.ending.upper() not in text] == []


@pytest.mark.parametrize("name", ["docs/limits.md", "README.md"])
def test_every_setting_that_is_told_is_one(name):
    known = {f"CONVOCA_{field.upper()}" for field in Settings.model_fields}
    told = set(re.findall(r"CONVOCA_[A-Z_]+[A-Z]", (ROOT / name).read_text()))
    assert {each.removesuffix("_FILE") for each in told} <= known


def test_every_setting_is_told():
    text = (ROOT / "README.md").read_text()
    settings = [f"CONVOCA_{field.upper()}" for field in Settings.model_fields]
    assert [each for each in settings if f"`{each}`" not in text] == []


def test_each_requirement_is_met_by_a_test_or_says_why_not():
    assert len({row["id"] for row in SHEET}) == len(SHEET)
    for row in SHEET:
        assert row["status"] in STATUSES, row
        assert row["tests"] if row["status"] == "met" else row["note"], row
        assert not (row["level"] in {"1", "P0"} and row["status"] == "open"), row


def test_each_test_that_the_sheet_names_is_there():
    missing = []
    for name in {name for row in SHEET for name in row["tests"].split()}:
        file, _, test = name.partition("::")
        path = ROOT / file
        if not path.exists() or f"def {test}(" not in path.read_text():
            missing.append(name)
    assert sorted(missing) == []
