"""The measurements themselves."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from bench.children import Child, serving, serving_bare
from bench.data import Publishing, Size, Store
from bench.wire import Answer, Wire, WireError, request

ROUND_SECONDS = 0.5  # more requests would not make a round more exact
SETTLE = 0.02  # what a server does after its last byte belongs to the request
IDLE_SECONDS = 2.0


@dataclass(frozen=True)
class Effort:
    """How much is measured."""

    rounds: int
    requests: int
    repeats: int


@dataclass(frozen=True)
class Case:
    """One request whose answer the shelf holds."""

    what: str
    path: str
    encoding: str
    unchanged: bool = False

    @property
    def name(self) -> str:
        """As the table calls it."""
        return f"{self.what} {304 if self.unchanged else 200} {self.encoding}"


@dataclass(frozen=True)
class Hot:
    """CPU per request in µs, ours and the bare function's; the ratio's median and ends."""

    case: str
    bytes: int
    requests: int
    ours: float
    bare: float
    ratio: float
    lowest: float
    highest: float


@dataclass(frozen=True)
class Published:
    """What one edition took, and the first page and feed after it, CPU in ms."""

    publishing: Publishing
    page: float
    feed: float


@dataclass(frozen=True)
class Cost:
    """What one size of meeting costs. CPU in ms, memory in MiB."""

    sittings: int
    hot: list[Hot]
    first_page: float
    first_feed: float
    publishing: float
    statements: int
    resident_at_start: float
    resident_after: float


@dataclass(frozen=True)
class StartUp:
    """Seconds from process start to the first 200, their CPU, and CPU in ms per idle second."""

    seconds: float
    cpu: float
    idle: float


def page_of(size: Size) -> str:
    """The whole schedule."""
    return f"/en/meetings/{size.slug}/schedule?day=all"


def feed_of(size: Size) -> str:
    """The whole calendar."""
    return f"/calendars/{size.slug}/en/all.ics"


def cases_of(size: Size) -> list[Case]:
    """Page and feed, as they are fetched first and as they are asked for again."""
    return [
        Case(what, path, encoding, unchanged)
        for what, path in (("page", page_of(size)), ("feed", feed_of(size)))
        for encoding, unchanged in (("gzip", False), ("identity", False), ("gzip", True))
    ]


def measure_start(folder: Path, effort: Effort) -> StartUp:
    """Some starts one after another, and how much the last one does for nobody."""
    seconds, cpu, idle = [], [], 0.0
    for number in range(effort.repeats):
        with serving(folder) as child:
            seconds.append(child.start_seconds)
            cpu.append(child.start_cpu)
            if number == effort.repeats - 1:
                before = child.cpu()
                time.sleep(IDLE_SECONDS)
                idle = (child.cpu() - before) / IDLE_SECONDS
    return StartUp(median(seconds), median(cpu), idle * 1000)


def measure_size(
    store: Store, folder: Path, size: Size, effort: Effort, settings: Mapping[str, Any]
) -> Cost:
    """Everything that depends on how many sittings there are."""
    store.make_meeting(size)
    with serving(folder) as child:
        resident = child.resident()
        hot = [measure_hot(child, folder, case, effort, settings) for case in cases_of(size)]
        published = _publish(store, child, size, effort)
        return Cost(
            sittings=size.sittings,
            hot=hot,
            first_page=median(each.page for each in published),
            first_feed=median(each.feed for each in published),
            publishing=median(each.publishing.cpu for each in published) * 1000,
            statements=max(each.publishing.statements for each in published),
            resident_at_start=resident,
            resident_after=child.resident(),
        )


def measure_hot(
    child: Child, folder: Path, case: Case, effort: Effort, settings: Mapping[str, Any]
) -> Hot:
    """Rounds of requests to our server and to the bare one in turn."""
    asked, expected = _asked(child.port, case)
    with serving_bare(expected, folder, settings) as bare:
        with Wire(bare.port) as wire:
            if wire.ask(asked) != expected:
                raise WireError("the bare server's answer differs")
        count = _count(child, asked, expected, effort)
        pairs = [
            (_round(child, asked, expected, count), _round(bare, asked, expected, count))
            for _ in range(effort.rounds)
        ]
    return _hot(case, expected, count, pairs)


def _asked(port: int, case: Case) -> tuple[bytes, Answer]:
    """The request, and the answer that it gets from the shelf."""
    headers = {"Accept-Encoding": case.encoding}
    with Wire(port) as wire:
        asked = request(case.path, port, headers)
        answer = wire.ask(asked)
        if case.unchanged:
            headers["If-None-Match"] = answer.header("etag")
            asked = request(case.path, port, headers)
            answer = wire.ask(asked)
    packed = answer.header("content-encoding") or "identity"
    wanted = (304, "identity") if case.unchanged else (200, case.encoding)
    if (answer.status, packed) != wanted:
        raise WireError(f"{case.name}: got {answer.status} {packed}")
    return asked, answer


def _count(child: Child, asked: bytes, expected: Answer, effort: Effort) -> int:
    """As many requests as wanted, fewer where the body is so big that a round would be long."""
    tried = max(10, effort.requests // 5)
    with Wire(child.port) as wire:
        began = time.perf_counter()
        wire.repeat(asked, expected, tried)
        each = (time.perf_counter() - began) / tried
    return max(10, min(effort.requests, int(ROUND_SECONDS / each)))


def _round(child: Child, asked: bytes, expected: Answer, count: int) -> float:
    """CPU per request on one kept-alive connection.

    Each round has its own: how the kernel cuts a long answer differs from one to the next.
    """
    with Wire(child.port) as wire:
        wire.repeat(asked, expected, count // 10)  # warm caches, grown windows
        before = child.cpu()
        wire.repeat(asked, expected, count)
        return (child.cpu() - before) / count


def _hot(case: Case, expected: Answer, count: int, pairs: Sequence[tuple[float, float]]) -> Hot:
    ratios = [ours / bare for ours, bare in pairs]
    return Hot(
        case=case.name,
        bytes=len(expected.body),
        requests=count,
        ours=median(ours for ours, _ in pairs) * 1e6,
        bare=median(bare for _, bare in pairs) * 1e6,
        ratio=median(ratios),
        lowest=min(ratios),
        highest=max(ratios),
    )


def _publish(store: Store, child: Child, size: Size, effort: Effort) -> list[Published]:
    """Publish some changes; after each the answers on the shelf are old, and made anew once."""
    paths = (page_of(size), feed_of(size))
    etags = {path: _asked_once(child, path).header("etag") for path in paths}
    found = []
    for _ in range(effort.repeats):
        publishing = store.publish_a_change(size)
        took = []
        for path in paths:
            cpu, etags[path] = _rendering(child, path, etags[path])
            took.append(cpu)
        found.append(Published(publishing, *took))
    return found


def _rendering(child: Child, path: str, old: str) -> tuple[float, str]:
    """Ask until the server has seen the new stamp: the first other answer was rendered for us."""
    for _ in range(200):
        before = child.cpu()
        etag = _asked_once(child, path).header("etag")
        time.sleep(SETTLE)
        if etag != old:
            return (child.cpu() - before) * 1000, etag
    raise WireError(f"{path}: the server does not notice a new edition")


def _asked_once(child: Child, path: str) -> Answer:
    with Wire(child.port) as wire:
        answer = wire.ask(request(path, child.port, {"Accept-Encoding": "gzip"}))
    if answer.status != 200:
        raise WireError(f"{path}: {answer.status}")
    return answer
