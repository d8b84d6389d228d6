"""What a file is, by its content; and what is made to look like something else."""

import io
import struct
import zipfile
import zlib
from contextlib import suppress

import pytest

from app.core import packed
from app.core.errors import Invalid
from app.core.filetypes import TYPES, checked_type
from tests.papers import GOOD, jpeg, office, office_parts, open_document, pdf, png, zipped

PAGE = b"<html><script>alert(1)</script></html>"


def check(content, name):
    return checked_type(io.BytesIO(content), name, field="file")


def refusal(content, name):
    with pytest.raises(Invalid) as caught:
        check(content, name)
    return caught.value.errors[0].message.in_language("en")


@pytest.mark.parametrize("name", GOOD)
def test_each_kind_is_known_by_its_content(name):
    found = check(GOOD[name], name)
    assert found.ending == name.rpartition(".")[2]


def test_every_kind_that_is_taken_is_tried():
    assert {each.ending for each in TYPES} == {name.rpartition(".")[2] for name in GOOD}


@pytest.mark.parametrize("ending", sorted({each.ending for each in TYPES}))
@pytest.mark.parametrize("name", GOOD)
def test_an_ending_that_does_not_agree_with_the_content_is_refused(name, ending):
    same = {"jpg", "jpeg"}
    own = name.rpartition(".")[2]
    if own == ending or {own, ending} == same:
        assert check(GOOD[name], f"x.{ending}")
    else:
        assert "was not taken" in refusal(GOOD[name], f"x.{ending}")


@pytest.mark.parametrize(
    "name",
    [
        "page.html",
        "drawing.svg",
        "data.xml",
        "run.exe",
        "old.doc",
        "macro.docm",
        "many.zip",
        "agenda",
        "agenda.pdf.",
        "agenda.pdf ",
        "agenda.pdf.html",
        ".pdf",
        "",
    ],
)
def test_other_endings_are_refused_and_the_ones_taken_are_named(name):
    said = refusal(pdf(), name)
    assert said.startswith("Files of this kind are not taken.")
    assert "pdf, docx" in said


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", PAGE),
        ("a.pdf", PAGE + pdf()),
        ("a.pdf", b"\n" + pdf()),
        ("a.pdf", pdf(b"% " + PAGE)),
        ("a.pdf", pdf(bytes(300_000) + b"<SCRIPT>")),
        ("a.pdf", pdf() + PAGE),
        ("a.pdf", pdf() + zipped({"a": "b"})),
        ("a.pdf", pdf() + zipped({"a": "b"}) + b"%%EOF"),
        ("a.pdf", b"%PDF-1.7 cut off"),
        ("a.png", png(PAGE)),
        ("a.png", png(zipped({"a": "b"}))),
        ("a.jpg", jpeg(PAGE)),
        ("a.jpg", jpeg() + zipped({"a": "b"})),
        ("a.txt", PAGE),
        ("a.txt", b"\xef\xbb\xbf \n<?xml version='1.0'?><svg/>"),
        ("a.txt", b"hello\n<!DOCTYPE HTML>"),
        ("a.txt", b"nul\0nul"),
        ("a.txt", b"{\\rtf1 text}"),
        ("a.txt", b"\x1b[31mred"),
        ("a.txt", "sesión".encode("latin-1")),
        ("a.txt", "sesión".encode("utf-16")),
        ("a.txt", b"cut \xc3"),
        ("a.txt", b"x" * (256 * 1024 - 1) + b"\xe2\x28\xa1"),
    ],
)
def test_what_is_two_things_at_once_is_refused(name, content):
    assert "was not taken" in refusal(content, name)


def test_a_letter_cut_in_two_by_a_chunk_is_text():
    assert check(b"x" * (256 * 1024 - 1) + "é😀".encode(), "a.txt").name == "Text"


@pytest.mark.parametrize(
    "more",
    [
        {"word/vbaProject.bin": b"x"},
        {"word/VBAPROJECT.BIN": b"x"},
        {"word/vbaData.xml": "<x/>"},
        {"word/activeX/activeX1.bin": b"x"},
        {"xl/macrosheets/sheet1.xml": "<x/>"},
    ],
)
def test_macros_are_refused(more):
    assert "macros" in refusal(office("docx", more), "a.docx")


@pytest.mark.parametrize(
    "types",
    [
        '<Override PartName="/word/x.bin" ContentType="application/vnd.ms-office.vbaProject"/>',
        '<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>',
    ],
)
def test_macros_under_another_name_are_refused(types):
    assert "macros" in refusal(office("docx", types=types), "a.docx")


