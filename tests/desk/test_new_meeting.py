"""A new meeting out of a text: brought, confirmed point by point, made once and whole."""

import io
import re
from html import unescape

import pytest
from sqlalchemy import func, select

from app.accounts.models import Grant, Person
from app.core.access import Role
from app.core.journal import changes_after, latest_change
from app.core.uploads import File
from app.desk.models import MeetingDraft
from app.directory.models import Entity
from app.documents.queries import documents_of
from app.invitations.models import InvitationKind
from app.invitations.queries import invitations_of
from app.meetings.models import Meeting
from app.meetings.queries import meeting_by_slug
from app.resolutions.models import FindingState, Resolution
from app.resolutions.queries import resolution_by_id
from tests.make import TEXT, make_draft, make_meeting, make_person

NEW = "/en/desk/new"
FACTS = {
    "resolution_title_en": "Fighting the Crime of Trafficking in Persons",
    "resolution_symbol": "AG/RES. 2118 (XXXV-O/05)",
    "status": "adopted",
    "adopted_on": "2005-06-07",
    "title_en": "Meeting of National Authorities",
    "title_es": "Reunión de Autoridades Nacionales",
    "slug": "rtp-2",
    "first_day": "2027-03-02",
    "last_day": "2027-03-04",
    "zone": "America/Caracas",
    "role": "secretariat",
}
TEN = ["CIM", "IIN", "IACHR", "SUMMITS", "OILP", "TOURISM", "CICAD", "DMS", "THREATS", "OEST"]


@pytest.fixture
def chair(signed_in, db):
    return signed_in("chair", make_meeting(db))


def told(page):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


def bring(visitor, text="", file=None):
    """As a browser sends it, with or without a file."""
    sent = {"file": file or ("", b"", "application/octet-stream")}
    return visitor.post(NEW, data={"text": text}, files=sent)


def brought(visitor, text=TEXT):
    answer = bring(visitor, text)
    assert answer.status_code == 303
    return answer.headers["location"]


def fields(page):
    """Every field of the page's largest form as a browser would send it."""
    form = max(re.findall(r"<form.*?</form>", page.text, re.DOTALL), key=len)
    found = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name = re.search(r' name="([^"]*)"', tag)
        if name and ('type="checkbox"' not in tag or " checked" in tag):
            value = re.search(r' value="([^"]*)"', tag)
            found[name[1]] = unescape(value[1]) if value else ""
    for name, options in re.findall(
        r'<select[^>]* name="([^"]*)"[^>]*>(.*?)</select>', form, re.DOTALL
    ):
        chosen = re.search(r'value="([^"]*)" selected', options)
        found[name] = (chosen or re.search(r'value="([^"]*)"', options))[1]
    return found


def point(page, paragraph, words):
    """The id of the point of this paragraph that stands for these words."""
    rows = re.findall(
        r'<li><label class="tick"><input[^>]* id="([^"]*)".*?</label>', page.text, re.DOTALL
    )
    labels = re.findall(r'<li><label class="tick">(.*?)</label>', page.text, re.DOTALL)
    plain = [unescape(re.sub(r"<[^>]+>", " ", label)) for label in labels]
    return next(
        key
        for key, label in zip(rows, plain, strict=True)
        if key.startswith(f"{paragraph}-") and words in label
    )


def made(db, slug="rtp-2"):
    db.rollback()
    return meeting_by_slug(db, slug)


def keys_of(db, meeting, kind):
    return [each.entity.key for each in invitations_of(db, meeting.id) if each.kind is kind]


