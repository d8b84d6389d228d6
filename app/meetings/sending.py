"""Forms of a meeting's pages that bring a file.

Who may send one is decided before it is received, and before any transaction begins.
"""

from collections.abc import AsyncIterator, Callable
from typing import Annotated

from fastapi import Depends, Request

from app.core.access import Permission, found_viewer, insider, require
from app.core.clock import Now
from app.core.database import Sessions
from app.core.limits import limits_of
from app.core.receiving import Received, receive
from app.meetings.queries import meeting_by_slug


def received_for(permission: Permission) -> Callable[..., AsyncIterator[Received]]:
    """A dependency: the form and its file, if the viewer may do this in the meeting.

    To be named before the desk, which opens the transaction: a slow sender must not hold it.
    """

    def may_send(request: Request, slug: str, now: Now) -> None:
        sessions: Sessions = request.app.state.sessions
        with sessions.reading() as db:
            viewer = insider(found_viewer(request, db, now))
            require(viewer, permission, meeting_by_slug(db, slug).id)
        limits_of(request).upload(viewer.person_id)

    async def received(
        request: Request, _allowed: Annotated[None, Depends(may_send)]
    ) -> AsyncIterator[Received]:
        async for found in receive(request):
            yield found

    return received
