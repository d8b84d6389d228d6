"""What people read for the uses of points, and what they can add."""

from collections.abc import Mapping

from app.core.languages import Message
from app.desk.points import Use
from app.resolutions.models import FindingKind
from app.resolutions.reading.record import Role

USE_WORDS: Mapping[Use, Message] = {
    Use.NOTHING: Message("only recorded"),
    Use.CALL: Message("to be called upon"),
    Use.INVITATION: Message("to be invited"),
    Use.REPORT: Message("a report is due"),
    Use.MANDATE: Message("mandate"),
    Use.DOCUMENT: Message("background document"),
    Use.DEADLINE: Message("deadline"),
    Use.PURPOSE: Message("purpose"),
    Use.THEME: Message("cross-cutting theme"),
}
# What can be added by hand, with the kind and the role that it then has.
BY_HAND: Mapping[Use, tuple[FindingKind, Role | None]] = {
    Use.CALL: (FindingKind.BODY, Role.CALLED_UPON),
    Use.INVITATION: (FindingKind.BODY, Role.WORK_WITH),
    Use.REPORT: (FindingKind.BODY, Role.REPORT_TO),
    Use.MANDATE: (FindingKind.INSTRUMENT, None),
    Use.DOCUMENT: (FindingKind.INSTRUMENT, None),
    Use.DEADLINE: (FindingKind.DEADLINE, None),
    Use.PURPOSE: (FindingKind.PURPOSE, None),
    Use.THEME: (FindingKind.PURPOSE, None),
}
