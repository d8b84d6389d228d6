"""axe finds nothing: WCAG 2.0 to 2.2, A and AA, and best practice, in light and in dark."""

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import expect

from tests.journeys.pages import VISITS, page_routes

TAGS = "wcag2a wcag2aa wcag21a wcag21aa wcag22a wcag22aa best-practice"
OPTIONS = {
    "runOnly": {"type": "tag", "values": TAGS.split()},
    "rules": {"target-size": {"enabled": True}},  # off unless asked for
    "resultTypes": ["violations"],
}
RUN = """async (options) => {
  const { violations } = await axe.run(options);
  return violations.flatMap((each) => each.nodes.map((node) => `${each.id}: ${node.html}`));
}"""
# In each language a page is seen in both widths and both schemes, in both languages in all four.
LOOKS = {"en": [(1280, "light"), (320, "dark")], "fr": [(1280, "dark"), (320, "light")]}

pytestmark = pytest.mark.browser


def violations(page):
    # The policy refuses a script tag; what the debugger evaluates is not asked.
    if page.evaluate("() => typeof axe === 'undefined'"):
        page.evaluate(AXE_SCRIPT)
    return page.evaluate(RUN, OPTIONS)


def test_every_page_is_visited():
    routes = page_routes()
    visited = {visit.route for visit in VISITS.values() if visit.route}
    assert visited == routes.keys()
    for visit in VISITS.values():
        path = visit.path.partition("?")[0]
        if visit.route:
            assert routes[visit.route].match(f"/en{path}" if path else "/")


@pytest.mark.parametrize("lang", LOOKS)
@pytest.mark.parametrize("name", VISITS)
def test_axe_finds_nothing(site, name, lang):
    with site.look(name, lang) as page:
        for width, scheme in LOOKS[lang]:
            page.set_viewport_size({"width": width, "height": 800})
            page.emulate_media(color_scheme=scheme)
            assert violations(page) == []


@pytest.mark.parametrize("name", ["schedule", "grid with a chosen sitting", "item with errors"])
def test_axe_finds_nothing_in_forced_colours(site, name):
    with site.look(name, "en", forced_colors="active") as page:
        assert violations(page) == []


@pytest.mark.parametrize("name", [name for name, visit in VISITS.items() if visit.status == 422])
def test_a_page_with_errors_begins_at_their_summary(site, name):
    with site.look(name, "en") as page:
        expect(page.get_by_role("alert")).to_be_focused()
        assert page.title().startswith("Error: ")
        for link in page.get_by_role("alert").get_by_role("link").all():
            field = page.locator(link.get_attribute("href"))
            link.press("Enter")
            expect(field).to_be_focused()
