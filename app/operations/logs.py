"""Where log lines go, and how they look: words for a terminal, one line of JSON for a collector.

No address is ever written, since addresses hold tokens: the route's template stands for it.
"""

import json
import logging
import logging.config
import sys
from datetime import UTC, datetime
from typing import Any

from starlette.types import Scope

from app.core.security import REQUEST_ID
from app.settings import Settings

requests = logging.getLogger("convoca.requests")

# Asked every few seconds by machines; worth a line only when they fail.
UNREMARKABLE = frozenset({"/livez", "/readyz", "/metrics", "/static", ""})


class PlainFormatter(logging.Formatter):
    """A line for people; what somebody typed cannot begin another."""

    def __init__(self) -> None:
        super().__init__("%(levelname)s %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 (its name)
        """Control characters as their escapes."""
        line = super().formatMessage(record)
        return "".join(each if each.isprintable() else repr(each)[1:-1] for each in line)


class JsonFormatter(logging.Formatter):
    """One object a line, in ASCII, so that nothing can break the line."""

    def format(self, record: logging.LogRecord) -> str:
        """The record with its request's number and whatever facts it carries."""
        facts: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if number := REQUEST_ID.get():
            facts["request_id"] = number
        facts |= getattr(record, "facts", {})
        if record.exc_info:
            facts["error"] = self.formatException(record.exc_info)
        return json.dumps(facts, default=str)


def log_settings(settings: Settings) -> dict[str, Any]:
    """For logging.config; a terminal gets words unless CONVOCA_LOG says otherwise."""
    form = settings.log or ("plain" if sys.stderr.isatty() else "json")
    formatters = {"plain": PlainFormatter, "json": JsonFormatter}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"chosen": {"()": formatters[form]}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "chosen"}},
        "root": {"level": "WARNING", "handlers": ["stderr"]},
        "loggers": {
            name: {"level": "INFO" if form == "json" else "WARNING"}
            for name in ("convoca.requests", "convoca.security")
        },
    }


def set_up_logs(settings: Settings) -> None:
    """For everything this process writes from here on."""
    logging.config.dictConfig(log_settings(settings))


def log_request(scope: Scope, route: str, status: int, seconds: float) -> None:
    """A line for each request that reached the application; the shelf's are only counted."""
    if not requests.isEnabledFor(logging.INFO):
        return
    if route in UNREMARKABLE and status < 500:  # noqa: PLR2004
        return
    state = scope["state"]
    facts = {
        "request_id": state["request_id"],
        "method": scope.get("asked_method", scope["method"])[:20],
        "route": route,
        "status": status,
        "milliseconds": round(seconds * 1000, 1),
    }
    if meeting := scope.get("path_params", {}).get("slug"):
        facts["meeting"] = str(meeting)[:100]
    if person := state.get("person_id"):
        facts["person"] = str(person)
    requests.info("request", extra={"facts": facts})
