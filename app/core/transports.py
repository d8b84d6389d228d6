"""The ways out for a letter: a mail server, or files in a folder where none is configured."""

import errno
import os
import smtplib
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
PORTS = {"smtp": 587, "smtps": 465}
TIMEOUT = 30.0  # seconds for each word of the server
TEMPORARY, PERMANENT = 400, 500
CLOSING, BAD_LOGIN = 421, 535


class Undelivered(Exception):
    """Certainly not delivered. `again` says whether to try later."""

    def __init__(self, reason: str, *, again: bool) -> None:
        super().__init__(reason)
        self.again = again


class Unreachable(Undelivered):
    """No letter can leave now, whatever its recipient."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, again=True)


class Unanswered(Exception):
    """Handed over, but nobody said whether it was taken: it may have arrived (RFC 1047)."""


class Transport(Protocol):
    """Takes one message at a time."""

    def send(
        self, name: str, recipient: str, message: bytes, *, hand_over: Callable[[], None]
    ) -> None:
        """Deliver, or raise Undelivered or Unanswered.

        `hand_over` is called right before the point from which delivery cannot be denied any
        more; what it raises stops the sending.
        """

    def rest(self) -> None:
        """Nothing more to send for now."""


@dataclass(frozen=True)
class Folder:
    """Each letter as an .eml file, which any mail program opens. A repeat replaces its file."""

    path: Path

    def send(
        self, name: str, recipient: str, message: bytes, *, hand_over: Callable[[], None]
    ) -> None:
        """Write the whole file, or none."""
        try:
            self.path.mkdir(parents=True, exist_ok=True, mode=0o750)
            draft = self.path / f".{name}.part"
            with os.fdopen(
                os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o640), "wb"
            ) as out:
                out.write(message)
                out.flush()
                os.fsync(out.fileno())
        except OSError as error:
            raise Unreachable(_os_reason(error)) from error
        hand_over()
        draft.rename(self.path / f"{name}.eml")

    def rest(self) -> None:
        """Nothing is kept open."""


@dataclass(frozen=True)
class SmtpServer:
    """`smtp://user:password@host:587` with STARTTLS, `smtps://` with TLS from the first byte.

    Only a server on this very machine may be spoken to without encryption.
    """

    host: str
    port: int
    tls: bool
    user: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def at(cls, url: str) -> "SmtpServer":
        """The server of an address; ValueError says what is wrong with it."""
        parts = urlsplit(url)
        if parts.scheme not in PORTS or not parts.hostname or parts.path.strip("/"):
            raise ValueError("must be smtp://host:port or smtps://host:port, without a path")
        if (parts.username is None) != (parts.password is None):
            raise ValueError("needs both a user and a password, or neither")
        return cls(
            host=parts.hostname,
            port=parts.port or PORTS[parts.scheme],
            tls=parts.scheme == "smtps",
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
        )

    @property
    def local(self) -> bool:
        """Whether nothing leaves this machine on the way to it."""
        return self.host in LOOPBACK


class Smtp:
    """A mail server; the connection stays open from one letter to the next."""

    def __init__(
        self,
        server: SmtpServer,
        sender: str,
        *,
        timeout: float = TIMEOUT,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self.server, self.sender, self.timeout = server, sender, timeout
        self.context = context or ssl.create_default_context()
        self.connection: smtplib.SMTP | None = None

    def send(
        self, name: str, recipient: str, message: bytes, *, hand_over: Callable[[], None]
    ) -> None:
        """MAIL, RCPT, DATA; each refusal told apart from a lost answer."""
        connection = self.connection or self._connect()
        try:
            self._expect(connection.mail(self.sender))
            self._expect(connection.rcpt(recipient))
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            raise Unreachable(_reason(error)) from error
        hand_over()
        try:
            self._expect(connection.data(message))
        except smtplib.SMTPDataError as error:
            self._refused(error.smtp_code, error.smtp_error)
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            raise Unanswered(_reason(error)) from error

    def greet(self) -> None:
        """Come as far as one can without a letter; Unreachable says what is in the way."""
        connection = self._connect()
        try:
            self._expect(connection.noop())
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            raise Unreachable(_reason(error)) from error
        self.rest()

    def rest(self) -> None:
        """Say goodbye."""
        if self.connection is not None:
            try:
                self.connection.quit()
            except (OSError, smtplib.SMTPException):
                self.connection.close()
            self.connection = None

    def _connect(self) -> smtplib.SMTP:
        try:
            connection = self.connection = self._opened()
            connection.ehlo_or_helo_if_needed()
            if not (self.server.tls or self.server.local):
                connection.starttls(context=self.context)
            if self.server.user:
                connection.login(self.server.user, self.server.password)
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            raise Unreachable(_reason(error)) from error
        return connection

    def _opened(self) -> smtplib.SMTP:
        host, port = self.server.host, self.server.port
        if self.server.tls:
            return smtplib.SMTP_SSL(host, port, timeout=self.timeout, context=self.context)
        return smtplib.SMTP(host, port, timeout=self.timeout)

    def _expect(self, answer: tuple[int, bytes]) -> None:
        code, words = answer
        if code >= TEMPORARY:
            self._refused(code, words)

    def _refused(self, code: int, words: bytes | str) -> None:
        reason = _quoted(code, words)
        if code == CLOSING:
            self._drop()
            raise Unreachable(reason)
        if self.connection is not None:
            try:
                self.connection.rset()
            except (OSError, smtplib.SMTPException):
                self._drop()
        raise Undelivered(reason, again=code < PERMANENT)

    def _drop(self) -> None:
        if self.connection is not None:
            self.connection.close()
            self.connection = None


REASONS: tuple[tuple[type[Exception], str], ...] = (
    (smtplib.SMTPAuthenticationError, "the mail server does not accept our user and password"),
    (smtplib.SMTPNotSupportedError, "the mail server offers no encryption (STARTTLS)"),
    (smtplib.SMTPServerDisconnected, "the mail server closed the connection"),
    (ssl.SSLError, "the mail server's certificate is not accepted"),
    (socket.gaierror, "the mail server's name is not known"),
    (ConnectionRefusedError, "the mail server refuses the connection"),
    (TimeoutError, "the mail server did not answer in time"),
)


def _reason(error: OSError | smtplib.SMTPException) -> str:
    """One line for people who look after it; never a password."""
    # The library says so of a server that is silent, too.
    silent = isinstance(error, smtplib.SMTPServerDisconnected) and "timed out" in str(error)
    for kind, words in REASONS:
        if isinstance(TimeoutError() if silent else error, kind):
            return words
    if isinstance(error, smtplib.SMTPResponseException):
        return _quoted(error.smtp_code, error.smtp_error)
    return str(error) or type(error).__name__


def _quoted(code: int, words: bytes | str) -> str:
    said = words.decode(errors="replace") if isinstance(words, bytes) else words
    return f"{code} {said}".strip()


def _os_reason(error: OSError) -> str:
    if error.errno == errno.ENOSPC:
        return "the disk is full"
    return f"the folder for letters cannot be written ({error.strerror})"
