"""The composition root: the only module that knows every other."""

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from email.utils import parseaddr

from fastapi import Depends, FastAPI
from starlette.types import ASGIApp

from app.accounts import api as accounts_api
from app.accounts import pages as accounts
from app.accounts.presence import Presence
from app.agendas import api as agendas_api
from app.agendas import pages as agendas
from app.calendars import pages as calendars
from app.core.assets import Assets
from app.core.clock import Clock, system_clock
from app.core.database import Engines, Sessions, create_engines
from app.core.languages import Message
from app.core.limits import Limits, proxies_in
from app.core.pages import Templates
from app.core.postman import Postman
from app.core.security import Envelope, Gate, Site
from app.core.transports import Folder, Smtp, SmtpServer, Transport
from app.desk import api as desk_api
from app.desk import (
    creation_pages,
    group_api,
    group_pages,
    history_pages,
    letters_api,
    letters_pages,
    moving_pages,
    new_api,
    new_pages,
)
from app.desk import pages as desk
from app.directory import api as directory_api
from app.directory.rules import name_on
from app.documents import api as documents_api
from app.documents import pages as documents
from app.failures import add_error_handlers, refuse_control_characters, refuse_cross_site
from app.groups import api as groups_api
from app.groups import (
    clearance_pages,
    decision_pages,
    liaison_api,
    liaison_pages,
    member_pages,
    officer_api,
    officer_pages,
    record_api,
    task_api,
    task_pages,
)
from app.groups import pages as groups
from app.invitations import api as invitations_api
from app.invitations import pages as invitations
from app.meetings import api as meetings_api
from app.meetings import pages as meetings
from app.meetings import resolution_pages
from app.meetings.pages import Section
from app.operations import routes as operations
from app.operations.figures import Figures
from app.operations.health import Health, noticing_stop
from app.operations.housekeeping import Housekeeping
from app.publications import api as publications_api
from app.publications import pages as publications
from app.publications.shelf import Shelf
from app.publications.stamps import Stamps
from app.reports import api as reports_api
from app.reports import pages as reports
from app.resolutions import api as resolutions_api
from app.schedules import api as schedules_api
from app.schedules import pages as schedules
from app.schedules import sitting_pages
from app.settings import Settings, secret_key

log = logging.getLogger("convoca")

# The API comes first: its addresses would otherwise look like pages in a language named "api".
ROUTERS = (
    operations.router,
    accounts_api.router,
    directory_api.router,
    resolutions_api.router,
    publications_api.router,
    meetings_api.router,
    agendas_api.router,
    schedules_api.router,
    invitations_api.router,
    documents_api.router,
    groups_api.router,
    officer_api.router,
    record_api.router,
    task_api.router,
    liaison_api.router,
    group_api.router,
    reports_api.router,
    new_api.router,
    desk_api.router,
    letters_api.router,
    calendars.router,
    accounts.router,
    publications.router,
    history_pages.router,
    letters_pages.router,
    group_pages.router,
    moving_pages.router,
    groups.router,
    officer_pages.router,
    decision_pages.router,
    task_pages.router,
    clearance_pages.router,
    liaison_pages.router,
    member_pages.router,
    new_pages.router,
    creation_pages.router,
    desk.router,
    agendas.router,
    schedules.router,
    sitting_pages.router,
    reports.router,
    invitations.router,
    documents.router,
    meetings.router,
    resolution_pages.router,
)
DESK_SECTIONS = (
    Section("desk", Message("Desk"), ""),
    Section("resolution", Message("Resolution"), "/resolution"),
    Section("commitments", Message("Commitments"), "/commitments"),
    Section("invitations", Message("Entities"), "/invitations"),
    Section("agenda", Message("Agenda"), "/agenda"),
    Section("schedule", Message("Schedule"), "/schedule"),
    Section("documents", Message("Documents"), "/documents"),
    Section("rooms", Message("Rooms"), "/rooms"),
    Section("group", Message("Group"), "/group", of_conferences=True),
    Section("letters", Message("Letters"), "/letters"),
    Section("history", Message("History"), "/history"),
)
PUBLIC_SECTIONS = (
    Section("schedule", Message("Schedule"), "/schedule"),
    Section("agenda", Message("Agenda"), "/agenda"),
    Section("documents", Message("Documents"), "/documents"),
    Section("about", Message("The meeting"), ""),
)


class Convoca(FastAPI):
    """The application with everything in front of it: envelope, gate, shelf."""

    def build_middleware_stack(self) -> ASGIApp:
        """Ours around the framework's, which sits too deep for bytes that are ready."""
        shelf = Shelf(super().build_middleware_stack(), self.state.stamps, self.state.clock)
        gate = Gate(shelf, self.state.site)
        return Envelope(gate, self.state.site, self.state.figures.count)


def create_app(
    settings: Settings, *, base_url: str, clock: Clock = system_clock, sends: bool = False
) -> Convoca:
    """The application on an existing, migrated database; `sends` its letters too."""
    app = Convoca(
        title="Convoca",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan,
        # The framework would look for a collector on every request, and send addresses to it.
        telemetry={"tracing": False, "metrics": False, "logs": False},
        dependencies=[Depends(refuse_cross_site), Depends(refuse_control_characters)],
    )
    site = app.state.site = Site(settings.base_url or base_url, settings.mail_from)
    app.state.secret_key = secret_key(settings)
    app.state.clock = clock
    app.state.security_contact = settings.security_contact
    app.state.limits = Limits(settings.rates, clock, proxies_in(settings.trusted_proxies))
    presence = app.state.presence = Presence(timedelta(minutes=settings.idle_minutes))
    app.state.find_viewer = presence.viewer
    app.state.desk_sections, app.state.public_sections = DESK_SECTIONS, PUBLIC_SECTIONS
    engines = create_engines(settings.database)
    assets = Assets()
    app.state.templates = Templates(assets, {"name_on": name_on})
    app.state.stamps = Stamps(engines)
    app.state.postman = postman_of(settings, engines, site, clock=clock) if sends else None
    sessions = app.state.sessions = Sessions(engines, after_write=_after_write(app))
    app.state.figures = Figures(sessions, settings, clock)
    app.state.health = Health(sessions, settings, clock, app.state.postman)
    app.mount("/static", assets)
    for router in ROUTERS:
        app.include_router(router)
    uploads = app.state.uploads = settings.uploads()
    app.state.housekeeping = Housekeeping(sessions, uploads, clock, presence)
    add_error_handlers(app)
    return app


def postman_of(settings: Settings, engines: Engines, site: Site, *, clock: Clock) -> Postman:
    """Who sends the letters of this installation, by mail or into a folder."""
    transport: Transport = Folder(settings.data_dir / "letters")
    if settings.smtp_url:
        transport = Smtp(SmtpServer.at(settings.smtp_url), parseaddr(site.sender)[1])
    return Postman(engines, transport, site.sender, secret_key(settings), clock)


def _after_write(app: FastAPI) -> Callable[[], None]:
    """What follows a commit: the public sees it, letters leave."""
    stamps, postman = app.state.stamps, app.state.postman

    def follow() -> None:
        stamps.refresh()
        if postman is not None:
            postman.wake()

    return follow


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    state = app.state
    threads = [
        each for each in (state.stamps, state.postman, state.housekeeping) if each is not None
    ]
    for each in threads:
        each.start()
    with noticing_stop(app.state.health, app.state.figures.settings.drain_seconds):
        yield
    for each in threads:
        each.stop()
    app.state.sessions.engines.dispose()
