"""Every word of the program exists in every language, with the same blanks to fill in."""

import gettext
import html
import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from app.core.languages import LANGUAGES, catalogue

ROOT = Path(__file__).parents[1]
TRANSLATED = [lang for lang in LANGUAGES if lang != "en"]
PLURAL_FORMS = {
    "es": "nplurals=2; plural=(n != 1);",
    "fr": "nplurals=2; plural=(n > 1);",
    "pt": "nplurals=2; plural=(n > 1);",
}
# Words that are the same in English; a sentence never is.
SAME_AS_ENGLISH = {
    "es": {"%(count)s min", "%(reason)s", "Error %(status)s.", "Error:"},
    "fr": {
        "%(count)s min",
        "%(reason)s",
        "Actions",
        "Ad referendum",
        "Date",
        "Documents",
        "Migrants",
        "Note",
        "Rapporteur",
        "Source",
        "date",
        "instrument",
        "public",
    },
    "pt": {
        "%(count)s item",
        "%(count)s item.",
        "%(count)s min",
        "%(reason)s",
        "Ad referendum",
        "Item",
        "Item %(number)s.",
        "item",
        "item %(number)s",
    },
}
in_each_language = pytest.mark.parametrize("lang", TRANSLATED)


def forms(text):
    """One text, or singular and plural."""
    return (text,) if isinstance(text, str) else tuple(text)


def blanks(text):
    """What is filled in: %(name)s and a lone %."""
    return sorted(re.findall(r"%(?:\(\w*\).?|.?)", text))


def listed(strings):
    """One string a line, for a failure that can be read."""
    return "\n  ".join(["", *sorted(map(repr, strings))])


@cache
def read(lang):
    with (ROOT / "locales" / lang / "LC_MESSAGES" / "convoca.po").open("rb") as source:
        return read_po(source, locale=lang, abort_invalid=True)


def messages(lang):
    return [each for each in read(lang) if each.id]


@cache
def extracted():
    """The strings of app and templates, as `make catalogues` finds them."""
    with (ROOT / "locales" / "babel.cfg").open() as config:
        methods, options = parse_mapping_cfg(config)
    keywords = DEFAULT_KEYWORDS | {"Message": None}
    found = Catalog()
    for _file, _line, text, _comments, context in extract_from_dir(
        ROOT, methods, options, keywords, directory_filter=lambda path: "/." not in path
    ):
        found.add(text, context=context)
    return frozenset(each.id for each in found if each.id)


def test_the_extraction_reads_python_and_templates():
    assert {"Closed session", "Skip to content"} <= extracted()
    assert any(isinstance(each, tuple) for each in extracted())


@in_each_language
def test_a_catalogue_holds_the_strings_of_the_program_and_no_other(lang):
    there = {each.id for each in messages(lang)}
    missing, left_over = extracted() - there, there - extracted()
    assert not missing, f"not in {lang}; run `make catalogues`, then translate:{listed(missing)}"
    assert not left_over, f"no longer said, still in {lang}:{listed(left_over)}"
    obsolete = read(lang).obsolete
    assert not obsolete, f"obsolete in {lang}:{listed(obsolete)}"


@in_each_language
def test_every_string_is_translated(lang):
    empty = [each.id for each in messages(lang) if not all(map(str.strip, forms(each.string)))]
    assert not empty, f"empty in {lang}:{listed(empty)}"
    fuzzy = [each.id for each in messages(lang) if each.fuzzy]
    assert not fuzzy, f"fuzzy in {lang}:{listed(fuzzy)}"


@in_each_language
def test_a_plural_has_both_forms(lang):
    wrong = [each.id for each in messages(lang) if len(forms(each.id)) != len(forms(each.string))]
    assert not wrong, f"not one form for each in {lang}:{listed(wrong)}"


@in_each_language
def test_a_translation_has_the_blanks_of_its_source(lang):
    wrong = [
        (source, said)
        for each in messages(lang)
        for source, said in zip(forms(each.id), forms(each.string), strict=False)
        if blanks(source) != blanks(said)
    ]
    assert not wrong, f"other blanks in {lang}:{listed(wrong)}"


@in_each_language
def test_nothing_stays_english_unless_it_is_the_same_word(lang):
    same = {
        forms(each.id)[0] for each in messages(lang) if forms(each.id)[0] == forms(each.string)[0]
    }
    assert not same - SAME_AS_ENGLISH[lang], f"left in English in {lang}:{listed(same)}"
    unneeded = SAME_AS_ENGLISH[lang] - same
    assert not unneeded, f"no longer the same in {lang}; strike from the list:{listed(unneeded)}"


@in_each_language
def test_a_translation_needs_no_escaping(lang):
    """Jinja takes a translation as markup, also inside attributes."""
    texts = [text for each in messages(lang) for text in forms(each.string)]
    wrong = [text for text in texts if html.escape(text) != text]
    assert not wrong, f"write ’ “ ” « » for ' \" < > & in {lang}:{listed(wrong)}"


def test_french_keeps_its_high_punctuation_with_the_word_before():
    texts = [text for each in messages("fr") for text in forms(each.string)]
    wrong = [text for text in texts if re.search(r" [:;!?»]|« |\w[;!?»]|«\w|[^\W\d]:(?!\S)", text)]
    assert not wrong, f"a no-break space belongs there:{listed(wrong)}"


@in_each_language
def test_the_header_survives(lang):
    header = dict(read(lang).mime_headers)
    assert header["Language"] == lang
    assert header["Plural-Forms"] == PLURAL_FORMS[lang]
    assert header["Content-Type"] == "text/plain; charset=utf-8"
    written = (ROOT / "locales" / lang / "LC_MESSAGES" / "convoca.po").read_text().split("\n\n")[0]
    assert "Plural-Forms" in written, f"{lang}: the header is gone"
    assert not re.search(r"PROJECT|ORGANIZATION|EMAIL|FULL NAME|LL@li", written), written


def test_the_program_speaks_by_the_catalogue():
    one, many = "%(count)s session placed", "%(count)s sessions placed"
    placed = {
        lang: [catalogue(lang).ngettext(one, many, n) for n in (0, 1, 2)] for lang in TRANSLATED
    }
    assert isinstance(catalogue("en"), gettext.NullTranslations)
    for lang, (none, single, several) in placed.items():
        assert single != several, lang
        assert none == (several if lang == "es" else single), lang
