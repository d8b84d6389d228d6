"""Every page in every state: for everybody, on a small phone, on paper, light, and no dead end."""

import re

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Request, expect

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
PHONE = {
    "viewport": {"width": 320, "height": 640},
    "is_mobile": True,
    "has_touch": True,
    # Far from every meeting, so that the reader's own time stands beside each of theirs.
    "timezone_id": "Asia/Tokyo",
}
SIZES = """() => {
  // A link within a sentence is as high as its line: WCAG 2.5.8 lets it be.
  const inSentence = (it) =>
    getComputedStyle(it).display === "inline" &&
    it.parentElement.textContent.trim() !== it.textContent.trim();
  const seen = [...document.querySelectorAll("a, button, input, select, textarea, summary")]
    .filter((it) => it.checkVisibility() && it.type !== "hidden" && !inSentence(it));
  return seen.map((it) => {
    const { width, height } = it.getBoundingClientRect();
    const least = it.matches(".btn") ? 44 : 24;
    const small = Math.min(width, height) < 24 || height < least;
    return small ? `${Math.round(width)} x ${Math.round(height)}: ${it.outerHTML}` : "";
  }).filter(Boolean);
}"""

LINKS = '() => [...new Set([...document.querySelectorAll("a[href]")].map((it) => it.href))]'
PAPERS = {"A4": (596, 843), "Letter": (612, 792)}  # points, whole ones

pytestmark = pytest.mark.browser


def in_turn(*languages):
    """Each page in one of the languages, by turns; in the others in the long proofs."""
    return pytest.mark.parametrize(
        ("name", "lang"),
        [
            pytest.param(
                name, lang, marks=[pytest.mark.soak] if (turn + place) % len(languages) else []
            )
            for turn, name in enumerate(VISITS)
            for place, lang in enumerate(languages)
        ],
    )


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


@in_turn(*LOOKS)
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


@in_turn("es", "pt")
def test_a_page_fits_a_small_phone(site, name, lang):
    with site.look(name, lang, **PHONE) as page:
        assert page.evaluate("() => document.documentElement.scrollWidth") == 320
        assert page.evaluate(SIZES) == []


@pytest.mark.parametrize("name", VISITS)
def test_every_link_leads_somewhere(site, name):
    with site.look(name, "en") as page:
        here = page.url.partition("#")[0]
        for link in page.evaluate(LINKS):
            address, _, target = link.partition("#")
            # What is not there is not there in any language.
            status = VISITS[name].status
            text = page.content() if address == here else site.text(page, address, status)
            assert not target or f'id="{target}"' in text, link


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("name", ["schedule", "agenda"])
def test_a_page_prints_on_the_paper_that_the_reader_has(site, name, paper):
    with site.look(name, "en") as page:
        file = page.pdf(format=paper, prefer_css_page_size=True)
        page.emulate_media(media="print")
        expect(page.get_by_role("navigation").filter(visible=True)).to_have_count(0)
        expect(page.locator(".btn").filter(visible=True)).to_have_count(0)
    size = re.search(rb"/MediaBox \[0 0 ([0-9.]+) ([0-9.]+)\]", file)
    assert tuple(round(float(each)) for each in size.groups()) == PAPERS[paper]


# A whole resolution with a form for every finding: 17 KB if it were packed, but what only one
# person sees is not.
HEAVY = {"text to confirm": 180_000}


@pytest.mark.parametrize("name", [name for name, visit in VISITS.items() if not visit.act])
def test_a_page_is_light(site, name):
    sent: list[Request] = []

    def note(request: Request) -> None:
        sent.append(request)

    with site.look(name, "en", service_workers="block") as page:
        page.context.new_cdp_session(page).send("Network.setCacheDisabled", {"cacheDisabled": True})
        page.on("requestfinished", note)
        page.reload(wait_until="networkidle")
        page.remove_listener("requestfinished", note)
        sizes = {each.resource_type: each.sizes()["responseBodySize"] for each in sent}
    assert len(sent) <= 10
    most = HEAVY.get(name, 40_000 if VISITS[name].email else 20_000)
    assert sizes["document"] + sizes["stylesheet"] <= most
