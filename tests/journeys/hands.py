"""Two ways to use a page, with the same verbs: by the keyboard alone, and by pointing."""

from dataclasses import dataclass

from playwright.sync_api import Page

MOST_STEPS = 200
FOCUS = """() => {
  const it = document.activeElement;
  if (it === null || it === document.body || it === document.documentElement) return null;
  const style = getComputedStyle(it);
  const box = it.getBoundingClientRect();
  const x = Math.min(Math.max(box.x + box.width / 2, 0), innerWidth - 1);
  const y = Math.min(Math.max(box.y + box.height / 2, 0), innerHeight - 1);
  const top = document.elementFromPoint(x, y);
  return {
    html: it.outerHTML.slice(0, 120),
    ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    sight: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    front: top !== null && (it.contains(top) || top.contains(it)),
  };
}"""


@dataclass(frozen=True)
class Stop:
    """Where the focus is, as a screen reader says it."""

    role: str
    name: str


class Keyboard:
    """Every stop on the way must have a name and a ring, in sight and in front."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.browser = page.context.new_cdp_session(page)

    def focused(self) -> Stop | None:
        """The stop; None if the focus is on the page itself or on the browser's frame."""
        found = self.page.evaluate(FOCUS)
        if found is None:
            return None
        stop = self._said()
        faults = [fault for fault in ("ring", "sight", "front") if not found[fault]]
        assert not faults, f"without {faults}: {found['html']}"
        assert stop.name, f"without a name: {found['html']}"
        return stop

    def _said(self) -> Stop:
        element = self.browser.send("Runtime.evaluate", {"expression": "document.activeElement"})
        target = {"objectId": element["result"]["objectId"], "fetchRelatives": False}
        node = self.browser.send("Accessibility.getPartialAXTree", target)["nodes"][0]
        return Stop(node["role"]["value"], node["name"]["value"].strip())

    def to(self, role: str, name: str, *, key: str = "Tab") -> None:
        """Press the key until the focus is there."""
        wanted, heard = Stop(role, name), []
        for _ in range(MOST_STEPS):
            stop = self.focused()
            if stop == wanted:
                return
            if stop and heard.count(stop) > 1:
                break  # twice around
            heard.append(stop)
            self.page.keyboard.press(key)
        raise AssertionError(f"{key} does not lead to {wanted}, only to {heard}")

    def press(self, role: str, name: str) -> None:
        """Go there and press Enter; the page that follows has loaded."""
        self.to(role, name)
        self._enter()

    def _enter(self) -> None:
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def press_cell(self, role: str, name: str) -> None:
        """The grid is one stop for Tab; arrows lead on."""
        self._to_grid()
        self._farthest("ArrowLeft")
        wanted, last = Stop(role, name), None
        while last != (last := self._farthest("ArrowUp")):
            if self._farthest("ArrowDown", wanted) == wanted:
                return self._enter()
            self._farthest("ArrowUp")
            self.page.keyboard.press("ArrowRight")
        raise AssertionError(f"arrows do not lead to {wanted}")

    def _to_grid(self) -> None:
        in_grid = "() => document.activeElement.closest('td') !== null"
        for _ in range(MOST_STEPS):
            if self.page.evaluate(in_grid):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError("Tab does not lead to the grid")

    def _farthest(self, arrow: str, wanted: Stop | None = None) -> Stop | None:
        stop, before = self.focused(), None
        while stop not in {before, wanted}:
            self.page.keyboard.press(arrow)
            stop, before = self.focused(), stop
        return stop

    def write(self, name: str, text: str) -> None:
        """Into a field."""
        self.to("textbox", name)
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.type(text)

    def tick(self, name: str, *, off: bool = False) -> None:
        """A box."""
        self.to("checkbox", name)
        assert self.page.evaluate("() => document.activeElement.checked") is off
        self.page.keyboard.press("Space")

    def choose(self, name: str, label: str) -> None:
        """Out of a list, by the arrow."""
        self.to("combobox", name)
        chosen = "() => document.activeElement.selectedOptions[0].label"
        for _ in range(MOST_STEPS):
            if self.page.evaluate(chosen) == label:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"“{name}” does not offer “{label}”")


class Pointer:
    """Mouse or finger; works where no script runs."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, role: str, name: str) -> None:
        """Press it; the page that follows has loaded."""
        with self.page.expect_navigation():
            self.page.get_by_role(role, name=name, exact=True).first.click()

    press_cell = press

    def write(self, name: str, text: str) -> None:
        """Into a field."""
        self.page.get_by_role("textbox", name=name, exact=True).fill(text)

    def tick(self, name: str, *, off: bool = False) -> None:
        """A box."""
        self.page.get_by_role("checkbox", name=name, exact=True).set_checked(not off)

    def choose(self, name: str, label: str) -> None:
        """Out of a list."""
        self.page.get_by_role("combobox", name=name, exact=True).select_option(label=label)
