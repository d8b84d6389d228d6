"""Errors that a visitor can cause. Anything else is a bug and stays a 500.

UserError 400
├── SignInNeeded 401
├── Forbidden 403
├── NotFound 404
├── Conflict, InFlight 409
├── Gone 410
├── Stale 412
├── TooLarge 413
├── OtherType 415
├── Invalid 422 (knows its fields)
├── PreconditionNeeded 428
├── TooMany 429
├── Busy 503
└── NoSpace 507
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.core.languages import Message


@dataclass(frozen=True)
class FieldError:
    """What is wrong with one field of a form or of a JSON body, and how to mend it."""

    field: str
    message: Message


class UserError(Exception):
    """Status, title, sentence and what to do: the page and the problem document say the same."""

    status = 400
    title = Message("That did not work")
    retry_after: int | None = None  # seconds
    may_work_later = False  # the very same request, so a form is kept to be sent again
    advice: Message | None = Message("Nothing was changed. Go back and try again.")

    def __init__(self, sentence: Message, *, advice: Message | None = None) -> None:
        super().__init__(sentence.text)
        self.sentence = sentence
        self.advice = advice or type(self).advice


class SignInNeeded(UserError):
    """Nobody is signed in, or the sign-in has ended."""

    status = 401
    title = Message("Sign in first")
    advice = None
    may_work_later = True


class Forbidden(UserError):
    """Signed in, but this is for others."""

    status = 403
    title = Message("This is not open to you")
    advice = Message("Nothing was changed. If you need it, ask the secretariat of the meeting.")


class NotFound(UserError):
    """Not there, or not yours to know of."""

    status = 404
    title = Message("We did not find this page")
    advice = Message("Nothing was lost. Start from the list of meetings.")


class Conflict(UserError):
    """Does not go together with what is there."""

    status = 409
    title = Message("This does not fit what is there now")


class InFlight(UserError):
    """The same request is at work; its answer is not there yet."""

    status = 409
    title = Message("Still at work")
    retry_after = 5
    advice = Message("Wait a few seconds and send it again with the same key.")


class Gone(UserError):
    """Was here and is no longer."""

    status = 410
    title = Message("This is no longer valid")


class Stale(UserError):
    """Somebody saved in between. Carries the present version for the answer's ETag, and in the
    API what is stored now."""

    status = 412
    title = Message("Changed while you wrote")
    advice = Message("Nothing was overwritten. Look at the present state, then save again.")

    def __init__(self, present: int, state: Mapping[str, object] | None = None) -> None:
        super().__init__(Message("Somebody saved this after you opened it."))
        self.present = present
        self.state = state


class TooLarge(UserError):
    """More was sent than is taken."""

    status = 413
    title = Message("This is too large")
    advice = Message("Nothing was kept. Make it smaller, or divide it, and send it again.")


class OtherType(UserError):
    """The body is of a type that is not taken here."""

    status = 415
    title = Message("This is of another type")
    advice = Message("Nothing was changed. Send it as application/json.")


class Invalid(UserError):
    """One or more fields cannot be taken as they are."""

    status = 422
    title = Message("There is a problem")
    advice = Message("Nothing was changed. What you typed is still here.")

    def __init__(self, errors: Sequence[FieldError]) -> None:
        super().__init__(errors[0].message)
        self.errors = tuple(errors)


class PreconditionNeeded(UserError):
    """The change does not say which version it is meant for (RFC 6585)."""

    status = 428
    title = Message("Say which version you change")
    advice = Message("Send If-Match with the ETag that you read.")


class TooMany(UserError):
    """More often than anybody needs. Says after how many seconds it works again."""

    status = 429
    title = Message("Too often in a short time")
    may_work_later = True

    def __init__(self, seconds: int) -> None:
        super().__init__(
            Message("This was asked for too often from where you are."),
            advice=Message(
                "Nothing was changed. It works again in %(minutes)s min.",
                {"minutes": -(-seconds // 60)},
            ),
        )
        self.retry_after = seconds


class Busy(UserError):
    """The database is locked or away for a moment."""

    status = 503
    title = Message("Busy for a moment")
    retry_after = 5
    may_work_later = True
    advice = Message("Nothing was changed. Wait a few seconds and send it again.")


class NoSpace(UserError):
    """The disk or the bucket is full."""

    status = 507
    title = Message("Not enough space")
    may_work_later = True
    advice = Message("Nothing was changed. Tell whoever looks after this installation.")


def invalid(field: str, message: Message) -> Invalid:
    """One wrong field."""
    return Invalid([FieldError(field, message)])


def check_version(present: int, given: int) -> None:
    """Raise Stale unless the editor saw the version that is stored now."""
    if present != given:
        raise Stale(present)
