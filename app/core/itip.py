"""One event for one person by mail (RFC 5546, RFC 6047): a REQUEST or a CANCEL."""

from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Literal
from urllib.parse import quote

from app.core.icalendar import PRODID, Entry, event_lines, folded, timezones
from app.core.text import cleaned

Method = Literal["REQUEST", "CANCEL"]

# What a mailbox may hold in a URI besides letters and digits (RFC 6068 section 2).
IN_MAILTO = "@!$'*+-._~"


@dataclass(frozen=True, kw_only=True, slots=True)
class Mailbox:
    """Somebody's name and address."""

    name: str
    address: str


def mailbox(text: str) -> Mailbox:
    """A mailbox out of `Name <address>` or an address alone."""
    name, address = parseaddr(text)
    return Mailbox(name=name, address=address)


@dataclass(frozen=True, kw_only=True, slots=True)
class Invitation:
    """An entry as one person gets it; nobody else is named, nobody has to answer."""

    entry: Entry
    zone: str
    prodid: str
    organizer: Mailbox
    attendee: Mailbox

    def __post_init__(self) -> None:
        if not PRODID.fullmatch(self.prodid):
            raise ValueError(f"no calendar can carry this PRODID: {self.prodid!r}")

    @property
    def method(self) -> Method:
        """What the receiver's calendar shall do."""
        return "CANCEL" if self.entry.status == "CANCELLED" else "REQUEST"


def written(invitation: Invitation) -> bytes:
    """The invitation as a VCALENDAR with METHOD; the event is the feeds' one, and two lines."""
    entry, zone = invitation.entry, invitation.zone
    head = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        folded(f"PRODID:{invitation.prodid}"),
        "CALSCALE:GREGORIAN",
        f"METHOD:{invitation.method}",
        "",
    ]
    event = event_lines(entry, zone, more=tuple(_people(invitation)))
    return b"".join(
        ["\r\n".join(head).encode(), *timezones([entry], zone), event, b"END:VCALENDAR\r\n"]
    )


def _people(invitation: Invitation) -> Iterator[str]:
    organizer, attendee = invitation.organizer, invitation.attendee
    yield folded(f"ORGANIZER{_named(organizer.name)}:{_mailto(organizer.address)}")
    role = "ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=FALSE"
    yield folded(f"ATTENDEE{_named(attendee.name)};{role}:{_mailto(attendee.address)}")


def _named(name: str) -> str:
    """CN as a quoted parameter; what would end it is written as RFC 6868 says."""
    text = cleaned(name).replace("^", "^^").replace('"', "^'")
    return f';CN="{text}"' if text else ""


def _mailto(address: str) -> str:
    if address.count("@") != 1 or not address.isprintable() or " " in address:
        raise ValueError(f"no calendar can carry this address: {address!r}")
    return f"mailto:{quote(address, safe=IN_MAILTO)}"
