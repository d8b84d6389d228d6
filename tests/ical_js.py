"""Feeds as Thunderbird and Nextcloud read them: through ical.js, in a real Chromium."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, Playwright, sync_playwright

from tests.chromium import launch_options

SOURCE = Path(__file__).with_name("vendor") / "ical.js"

LOAD = """async (source) => {
  const address = URL.createObjectURL(new Blob([source], {type: "text/javascript"}));
  window.ICAL = (await import(address)).default;
}"""

# No zone but UTC is known beside those that the feed itself defines.
READ = """(text) => {
  ICAL.TimezoneService.reset();
  const calendar = new ICAL.Component(ICAL.parse(text));
  for (const zone of calendar.getAllSubcomponents("vtimezone")) {
    ICAL.TimezoneService.register(zone);
  }
  const moment = (event, name) => {
    const time = event.getFirstPropertyValue(name);
    if (time.isDate) return time.toString();
    if (time.zone === ICAL.Timezone.localTimezone) throw new Error(`floating ${name}: ${time}`);
    return new Date(time.toUnixTime() * 1000).toISOString().replace(".000Z", "Z");
  };
  return calendar.getAllSubcomponents("vevent").map((event) => ({
    uid: event.getFirstPropertyValue("uid"),
    start: moment(event, "dtstart"),
    end: moment(event, "dtend"),
    sequence: event.getFirstPropertyValue("sequence"),
    status: event.getFirstPropertyValue("status"),
    summary: event.getFirstPropertyValue("summary"),
    description: event.getFirstPropertyValue("description"),
    location: event.getFirstPropertyValue("location"),
    categories: event.getFirstProperty("categories")?.getValues() ?? [],
    properties: event.getAllProperties().map((property) => property.name),
  }));
}"""


@dataclass(frozen=True)
class ReadEvent:
    """A VEVENT as ical.js understood it; `start` and `end` are UTC (`...Z`), or days."""

    uid: str
    start: str
    end: str
    sequence: int
    status: str
    summary: str
    description: str | None
    location: str | None
    categories: list[str]
    properties: list[str]


class IcalJs:
    """ical.js in a page of its own; `page` belongs to the only thread of `thread`."""

    def __init__(self, page: Page, thread: ThreadPoolExecutor) -> None:
        self.page = page
        self.thread = thread

    def read(self, feed: bytes) -> list[ReadEvent]:
        """The events of a feed; raises where ical.js cannot read it or a time floats."""
        events = self.thread.submit(self.page.evaluate, READ, feed.decode()).result()
        return [ReadEvent(**event) for event in events]


@contextmanager
def ical_js() -> Iterator[IcalJs]:
    """A Chromium without any page of ours, for as many feeds as a test has."""
    # Playwright keeps an event loop running in its thread. Another test's may run in ours.
    with ThreadPoolExecutor(max_workers=1) as thread:
        playwright = thread.submit(sync_playwright().start).result()
        try:
            yield IcalJs(thread.submit(_page, playwright).result(), thread)
        finally:
            thread.submit(playwright.stop).result()


def _page(playwright: Playwright) -> Page:
    page = playwright.chromium.launch(**launch_options()).new_page()
    page.evaluate(LOAD, SOURCE.read_text(encoding="utf-8"))
    return page
