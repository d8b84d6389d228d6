"""A letter as a message: text, HTML and the calendar entry, for one recipient (RFC 5322, 6047)."""

from datetime import datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from html import escape

from app.core.letters import Letter
from app.core.security import derived_token

# Seven bits pass every server; lines break at 78.
POLICY = SMTP.clone(cte_type="7bit")
COPY = "c.c."


def message_of(letter: Letter, *, sender: str, secret_key: str, now: datetime) -> bytes:
    """The message as it leaves. Only `Date` differs when it is sent again."""
    text, html = _filled(letter, secret_key)
    message = EmailMessage(policy=POLICY)
    message["From"] = mailbox(*parseaddr(sender))
    message["To"] = mailbox(letter.to_name, letter.to_address)
    if letter.reply_to:
        message["Reply-To"] = mailbox("", letter.reply_to)
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(now)
    message["Message-ID"] = letter.message_id
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    message.add_alternative(html, subtype="html")
    if letter.calendar is not None:
        _add_calendar(message, letter)
    # Last: setting the content drops every header that describes it.
    message["Content-Language"] = letter.language
    return message.as_bytes()


def mailbox(name: str, address: str) -> Address:
    """A mailbox for a header; a name that holds an address is dropped, since it would mislead."""
    return Address("" if "@" in name else name, addr_spec=address)


def is_mailbox(text: str) -> bool:
    """Whether it is `name@host` or `Name <name@host>`, alone and on one line."""
    if any(sign in text for sign in "\r\n,;"):
        return False
    try:
        return bool(Address("", addr_spec=parseaddr(text)[1]).domain)
    except (ValueError, IndexError, HeaderParseError):
        return False


def _filled(letter: Letter, secret_key: str) -> tuple[str, str]:
    text, html = letter.text, letter.html
    if letter.copy_line:
        text = f"{text.rstrip()}\n\n{COPY}: {letter.copy_line}\n"
        line = f"<p>{COPY}: {escape(letter.copy_line)}</p>"
        html = html.replace("</body>", f"{line}</body>") if "</body>" in html else html + line
    if letter.token_mark:
        token = derived_token(secret_key, letter.token_for)
        text, html = (part.replace(letter.token_mark, token) for part in (text, html))
    return text, html


def _add_calendar(message: EmailMessage, letter: Letter) -> None:
    """Inline for programs that answer invitations, attached for those that only open files."""
    entry = (letter.calendar or b"").decode()
    message.add_alternative(entry, subtype="calendar", params={"method": letter.calendar_method})
    message.add_attachment(
        entry.encode(), maintype="application", subtype="ics", filename="invite.ics"
    )
