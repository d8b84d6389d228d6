"""The machine's own Chromium for playwright, which would otherwise want one that it downloads."""

import os
import shutil

# The order of requirements/setup.sh.
NAMES = ("chromium", "chromium-browser", "google-chrome")
# Nothing but the pages under test is to be looked up or fetched.
FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def launch_options() -> dict[str, str | list[str]]:
    """`playwright.chromium.launch(**launch_options())`."""
    # Chromium's sandbox refuses to be root.
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {"executable_path": executable(), "args": [*FLAGS, *as_root]}


def executable() -> str:
    """CONVOCA_CHROMIUM, else the first on the PATH; a test without a browser fails."""
    chosen = os.environ.get("CONVOCA_CHROMIUM")
    for name in (chosen,) if chosen else NAMES:
        if found := shutil.which(name):
            return found
    missing = f"CONVOCA_CHROMIUM names no program: {chosen}" if chosen else "There is no Chromium"
    raise RuntimeError(f"{missing}. Install the package chromium, or set CONVOCA_CHROMIUM.")
