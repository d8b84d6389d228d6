"""What people type about decisions, tasks, liaison and the host."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from app.core.forms import TEXT_LENGTH, Reader
from app.core.languages import LANGUAGES, Message
from app.directory.models import Entity
from app.groups.decisions import DecisionGiven
from app.groups.forms import CHOOSE, Choices, moment_form, one_id, texts
from app.groups.liaison import HostGiven, LiaisonGiven
from app.groups.models import Decision, TaskState, Way
from app.groups.rules import POST_NAMES, dated_lines, lines_of
from app.groups.tasks import MOST_DAYS, TaskGiven
from app.resolutions.models import Paragraph


def decision_form(
    reader: Reader, choices: Choices, earlier: Sequence[Decision], zone: str
) -> DecisionGiven:
    """A decision; raises Invalid with every mistake."""
    text = reader.localized("text", required=Message("Enter what was decided."), most=TEXT_LENGTH)
    original = reader.one("original_language", LANGUAGES)
    decided_on = reader.dated("decided_on", required=Message("Enter a date like 2006-03-14."))
    way = reader.one("way", list(Way))
    for field, value in (("original_language", original), ("way", way)):
        if not value:
            reader.wrong(field, CHOOSE)
    known = [str(each.id) for each in choices.members if each.votes]
    reserved = reader.chosen("reserved", known)
    given: dict[str, Any] = {
        "held_at_id": choices.meeting_id(reader),
        "deadline_at": moment_form(reader, "deadline", zone),
        "source": reader.line("source"),
        "supersedes_id": one_id(reader, "supersedes", [each.id for each in earlier]),
    }
    reader.finish()
    if decided_on is None:
        raise ValueError("finish() has raised")
    return DecisionGiven(
        text=text,
        original_language=original,
        decided_on=decided_on,
        way=Way(way),
        deadline_zone=zone,
        reserved=[each for each in choices.members if str(each.id) in reserved],
        **given,
    )


def decision_values(state: Mapping[str, Any]) -> dict[str, Any]:
    """A decision as its form shows it; the delegations that confirm are rows of their own."""
    deadline = state["deadline_at"]
    if deadline:
        local = datetime.fromisoformat(deadline).astimezone(ZoneInfo(state["deadline_zone"]))
        deadline = local.strftime("%Y-%m-%dT%H:%M")
    return {
        **texts("text", state["text"]),
        "original_language": state["original_language"],
        "decided_on": state["decided_on"],
        "way": state["way"],
        "held_at": state["held_at_id"],
        "deadline": deadline,
        "source": state["source"],
        "supersedes": state["supersedes_id"],
    }


def task_form(
    reader: Reader,
    entities: Sequence[Entity],
    paragraphs: Sequence[Paragraph],
    decisions: Sequence[Decision],
) -> TaskGiven:
    """A task; raises Invalid with every mistake."""
    owners = [*POST_NAMES, *(str(each.id) for each in entities)]
    sources = [*(str(each.id) for each in paragraphs), *(str(each.id) for each in decisions)]
    what = reader.localized("what", required=Message("Enter what is to be done."))
    owner, source = reader.one("owner", owners), reader.one("task_source", sources)
    state = reader.one("state", list(TaskState))
    given = TaskGiven(
        what=what,
        state=TaskState(state or TaskState.OPEN),
        post=owner if owner in POST_NAMES else None,
        entity_id=UUID(owner) if owner and owner not in POST_NAMES else None,
        due_on=reader.dated("due_on"),
        days_before=_days(reader),
        paragraph_id=next((each.id for each in paragraphs if str(each.id) == source), None),
        decision_id=next((each.id for each in decisions if str(each.id) == source), None),
        after_the_conference=reader.ticked("after"),
    )
    reader.finish()
    return given


def _days(reader: Reader) -> int | None:
    """Days before the opening; "-10" is ten days after it."""
    text = reader.raw("days_before")
    digits = text.removeprefix("-")
    if not text:
        return None
    if not digits.isascii() or not digits.isdigit() or len(digits) > len(str(MOST_DAYS)):
        message = Message("Enter a whole number of days, like 21; -10 is ten days after.")
        reader.wrong("days_before", message)
        return None
    return int(text)


def task_values(state: Mapping[str, Any]) -> dict[str, Any]:
    """A task as its form shows it."""
    return {
        **texts("what", state["what"]),
        "owner": state["post"] or state["entity_id"],
        "due_on": state["due_on"],
        "days_before": state["days_before"],
        "task_source": state["paragraph_id"] or state["decision_id"],
        "state": state["state"],
    }


def _dated(reader: Reader, field: str) -> list[tuple[date, str]]:
    found, wrong = dated_lines(reader.lines(field))
    if wrong is not None:
        words = {"line": wrong}
        message = Message(
            "Begin each line with a date like 2006-03-14, then words: %(line)s", words
        )
        reader.wrong(field, message)
    return found


WAYS = ("sent", "received")


def _papers(reader: Reader) -> list[dict[str, str]]:
    rows = []
    for day, rest in _dated(reader, "papers"):
        way, _, symbol = rest.partition(" ")
        if way not in WAYS or not symbol.strip():
            message = Message("Write sent or received after the date, then the symbol: %(line)s")
            reader.wrong("papers", Message(message.text, {"line": f"{day} {rest}"}))
        rows.append({"on": day.isoformat(), "way": way, "symbol": symbol.strip()})
    return rows


def liaison_form(
    reader: Reader, entities: Sequence[Entity], paragraphs: Sequence[Paragraph]
) -> LiaisonGiven:
    """A committee; raises Invalid with every mistake."""
    entity = _entity(reader, entities)
    considers = reader.localized(
        "considers", required=Message("Enter what the committee considers."), most=TEXT_LENGTH
    )
    given: dict[str, Any] = {
        "contact": reader.line("contact"),
        "paragraph_id": one_id(reader, "paragraph", [each.id for each in paragraphs]),
        "dates": tuple(
            {"on": day.isoformat(), "what": what} for day, what in _dated(reader, "dates")
        ),
        "papers": tuple(_papers(reader)),
    }
    reader.finish()
    if entity is None:
        raise ValueError("finish() has raised")
    return LiaisonGiven(entity=entity, considers=considers, **given)


def _entity(reader: Reader, entities: Sequence[Entity]) -> Entity | None:
    key = reader.one("entity", [each.key for each in entities])
    if not key:
        reader.wrong("entity", CHOOSE)
    return next((each for each in entities if each.key == key), None)


def liaison_values(row: Mapping[str, Any], key: str) -> dict[str, Any]:
    """A committee as its form shows it; `key` is of its entity."""
    return {
        **texts("considers", row["considers"]),
        "entity": key,
        "contact": row["contact"],
        "paragraph": row["paragraph_id"],
        "dates": lines_of(row["dates"], "what"),
        "papers": lines_of(row["papers"], "way", "symbol"),
    }


def host_form(reader: Reader, entities: Sequence[Entity]) -> HostGiven:
    """The host; raises Invalid with every mistake."""
    entity = _entity(reader, entities)
    given: dict[str, Any] = {
        "offer": reader.line("offer"),
        "agreement": reader.line("agreement"),
        "signed_on": reader.dated("signed_on"),
        "focal_points": reader.lines("focal_points"),
        "requests": tuple(
            {"on": day.isoformat(), "what": what} for day, what in _dated(reader, "requests")
        ),
    }
    reader.finish()
    if entity is None:
        raise ValueError("finish() has raised")
    return HostGiven(entity=entity, **given)


def host_values(row: Mapping[str, Any], key: str) -> dict[str, Any]:
    """The host as its form shows it; `key` is of its entity."""
    plain = ("offer", "agreement", "signed_on", "focal_points")
    return {
        **{name: row[name] for name in plain},
        "entity": key,
        "requests": lines_of(row["requests"], "what"),
    }
