"""When two symbols are one, who gets which documents, what the journal keeps. Pure."""

import re
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, Protocol

from app.core.access import OFFICERS, Role
from app.core.languages import Localized

OPEN = re.compile(r"_{2,}")
# What hands write differently: spaces, dots, and how dashes look.
LOOSE = re.compile(r"[\s.\u00a0]+")
DASHES = str.maketrans("\u2010\u2011\u2012\u2013\u2014", "-----")
MEMBERS = OFFICERS | {Role.MEMBER}


def symbol_key(symbol: str) -> str | None:
    """What is the same for `RTP/doc.3/06 rev. 2` and `rtp/DOC 3/06 Rev.2`; None if it is open."""
    if not symbol or OPEN.search(symbol):
        return None
    return LOOSE.sub("", symbol.translate(DASHES).casefold())


def classes_for(roles: Collection[Role]) -> frozenset[str]:
    """The classes of documents that somebody with these roles gets."""
    if OFFICERS.intersection(roles):
        return frozenset({"public", "members", "restricted"})
    if MEMBERS.intersection(roles):
        return frozenset({"public", "members"})
    return frozenset({"public"})


class FileLike(Protocol):
    """A file in its language."""

    @property
    def language(self) -> str: ...
    @property
    def file_id(self) -> Any: ...


class DocumentLike(Protocol):
    """A document with its files."""

    @property
    def symbol(self) -> str: ...
    @property
    def title(self) -> Localized: ...
    @property
    def dated(self) -> date | None: ...
    @property
    def document_class(self) -> str: ...
    @property
    def files(self) -> Sequence[FileLike]: ...


def document_state(document: DocumentLike) -> dict[str, Any]:
    """What the journal keeps of a document."""
    return {
        "symbol": document.symbol,
        "title": dict(document.title),
        "dated": document.dated.isoformat() if document.dated else None,
        "class": str(document.document_class),
        "files": sorted([each.language, str(each.file_id)] for each in document.files),
    }
