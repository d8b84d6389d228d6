"""What the papers for administrators tell is there."""

import re
from pathlib import Path

import pytest

from app.cli import _parser
from app.core.uploads import MOST_BESIDE, MOST_BYTES
from app.settings import SECRETS, Settings

ROOT = Path(__file__).parents[2]
PAPERS = ["docs/operate.md", "compose.yaml", "Dockerfile", "README.md", "SECURITY.md"]
SETTINGS = {f"CONVOCA_{name.upper()}" for name in Settings.model_fields}
SETTINGS |= {f"CONVOCA_{name.upper()}_FILE" for name in SECRETS}


def paper(name):
    return (ROOT / name).read_text()


@pytest.mark.parametrize("name", PAPERS)
def test_every_setting_in_it_is_one(name):
    assert set(re.findall(r"CONVOCA_[A-Z_]*[A-Z]", paper(name))) <= SETTINGS


@pytest.mark.parametrize("name", PAPERS)
def test_every_command_in_it_is_one(name):
    commands = re.findall(
        r"(?:`|bin/|^|\[\"convoca\", \")convoca ([a-z-]+(?: [a-z]+)?)", paper(name)
    )
    for words in commands:
        known = _verbs(_parser([]))
        for word in words.split():
            assert word in known or known == {}, f"convoca {words}"
            known = known.get(word, {})


def _verbs(parser):
    """The commands of a parser, and theirs."""
    for action in parser._actions:
        if isinstance(action.choices, dict):
            return {name: _verbs(each) for name, each in action.choices.items()}
    return {}


def test_the_proxy_lets_the_largest_file_through():
    [mib] = re.findall(r"client_max_body_size (\d+)m;", paper("docs/operate.md"))
    assert int(mib) * 1024 * 1024 >= MOST_BYTES + MOST_BESIDE


def test_containers_run_as_nobody_on_a_root_that_stays_as_it_is():
    compose, image = paper("compose.yaml"), paper("Dockerfile")
    assert {"read_only: true", "cap_drop: [ALL]", 'tmpfs: ["/tmp"]'} <= set(
        map(str.strip, compose.splitlines())
    )
    assert re.search(r"^USER 10001:10001$", image, re.MULTILINE)
    assert image.count("\nFROM ") == 2
    assert "HEALTHCHECK" in image


def test_every_check_of_readiness_is_told(app):
    told = paper("docs/operate.md")
    names = {*app.state.health.checks, "stopping"}
    assert {name for name in names if f"`{name}`" not in told} == set()
