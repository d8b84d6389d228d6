"""Every page on the narrowest phone, in the languages that axe did not see."""

import pytest

from tests.journeys.pages import VISITS

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

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("lang", ["es", "pt"])
@pytest.mark.parametrize("name", VISITS)
def test_a_page_fits_a_small_phone(site, name, lang):
    with site.look(name, lang, **PHONE) as page:
        assert page.evaluate("() => document.documentElement.scrollWidth") == 320
        assert page.evaluate(SIZES) == []
