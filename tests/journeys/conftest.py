"""A browser, and the application with today's demo on a real socket."""

from contextlib import contextmanager

import pytest
from playwright.sync_api import sync_playwright

from app.core.clock import system_clock
from app.demo import load_demo
from app.settings import Settings
from tests.chromium import launch_options
from tests.databases import writing
from tests.journeys.server import Server
from tests.journeys.site import NOW, Site
from tests.make import SITE


@pytest.fixture(scope="module")
def browser():
    """Ended with the module: while it lives, no other test can run an event loop here."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_options())
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def demo_of_today(databases, migrated):
    """A browser has its own clock for cookies, so the demo begins with the real day."""
    url = databases.clone(migrated)
    with writing(url) as db:
        load_demo(db, site=SITE, now=system_clock())
        db.commit()
    return url


@pytest.fixture(scope="session")
def new_server(databases, demo_of_today, tmp_path_factory, prepared):
    """`with new_server() as server`: the application as it is after `convoca demo`."""

    @contextmanager
    def make(**options):
        url = databases.clone(demo_of_today)
        settings = Settings(data_dir=tmp_path_factory.mktemp("data"), database_url=url)
        with Server(settings, **options) as server:
            state = server.app.state
            state.templates = prepared.setdefault("templates", state.templates)
            yield server
        databases.drop(url)

    return make


@pytest.fixture(scope="module")
def site(browser, new_server):
    """Every page in every state, at one moment that stays."""
    with new_server(clock=lambda: NOW) as server:
        yield Site(server, browser)
