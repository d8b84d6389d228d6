"""Reads a resolution's text."""

from collections.abc import Sequence

from app.core.languages import Message
from app.resolutions.reading.names import KnownName
from app.resolutions.reading.record import NotAResolution, Reading


def read_resolution(text: str, names: Sequence[KnownName]) -> Reading:
    """What the text says, with everything that is found in it; NotAResolution for other texts.

    Takes linear time. The same text and names give the same reading.
    """
    raise NotAResolution(Message("This text is not a resolution."))
