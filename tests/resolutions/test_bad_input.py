"""What is no resolution gets a sentence, and quickly: nothing is stored, nothing is invented."""

import re
import time

import pytest

from app.resolutions.reading.reader import LONGEST
from app.resolutions.reading.record import NotAResolution, as_json
from tests.resolutions.test_reading import CASES, read

TEXT = (CASES / "trafficking.txt").read_text()
MENU = """MENU

To begin:
1. Soup of the day
2. Salad with bread

Main dishes:
3. The fish of the bay
"""
MINUTES = """MINUTES OF THE FOURTH MEETING

The meeting was opened at 10.05 a.m. by the Chair.

1. Adoption of the agenda. The agenda was adopted without changes.
2. Report of the treasurer. The treasurer reported that the accounts of the year are in order.
"""
LETTER = """Dear Ambassador,

I have the honor to refer to the resolution of last June and to inform you that the Secretariat
has received your note. Accept, Sir, the assurances of my highest consideration.
"""
GERMAN = """Die Generalversammlung,

in Bekräftigung der Charta der Vereinten Nationen,

1. fordert die Mitgliedstaaten auf, die Häfen zu schützen;
2. ersucht den Generalsekretär, der Versammlung auf ihrer nächsten Tagung Bericht zu erstatten.
"""


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "There is no text in it."),
        (" \n\f ", "There is no text in it."),
        (MENU, "This text is not a resolution"),
        (MINUTES, "This text is not a resolution"),
        (LETTER, "This text is not a resolution"),
        (GERMAN, "This is not a resolution in English, Spanish, French or Portuguese."),
        ("0 1 2 3 4 5", "This is not a resolution in English, Spanish, French or Portuguese."),
        ("Whereas " * (LONGEST // 8 + 1), "This is longer than any resolution."),
    ],
    ids=["nothing", "blank", "menu", "minutes", "letter", "german", "digits", "too long"],
)
def test_what_is_no_resolution_is_refused_in_a_sentence(text, sentence):
    with pytest.raises(NotAResolution) as refused:
        read(text)

    assert refused.value.sentence.in_language("en").startswith(sentence)


def test_a_treaty_is_not_a_resolution():
    treaty = TEXT.replace("FIGHTING THE CRIME OF TRAFFICKING IN PERSONS", "CONVENTION ON PORTS")
    treaty = treaty.replace("DRAFT RESOLUTION", "").replace("(Approved by", "(Signed by")

    with pytest.raises(NotAResolution, match="treaty"):
        read(treaty)


def test_a_missing_number_is_said():
    text = re.sub(r"(?m)^5\. .*\n", "", TEXT)

    said = [each.in_language("en") for each in read(text).warnings]

    assert "After paragraph 4 comes paragraph 6: one may be missing." in said


def test_paragraphs_without_numbers_are_counted_and_it_is_said():
    text = re.sub(r"(?m)^\d\.\s*", "", TEXT)
    found = as_json(read(text))

    assert [each["number"] for each in found["operative"]] == ["1", "2", "3", "4", "5", "6", "7"]
    assert "The operative paragraphs have no numbers; they are counted here." in found["warnings"]


def longer(count):
    """The same seven paragraphs again and again, numbered on."""
    head, _, rest = TEXT.partition("RESOLVES:\n")
    paragraphs = re.split(r"(?m)^\d\.\s*", rest)[1:]
    numbered = (f"{n + 1}. {paragraphs[n % 7]}" for n in range(count))
    return f"{head}RESOLVES:\n" + "".join(numbered)


def test_a_text_four_times_as_long_takes_about_four_times_as_long():
    def seconds(text):
        began = time.process_time()
        read(text)
        return time.process_time() - began

    read(TEXT)
    short, long = longer(140), longer(560)
    once = min(seconds(short) for _ in range(3))

    # Squared time would be sixteen.
    assert min(seconds(long) for _ in range(2)) < 9 * once
