"""The work plan as JSON."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from pydantic import Field

from app.core.access import Permission
from app.core.api import (
    Body,
    Day,
    Flatten,
    Id,
    IfMatch,
    Key,
    LocalizedNote,
    listed,
    said,
    tagged,
    telling_present,
)
from app.core.database import SessionDep
from app.core.errors import invalid
from app.core.languages import Language
from app.groups.models import Task, TaskState
from app.groups.queries import decisions_of, task_of, tasks_of
from app.groups.record_api import WRONG, entity_named, paragraph_id, text_given
from app.groups.rules import POST_NAMES, due_day
from app.groups.tasks import TaskGiven, add_task, change_task
from app.meetings.api import ApiDesk, api_desk_for

router = APIRouter(prefix="/api/v1/meetings/{slug}/group", tags=["group"])

EditGroup = Annotated[ApiDesk, Depends(api_desk_for(Permission.EDIT_GROUP))]


class TaskBody(Body):
    """A task: an entity's key or a post owes it, on a date or days before the opening."""

    what: LocalizedNote
    entity: Key | None = None
    post: Key | None = None
    due_on: Day | None = None
    days_before: Annotated[int, Field(ge=-1000, le=1000)] | None = None
    paragraph: Annotated[int, Field(ge=1, le=1000)] | None = None
    decision: Id | None = None
    state: Annotated[TaskState, Field(strict=False)] = TaskState.OPEN
    after_the_conference: bool = False


def _task(task: Task, desk: ApiDesk, lang: Language | None = None) -> dict[str, Any]:
    return {
        "id": str(task.id),
        "version": task.version,
        "number": task.number,
        "what": said(task.what, lang),
        "entity": task.entity.key if task.entity else None,
        "post": task.post,
        "due": due_day(task, desk.meeting.first_day).isoformat(),
        "due_on": task.due_on.isoformat() if task.due_on else None,
        "days_before": task.days_before,
        "paragraph": task.paragraph.number if task.paragraph else None,
        "decision": str(task.decision_id) if task.decision_id else None,
        "state": task.state,
    }


def _task_given(db: SessionDep, desk: ApiDesk, body: TaskBody) -> TaskGiven:
    known = {each.id for each in decisions_of(db, desk.meeting.id)}
    if body.decision is not None and body.decision not in known:
        raise invalid("decision", WRONG)
    if body.post is not None and body.post not in POST_NAMES:
        raise invalid("post", WRONG)
    return TaskGiven(
        what=text_given(body.what, "what"),
        state=body.state,
        entity_id=entity_named(db, body.entity).id if body.entity else None,
        post=body.post,
        due_on=body.due_on,
        days_before=body.days_before,
        paragraph_id=paragraph_id(db, desk, body.paragraph),
        decision_id=body.decision,
        after_the_conference=body.after_the_conference,
    )


def _saved_task(db: SessionDep, desk: ApiDesk, task_id: UUID, response: Response) -> dict[str, Any]:
    db.flush()  # the answer says the new version
    db.expire_all()
    task = task_of(db, desk.meeting.id, task_id)
    tagged(response, task.version)
    return _task(task, desk)


@router.get("/tasks", name="api_tasks")
def tasks(db: SessionDep, desk: EditGroup, lang: Flatten = None) -> dict[str, Any]:
    """Every task, by number, with the day it is due now."""
    return listed([_task(each, desk, lang) for each in tasks_of(db, desk.meeting.id)])


@router.post("/tasks", name="api_add_task", status_code=201)
def add_one(db: SessionDep, desk: EditGroup, response: Response, body: TaskBody) -> dict[str, Any]:
    """A further task."""
    task = add_task(desk.work, _task_given(db, desk, body))
    response.headers["Location"] = desk.path(f"/group/tasks/{task.id}")
    return _saved_task(db, desk, task.id, response)


@router.get("/tasks/{task_id}", name="api_task")
def one_task(db: SessionDep, desk: EditGroup, response: Response, task_id: UUID) -> dict[str, Any]:
    """One task."""
    task = task_of(db, desk.meeting.id, task_id)
    tagged(response, task.version)
    return _task(task, desk)


@router.put("/tasks/{task_id}", name="api_change_task")
def change_one(
    db: SessionDep,
    desk: EditGroup,
    response: Response,
    task_id: UUID,
    version: IfMatch,
    body: TaskBody,
) -> dict[str, Any]:
    """Other words, owner, day or state."""
    task = task_of(db, desk.meeting.id, task_id)
    given = _task_given(db, desk, body)
    with telling_present(lambda: _task(task, desk)):
        change_task(desk.work, task, given, version=version)
    return _saved_task(db, desk, task_id, response)
