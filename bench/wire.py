"""A thin HTTP client on one kept-alive loopback connection: it must cost less than the server."""

import socket
from dataclasses import dataclass
from types import TracebackType
from typing import Self

HOST = "127.0.0.1"
PATIENCE = 20.0
# What a browser sends with every request; parsing it is part of the cost, for both servers.
AS_BROWSERS_DO = {
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "en,es;q=0.7,fr;q=0.3",
    "Connection": "keep-alive",
}


class WireError(Exception):
    """The server said something that the measurement does not expect."""


@dataclass(frozen=True)
class Answer:
    """One answer as it came, without the Date that every server adds."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    length: int

    def header(self, name: str) -> str:
        """The header's value; empty if it is not there."""
        return dict(self.headers).get(name, "")


def request(path: str, port: int, headers: dict[str, str] | None = None) -> bytes:
    """A GET as bytes."""
    lines = {"Host": f"{HOST}:{port}", **AS_BROWSERS_DO, **(headers or {})}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"GET {path} HTTP/1.1\r\n{head}\r\n".encode()


def parsed(head: bytes, body: bytes) -> Answer:
    """An answer from its two parts."""
    first, *lines = head.decode("latin-1").split("\r\n")
    pairs = (line.split(": ", 1) for line in lines)
    headers = tuple((name, value) for name, value in pairs if name != "date")
    return Answer(int(first.split()[1]), headers, body, len(head) + 4 + len(body))


class Wire:
    """One connection."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection((HOST, port), timeout=PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.socket.close()

    def ask(self, asked: bytes) -> Answer:
        """Send a request and read its answer with care."""
        self.socket.sendall(asked)
        got = b""
        while b"\r\n\r\n" not in got:
            got += self._some()
        head, _, body = got.partition(b"\r\n\r\n")
        size = int(parsed(head, b"").header("content-length") or 0)
        while len(body) < size:
            body += self._some()
        return parsed(head, body)

    def repeat(self, asked: bytes, expected: Answer, count: int) -> None:
        """Send it again and again; each answer is as long as the expected one, or it is wrong."""
        line = f"HTTP/1.1 {expected.status} ".encode()
        held = memoryview(bytearray(expected.length))
        for _ in range(count):
            self.socket.sendall(asked)
            at = 0
            while at < expected.length:
                came = self.socket.recv_into(held[at:])
                if not came:
                    raise WireError("the server hung up")
                at += came
            if held[: len(line)] != line:
                raise WireError(f"expected {line!r}, got {bytes(held[:40])!r}")

    def _some(self) -> bytes:
        some = self.socket.recv(1 << 18)
        if not some:
            raise WireError("the server hung up")
        return some
