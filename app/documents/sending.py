"""Who may send a file is decided before it is received, and before any transaction begins."""

from fastapi import Request

from app.core.access import FindViewer, Permission, require
from app.core.clock import Now
from app.core.database import Sessions
from app.core.errors import SignInNeeded
from app.core.languages import Message
from app.core.security import presented_token
from app.meetings.queries import meeting_by_slug


def may_send(request: Request, slug: str, now: Now) -> None:
    """Raises what the page would raise, with a look into the database that ends at once."""
    sessions: Sessions = request.app.state.sessions
    find: FindViewer = request.app.state.find_viewer
    token = presented_token(request)
    with sessions.reading() as db:
        viewer = find(db, token, now=now) if token else None
        if viewer is None:
            raise SignInNeeded(Message("This page is for people who are signed in."))
        require(viewer, Permission.EDIT_DOCUMENTS, meeting_by_slug(db, slug).id)
