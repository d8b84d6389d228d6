"""The letters of the demo, as files that a program which did not write them reads."""

from fast_mail_parser import parse_email
from icalendar import Calendar

from tests.test_startup import run


def test_publishing_the_demo_writes_letters_that_another_program_reads(capsys, installed):
    assert run(capsys, "publish", "practice") == (0, "practice: published edition 1")
    code, said = run(capsys, "letters", "send")
    files = sorted((installed / "letters").glob("*.eml"))

    assert (code, len(files) > 3) == (0, True)
    assert said == f"dealt with {len(files)} letters"
    for file in files:
        mail = parse_email(file.read_bytes())
        assert mail.subject
        assert mail.headers["To"][0].endswith("@convoca.example>")
        [text], [html] = mail.text_plain, mail.text_html
        assert "http://127.0.0.1:8000/" in text
        assert html.startswith("<!doctype html>")
        [part] = [each for each in mail.attachments if each.filename]
        calendar = Calendar.from_ical(part.content)
        assert (part.mimetype, calendar["METHOD"]) == ("application/ics", "REQUEST")
        assert str(calendar.events[0]["SUMMARY"]) in text
