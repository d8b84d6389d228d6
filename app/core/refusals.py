"""Why the program that takes text out of files gives none; its exit codes."""

from enum import IntEnum

MOST_PAGES = 400


class Refusal(IntEnum):
    """What is wrong with a file."""

    NO_TEXT = 3
    LOCKED = 4
    TOO_LONG = 5
    DAMAGED = 6
