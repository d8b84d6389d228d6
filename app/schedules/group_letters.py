"""The notice that convenes the Group, as a letter to the members' people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from app.accounts.models import Person
from app.accounts.queries import first_with_role
from app.core.access import Role
from app.core.formats import Formats
from app.core.languages import Language, Localized
from app.core.letters import LetterGiven, write_letter
from app.core.stationery import compose
from app.core.text import unlinked
from app.groups.models import Group
from app.groups.queries import members_of
from app.meetings.commands import Work
from app.meetings.models import Meeting
from app.schedules.letters import shortened

GROUP_NOTICE = "group-notice"


@dataclass(frozen=True)
class Told:
    """One meeting of the Group as a notice tells it."""

    number: int
    held: Meeting
    starts_at: datetime
    ends_at: datetime
    room: Localized
    items: Sequence[Localized] = ()


def send_notice(work: Work, group: Group, told: Sequence[Told], *, moved: bool = False) -> None:
    """One letter to each person of each member, about all these meetings; none of past ones."""
    coming = [each for each in told if each.ends_at > work.now]
    if not coming:
        return
    chair = first_with_role(work.db, work.meeting_id, Role.CHAIR, now=work.now)
    for member in members_of(work.db, work.meeting_id):
        for each in member.people:
            context = _context(work, group, coming, each.person, moved=moved)
            letter = _letter(work, coming, each.person, context)
            reply_to = chair.email if chair else ""
            write_letter(work.db, LetterGiven(**letter, reply_to=reply_to), now=work.now)


def _context(
    work: Work, group: Group, told: Sequence[Told], person: Person, *, moved: bool
) -> dict[str, Any]:
    lang = cast("Language", person.language)
    fmt = Formats(lang)
    base = f"{work.site.base_url}/{lang}/meetings"
    return {
        "moved": moved,
        "group": unlinked(group.name.shown_in(lang).text),
        "conference": unlinked(work.meeting.title.shown_in(lang).text),
        "organization": unlinked(work.meeting.organization.shown_in(lang).text),
        "name": unlinked(person.name),
        "meetings": [
            {
                "number": each.number,
                "when": fmt.span(each.starts_at, each.ends_at, each.held.zone),
                "short": fmt.when_short(each.starts_at, each.held.zone),
                "where": unlinked(
                    f"{each.room.shown_in(lang).text}, {each.held.place.shown_in(lang).text}"
                ),
                "items": [unlinked(item.shown_in(lang).text) for item in each.items],
                "address": f"{base}/{each.held.slug}/agenda",
            }
            for each in told
        ],
    }


def _letter(
    work: Work, told: Sequence[Told], person: Person, context: dict[str, Any]
) -> dict[str, Any]:
    lang = cast("Language", person.language)
    composed = compose("group_notice", lang, **context)
    about = f"{GROUP_NOTICE}:{told[0].held.id}"
    return {
        "kind": GROUP_NOTICE,
        "to_name": person.name,
        "to_address": person.email,
        "language": lang,
        "subject": shortened(composed.subject),
        "text": composed.text,
        "html": composed.html,
        "meeting_id": work.meeting_id,
        "dedupe": f"{about}:{person.id}:{told[0].starts_at.isoformat()}:{len(told)}:{work.now}",
        "thread": f"{about}:{person.id}",
    }
