"""The mail server fails in every way: each letter's state is true, none is lost, none twice."""

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from fast_mail_parser import parse_email
from sqlalchemy import select

from app.core.database import create_engines
from app.core.installation import pause_mail, resume_mail
from app.core.letters import Letter, State, send_again, write_letter
from app.core.postman import LEASE, Postman
from app.core.security import derived_token
from app.core.transports import Folder, Smtp, SmtpServer, Undelivered, Unreachable
from tests.make import NOW, letter_given
from tests.smtp import Peer

MINUTE = timedelta(minutes=1)
SENDER = "The Secretariat <rtp@example.org>"
KEY = "k" * 40


@pytest.fixture
def peer():
    with Peer() as found:
        yield found


@pytest.fixture
def engines(database_url):
    found = create_engines(database_url)
    yield found
    found.dispose()


@pytest.fixture
def postman(engines, peer, clock):
    transport = Smtp(SmtpServer.at(peer.url), "rtp@example.org", timeout=1)
    return Postman(engines, transport, SENDER, KEY, clock, jitter=lambda: 0)


@pytest.fixture
def write(db):
    """Letters a, b, c... to so many people."""

    def make(count=1, **given):
        for number in range(count):
            name = chr(ord("a") + number)
            to = {"to_address": f"{name}@example.org"} | given
            write_letter(db, letter_given(name, subject=f"To {name}", **to), now=NOW)
        db.commit()

    return make


def states(db):
    db.expire_all()
    found = [letter.state.value for letter in db.scalars(select(Letter).order_by(Letter.id))]
    db.rollback()
    return found


def only(db):
    db.expire_all()
    found = db.scalars(select(Letter)).one()
    db.rollback()
    return found


def test_each_letter_goes_to_its_one_recipient(postman, peer, db, write):
    write(3)
    assert postman.send_due() == 3
    assert postman.send_due() == 0

    assert (states(db), peer.subjects) == (["sent"] * 3, ["To a", "To b", "To c"])
    assert peer.recipients == ["a@example.org", "b@example.org", "c@example.org"]


def test_a_letter_says_who_sends_it_and_that_no_person_typed_it(postman, peer, write):
    write(reply_to="chair@example.org")
    postman.send_due()
    [message] = peer.messages

    assert message["From"] == SENDER
    assert message["Reply-To"] == "chair@example.org"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "en"


def test_a_bad_address_fails_at_once_and_stops_no_other(postman, peer, db, write):
    peer.answer["RCPT"] = lambda to: "550 no such user" if to.startswith("b") else None
    write(3)
    postman.send_due()

    assert (states(db), peer.subjects) == (["sent", "failed", "sent"], ["To a", "To c"])
    failed = db.scalars(select(Letter).where(Letter.state == State.FAILED)).one()
    assert failed.last_error == "550 no such user"


@pytest.mark.parametrize("words", ["552 too much", "554 looks like spam"])
def test_a_letter_refused_after_its_content_has_failed(postman, peer, db, write, words):
    peer.answer["DATA"] = words
    write()
    postman.send_due()

    assert (states(db), only(db).last_error) == (["failed"], words)


def test_who_says_later_is_asked_later_and_gets_it_once(postman, peer, db, write, clock):
    peer.answer["RCPT"] = "450 greylisted"
    write()
    for minutes in (0, 1, 6, 21, 81, 141):
        clock.now = NOW + minutes * MINUTE - timedelta(seconds=1)
        postman.send_due()
        clock.now = NOW + minutes * MINUTE
        postman.send_due()
    tried = peer.tried["a@example.org"]
    peer.answer.clear()
    clock.now = NOW + 201 * MINUTE
    postman.send_due()

    assert (tried, states(db), len(peer.taken)) == (6, ["sent"], 1)


def test_after_two_days_of_later_it_has_failed(postman, peer, db, write, clock):
    peer.answer["RCPT"] = "450 greylisted"
    write()
    for hour in range(60):
        clock.now = NOW + timedelta(hours=hour)
        postman.send_due()

    assert states(db) == ["failed"]
    assert 48 <= peer.tried["a@example.org"] <= 54


def test_a_server_that_closes_amid_many_gets_the_rest_later(postman, peer, db, write, clock):
    peer.answer["RCPT"] = lambda to: "421 too many" if to.startswith("c") else None
    write(5)
    postman.send_due()
    assert states(db) == ["sent", "sent", "retry", "waiting", "waiting"]

    peer.answer.clear()
    clock.now = NOW + 2 * MINUTE
    postman.send_due()
    assert states(db) == ["sent"] * 5
    assert sorted(peer.subjects) == [f"To {name}" for name in "abcde"]


def test_no_answer_after_the_content_is_uncertain_and_never_sent_again_by_itself(
    postman, peer, db, write, clock
):
    peer.answer["DATA"] = "close"
    write()
    postman.send_due()
    assert states(db) == ["uncertain"]

    peer.answer.clear()
    clock.now = NOW + timedelta(days=3)
    postman.send_due()
    assert (states(db), len(peer.taken)) == (["uncertain"], 1)


