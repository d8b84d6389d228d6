"""The text of files that somebody gives us."""

import pytest

from app.core.extraction import MOST_BYTES, Unreadable, text_of_file
from tests.papers import office, pdf, zipped

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
NUMBERING = f"""<w:numbering {W}>
<w:abstractNum w:abstractNumId="0">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>
<w:lvl w:ilvl="1">
<w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="(%2)"/></w:lvl>
<w:lvl w:ilvl="2">
<w:start w:val="1"/><w:numFmt w:val="lowerRoman"/><w:lvlText w:val="(%3)"/></w:lvl>
</w:abstractNum><w:num w:numId="7"><w:abstractNumId w:val="0"/></w:num></w:numbering>"""


def paragraph(text, level=None):
    numbered = f'<w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="7"/></w:numPr></w:pPr>'
    return f"<w:p>{numbered if level is not None else ''}<w:r><w:t>{text}</w:t></w:r></w:p>"


def word(body, **parts):
    document = f"<w:document {W}><w:body>{body}</w:body></w:document>"
    return office("docx", {"word/document.xml": document, **parts})


def test_word_counts_what_it_only_shows():
    body = paragraph("The Council,") + "".join(
        paragraph(text, level)
        for text, level in [("Asks", 0), ("one", 1), ("in", 2), ("two", 1), ("Thanks", 0), ("x", 1)]
    )
    text = text_of_file(word(body, **{"word/numbering.xml": NUMBERING}))

    assert text.split("\n\n") == [
        "The Council,", "1. Asks", "(a) one", "(i) in", "(b) two", "2. Thanks", "(a) x"
    ]  # fmt: skip


def test_words_deleted_and_remarked_in_word_stay_away():
    body = (
        "<w:p><w:r><w:t>kept</w:t></w:r><w:del><w:r><w:delText>gone</w:delText></w:r></w:del>"
        '<w:r><w:footnoteReference w:id="2"/></w:r><w:r><w:br/></w:r>'
        "<w:r><w:t>too</w:t></w:r></w:p>"
    )

    assert text_of_file(word(body)) == "kept\ntoo"


def test_a_page_shows_its_lists_with_numbers():
    page = """<!DOCTYPE html><html><head><title>no</title><style>x{}</style></head><body>
    <script>var a = "no";</script><p>The Council,</p><ol start="3"><li>Asks<sup>1</sup> the
    Chair;<ol type="a"><li>first;</li></ol></li><li>Thanks &amp; goes.</li></ol></body></html>"""
    lines = [line for line in text_of_file(page.encode()).splitlines() if line]

    assert lines == ["The Council,", "3. Asks the Chair;", "(a) first;", "4. Thanks & goes."]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
)
def test_text_is_read_in_its_encoding(encoding):
    assert (
        text_of_file("La Comisión decidió: “sí”.".encode(encoding)) == "La Comisión decidió: “sí”."
    )


def pdf_of(lines):
    """A PDF of one page with these lines."""
    shown = " ".join(f"({line}) Tj 0 -14 Td" for line in lines)
    stream = f"BT /F1 12 Tf 72 720 Td {shown} ET"
    objects = [
        "<</Type /Catalog /Pages 2 0 R>>",
        "<</Type /Pages /Kids [3 0 R] /Count 1>>",
        (
            "<</Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
            " /Resources <</Font <</F1 5 0 R>>>>>>"
        ),
        f"<</Length {len(stream)}>>\nstream\n{stream}\nendstream",
        "<</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>",
    ]
    content, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(content))
        content += f"{number} 0 obj\n{each}\nendobj\n".encode()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"xref\n0 6\n0000000000 65535 f \n{table}trailer <</Size 6 /Root 1 0 R>>\nstartxref\n"
    return content + f"{end}{len(content)}\n%%EOF\n".encode()


def test_a_pdf_with_a_text_layer_gives_its_lines():
    text = text_of_file(pdf_of(["The Council,", "1. Asks the Chair."]))

    assert text.split("\f")[0].split("\r\n") == ["The Council,", "1. Asks the Chair.\n"]


BOMB = zipped({"word/document.xml": b"0" * (300 * 1024 * 1024)})


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b" \n", "The file is empty."),
        (bytes(range(256)), "The file is no text."),
        (b"\x7fELF\x02\x01\x01" + bytes(90), "The file is no text."),
        (b"\xd0\xcf\x11\xe0" + bytes(90), "This is an old Office file. Save it as .docx."),
        (b"{\\rtf1 x}", "This is an RTF file. Save it as .docx or as plain text."),
        (pdf(), "The PDF is damaged or locked."),
        (pdf_of([]), "The PDF holds no text; it may be a scan."),
        (zipped({"a.txt": b"x"}), "The file is damaged, or made to look like something it is not."),
        (BOMB, "The file holds too much: unpacked it would be too large."),
        (b"a " * (MOST_BYTES // 2 + 1), "The file is too large to be read."),
    ],
    ids=[
        "nothing",
        "blank",
        "bytes",
        "program",
        "doc",
        "rtf",
        "no pdf",
        "scan",
        "zip",
        "bomb",
        "large",
    ],
)
def test_what_holds_no_text_is_refused_in_a_sentence(content, sentence):
    with pytest.raises(Unreadable) as refused:
        text_of_file(content)

    assert refused.value.sentence.in_language("en") == sentence
