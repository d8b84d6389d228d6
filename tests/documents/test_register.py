"""The register: symbols that are one, classes that hold on every way, files that come and go."""

import re
from html import unescape

import pytest

from app.core.changes import revert
from app.core.journal import latest_change
from app.core.uploads import ScanState
from app.documents.queries import document_of
from app.documents.rules import symbol_key
from tests.make import loaded, make_document, make_meeting, work_on
from tests.papers import pdf

DESK, PUBLIC = "/en/desk/first/documents", "/en/meetings/first/documents"
FORM = {"title_en": "Draft agenda", "symbol": "RTP/doc.2/06", "class": "public"}


@pytest.fixture
def meeting(db):
    return make_meeting(db)


@pytest.fixture
def chair(signed_in, meeting):
    return signed_in("chair", meeting)


def told(page):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


def href(document):
    return f"/en/meetings/first/documents/{document.id}/en"


@pytest.mark.parametrize(
    "typed",
    ["RTP/doc.3/06 rev. 2", "rtp/DOC 3/06 Rev.2", "RTP/doc. 3/06rev 2", "RTP/doc.3/06\u00a0REV. 2"],
)
def test_a_symbol_is_the_same_however_it_is_typed(typed):
    assert symbol_key(typed) == "rtp/doc3/06rev2"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("RTP/doc.3/06", "RTP/doc.3/06 rev. 1"),
        ("RTP/doc.3/06 corr. 1", "RTP/doc.3/06 add. 1"),
        ("RTP-II/doc.3/06", "RTP-III/doc.3/06"),
        ("CP/doc.4023/05", "CP/doc.4023/06"),
    ],
)
def test_other_documents_have_other_symbols(one, other):
    assert symbol_key(one) != symbol_key(other)


@pytest.mark.parametrize("symbol", ["", "RTP/doc. __/06", "RTP/doc.____/__"])
def test_an_open_symbol_is_nobodys(symbol):
    assert symbol_key(symbol) is None


def test_a_document_is_entered_and_the_public_sees_it(chair, client):
    assert "No document is public yet." in told(client.get(PUBLIC))
    assert chair.post(DESK, data=FORM).status_code == 303

    assert "RTP/doc.2/06 Draft agenda" in told(client.get(PUBLIC))


def test_two_documents_do_not_bear_one_symbol_but_many_are_open(chair):
    chair.post(DESK, data=FORM)
    again = chair.post(DESK, data=FORM | {"symbol": "rtp/doc. 2/06"})
    open_ones = [chair.post(DESK, data=FORM | {"symbol": "RTP/doc. __/06"}) for _ in range(2)]

    assert (again.status_code, 'value="rtp/doc. 2/06"' in again.text) == (422, True)
    assert [answer.status_code for answer in open_ones] == [303, 303]


@pytest.mark.parametrize(
    ("change", "field"),
    [({"title_en": ""}, "title_en"), ({"dated": "soon"}, "dated"), ({"class": "secret"}, "class")],
)
def test_what_is_wrong_is_named(chair, change, field):
    answer = chair.post(DESK, data=FORM | change)

    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text


def upload(visitor, document, content=None, name="agenda.pdf", language="en"):
    files = {"file": (name, pdf() if content is None else content, "text/html")}
    return visitor.post(f"{DESK}/{document.id}/files", data={"language": language}, files=files)


def test_a_file_is_added_and_given_out_in_a_sandbox(chair, client, db, app, meeting):
    document = make_document(db, app, meeting, document_class="public", content=None)
    assert upload(chair, document, name="Orden del día.pdf").status_code == 303
    answer = client.get(href(document))

    assert (answer.status_code, answer.content) == (200, pdf())
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert "Orden%20del%20d%C3%ADa.pdf" in answer.headers["content-disposition"]
    assert f'href="{href(document)}"' in client.get(PUBLIC).text


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"<html><script>", "agenda.pdf"),
        (b"<svg/>", "plan.svg"),
        (b"", "agenda.pdf"),
        (pdf(), "a.exe"),
    ],
)
def test_what_is_no_paper_is_refused_and_leaves_nothing(chair, db, app, meeting, content, name):
    document = make_document(db, app, meeting, content=None)
    answer = upload(chair, document, content, name)

    assert answer.status_code == 422
    assert list(app.state.uploads.store.listed()) == []


def test_a_second_file_in_one_language_is_refused_and_leaves_nothing(chair, db, app, meeting):
    document = make_document(db, app, meeting)
    before = {each.key for each in app.state.uploads.store.listed()}

    assert upload(chair, document).status_code == 409
    assert {each.key for each in app.state.uploads.store.listed()} == before


