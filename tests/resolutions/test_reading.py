"""Each case is a text and the facts that a careful reader finds in it."""

import json
from pathlib import Path

import pytest

from app.resolutions.queries import shipped_names
from app.resolutions.reading.reader import read_resolution
from app.resolutions.reading.record import Body, Deadline, PastDate

CASES = Path(__file__).parent / "cases"


def read(text):
    return read_resolution(text, shipped_names())


def role(paragraph, body):
    words = f"{paragraph.number or paragraph.n} {body.role.value} {body.key or body.name}"
    return f"{words} ({body.qualifier})" if body.qualifier else words


def deadline(paragraph, found):
    words = f"{paragraph.number or paragraph.n} {found.text}"
    return f"{words} = {found.date.isoformat()}" if found.date else words


def day(found):
    first, last = found.first.isoformat(), found.last.isoformat()
    return first if first == last else f"{first}..{last}"


def parts(paragraph_or_part, depth=0):
    for part in paragraph_or_part.parts:
        yield " " * depth + part.number
        yield from parts(part, depth + 1)


def facts(reading):
    """The reading in the shape of the cases' files; numbers of articles, words and so on."""
    words = {number: n for n, number in enumerate(("PRIMERO", "SEGUNDO", "TERCERO"), 1)}
    operative = [
        (each, str(words.get(each.number, each.number or each.n))) for each in reading.operative
    ]
    return {
        "symbol": reading.symbol,
        "title": reading.title,
        "organ": reading.organ,
        "status": reading.status,
        "date": reading.date.isoformat() if reading.date else None,
        "language": reading.language,
        "preamble": [each.opening for each in reading.preamble],
        "numbers": [each.number for each in reading.operative],
        "openings": [each.opening for each in reading.operative],
        "parts": {number: list(parts(each)) for each, number in operative if each.parts},
        "roles": [
            role(each, body).replace(each.number or "", number, 1)
            for each, number in operative
            for body in each.of(Body)
        ],
        "instruments": [each.key or each.symbol or each.text for each in reading.instruments],
        "deadlines": [
            deadline(each, found).replace(each.number or "", number, 1)
            for each, number in operative
            for found in each.of(Deadline)
        ],
        "dates": [day(found) for each in reading.paragraphs for found in each.of(PastDate)],
        "warnings": [each.in_language("en") for each in reading.warnings],
    }


LISTED = {"roles", "instruments", "dates", "warnings"}  # a case names those that matter


@pytest.mark.parametrize("case", sorted(CASES.glob("*.json")), ids=lambda path: path.stem)
def test_a_resolution_is_read_as_a_careful_person_reads_it(case):
    expected = json.loads(case.read_text())
    found = facts(read(case.with_suffix(".txt").read_text()))

    for name, value in expected.items():
        if name in LISTED:
            assert [each for each in value if each not in found[name]] == [], (name, found[name])
        else:
            assert (name, found[name]) == (name, value)
