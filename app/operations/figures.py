"""What happened here in figures, for Prometheus: counted cheaply, put into words when asked."""

import os
import shutil
import sqlite3
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from starlette.types import Scope

from app.core.clock import Clock
from app.core.database import Sessions
from app.core.errors import Busy
from app.core.letters import State
from app.core.outbox import outbox
from app.operations.logs import log_request
from app.schedules.models import Edition
from app.settings import Settings

BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
SHELF = "(shelf)"

Key = tuple[str, str, int]


class Figures(Collector):
    """Counts every answer of this process; gives figures of the whole installation too."""

    def __init__(self, sessions: Sessions, settings: Settings, clock: Clock) -> None:
        self.clock = clock
        self.sessions = sessions
        self.settings = settings
        self.answers: dict[Key, list[int]] = {}
        self.seconds: dict[Key, float] = {}
        self.registry = CollectorRegistry()
        self.registry.register(self)
        ProcessCollector(registry=self.registry)

    def count(self, scope: Scope, status: int, seconds: float) -> None:
        """One more answer. Called for each, by the event loop alone."""
        method = scope.get("asked_method", scope["method"])
        route = scope.get("route")
        if route is None:
            # The shelf answers before anything looks for a route; it knows only these two.
            path = SHELF if status in {200, 304} else ""
        else:
            path = route.path
            log_request(scope, path, status, seconds)
        key = (path, method if method in METHODS else "other", status)
        counts = self.answers.get(key)
        if counts is None:
            counts = self.answers[key] = [0] * (len(BOUNDS) + 1)
            self.seconds[key] = 0.0
        counts[bisect_left(BOUNDS, seconds)] += 1
        self.seconds[key] += seconds

    def text(self) -> bytes:
        """Everything, as Prometheus reads it."""
        return generate_latest(self.registry)

    def describe(self) -> Iterable[Metric]:
        """Nothing is known before it is asked for."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """For the registry, at each question."""
        yield from self._answers()
        yield from _place(self.settings)
        with self.sessions.reading() as db:
            yield from _stored(db, now=self.clock())

    def _answers(self) -> Iterator[Metric]:
        words = "Answers by route, method and status, and how long they took."
        found = HistogramMetricFamily(
            "convoca_request_seconds", words, labels=("route", "method", "status")
        )
        busy = 0
        for (route, method, status), counts in list(self.answers.items()):
            labels = (route, method, str(status))
            found.add_metric(labels, _buckets(counts), self.seconds[route, method, status])
            busy += sum(counts) if status == Busy.status else 0
        yield found
        yield CounterMetricFamily(
            "convoca_busy_answers", "Answers that asked to come again (503).", value=busy
        )


def _buckets(counts: list[int]) -> list[tuple[str, float]]:
    total, found = 0, []
    for bound, count in zip((*map(str, BOUNDS), "+Inf"), list(counts), strict=True):
        total += count
        found.append((bound, float(total)))
    return found


def _place(settings: Settings) -> Iterator[Metric]:
    facts = {"sqlite": sqlite3.sqlite_version, "pid": str(os.getpid())}
    yield InfoMetricFamily("convoca_worker", "The process that answers.", value=facts)
    usage = shutil.disk_usage(settings.data_dir)
    words = "Bytes left for the data folder."
    yield GaugeMetricFamily("convoca_disk_free_bytes", words, value=usage.free)
    file = settings.database_file
    if file is not None:
        journal = Path(f"{file}-wal")
        size = journal.stat().st_size if journal.exists() else 0
        yield GaugeMetricFamily("convoca_wal_bytes", "SQLite's write-ahead log.", value=size)


def _stored(db: Session, *, now: datetime) -> Iterator[Metric]:
    """What the database knows; without it, only that it is away."""
    words = "Whether the database answers."
    try:
        editions = db.scalar(select(func.count()).select_from(Edition)) or 0
        letters = outbox(db)
    except SQLAlchemyError:
        yield GaugeMetricFamily("convoca_database_up", words, value=0)
        return
    yield GaugeMetricFamily("convoca_database_up", words, value=1)
    yield GaugeMetricFamily("convoca_editions", "Editions published so far.", value=editions)
    states = GaugeMetricFamily("convoca_letters", "Letters by state.", labels=("state",))
    for state in State:
        states.add_metric((state.value,), letters.counts.get(state, 0))
    yield states
    age = (now - letters.oldest_due).total_seconds() if letters.oldest_due else 0.0
    yield GaugeMetricFamily("convoca_oldest_letter_seconds", "How long one has waited.", value=age)
