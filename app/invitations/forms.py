"""An entity on the list as its form shows it."""

from collections.abc import Mapping
from typing import Any

from app.invitations.models import Invitation
from app.invitations.rules import invitation_state


def values_of(state: Mapping[str, Any]) -> dict[str, Any]:
    """What the journal keeps, as the form shows it."""
    return {f"note_{lang}": text for lang, text in state["note"].items()}


def stored(invitation: Invitation) -> dict[str, Any]:
    """What is stored."""
    return values_of(invitation_state(invitation))