def test_a_text_becomes_a_meeting_with_a_paragraph_for_each_part(chair, db):
    draft = brought(chair)
    assert chair.post(draft, data=fields(chair.get(draft))).status_code == 303
    answer = chair.post(f"{draft}/meeting", data=FACTS)

    assert (answer.status_code, answer.headers["location"]) == (303, "/en/desk/rtp-2")
    meeting = made(db)
    assert [each.symbol for each in meeting.mandates] == [
        f"AG/RES. {number} (XXXIV-O/04)" for number in (2019, 2026, 2040)
    ]
    assert {each.paragraph.anchor for each in meeting.mandates} == {"pp-2"}
    assert {"protection", "prevention", "prosecution"} <= {each.key for each in meeting.purposes}
    assert {each.paragraph.anchor for each in meeting.purposes} == {"op-3"}
    assert keys_of(db, meeting, InvitationKind.CALL) == TEN
    assert keys_of(db, meeting, InvitationKind.INVITATION) == ["UN", "IOM"]
    assert {each.paragraph.anchor for each in invitations_of(db, meeting.id)} == {"op-4"}
    register = {each.symbol: each for each in documents_of(db, meeting.id)}
    assert register["CP/doc.4023/05"].paragraph.anchor == "pp-1"
    due = {each.paragraph.anchor: each for each in meeting.deadlines}
    assert due["op-3"].due_on is None
    assert {each.recipient.key for each in meeting.deadlines if each.recipient} == {"GA", "REMJA"}
    assert due["op-6"].what["es"].startswith("Informe a: ")


def test_the_record_holds_what_was_read_and_confirmed(chair, db):
    draft = brought(chair)
    page = chair.get(draft)
    typed = fields(page)
    wrong, other = (point(page, "operative-4", words) for words in ("Drug Abuse", "Children"))
    typed.pop(wrong)
    typed[f"{other}.role"] = "collaborate"
    typed["add-operative-4"], typed["add-operative-4.use"] = "Office of the Rapporteur", "call"
    chair.post(draft, data=typed)
    chair.post(f"{draft}/meeting", data=FACTS)

    source = resolution_by_id(db, made(db).resolution_id)
    fourth = next(each for each in source.paragraphs if each.anchor == "op-4")
    found = {(each.said.get("name"), each.state) for each in fourth.findings}
    assert (source.text.split(), source.status) == (TEXT.split(), "adopted")
    assert (fourth.printed, fourth.text["en"][:10]) == ("4", "To request")
    assert ("CICAD", FindingState.REJECTED) in found
    assert ("IIN", FindingState.CORRECTED) in found
    assert ("Office of the Rapporteur", FindingState.ADDED) in found
    assert all(
        fourth.text["en"][each.starts : each.ends]
        for each in fourth.findings
        if each.state is not FindingState.ADDED
    )
    named = {each.entity.key: each.role for each in fourth.addressees}
    assert (named["IIN"], "CICAD" in named) == ("collaborate", False)


def test_what_is_not_meant_is_not_made_and_what_is_missing_is(chair, db):
    draft = brought(chair)
    page = chair.get(draft)
    typed = fields(page)
    typed.pop(point(page, "operative-4", "Inter-American Commission of Women"))
    typed["add-operative-5"], typed["add-operative-5.use"] = "cicad", "call"
    chair.post(draft, data=typed)
    typed = fields(chair.get(draft))
    typed["add-operative-7"], typed["add-operative-7.use"] = "Budget of the meeting", "deadline"
    typed["add-operative-7.day"] = "2027-01-15"
    chair.post(draft, data=typed)
    chair.post(f"{draft}/meeting", data=FACTS)

    meeting = made(db)
    assert keys_of(db, meeting, InvitationKind.CALL) == [key for key in TEN if key != "CIM"]
    [budget] = [each for each in meeting.deadlines if each.paragraph.anchor == "op-7"]
    assert (budget.due_on.isoformat(), budget.what["en"]) == ("2027-01-15", "Budget of the meeting")


def test_what_is_kept_survives_a_reload_and_is_nobody_elses(chair, signed_in, db):
    draft = brought(chair)
    page = chair.get(draft)
    typed = fields(page)
    gone = point(page, "operative-4", "Inter-American Commission of Women")
    typed.pop(gone)
    answer = chair.post(draft, data=typed | {"then": "meeting"})
    again = fields(chair.get(draft))
    stranger = signed_in("chair", make_meeting(db, "second"))

    assert answer.headers["location"] == f"{draft}/meeting"
    assert (gone in again, again.keys() - typed.keys()) == (False, set())
    assert "FIGHTING THE CRIME" in chair.get(NEW).text
    assert "FIGHTING THE CRIME" not in stranger.get(NEW).text
    assert [stranger.get(path).status_code for path in (draft, f"{draft}/meeting")] == [404, 404]
    assert stranger.post(f"{draft}/removal").status_code == 404


