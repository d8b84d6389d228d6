"""How much one visitor may send, and how often what costs or is guessed at; both refused early.

Counted in this process: several workers count each for themselves, and a restart forgets. That is
enough against guessing and mistakes, and no refusal costs a write to the database.
"""

from collections import OrderedDict, deque
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from threading import Lock
from uuid import UUID

from fastapi import Depends, Request
from starlette.exceptions import HTTPException
from starlette.types import Message, Receive, Scope

from app.core.clock import Clock
from app.core.errors import Gone, NotFound, TooMany

# The longest form has four languages of a few texts.
MOST_BODY = 1024 * 1024
MOST_VISITORS = 20_000
Network = IPv4Network | IPv6Network
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@dataclass(frozen=True)
class Limit:
    """So often within so long, then 429."""

    name: str
    most: int
    within: timedelta


@dataclass(frozen=True)
class Rates:
    """The limits of an installation."""

    links_asked: Limit = Limit("links asked for by one address", 50, HOUR)
    wrong_links: Limit = Limit("links that are none, by one address", 20, MINUTE)
    uploads: Limit = Limit("files of one person", 200, HOUR)
    exports: Limit = Limit("exports of one person", 30, HOUR)


class Limits:
    """Counts in a sliding window. The visitors longest unseen are forgotten first."""

    def __init__(
        self,
        rates: Rates,
        clock: Clock,
        proxies: Collection[Network] = (),
        *,
        most_visitors: int = MOST_VISITORS,
    ) -> None:
        self.rates = rates
        self.clock = clock
        self.proxies = proxies
        self.most_visitors = most_visitors
        self._times: OrderedDict[tuple[str, str], deque[float]] = OrderedDict()
        self._lock = Lock()

    def take(self, limit: Limit, who: str) -> None:
        """Count one more; TooMany, which is not counted, says when to come again."""
        now, length = self.clock().timestamp(), limit.within.total_seconds()
        with self._lock:
            times = self._times.setdefault((limit.name, who), deque())
            self._times.move_to_end((limit.name, who))
            # A clock that was put back leaves times that lie ahead: they count for nothing.
            while times and not now - length < times[0] <= now:
                times.popleft()
            if len(times) >= limit.most:
                raise TooMany(round(times[0] + length - now) or 1)
            times.append(now)
            while len(self._times) > self.most_visitors:
                self._times.popitem(last=False)

    def link_asked(self, request: Request) -> None:
        """Somebody wants a sign-in link by letter."""
        self.take(self.rates.links_asked, self.visitor(request))

    def wrong_link(self, request: Request) -> None:
        """Somebody came with a link that is none, or no longer."""
        self.take(self.rates.wrong_links, self.visitor(request))

    def upload(self, person_id: UUID) -> None:
        """Somebody sends a file."""
        self.take(self.rates.uploads, str(person_id))

    def export(self, person_id: UUID) -> None:
        """Somebody takes a whole list away."""
        self.take(self.rates.exports, str(person_id))

    def visitor(self, request: Request) -> str:
        """Where a request comes from: one IPv4 address, or the network of one IPv6 visitor.

        What X-Forwarded-For says counts only as far as our own proxies wrote it.
        """
        host = request.client.host if request.client else ""
        hops = ",".join(request.headers.getlist("x-forwarded-for")).split(",")
        while hops and self._is_ours(host):
            host = hops.pop().strip() or host
        try:
            address = ip_address(host)
        except ValueError:
            return host[:64]
        if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
            return str(IPv6Address(int(address) >> 64 << 64))
        return host

    def _is_ours(self, host: str) -> bool:
        try:
            address = ip_address(host)
        except ValueError:
            return False
        return any(address in network for network in self.proxies)


def proxies_in(text: str) -> tuple[Network, ...]:
    """Addresses and networks with commas between; ValueError for what is none."""
    return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())


def limits_of(request: Request) -> Limits:
    """The counts of this process."""
    found: Limits = request.app.state.limits
    return found


def guesses(request: Request) -> Iterator[None]:
    """For addresses that hold a token: wrong ones are counted, a right one is never refused."""
    try:
        yield
    except (Gone, NotFound):
        limits_of(request).wrong_link(request)
        raise


Guesses = Depends(guesses, scope="function")


def bounded(scope: Scope, receive: Receive) -> Receive:
    """The request's body up to MOST_BODY, or to what the page that takes a file sets."""
    seen = 0

    async def cut() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > scope["state"].get("most_body", MOST_BODY):
            raise HTTPException(413)
        return message

    return cut
