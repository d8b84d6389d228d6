"""What reading a resolution costs: one of twenty pages, and how that grows with length."""

import time
from dataclasses import dataclass
from statistics import median

from app.resolutions.queries import shipped_names
from app.resolutions.reading.reader import read_resolution

PAGE = 3000  # characters
PAGES = 20
MOST = 1_000_000
HEAD = """DRAFT RESOLUTION

PORTS OF CALL

THE GENERAL ASSEMBLY,

RECALLING resolutions AG/RES. 2019 (XXXIV-O/04) and AG/RES. 2040 (XXXIV-O/04),

RESOLVES:

"""
PARAGRAPH = """{number}. To request the Permanent Council, through the Committee on Hemispheric
Security, to call upon CICAD, the Inter-American Development Bank and the Danube Commission to work
with the United Nations and, as appropriate, the International Maritime Organization, in keeping
with the Inter-American Democratic Charter and resolution AG/RES. {number} (XXXV-O/05), and to
report to the General Assembly at its thirty-sixth regular session, no later than May 10, 2006, on:

(a) the prevention of accidents at sea; and

(b) the protection of and assistance to victims.

"""


@dataclass(frozen=True)
class Reading:
    """CPU: ms for twenty pages; µs a character there, and in a text of a million, and the ratio."""

    pages: int
    milliseconds: float
    each: float
    each_of_most: float
    ratio: float


def measure_reading(*, rounds: int) -> Reading:
    """The same paragraph again and again, numbered on; names and vocabulary are loaded before."""
    short, long = _text(PAGES * PAGE), _text(MOST)
    _seconds(short)
    once = median(_seconds(short) for _ in range(rounds))
    most = min(_seconds(long) for _ in range(max(rounds // 2, 1)))
    each, each_of_most = once / len(short) * 1e6, most / len(long) * 1e6
    return Reading(PAGES, once * 1000, each, each_of_most, each_of_most / each)


def _text(length: int) -> str:
    count = (length - len(HEAD)) // len(PARAGRAPH)
    # Numbers have three digits at most; a longer text begins again, as sections do.
    return HEAD + "".join(PARAGRAPH.format(number=n % 900 + 1) for n in range(count))


def _seconds(text: str) -> float:
    began = time.process_time()
    read_resolution(text, shipped_names())
    return time.process_time() - began