def test_a_stale_page_overwrites_nothing(chair):
    draft = brought(chair)
    typed = fields(chair.get(draft))
    first = chair.post(
        draft, data=typed | {"add-operative-7": "One", "add-operative-7.use": "theme"}
    )
    second = chair.post(
        draft, data=typed | {"add-operative-7": "Two", "add-operative-7.use": "theme"}
    )

    assert (first.status_code, second.status_code) == (303, 412)
    assert 'value="Two"' in second.text
    assert ("One" in chair.get(draft).text, "Two" in chair.get(draft).text) == (True, False)


def test_a_body_that_the_directory_lacks_is_entered_once(chair, db):
    draft = brought(chair)
    for _ in range(2):
        typed = fields(chair.get(draft))
        typed["add-operative-4"], typed["add-operative-4.use"] = "Hemispheric Observatory", "call"
        chair.post(draft, data=typed)
    assert "New in the directory Hemispheric Observatory" in told(chair.get(f"{draft}/meeting"))
    chair.post(f"{draft}/meeting", data=FACTS)

    keys = keys_of(db, made(db), InvitationKind.CALL)
    found = db.scalars(select(Entity.key).where(Entity.search_key.contains("observatory"))).all()
    assert (keys[-1], found) == ("hemispheric-observatory", ["hemispheric-observatory"])


def test_whoever_makes_it_has_the_chosen_role_and_the_draft_is_gone(chair, db):
    draft = brought(chair)
    chair.post(f"{draft}/meeting", data=FACTS)
    meeting = made(db)
    grants = db.scalars(select(Grant).where(Grant.meeting_id == meeting.id)).all()
    step = latest_change(db, meeting.id)

    assert [each.role for each in grants] == [Role.SECRETARIAT]
    assert (db.scalars(select(MeetingDraft)).all(), chair.get(draft).status_code) == ([], 404)
    assert step.actor_name == db.get(Person, grants[0].person_id).name
    assert chair.get("/en/desk/rtp-2").status_code == 200


def test_pressing_twice_makes_one_meeting(chair, db):
    draft = brought(chair)
    answers = [
        chair.post(f"{draft}/meeting", data=FACTS | {"once": "a-key-of-this-form"}) for _ in "12"
    ]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert db.scalar(select(func.count()).select_from(Meeting)) == 2  # with the chair's first


def test_two_meetings_of_one_text_share_its_record(chair, db):
    for slug in ("rtp-2", "rtp-3"):
        draft = brought(chair)
        chair.post(f"{draft}/meeting", data=FACTS | {"slug": slug})

    assert made(db, "rtp-2").resolution_id == made(db, "rtp-3").resolution_id
    assert db.scalar(select(func.count()).select_from(Resolution)) == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"slug": ""}, "slug"),
        ({"slug": "New Meeting"}, "slug"),
        ({"slug": "new"}, "slug"),
        ({"slug": "first"}, "slug"),
        ({"first_day": ""}, "first_day"),
        ({"last_day": "2027-03-01"}, "last_day"),
        ({"last_day": "soon"}, "last_day"),
        ({"zone": "Caracas"}, "zone"),
        ({"title_en": "", "title_es": ""}, "title_en"),
        ({"resolution_title_en": ""}, "resolution_title_en"),
        ({"role": "delegate"}, "role"),
    ],
)
def test_what_is_wrong_with_the_facts_is_named_and_nothing_is_made(chair, db, change, field):
    draft = brought(chair)
    answer = chair.post(f"{draft}/meeting", data=FACTS | {"place_en": "Antigua"} | change)

    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert 'value="Antigua"' in answer.text
    assert db.scalars(select(Meeting.slug)).all() == ["first"]
    assert db.scalars(select(Resolution)).all() == []


MENU = "Soup of the day\nGrilled fish with rice\nFruit"


@pytest.mark.parametrize("text", ["", "   \n ", MENU])
def test_what_is_no_resolution_is_said_in_a_sentence_and_kept_in_the_box(chair, db, text):
    answer = bring(chair, text)

    assert answer.status_code == 422
    assert answer.text.count('href="#text"') == 1
    assert text.strip() in unescape(answer.text)
    assert db.scalars(select(MeetingDraft)).all() == []