def test_macros_of_an_open_document_are_refused_but_an_empty_list_of_them_is_not():
    listed = {"Basic/Standard/script-lb.xml": "<library/>"}
    assert check(open_document("odt", listed), "a.odt")
    assert "macros" in refusal(open_document("odt", {"Basic/Standard/M.xml": "<m/>"}), "a.odt")
    assert "macros" in refusal(open_document("odt", {"Scripts/python/a.py": "x"}), "a.odt")


def test_a_macro_document_renamed_is_refused():
    kind = "application/vnd.ms-word.document.macroEnabled.main+xml"
    assert "macros" in refusal(office("docx", content_type=kind), "a.docx")


ENTITY = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("part", ["word/document.xml", "word/_rels/a.rels", "[Content_Types].xml"])
def test_a_document_type_in_any_part_is_refused(part, encoding):
    parts = office_parts("docx") | {part: f"<?xml version='1.0'?>{ENTITY}".encode(encoding)}
    assert "document type" in refusal(zipped(parts), "a.docx")


def test_a_document_type_after_the_first_kilobytes_is_found():
    late = "<?xml version='1.0'?><!--" + "x" * 600_000 + "-->" + ENTITY
    assert "document type" in refusal(office("docx", {"word/document.xml": late}), "a.docx")


@pytest.mark.parametrize(
    "name",
    ["../../etc/cron.d/x", "/etc/x", "word/../../x", "a\\b.xml", "word//x.xml", "./x"],
)
def test_names_that_lead_out_are_refused(name):
    assert "damaged" in refusal(office("docx", {name: "x"}), "a.docx")


def test_too_many_parts_are_refused_before_they_are_read(monkeypatch):
    many = zipped({f"x/{number}": "" for number in range(6000)}, packing=zipfile.ZIP_STORED)
    monkeypatch.setattr(packed.zipfile, "ZipFile", None)
    assert "too large" in refusal(many, "a.docx")


def test_a_part_that_says_it_is_enormous_is_refused():
    content = office("docx", {"word/document.xml": "<document>" + " " * 77_777 + "</document>"})
    huge = content.replace(struct.pack("<L", 77_798), struct.pack("<L", 2**31))
    assert huge != content
    assert "too large" in refusal(huge, "a.docx")


def test_parts_that_are_too_large_together_are_refused():
    half = bytes(packed.MOST_UNPACKED // 2 + 1)
    bomb = office("docx", {"word/a.bin": half, "word/b.bin": half})
    assert len(bomb) < 1024 * 1024
    assert "too large" in refusal(bomb, "a.docx")


def test_a_part_that_is_larger_than_it_says_is_refused():
    """Its directory tells a small size: only unpacking shows it."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    large = packer.compress(bytes(10_000_000)) + packer.flush()
    content = office("docx", {"word/a.bin": bytes(10_000_000)})
    assert large in content
    lying = content.replace(struct.pack("<L", 10_000_000), struct.pack("<L", 1000))
    assert "too large" in refusal(lying, "a.docx")


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"PK\x03\x04", id="only its first bytes"),
        pytest.param(office("docx")[:-10], id="cut off"),
        pytest.param(office("docx") + b"more", id="more after its end"),
        pytest.param(zipped({"[Content_Types].xml": "<Types/>"}), id="without its main part"),
        pytest.param(office("xlsx"), id="another kind"),
        pytest.param(office("docx", {"word/x.xml": "no markup"}), id="a part that is no XML"),
        pytest.param(office("docx", {"word/x.xml": ""}), id="an empty part"),
        pytest.param(office("docx", content_type="text/xml"), id="of no type"),
        pytest.param(
            office("docx").replace(b"word/document.xml", b"word/documenT.xml", 1),
            id="named twice, differently",
        ),
        pytest.param(office("docx", {"WORD/document.xml": "<x/>"}), id="two of one name"),
    ],
)
def test_damaged_packages_are_refused(content):
    assert "was not taken" in refusal(content, "a.docx")


@pytest.mark.parametrize("position", range(0, len(office("docx")), 7))
def test_any_single_altered_byte_gives_an_answer(position):
    content = bytearray(office("docx"))
    content[position] ^= 0xFF
    with suppress(Invalid):
        assert check(bytes(content), "a.docx").name == "Word"
