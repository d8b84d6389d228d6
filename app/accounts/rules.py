"""How long a link and a sign-in live, and how an address is compared."""

from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from email_validator import EmailNotValidError, validate_email

from app.core.errors import Gone, invalid
from app.core.languages import Message

LINK_LIFE = timedelta(minutes=15)
MOST_LETTERS = 5
SIGN_IN_LIFE = timedelta(hours=12)
AGENT_LENGTH = 300
# In this order: several call themselves by the names of those below them as well.
BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "Firefox/": "Firefox",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Mac OS X": "Mac",
    "Linux": "Linux",
}


class Link(Protocol):
    """A sign-in link."""

    @property
    def expires_at(self) -> datetime: ...
    @property
    def used_at(self) -> datetime | None: ...


AnyLink = TypeVar("AnyLink", bound=Link)


def usable(link: AnyLink | None, *, now: datetime) -> AnyLink:
    """The link, if it is known, unused and young enough; otherwise Gone, in the same words."""
    if link is None or link.used_at is not None or now >= link.expires_at:
        raise Gone(
            Message("A sign-in link works once, for %(minutes)s minutes.", {"minutes": 15}),
            advice=Message("Ask for a new one on the sign-in page."),
        )
    return link


def holds(since: datetime | None, until: datetime | None, *, now: datetime) -> bool:
    """Whether a role from one moment until before another holds now; open ends are None."""
    return (since is None or since <= now) and (until is None or now < until)


def device_of(agent: str) -> str:
    """What people call the device of a User-Agent: "Firefox, Windows"; as it stands if unknown."""
    found = [
        next((name for mark, name in known.items() if mark in agent), "")
        for known in (BROWSERS, SYSTEMS)
    ]
    return ", ".join(filter(None, found)) or agent[:60]


def normalized_email(address: str) -> str:
    """The address as it is stored and compared; raises Invalid for what is not one."""
    try:
        found = validate_email(address, check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise invalid("email", Message("This is not an e-mail address.")) from error
    return found.normalized.casefold()
