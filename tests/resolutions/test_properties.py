"""What printing, scanning and pasting do to a text does not change what is found in it."""

import re

from hypothesis import given
from hypothesis import strategies as st

from tests.resolutions.test_reading import CASES, facts, read

TEXT = (CASES / "trafficking.txt").read_text()
LINES = [line for line in TEXT.splitlines() if line.strip()]
EXPECTED = facts(read(TEXT))
HEADERS = st.sampled_from(
    [
        "\n- 2 -\n\n",
        "\f",
        "\n\fAG/RES. 2118 (XXXV-O/05)\n\n",
        "\n- 3 -\nAG/RES. 2118 (XXXV-O/05)\n\n",
        "\n\n                              17\n\n",
        "\n…/…\n\n",
        "\nPage 2\n\n",
    ]
)


def words_of(number):
    return LINES[number].split(" ")


def wrapped(line, widths):
    """The line on several ones, of these lengths in turn; a break never begins with a number."""
    pieces, now = [], ""
    turn = 0
    for word in line.split(" "):
        if now and len(now) + len(word) > widths[turn % len(widths)]:
            pieces.append(now)
            now, turn = word, turn + 1
        else:
            now = f"{now} {word}" if now else word
    return "\n".join([*pieces, now])


@given(st.lists(st.integers(30, 120), min_size=1, max_size=6))
def test_wrapping_lines_anew_changes_nothing(widths):
    assert facts(read("\n".join(wrapped(line, widths) for line in LINES))) == EXPECTED


@given(st.lists(st.integers(40, 100), min_size=1, max_size=4), st.data())
def test_page_headers_inside_a_sentence_change_nothing(widths, data):
    lines = "\n".join(wrapped(line, widths) for line in LINES).splitlines()
    body = next(n for n, line in enumerate(lines) if line.startswith("HAVING SEEN"))
    places = data.draw(st.lists(st.integers(body + 1, len(lines) - 1), min_size=1, max_size=4))
    for place in sorted(set(places), reverse=True):
        lines[place] = data.draw(HEADERS) + lines[place]

    assert facts(read("\n".join(lines))) == EXPECTED


@given(st.sampled_from(['"', "“”", "«»", "„”", "''"]), st.sampled_from(["'", "’"]))
def test_other_quotes_change_nothing(double, single):
    text = TEXT.replace("“", double[0]).replace("”", double[-1]).replace("'", single)
    found = facts(read(text))

    assert found | {"warnings": None} == EXPECTED | {"warnings": None}


@given(st.sampled_from(["\r\n", "\r", "\n\n", " \n", "\t\n", "\u2028"]))
def test_other_ends_of_lines_change_nothing(end):
    assert facts(read(end.join(LINES))) == EXPECTED


@given(st.lists(st.integers(0, 4000), max_size=20))
def test_soft_hyphens_change_nothing(places):
    inside = [hit.start() + 2 for hit in re.finditer(r"[a-z]{5,}", TEXT)]
    text = TEXT
    for place in sorted({inside[each % len(inside)] for each in places}, reverse=True):
        text = f"{text[:place]}\u00ad{text[place:]}"

    assert facts(read(text)) == EXPECTED


@given(st.lists(st.integers(0, 4000), max_size=5))
def test_words_divided_at_the_end_of_a_line_are_whole_again(places):
    body = TEXT.index("HAVING SEEN")
    inside = [hit.start() + 4 for hit in re.finditer(r"[a-z]{9,}", TEXT) if hit.start() > body]
    text = TEXT
    for place in sorted({inside[each % len(inside)] for each in places}, reverse=True):
        text = f"{text[:place]}-\n{text[place:]}"

    assert facts(read(text)) == EXPECTED


@given(st.text(max_size=400))
def test_whatever_stands_in_a_paragraph_is_found_at_its_place(words):
    text = TEXT.replace("with the purpose of", words + " with the purpose of")
    try:
        reading = read(text)
    except Exception as error:  # noqa: BLE001 (only one kind may come)
        assert type(error).__name__ == "NotAResolution"  # noqa: PT017
        return
    for paragraph in reading.paragraphs:
        for found in paragraph.findings:
            assert paragraph.text[found.start : found.end] == found.text
        for part in paragraph.parts:
            assert paragraph.text[part.start : part.end] == part.text


def test_two_readings_are_the_same():
    assert read(TEXT) == read(TEXT)
