"""Text out of files: what people would read, numbers that the file counts, and nothing unsafe."""

import pytest

from app.core import extraction
from app.core.extraction import NoTextError, decoded, text_of
from app.core.refusals import MOST_PAGES
from tests.papers import GOOD, WORD, office, pdf, word, written_pdf, zipped

PAGE = """<!doctype html><html><head><title>Not this</title><style>p {}</style></head><body>
<nav>Home</nav><p>THE GENERAL
ASSEMBLY,</p><ol><li>Requests&nbsp;the <b>Council</b>:
<ol type="a"><li>to work,<li>to report;</ol></li>
<li value="4">Decides</li></ol><ol type="i" start="3"><li>a third</ol><div>First<br>second</div>
<script>alert("no")</script></body></html>"""
NUMBERING = (
    '<w:numbering><w:abstractNum w:abstractNumId="7">'
    '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/>'
    '</w:lvl><w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/>'
    '<w:lvlText w:val="(%2)"/></w:lvl>'
    '<w:lvl w:ilvl="2"><w:numFmt w:val="upperRoman"/><w:lvlText w:val="%1.%3"/></w:lvl>'
    '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>'
    '<w:num w:numId="2"><w:abstractNumId w:val="7"/>'
    '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="9"/></w:lvlOverride></w:num></w:numbering>'
)
STYLES = (
    '<w:styles><w:style w:styleId="Operative"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr>'
    '</w:pPr></w:style><w:style w:styleId="Sub"><w:basedOn w:val="Operative"/><w:pPr><w:numPr>'
    '<w:ilvl w:val="1"/></w:numPr></w:pPr></w:style></w:styles>'
)


def paragraph(text, style="", number="", level=""):
    how = f'<w:pStyle w:val="{style}"/>' if style else ""
    if number:
        at = f'<w:ilvl w:val="{level}"/>' if level else ""
        how += f'<w:numPr>{at}<w:numId w:val="{number}"/></w:numPr>'
    return f"<w:p><w:pPr>{how}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def why(content):
    with pytest.raises(NoTextError) as raised:
        text_of(content)
    return raised.value.sentence.in_language("en")


def test_of_a_page_comes_what_people_read_with_the_numbers_of_its_lists():
    assert text_of(PAGE.encode()) == (
        "THE GENERAL ASSEMBLY,\n\n1. Requests the Council:\n\n(a) to work,\n\n(b) to report;\n\n"
        "4. Decides\n\n(iii) a third\n\nFirst\nsecond"
    )


def test_of_a_pdf_comes_each_page():
    content = written_pdf(["La Asamblea General,", "1. Solicita"], ["2. Pide"])
    assert text_of(content).split("\f") == ["La Asamblea General,\n1. Solicita", "2. Pide"]


def test_of_word_come_paragraphs_with_the_numbers_that_it_makes():
    body = [
        paragraph("THE COUNCIL,"),
        paragraph("Requests:", style="Operative"),
        paragraph("one;", style="Sub"),
        paragraph("two;", style="Sub"),
        paragraph("deep", number="1", level="2"),
        paragraph("Decides", style="Operative"),
        paragraph("anew", style="Sub"),
        paragraph("not counted", style="Operative", number="0"),
        paragraph("from nine", number="2"),
        paragraph("and on", number="2"),
    ]
    assert text_of(word("".join(body), numbering=NUMBERING, styles=STYLES)).split("\n\n") == [
        "THE COUNCIL,",
        "1. Requests:",
        "(a) one;",
        "(b) two;",
        "1.I deep",
        "2. Decides",
        "(a) anew",
        "not counted",
        "9. from nine",
        "10. and on",
    ]


def test_of_word_comes_what_stands_there_now():
    body = (
        "<w:p><w:r><w:t>Kept</w:t></w:r><w:del><w:r><w:t>gone</w:t></w:r></w:del>"
        "<w:r><w:tab/><w:t>new</w:t><w:br/><w:t>line</w:t><w:noBreakHyphen/><w:t>end</w:t></w:r>"
        "<w:r><w:footnoteReference/></w:r></w:p>"
    )
    assert text_of(word(body)) == "Kept\tnew\nline-end"


@pytest.mark.parametrize(
    ("kind", "number", "said"),
    [
        ("lowerLetter", 27, "aa"),
        ("upperLetter", 2, "B"),
        ("lowerRoman", 14, "xiv"),
        ("upperRoman", 9, "IX"),
        ("decimalZero", 3, "03"),
        ("none", 3, ""),
        ("ordinal", 3, "3"),
    ],
)
def test_each_kind_of_list_counts_as_it_says(kind, number, said):
    numbering = NUMBERING.replace(
        '<w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/>',
        f'<w:start w:val="{number}"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="%1)"/>',
    )
    assert text_of(word(paragraph("it", number="1"), numbering=numbering)) == f"{said}) it"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
)
def test_text_is_read_in_the_encoding_it_is_written_in(encoding):
    text = "La Asamblea General resuelve: “Trata de niñas”\r\n" * 3
    assert text_of(text.encode(encoding)) == text


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"\0\1\2binary", "not a file of text"),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), "not a file of text"),
        (b"\xd0\xcf\x11\xe0" + bytes(40), "of this kind"),
        (b"{\\rtf1 hello}", "of this kind"),
        (b"<html><script>only()</script></html>", "no text"),
        (GOOD["list.xlsx"], "of this kind"),
        (zipped({"a": "b"}), "of this kind"),
        (b"PK\x03\x04 and no archive", "damaged"),
        (pdf(), "damaged"),
        (written_pdf([]), "pictures of pages"),
        (b"a" * (extraction.MOST_CHARACTERS + 1), "too long"),
        (written_pdf(*[["x"]] * (MOST_PAGES + 1)), "too long"),
        (word(paragraph(" ")), "no text"),
        (word("<w:p>"), "damaged"),
    ],
)
def test_what_holds_no_text_is_refused_in_a_sentence(content, words):
    assert words in why(content)


def test_a_document_type_in_word_is_refused():
    entities = f'<!DOCTYPE x [<!ENTITY a "b">]><w:document xmlns:w="{WORD}">&a;</w:document>'
    assert "document type" in why(office("docx", {"word/document.xml": entities}))


def test_a_bomb_is_refused_before_it_is_unpacked():
    assert "too large" in why(office("docx", {"word/document.xml": bytes(200 << 20)}))


@pytest.mark.parametrize("part", ["<!--", "<a ", "</a"])
def test_a_page_made_to_take_for_ever_is_given_up(part):
    assert why(b"<html>" + part.encode() * 300_000) == "Reading this file takes too long."


def test_a_stray_byte_does_not_spoil_a_text():
    assert decoded(b"Asamblea\x81 General" + b"x" * 100).startswith("Asamblea")