def test_an_uncertain_letter_that_somebody_sends_again_is_the_same_message(
    postman, peer, db, write, clock
):
    peer.answer["DATA"] = "close"
    write(calendar=b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", calendar_method="REQUEST")
    postman.send_due()
    peer.answer.clear()
    clock.now = NOW + 5 * MINUTE
    send_again(db, db.scalars(select(Letter)).one(), now=clock.now)
    db.commit()
    postman.send_due()

    first, second = peer.messages
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Date"] != second["Date"]
    assert without_boundaries(first) == without_boundaries(second)


def without_boundaries(message):
    return [part.get_payload() for part in message.walk() if not part.is_multipart()]


@pytest.mark.parametrize("url", ["smtp://127.0.0.1:9", "smtp://mail.invalid:25"])
def test_while_the_server_is_away_letters_wait_and_it_is_asked_once_a_minute(
    engines, db, write, clock, url
):
    postman = Postman(
        engines, Smtp(SmtpServer.at(url), SENDER, timeout=1), SENDER, KEY, clock, jitter=lambda: 0
    )
    write(3)
    assert [postman.send_due(), postman.send_due()] == [1, 0]
    assert sorted(states(db)) == ["retry", "waiting", "waiting"]

    clock.now = NOW + 61 * timedelta(seconds=1)
    assert postman.send_due() == 1


def test_a_server_elsewhere_without_encryption_gets_nothing(engines, db, write, clock, peer):
    server = SmtpServer(host="127.0.0.1", port=peer.controller.port, tls=False)

    class Elsewhere(SmtpServer):
        local = False

    transport = Smtp(Elsewhere(**vars(server)), SENDER, timeout=1)
    write()
    Postman(engines, transport, SENDER, KEY, clock).send_due()

    assert (states(db), peer.taken) == (["retry"], [])
    assert only(db).last_error == "the mail server offers no encryption (STARTTLS)"


def test_a_login_that_is_refused_holds_letters_and_tells_no_password(engines, db, write, peer):
    server = SmtpServer.at(peer.url.replace("//", "//convoca:s3cret@"))
    postman = Postman(engines, Smtp(server, SENDER, timeout=1), SENDER, KEY, lambda: NOW)
    write()
    postman.send_due()

    assert (states(db), peer.taken) == (["retry"], [])
    assert "s3cret" not in only(db).last_error + repr(server)


def test_a_hand_that_does_not_answer_holds_nothing_up(engines, db, write, clock):
    """A server that accepts the connection and says nothing."""
    import socket  # noqa: PLC0415

    with socket.create_server(("127.0.0.1", 0)) as mute:
        url = f"smtp://127.0.0.1:{mute.getsockname()[1]}"
        transport = Smtp(SmtpServer.at(url), SENDER, timeout=0.05)
        write()
        Postman(engines, transport, SENDER, KEY, clock).send_due()

    assert (states(db), only(db).last_error) == (
        ["retry"],
        "the mail server did not answer in time",
    )


def test_a_newer_letter_leaves_and_the_older_one_never_does(postman, peer, db, clock):
    peer.answer["RCPT"] = "450 later"
    write_letter(db, letter_given("3", subject="Edition 3", thread="ana"), now=NOW)
    db.commit()
    postman.send_due()
    write_letter(db, letter_given("4", subject="Edition 4", thread="ana"), now=NOW)
    db.commit()
    peer.answer.clear()
    clock.now = NOW + timedelta(hours=2)
    postman.send_due()

    assert (states(db), peer.subjects) == (["superseded", "sent"], ["Edition 4"])


def test_a_letter_on_its_way_that_comes_back_is_not_tried_after_the_newer_one(
    postman, peer, db, write
):
    write(thread="ana")

    def meanwhile(_to):
        write_letter(db, letter_given("newer", thread="ana"), now=NOW)
        db.commit()
        return "450 later"

    peer.answer["RCPT"] = lambda to: meanwhile(to) if to.startswith("a@") else None
    db.rollback()
    postman.send_due()

    assert states(db)[0] == "superseded"


def test_while_paused_no_letter_leaves(postman, peer, db, write):
    write()
    pause_mail(db, now=NOW)
    db.commit()
    assert (postman.send_due(), peer.taken) == (0, [])

    resume_mail(db)
    db.commit()
    assert postman.send_due() == 1


class Stuck:
    """A way out whose postman dies: before the letter is handed over, or after."""

    def __init__(self, *, handed_over):
        self.handed_over = handed_over

    def send(self, name, recipient, message, *, hand_over):
        if self.handed_over:
            hand_over()
        raise KeyboardInterrupt

    def rest(self):
        pass


@pytest.mark.parametrize(("handed_over", "state"), [(False, "sent"), (True, "uncertain")])
def test_the_letter_of_a_postman_who_died(engines, postman, db, write, clock, handed_over, state):
    write()
    dying = Postman(engines, Stuck(handed_over=handed_over), SENDER, KEY, clock)
    with pytest.raises(KeyboardInterrupt):
        dying.send_due()
    assert (states(db), postman.send_due()) == (["sending"], 0)

    clock.now = NOW + LEASE + timedelta(seconds=1)
    postman.send_due()
    assert states(db) == [state]


@pytest.mark.parametrize("jump", [timedelta(hours=-2), timedelta(days=1)])
def test_a_clock_that_jumps_makes_no_letter_late_or_double(postman, peer, db, write, clock, jump):
    peer.answer["RCPT"] = lambda to: "450 later" if to.startswith("b") else None
    write(2)
    postman.send_due()
    clock.now = NOW + jump
    write_letter(db, letter_given("z", subject="To z"), now=clock.now)
    db.commit()
    peer.answer.clear()
    postman.send_due()

    assert states(db) == ["sent"] * 3
    assert sorted(peer.subjects) == ["To a", "To b", "To z"]


class Slow(Folder):
    """Another postman's time comes while this one hands a letter over."""

    def send(self, name, recipient, message, *, hand_over):
        self.meanwhile()
        super().send(name, recipient, message, hand_over=hand_over)


def test_who_lost_the_lease_before_handing_over_sends_nothing(
    engines, postman, peer, db, write, clock, tmp_path
):
    write()
    slow = Slow(tmp_path)

    def meanwhile():
        clock.now = NOW + LEASE + timedelta(seconds=1)
        postman.send_due()

    object.__setattr__(slow, "meanwhile", meanwhile)
    Postman(engines, slow, SENDER, KEY, clock).send_due()

    assert (states(db), len(peer.taken), list(tmp_path.glob("*.eml"))) == (["sent"], 1, [])


def test_four_postmen_send_each_letter_once(engines, peer, db, write, clock):
    for number in range(60):
        write_letter(db, letter_given(f"l{number}", subject=f"{number}"), now=NOW)
    db.commit()

    def work():
        transport = Smtp(SmtpServer.at(peer.url), "rtp@example.org", timeout=10)
        Postman(engines, transport, SENDER, KEY, clock).send_due()

    postmen = [threading.Thread(target=work) for _ in range(4)]
    for each in postmen:
        each.start()
    for each in postmen:
        each.join()

    assert states(db) == ["sent"] * 60
    assert sorted(map(int, peer.subjects)) == list(range(60))


def test_a_link_is_secret_in_the_database_and_whole_in_the_letter(postman, peer, db):
    given = letter_given(
        "a",
        text="https://convoca.example/en/sign-in/MARK\n",
        html='<a href="https://convoca.example/en/sign-in/MARK">Sign in</a>',
        token_mark="MARK",
        token_for="sign-in:1",
    )
    write_letter(db, given, now=NOW)
    db.commit()
    postman.send_due()
    token = derived_token(KEY, "sign-in:1")
    stored = "".join(str(value) for value in vars(only(db)).values())

    assert token not in stored
    mail = parse_email(peer.taken[0][1])
    assert token in mail.text_plain[0]
    assert token in mail.text_html[0]


def test_files_are_what_another_program_reads(engines, db, clock, tmp_path):
    entry = b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:Sesi\xc3\xb3n\r\nEND:VCALENDAR\r\n"
    given = letter_given(
        "a",
        to_name="José Peña, Presidente",
        subject="Se trasladó al miércoles 15 de marzo, 10:00: Segunda sesión plenaria",
        text="La sesión se trasladó.\n",
        calendar=entry,
        calendar_method="REQUEST",
    )
    write_letter(db, given, now=NOW)
    db.commit()
    Postman(engines, Folder(tmp_path / "letters"), SENDER, KEY, clock).send_due()
    [file] = (tmp_path / "letters").iterdir()
    content = file.read_bytes()
    mail = parse_email(content)

    assert (states(db), file.suffix, file.stat().st_mode & 0o777) == (["sent"], ".eml", 0o640)
    assert mail.subject == given.subject
    assert [text.strip() for text in mail.text_plain] == ["La sesión se trasladó."]
    assert [text.strip() for text in mail.text_html] == [given.html]
    assert [each.filename for each in mail.attachments if each.filename] == ["invite.ics"]
    assert max(map(len, content.split(b"\r\n"))) <= 998
    assert content.isascii()


def test_a_folder_that_cannot_be_written_holds_the_letter(engines, db, write, clock, tmp_path):
    blocked = tmp_path / "letters"
    blocked.write_text("a file is in the way")
    write()
    Postman(engines, Folder(blocked), SENDER, KEY, clock).send_due()
    assert (states(db), "cannot be written" in only(db).last_error) == (["retry"], True)


def test_a_letter_sent_twice_is_one_file(tmp_path):
    for content in (b"first", b"second"):
        Folder(Path(tmp_path)).send("x", "ana@example.org", content, hand_over=lambda: None)

    assert [file.read_bytes() for file in tmp_path.iterdir()] == [b"second"]


def test_what_is_refused_tells_whether_to_try_again():
    assert (Undelivered("450", again=True).again, Unreachable("x").again) == (True, True)