def test_a_file_is_read_and_kept_with_the_resolution(chair, db, app):
    answer = bring(chair, MENU, ("resolution.txt", TEXT.encode(), "text/plain"))
    assert answer.status_code == 303
    chair.post(f"{answer.headers['location']}/meeting", data=FACTS)

    source = resolution_by_id(db, made(db).resolution_id)
    assert source.source.name == "resolution.txt"
    kept = b"".join(app.state.uploads.store.read(source.source.key, 0, source.source.size))
    assert kept == TEXT.encode()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("menu.txt", MENU.encode()),
        ("empty.txt", b""),
        ("picture.png", b"\x89PNG not really"),
        ("program.exe", b"MZ"),
        ("broken.pdf", b"%PDF-1.4 cut off"),
        ("binary.txt", bytes(range(256))),
    ],
)
def test_a_file_that_is_no_resolution_leaves_nothing(chair, db, app, name, content):
    answer = bring(chair, "What was pasted", (name, content, "application/octet-stream"))

    assert answer.status_code == 422
    assert answer.text.count('href="#file"') == 1
    assert db.scalars(select(MeetingDraft)).all() == []
    assert db.scalars(select(File)).all() == []
    assert list(app.state.uploads.store.listed()) == []


def test_a_draft_that_is_taken_away_takes_its_file_along(chair, db):
    answer = bring(chair, "", ("resolution.txt", TEXT.encode(), "text/plain"))
    assert chair.post(f"{answer.headers['location']}/removal").status_code == 303

    db.rollback()
    assert (db.scalars(select(MeetingDraft)).all(), db.scalars(select(File)).all()) == ([], [])


def test_who_holds_no_office_anywhere_may_not(signed_in, db):
    delegate = signed_in("delegate", make_meeting(db))

    assert [delegate.get(NEW).status_code, bring(delegate, TEXT).status_code] == [403, 403]
    assert "A new meeting" not in delegate.get("/en/desk").text


def test_a_sign_in_that_ended_loses_nothing_that_was_kept(app, chair, client, db):
    draft = brought(chair)
    assert client.get(draft).status_code == 303  # to the sign-in page
    assert chair.get(draft).status_code == 200


def test_a_draft_is_read_again_and_again_to_the_same(db, chair):
    person = make_person(db)
    make_draft(db, person.id)
    first, second = (chair.get(brought(chair)) for _ in range(2))

    assert [key for key in fields(first) if key != "version"] == [
        key for key in fields(second) if key != "version"
    ]
    assert io.StringIO(first.text).readline() == io.StringIO(second.text).readline()


def test_a_draft_without_a_symbol_is_shown_by_its_title(chair, db):
    draft = brought(chair)
    facts = FACTS | {"resolution_symbol": "", "status": "draft", "adopted_on": ""}
    chair.post(f"{draft}/meeting", data=facts | {"approved_on": "2005-05-24"})
    page = told(chair.get("/en/desk/rtp-2/resolution"))

    assert "Draft approved on 24 May 2005." in page
    [first] = changes_after(db, made(db).id, 0, limit=1)
    assert first.sentence.in_language("en") == (
        "A chair made the meeting of Fighting the Crime of Trafficking in Persons, "
        "“Meeting of National Authorities”"
    )


def test_the_way_to_a_paragraph_stands_beside_whatever_rests_on_it(chair):
    draft = brought(chair)
    chair.post(f"{draft}/meeting", data=FACTS)

    assert '"/en/desk/rtp-2/resolution#pp-2"' in chair.get("/en/desk/rtp-2").text
    assert '"/en/desk/rtp-2/resolution#op-4"' in chair.get("/en/desk/rtp-2/invitations").text
    assert '"/en/desk/rtp-2/resolution#pp-1"' in chair.get("/en/desk/rtp-2/documents").text
    page = chair.get("/en/desk/rtp-2/resolution").text
    assert {'id="op-4"', 'id="pp-1"', "#op-3"} <= set(re.findall(r'id="[op]p-\d"|#op-3', page))
