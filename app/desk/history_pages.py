"""The history of a meeting: who changed what, the way back, and what others do meanwhile."""

import csv
import io
import json
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from app.core.access import Permission, require
from app.core.changes import revert
from app.core.database import SessionDep, refuse
from app.core.errors import UserError
from app.core.journal import (
    Change,
    Nature,
    areas,
    change_numbered,
    changes_after,
    changes_of,
    head_number,
    latest_by_subject,
)
from app.core.languages import Message
from app.core.limits import limits_of
from app.core.pages import FormDep, html, shown_errors
from app.core.text import no_formula
from app.meetings.pages import Desk, SeeDesk, desk_for

router = APIRouter(include_in_schema=False)

A_PAGE = 50
A_WORD = 10
Number = Annotated[int, Path(ge=0, le=2**31 - 1)]
Until = Annotated[int | None, Query(ge=1, le=2**31 - 1)]
Audit = Annotated[Desk, Depends(desk_for(Permission.AUDIT))]


@dataclass(frozen=True)
class Step:
    """A change, and whether it is the last word on its subject, so that it has a way back."""

    change: Change
    can_be_undone: bool


def _history(
    db: SessionDep, desk: Desk, *, until: int | None = None, problem: UserError | None = None
) -> Response:
    found = changes_of(db, desk.meeting.id, until=until, limit=A_PAGE + 1)
    shown = found[:A_PAGE]
    last = latest_by_subject(db, desk.meeting.id, {each.subject_id for each in shown})
    allowed = {
        area.key for area in areas().values() if desk.viewer.may(area.permission, desk.meeting.id)
    }
    return desk.page(
        "desk/history.html",
        "history",
        status=problem.status if problem else 200,
        errors=shown_errors(desk.request, problem),
        steps=[
            Step(
                each,
                each.can_be_undone
                and each.area in allowed
                and last[each.subject_id] == each.number,
            )
            for each in shown
        ],
        older=found[A_PAGE].number if len(found) > A_PAGE else None,
    )


@router.get("/{lang}/desk/{slug}/history", name="history")
def history(db: SessionDep, desk: SeeDesk, until: Until = None) -> Response:
    """Every step, the latest first."""
    return _history(db, desk, until=until)


@router.post("/{lang}/desk/{slug}/history/{number}/reversal", name="revert_change")
def reversal(db: SessionDep, desk: SeeDesk, number: Number, form: FormDep) -> Response:
    """Undo a step, or do an undone one again, if whoever asks may do such things."""
    change = change_numbered(db, desk.meeting.id, number)
    require(desk.viewer, areas()[change.area].permission, desk.meeting.id)
    try:
        revert(desk.work, number)
    except UserError as problem:
        refuse(db)
        return _history(db, desk, problem=problem)
    back = str(form.get("back", ""))
    words = Message("Undone: %(what)s", {"what": change.sentence})
    if change.nature is Nature.UNDONE:
        words = Message("Done again: %(what)s", {"what": change.original})
    return desk.to(f"/{back if back in areas() else 'history'}", words)


@router.get("/{lang}/desk/{slug}/history/after/{number}", name="news")
def news(request: Request, db: SessionDep, desk: SeeDesk, number: Number) -> Response:
    """What others did since step `number`: a piece of a page, or 304 while nothing happened."""
    tag = f'"{head_number(db, desk.meeting.id)}"'
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers={"ETag": tag})
    changes = changes_after(db, desk.meeting.id, number, limit=A_WORD, but=desk.viewer.person_id)
    context = {"changes": changes, "meeting": desk.meeting, "base": desk.path()}
    answer = html(request, "desk/_news.html", context)
    answer.headers["ETag"] = tag
    return answer


@router.get("/{lang}/desk/{slug}/history.csv", name="audit")
def audit(db: SessionDep, desk: Audit) -> Response:
    """The whole journal with its hashes as a table for a spreadsheet or an auditor."""
    limits_of(desk.request).export(desk.viewer.person_id)
    rows = io.StringIO()
    table = csv.writer(rows)
    table.writerow(COLUMNS)
    for each in changes_after(db, desk.meeting.id, 0):
        table.writerow([no_formula(cell) for cell in _cells(each, desk.lang)])
    name = f"{desk.meeting.slug}-history.csv"
    return Response(
        "\ufeff" + rows.getvalue(),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


COLUMNS = (
    *("number", "at", "actor_id", "actor", "what", "area", "verb", "nature", "reverts"),
    *("subject", "subject_id", "version", "before", "after", "previous_hash", "hash"),
)


def _cells(change: Change, lang: str) -> list[str]:
    return [
        str(change.number),
        change.at.isoformat(),
        str(change.actor_id or ""),
        change.actor_name,
        change.sentence.in_language(lang),
        change.area,
        change.verb,
        change.nature,
        str(change.reverts or ""),
        change.kind,
        str(change.subject_id),
        str(change.version or ""),
        json.dumps(change.before, ensure_ascii=False) if change.before else "",
        json.dumps(change.after, ensure_ascii=False) if change.after else "",
        change.previous_hash,
        change.hash,
    ]
