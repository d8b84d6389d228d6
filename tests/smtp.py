"""A mail server on loopback that behaves as badly as it is told to, and remembers what it took."""

import asyncio
import email
import socket
import threading
import warnings
from collections import Counter

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # the library is older than the Python it runs on
    from aiosmtpd.controller import Controller


class Peer:
    """`with Peer() as peer: ... peer.answer = {"RCPT": "450 later"}`.

    `answer` gives the words for RCPT or DATA in place of 250; a function gets the recipient.
    "close" after DATA takes the message and hangs up without a word. `seconds` is what it takes
    for each message.
    """

    def __init__(self, *, seconds=0):
        self.answer, self.seconds = {}, seconds
        self.taken, self.tried = [], Counter()
        self.lock = threading.Lock()
        self.controller = Controller(self, hostname="127.0.0.1", port=0)

    def __enter__(self):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.controller.port = free_port()
            self.controller.start()
        return self

    def __exit__(self, *raised):
        self.controller.stop()

    @property
    def url(self):
        return f"smtp://127.0.0.1:{self.controller.port}"

    @property
    def subjects(self):
        return [message["Subject"] for message in self.messages]

    @property
    def messages(self):
        return [email.message_from_bytes(content) for _, content in self.taken]

    @property
    def recipients(self):
        return [to for recipients, _ in self.taken for to in recipients]

    def _said(self, word, recipient):
        found = self.answer.get(word)
        return found(recipient) if callable(found) else found

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        self.tried[address] += 1
        words = self._said("RCPT", address)
        if words:
            return words
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        words = self._said("DATA", envelope.rcpt_tos[0])
        if words and words != "close":
            return words
        await asyncio.sleep(self.seconds)
        with self.lock:
            self.taken.append((list(envelope.rcpt_tos), envelope.content))
        if words == "close":
            server.transport.abort()
        return "250 taken"


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as found:
        return found.getsockname()[1]
