"""What a person does in one sitting."""

from enum import StrEnum

from app.core.languages import Message


class SittingRole(StrEnum):
    """For the desk and the person's own letters; never public."""

    PRESIDES = "presides"
    RAPPORTEUR = "rapporteur"
    SPEAKS = "speaks"
    ASSISTS = "assists"


SITTING_ROLE_NAMES: dict[SittingRole, Message] = {
    SittingRole.PRESIDES: Message("presides"),
    SittingRole.RAPPORTEUR: Message("rapporteur"),
    SittingRole.SPEAKS: Message("speaks"),
    SittingRole.ASSISTS: Message("assists"),
}
