"""All known names, ready to be found; and what a text has said so far about names."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from app.resolutions.reading.names import KnownName
from app.resolutions.reading.tries import Trie


@dataclass(frozen=True, slots=True)
class Named:
    """A name in the text: where, and whose it is; nobody's where `known` is None."""

    start: int
    end: int
    name: str
    known: KnownName | None
    open_class: bool = False


@dataclass
class Register:
    """Every known name, ready to be found. Built once for a set of names."""

    texts: Trie[KnownName] = field(default_factory=Trie)
    acronyms: dict[str, list[KnownName]] = field(default_factory=dict)
    longest: int = 1

    @classmethod
    def of(cls, names: Sequence[KnownName]) -> "Register":
        """The register of these names."""
        register = cls()
        for known in names:
            for text in (*known.texts, *known.local):
                register.texts.add(text, known)
            for acronym in known.acronyms:
                register.acronyms.setdefault(acronym, []).append(known)
        return register


@dataclass
class Memory:
    """What a text said before: short names it gave, and bodies it named in full."""

    family: str | None = None
    organ: KnownName | None = None
    organ_name: str = ""
    shorts: dict[str, tuple[str, KnownName | None]] = field(default_factory=dict)
    by_head: dict[str, KnownName | None] = field(default_factory=dict)
