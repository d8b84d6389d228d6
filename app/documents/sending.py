"""Who may send a file is decided before it is received, and before any transaction begins."""

from fastapi import Request

from app.core.access import Permission, found_viewer, insider, require
from app.core.clock import Now
from app.core.database import Sessions
from app.core.limits import limits_of
from app.meetings.queries import meeting_by_slug


def may_send(request: Request, slug: str, now: Now) -> None:
    """Raises what the page would raise, with a look into the database that ends at once."""
    sessions: Sessions = request.app.state.sessions
    with sessions.reading() as db:
        viewer = insider(found_viewer(request, db, now))
        require(viewer, Permission.EDIT_DOCUMENTS, meeting_by_slug(db, slug).id)
    limits_of(request).upload(viewer.person_id)
