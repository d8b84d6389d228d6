"""Every table in one place: importing this module fills the metadata."""

from app.accounts import models as accounts
from app.agendas import models as agendas
from app.calendars import models as calendars
from app.core import idempotency, installation, journal, letters, uploads
from app.core.database import Base
from app.desk import models as desk
from app.directory import models as directory
from app.documents import models as documents
from app.groups import models as groups
from app.invitations import models as invitations
from app.meetings import models as meetings
from app.reports import models as reports
from app.resolutions import models as resolutions
from app.schedules import models as schedules

MODULES = (
    installation,
    journal,
    idempotency,
    letters,
    uploads,
    directory,
    resolutions,
    meetings,
    accounts,
    groups,
    documents,
    agendas,
    invitations,
    schedules,
    calendars,
    reports,
    desk,
)

metadata = Base.metadata
