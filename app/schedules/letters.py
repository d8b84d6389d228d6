"""Letters to people with a role in a session that an edition moves, cancels or places."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from app.accounts.models import Person
from app.accounts.queries import first_with_role
from app.core.access import Role
from app.core.formats import Formats
from app.core.icalendar import Entry
from app.core.installation import installation
from app.core.itip import Invitation, Mailbox, mailbox, written
from app.core.languages import Language, Localized
from app.core.letters import LetterGiven, write_letters
from app.core.stationery import compose
from app.core.text import cleaned, unlinked
from app.meetings.commands import Work
from app.schedules.entries import PRODID, EntryContext, entry_of
from app.schedules.models import SittingPerson
from app.schedules.queries import WholeEdition, closed_sittings, people_in
from app.schedules.rules import Change, ChangeKind, FrozenSitting, changes
from app.schedules.showing import ShownSitting, shown_sittings

SESSION_CHANGED = "session-changed"
SUBJECT_LENGTH = 78


@dataclass(frozen=True)
class Place:
    """When and where, in words; the room is empty while there is none."""

    when: str
    room: str


def tell_people(work: Work, last: WholeEdition | None, whole: WholeEdition) -> None:
    """A letter to each person with a role in a sitting whose time, place or status is another.

    Nobody is told of what is over, however it is recorded afterwards.
    """
    found = changes(last.by_sitting if last else {}, whole.sittings)
    told = worth_a_letter(found, now=work.now)
    people = people_in(work.db, list(told)) if told else []
    if people:
        letters = _Letters(work, whole, told)
        write_letters(work.db, [letters.to(each) for each in people], now=work.now)


def worth_a_letter(found: Iterable[Change], *, now: datetime) -> dict[UUID, Change]:
    """Of what changed, by sitting, what people with a role in it are told."""
    return {
        change.after.sitting_id: change
        for change in found
        if change.kind is not ChangeKind.REWORDED and _concerns_the_future(change, now=now)
    }


def _concerns_the_future(change: Change, *, now: datetime) -> bool:
    ends = [row.ends_at for row in (change.before, change.after) if row is not None]
    return max(ends) > now


class _Letters:
    """What the letters of one edition share."""

    def __init__(self, work: Work, whole: WholeEdition, told: Mapping[UUID, Change]) -> None:
        self.work, self.whole, self.told = work, whole, told
        self.installation = installation(work.db)
        rows = [change.after for change in told.values()]
        flags = closed_sittings(work.db, work.meeting_id)
        self.shown = {each.id: each for each in shown_sittings(rows, flags)}
        chair = first_with_role(work.db, work.meeting_id, Role.CHAIR, now=work.now)
        self.reply_to = chair.email if chair else ""

    def to(self, each: SittingPerson) -> LetterGiven:
        """The letter to one person about one sitting."""
        work, person = self.work, each.person
        change, shown = self.told[each.sitting_id], self.shown[each.sitting_id]
        lang = cast("Language", person.language)
        composed = compose("session_changed", lang, **self._context(each, change, shown, lang))
        invitation = self._invitation(person, shown, lang)
        about = f"{each.sitting_id}:{person.id}"
        return LetterGiven(
            kind=SESSION_CHANGED,
            to_name=person.name,
            to_address=person.email,
            language=lang,
            subject=shortened(composed.subject),
            text=composed.text,
            html=composed.html,
            calendar=written(invitation),
            calendar_method=invitation.method,
            meeting_id=work.meeting_id,
            dedupe=f"{SESSION_CHANGED}:{work.meeting_id}:{self.whole.edition.number}:{about}",
            thread=f"{SESSION_CHANGED}:{about}",
            reply_to=self.reply_to,
        )

    def _context(
        self, each: SittingPerson, change: Change, shown: ShownSitting, lang: Language
    ) -> dict[str, Any]:
        meeting, fmt, after = self.work.meeting, Formats(lang), change.after
        return {
            "happened": _happened(change),
            "title": _said(after.content["title"], lang),
            "when": fmt.when_short(after.starts_at, meeting.zone),
            "before": _place(change.before, meeting.zone, lang) if change.before else None,
            "after": _place(after, meeting.zone, lang),
            "role": each.role_name.in_language(lang),
            "meeting": _said(meeting.title, lang),
            "organization": _said(meeting.organization, lang),
            "where": _said(meeting.place, lang),
            "edition": self.whole.edition.number,
            "address": self._entry(shown, lang).url or f"{self._address(lang)}/schedule",
        }

    def _address(self, lang: Language) -> str:
        return f"{self.work.site.base_url}/{lang}/meetings/{self.work.meeting.slug}"

    def _entry(self, shown: ShownSitting, lang: Language) -> Entry:
        meeting = self.work.meeting
        context = EntryContext(
            lang=lang,
            zone=meeting.zone,
            place=meeting.place,
            labels=self.whole.edition.labels,
            installation=self.installation,
            meeting_address=self._address(lang),
        )
        return entry_of(shown, context)

    def _invitation(self, person: Person, shown: ShownSitting, lang: Language) -> Invitation:
        return Invitation(
            entry=self._entry(shown, lang),
            zone=self.work.meeting.zone,
            prodid=PRODID,
            organizer=mailbox(self.work.site.sender),
            attendee=Mailbox(name=person.name, address=person.email),
        )


def shortened(subject: str) -> str:
    """A subject that mail programs show whole: one line, cut where it is too long."""
    line = cleaned(subject)
    return line if len(line) <= SUBJECT_LENGTH else f"{line[: SUBJECT_LENGTH - 1].rstrip()}…"


def _happened(change: Change) -> str:
    before, after = change.before, change.after
    if change.kind is ChangeKind.MOVED and before is not None:
        same_time = (before.starts_at, before.ends_at) == (after.starts_at, after.ends_at)
        return "room" if same_time else "moved"
    return change.kind.value


def _place(row: FrozenSitting, zone: str, lang: Language) -> Place:
    room = row.content["room"]
    when = Formats(lang).span(row.starts_at, row.ends_at, zone)
    return Place(when, _said(room, lang) if room else "")


def _said(text: Mapping[str, str], lang: Language) -> str:
    """What somebody typed, so that it cannot become a link."""
    return unlinked(Localized(text).shown_in(lang).text)
