"""Names that the reader can recognise, as plain values: from the shipped file or a database."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class NameKind(StrEnum):
    """What bears the name."""

    STATE = "state"
    BODY = "body"
    ORGANIZATION = "organization"
    OPEN_CLASS = "class"


@dataclass(frozen=True)
class KnownName:
    """An entity with all its names, in any of the four languages.

    `texts` are full names and other spellings, `acronyms` are matched as they are written;
    `parent` is the key of the body above. `local` names ("General Assembly") are several bodies';
    they mean this one in a text of its `family`, the organization to which it belongs.
    """

    key: str
    kind: NameKind
    texts: Sequence[str]
    parent: str | None = None
    acronyms: Sequence[str] = ()
    family: str | None = None
    local: Sequence[str] = ()