def test_a_stranger_is_refused_before_anything_is_put_away(client, signed_in, db, app, meeting):
    document = make_document(db, app, meeting, content=None)
    stranger = signed_in("chair", make_meeting(db, "second"))

    assert upload(stranger, document).status_code == 404
    assert upload(client, document).status_code == 303
    assert list(app.state.uploads.store.listed()) == []


def ways(document):
    """Every way to a file: address, method, headers."""
    address = href(document)
    return [
        ("GET", address, {}),
        ("HEAD", address, {}),
        ("GET", address, {"Range": "bytes=0-4"}),
        ("GET", address, {"If-None-Match": "*"}),
        ("GET", address.replace("/en/meetings", "/fr/meetings"), {}),
        ("GET", f"/api/v1/meetings/first/documents/{document.id}", {}),
    ]


@pytest.mark.parametrize(
    ("document_class", "role", "gets"),
    [
        ("public", None, True),
        ("public", "delegate", True),
        ("members", None, False),
        ("members", "delegate", False),
        ("members", "member", True),
        ("members", "secretariat", True),
        ("restricted", None, False),
        ("restricted", "member", False),
        ("restricted", "chair", True),
    ],
)
def test_a_class_holds_on_every_way(
    client, signed_in, db, app, meeting, document_class, role, gets
):
    document = make_document(db, app, meeting, document_class=document_class)
    visitor = signed_in(role, meeting) if role else client
    for method, address, headers in ways(document):
        found = visitor.request(method, address, headers=headers).status_code
        assert (found in {200, 206, 304}) is gets, (method, address, headers)
        assert gets or found == 404
    listed = visitor.get("/api/v1/meetings/first/documents").json()["items"]
    assert bool(listed) is gets
    assert ("Draft agenda" in client.get(PUBLIC).text) is (document_class == "public")


def test_what_was_public_and_is_restricted_now_is_gone_at_once(chair, client, db, app, meeting):
    document = make_document(db, app, meeting, document_class="public")
    tag = client.get(href(document)).headers["etag"]
    assert "Draft agenda" in client.get(PUBLIC).text
    form = FORM | {"version": document.version, "class": "restricted", "symbol": document.symbol}
    assert chair.post(f"{DESK}/{document.id}", data=form).status_code == 303

    assert client.get(href(document), headers={"If-None-Match": tag}).status_code == 404
    assert "Draft agenda" not in client.get(PUBLIC).text


def test_a_file_that_nobody_has_scanned_is_not_given_out(client, db, app, meeting):
    document = make_document(db, app, meeting, document_class="public")
    document.files[0].file.scan = ScanState.PENDING

    assert client.get(href(document)).status_code == 404


def test_a_file_taken_off_can_be_put_back(chair, client, db, app, meeting):
    document = make_document(db, app, meeting, document_class="public")
    data = {"version": document.version}
    assert chair.post(f"{DESK}/{document.id}/files/en/removal", data=data).status_code == 303
    assert client.get(href(document)).status_code == 404

    db.rollback()
    revert(work_on(db, loaded(db, meeting)), latest_change(db, meeting.id).number)
    assert client.get(href(document)).status_code == 200


def test_a_change_can_be_undone(db, app, meeting, chair):
    document = make_document(db, app, meeting, content=None)
    form = FORM | {"version": 1, "title_en": "Other", "class": "members"}
    chair.post(f"{DESK}/{document.id}", data=form)
    db.rollback()
    revert(work_on(db, loaded(db, meeting)), latest_change(db, meeting.id).number)
    found = document_of(db, meeting.id, document.id)

    assert (found.title["en"], found.symbol) == ("Draft agenda", "RTP/doc.1/06")


def test_programs_keep_the_register_too(signed_in, meeting, client):
    program = signed_in("secretariat", meeting, bearer=True)
    body = {"title": {"en": "Report"}, "symbol": "CP/doc.4023/05", "document_class": "public"}
    made = program.post("/api/v1/meetings/first/documents", json=body)
    address = made.headers["location"]
    stale = program.put(address, json=body, headers={"If-Match": '"v9"'})
    dated = body | {"dated": "2006-13-40"}
    wrong = program.put(address, json=dated, headers={"If-Match": '"v1"'})
    saved = program.put(address, json=body | {"dated": "2005-05-20"}, headers={"If-Match": '"v1"'})

    assert (made.status_code, stale.status_code, wrong.status_code) == (201, 412, 422)
    assert (saved.status_code, saved.json()["dated"]) == (200, "2005-05-20")
    assert [each["symbol"] for each in client.get(address.rpartition("/")[0]).json()["items"]] == [
        "CP/doc.4023/05"
    ]
