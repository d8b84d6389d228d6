"""Small files of every kind that is taken, and of kinds that are not."""

import io
import zipfile

OFFICE = "application/vnd.openxmlformats-officedocument."
PARTS = {
    "docx": ("word/document.xml", "wordprocessingml.document"),
    "xlsx": ("xl/workbook.xml", "spreadsheetml.sheet"),
    "pptx": ("ppt/presentation.xml", "presentationml.presentation"),
}
OPEN_DOCUMENTS = {"odt": "text", "ods": "spreadsheet", "odp": "presentation"}
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def pdf(inside=b""):
    return b"%PDF-1.7\n1 0 obj <</Type /Catalog>> endobj\n" + inside + b"\ntrailer\n%%EOF\n"


def written_pdf(*pages):
    """A PDF with a layer of text: each page is lines."""
    objects = [
        "<</Type /Catalog /Pages 2 0 R>>",
        None,
        "<</Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding>>",
    ]
    kids = []
    for lines in pages:
        shown = "".join(f"({line}) Tj T* " for line in lines)
        stream = f"BT /F 12 Tf 14 TL 72 720 Td {shown}ET"
        objects.append(f"<</Length {len(stream)}>>\nstream\n{stream}\nendstream")
        kids.append(f"{len(objects) + 1} 0 R")
        objects.append(
            "<</Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] "
            f"/Resources <</Font <</F 3 0 R>>>> /Contents {len(objects)} 0 R>>"
        )
    objects[1] = f"<</Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)}>>"
    found = [f"{number} 0 obj {each} endobj" for number, each in enumerate(objects, start=1)]
    text = "%PDF-1.7\n" + "\n".join(found) + "\ntrailer <</Root 1 0 R>>\n%%EOF\n"
    return text.encode("cp1252")


WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def word(body, **parts):
    """A Word document with this body; further parts by name: numbering, styles."""
    found = {f"word/{name}.xml": _word_part(text) for name, text in parts.items()}
    return office(
        "docx",
        {
            "word/document.xml": _word_part(f"<w:document><w:body>{body}</w:body></w:document>"),
            **found,
        },
    )


def _word_part(text):
    end = text.index(">")
    return f'<?xml version="1.0" encoding="UTF-8"?>{text[:end]} xmlns:w="{WORD}"{text[end:]}'


def png(after=b""):
    head = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR" + bytes(17)
    return head + b"\0\0\0\0IEND\xaeB`\x82" + after


def jpeg(inside=b""):
    return b"\xff\xd8\xff\xe0\0\x10JFIF\0" + inside + b"\xff\xd9"


def zipped(parts, *, packing=zipfile.ZIP_DEFLATED):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", packing) as archive:
        for name, content in parts.items():
            stored = zipfile.ZIP_STORED if name == "mimetype" else packing
            archive.writestr(name, content, stored)
    return target.getvalue()


def office_parts(ending, **given):
    part, kind = PARTS[ending]
    content_type = given.get("content_type", f"{OFFICE}{kind}.main+xml")
    types = (
        '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
        f'content-types"><Override PartName="/{part}" ContentType="{content_type}"/>'
        f"{given.get('types', '')}</Types>"
    )
    return {"[Content_Types].xml": types, "_rels/.rels": "<Relationships/>", part: "<document/>"}


def office(ending, more=(), **given):
    return zipped(office_parts(ending, **given) | dict(more))


def open_document(ending, more=()):
    kind = f"application/vnd.oasis.opendocument.{OPEN_DOCUMENTS[ending]}"
    return zipped({"mimetype": kind, "content.xml": "<office/>", **dict(more)})


GOOD = {
    "agenda.pdf": pdf(),
    "agenda.docx": office("docx"),
    "list.xlsx": office("xlsx"),
    "talk.pptx": office("pptx"),
    "agenda.odt": open_document("odt"),
    "list.ods": open_document("ods"),
    "talk.odp": open_document("odp"),
    "plan.png": png(),
    "plan.jpg": jpeg(),
    "plan.jpeg": jpeg(),
    "note.txt": "Trata de personas: sesión de apertura\n".encode(),
}
