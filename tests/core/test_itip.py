"""One event for one person by mail: the feeds' event, two people, and nothing smuggled in."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar

from app.core.icalendar import Entry, event_lines
from app.core.itip import Invitation, Mailbox, mailbox, written

NINE = datetime(2027, 3, 15, 13, tzinfo=UTC)
ENTRY = Entry(
    uid="sitting-1@here.convoca",
    sequence=3,
    dtstamp=NINE,
    created=NINE,
    last_modified=NINE,
    start=NINE,
    end=NINE + timedelta(hours=1),
    summary="Second plenary",
    language="en",
)
ZONE = "America/New_York"
ROLE = "ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=FALSE"
ANA = Mailbox(name="Ana Ruiz", address="ana@example.org")
INVITATION = Invitation(
    entry=ENTRY,
    zone=ZONE,
    prodid="-//Test//EN",
    organizer=mailbox("Convoca <convoca@example.org>"),
    attendee=ANA,
)


def to(**attendee):
    return written(replace(INVITATION, attendee=Mailbox(**({"name": "Ana"} | attendee))))


def unfolded(content):
    return content.replace(b"\r\n ", b"").decode().splitlines()


def test_the_event_is_the_feeds_one_with_organizer_and_attendee():
    event = event_lines(ENTRY, ZONE).removesuffix(b"END:VEVENT\r\n")
    content = written(INVITATION)

    assert event in content
    assert unfolded(content.split(event)[1]) == [
        'ORGANIZER;CN="Convoca":mailto:convoca@example.org',
        f'ATTENDEE;CN="Ana Ruiz";{ROLE}:mailto:ana@example.org',
        "END:VEVENT",
        "END:VCALENDAR",
    ]


@pytest.mark.parametrize(("status", "method"), [("CONFIRMED", "REQUEST"), ("CANCELLED", "CANCEL")])
def test_the_method_follows_the_status(status, method):
    invitation = replace(INVITATION, entry=replace(ENTRY, status=status))

    assert (invitation.method, Calendar.from_ical(written(invitation))["METHOD"]) == (
        method,
        method,
    )


def test_the_zone_is_defined_before_the_event():
    content = written(INVITATION)

    assert content.index(b"BEGIN:VTIMEZONE") < content.index(b"BEGIN:VEVENT")


@pytest.mark.parametrize(
    "name",
    [
        "Ana\r\nATTENDEE:mailto:eve@example.org",
        'Ana";RSVP=TRUE:mailto:eve@example.org',
        "Ana; Ruiz: of, there ^n",
        "Ñandú 語 \u2028 \x85" * 30,
    ],
)
def test_a_name_adds_nobody_and_no_line(name):
    content = to(name=name, address="ana@example.org")
    [event] = Calendar.from_ical(content).walk("VEVENT")
    properties = [line.partition(":")[0].partition(";")[0] for line in unfolded(content)]

    assert properties.count("ATTENDEE") == 1
    assert event["ATTENDEE"] == "mailto:ana@example.org"
    assert event["ATTENDEE"].params["RSVP"] == "FALSE"
    assert max(map(len, content.split(b"\r\n"))) <= 75


def test_a_quote_in_a_name_is_written_as_programs_read_it():
    assert b"CN=\"Ana ^'Anita^' Ruiz\"" in to(name='Ana "Anita" Ruiz', address="ana@example.org")


@pytest.mark.parametrize("address", ["", "nobody", "a@b@c", "a b@example.org", "a@b\r\nX:y"])
def test_what_is_no_address_is_refused(address):
    with pytest.raises(ValueError, match="no calendar can carry this address"):
        to(address=address)


def test_letters_beyond_ascii_are_quoted_in_the_address():
    lines = unfolded(to(address="josé@example.org"))

    assert "mailto:jos%C3%A9@example.org" in " ".join(lines)
