"""What people type about the Group, its members, officers and precedence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

from app.core.forms import YEARS, Reader
from app.core.languages import LANGUAGES, Message
from app.groups.clearances import AnswerGiven, ClearanceGiven
from app.groups.commands import GroupGiven, PersonGiven
from app.groups.elections import ElectionGiven, PrecedenceGiven
from app.groups.models import ClearanceState, Delegate, Member, Method, Post
from app.groups.rules import MATTER_NAMES
from app.meetings.models import Meeting
from app.meetings.rules import local_instant

KEY = "abcdefghijklmnopqrstuvwxyz0123456789-"
MOST_KEY = 40
MOST_SEATS = 500
CHOOSE = Message("Choose from the list.")


def group_form(reader: Reader) -> GroupGiven:
    """The Group; mistakes stay with the reader."""
    zone = reader.raw("zone")
    if zone not in available_timezones():
        reader.wrong("zone", Message("Enter a time zone like America/New_York."))
    opens = reader.number("quorum_open", least=1, most=MOST_SEATS)
    decides = reader.number("quorum_decide", least=1, most=MOST_SEATS)
    for field, value in (("quorum_open", opens), ("quorum_decide", decides)):
        if value is None and not any(each.field == field for each in reader.errors):
            reader.wrong(field, Message("Enter a whole number."))
    name = reader.localized("name", required=Message("Enter the Group’s name."))
    return GroupGiven(
        name=name,
        series=reader.line("series"),
        symbol_prefix=reader.line("symbol_prefix"),
        place=reader.localized("place", required=Message("Enter where the Group meets.")),
        room=reader.localized("room", required=Message("Enter the room.")),
        zone=zone,
        quorum_base=reader.number("quorum_base", least=1, most=MOST_SEATS),
        quorum_open=opens or 1,
        quorum_decide=decides or 1,
        quorum_source=reader.line("quorum_source"),
        needs_clearance=tuple(reader.chosen("needs_clearance", MATTER_NAMES)),
    )


def key_form(reader: Reader) -> str:
    """The short name in addresses."""
    key = reader.raw("key")
    if not key or len(key) > MOST_KEY or not set(key) <= set(KEY):
        reader.wrong("key", Message("Enter small letters, digits and hyphens, like gt-rtp."))
    return key


def group_values(state: Mapping[str, Any]) -> dict[str, Any]:
    """The Group as its form shows it."""
    plain = ("series", "symbol_prefix", "zone", "quorum_base", "quorum_open", "quorum_decide")
    return {
        **texts("name", state["name"]),
        **texts("place", state["place"]),
        **texts("room", state["room"]),
        **{name: state[name] for name in plain},
        "quorum_source": state["quorum_source"],
        "needs_clearance": state["needs_clearance"],
    }


def texts(field: str, found: Mapping[str, str]) -> dict[str, str]:
    """A localized text as the fields of its languages."""
    return {f"{field}_{lang}": text for lang, text in found.items()}


def person_form(reader: Reader) -> PersonGiven:
    """Somebody of a member."""
    name, email = reader.line("person_name"), reader.raw("email")
    if not name:
        reader.wrong("person_name", Message("Enter the person’s name."))
    if not email:
        reader.wrong("email", Message("This is not an e-mail address."))
    language = reader.one("language", LANGUAGES)
    if not language:
        reader.wrong("language", Message("Choose the person’s language."))
    return PersonGiven(name, email, language, reader.ticked("administrator"))


@dataclass(frozen=True)
class Choices:
    """What there is to choose from."""

    members: Sequence[Member] = ()
    meetings: Sequence[Meeting] = ()

    def member(self, key: str) -> Member | None:
        """The member with this id, as forms send it."""
        return next((each for each in self.members if str(each.id) == key), None)

    @property
    def people(self) -> list[Delegate]:
        """Everybody of every member."""
        return [person for member in self.members for person in member.people]

    def meeting_id(self, reader: Reader) -> UUID | None:
        """The chosen meeting of the Group."""
        return one_id(reader, "held_at", [each.id for each in self.meetings])


def one_id(reader: Reader, field: str, known: Sequence[UUID]) -> UUID | None:
    """A single chosen key."""
    return next(iter(reader.chosen_ids(field, known)), None)


def election_form(reader: Reader, choices: Choices) -> ElectionGiven:
    """An election; raises Invalid with every mistake."""
    post = reader.one("post", list(Post))
    method = reader.one("method", list(Method))
    by_id = {str(each.id): each for each in choices.people}
    typed = reader.raw("person")
    delegate = by_id.get(typed)
    if delegate is None:
        message = Message("Only somebody of a member of the Group can be elected.")
        reader.wrong("person", message)
    known = [str(each.id) for each in choices.members]
    since = reader.dated("since", required=Message("Enter a date like 2006-03-14."))
    until = reader.dated("until")
    counts = {
        name: reader.number(name, least=0, most=MOST_SEATS)
        for name in ("in_favour", "against", "abstained")
    }
    nominated, seconded = reader.one("nominated_by", known), reader.one("seconded_by", known)
    held_at_id = choices.meeting_id(reader)
    if not post:
        reader.wrong("post", CHOOSE)
    reader.finish()
    if delegate is None or since is None:
        raise ValueError("finish() has raised")
    vote = method == Method.VOTE
    return ElectionGiven(
        post=Post(post),
        delegate=delegate,
        method=Method(method or Method.ACCLAMATION),
        since=since,
        until=until,
        nominated_by=choices.member(nominated),
        seconded_by=choices.member(seconded),
        held_at_id=held_at_id,
        **{name: value if vote else None for name, value in counts.items()},
    )


def precedence_form(reader: Reader, choices: Choices) -> PrecedenceGiven:
    """An order of members' keys, one a line."""
    order = reader.lines("order").replace(",", " ").split()
    drawn_on = reader.dated("drawn_on", required=Message("Enter a date like 2006-03-14."))
    held_at_id = choices.meeting_id(reader)
    seed = reader.line("seed", most=80)
    reader.finish()
    if drawn_on is None:
        raise ValueError("finish() has raised")
    known = {each.entity.key.upper(): each.entity.key for each in choices.members}
    keys = [known.get(key.upper(), key) for key in order]
    return PrecedenceGiven(drawn_on, keys, seed, held_at_id)


def moment_form(reader: Reader, field: str, zone: str) -> datetime | None:
    """A day and an hour as `yyyy-mm-ddThh:mm`, by the clock of that zone."""
    text = reader.raw(field)
    if not text:
        return None
    try:
        typed = datetime.fromisoformat(text.replace(" ", "T"))
    except ValueError:
        reader.wrong(field, Message("Enter a day and an hour like 2006-03-14 17:00."))
        return None
    if typed.year not in YEARS:
        reader.wrong(field, Message("Enter a day and an hour like 2006-03-14 17:00."))
        return None
    found = local_instant(typed.date(), time(typed.hour, typed.minute), zone)
    if found is None:
        message = Message("This time does not exist on that day: the clocks skip it.")
        reader.wrong(field, message)
    return found


def clearance_form(reader: Reader) -> ClearanceGiven:
    """What the chair shall clear; raises Invalid with every mistake."""
    matter = reader.one("matter", [*MATTER_NAMES, "other"])
    given = ClearanceGiven(
        matter=matter or "other", title=reader.line("title"), text=reader.lines("text")
    )
    reader.finish()
    return given


def answer_form(reader: Reader) -> AnswerGiven:
    """What the chair said; raises Invalid with every mistake."""
    answers = [ClearanceState.CLEARED.value, ClearanceState.RETURNED.value]
    state = reader.one("answer", answers)
    if not state:
        reader.wrong("answer", CHOOSE)
    given = AnswerGiven(
        state=ClearanceState(state or ClearanceState.RETURNED),
        word=reader.line("word"),
        said_by=reader.line("said_by"),
        came_by=reader.line("came_by"),
    )
    reader.finish()
    return given
