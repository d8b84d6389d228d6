"""Asks a ClamAV daemon about a file (INSTREAM over TCP)."""

import re
import socket
import struct
from collections.abc import Iterable
from dataclasses import dataclass

SECONDS = 30
LENGTH = struct.Struct("!L")
MOST_ANSWER = 4096
FOUND = re.compile(r"stream: (.+) FOUND")


class ScannerAwayError(Exception):
    """It does not answer, or not in words that decide; the file has to wait."""


@dataclass(frozen=True)
class Scanner:
    """Where the daemon listens."""

    host: str
    port: int

    def virus_in(self, pieces: Iterable[bytes]) -> str | None:
        """What it found, or None in a clean file."""
        try:
            with socket.create_connection((self.host, self.port), timeout=SECONDS) as connection:
                answer = _asked(connection, pieces)
        except OSError as error:
            raise ScannerAwayError(str(error)) from error
        if answer == "stream: OK":
            return None
        found = FOUND.fullmatch(answer)
        if found is None:
            raise ScannerAwayError(answer)
        return found[1]


def _asked(connection: socket.socket, pieces: Iterable[bytes]) -> str:
    connection.sendall(b"zINSTREAM\0")
    for piece in pieces:
        if piece:
            connection.sendall(LENGTH.pack(len(piece)) + piece)
    connection.sendall(LENGTH.pack(0))
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < MOST_ANSWER:
        more = connection.recv(MOST_ANSWER)
        if not more:
            break
        answer += more
    return answer.rstrip(b"\0\n").decode("utf-8", "replace")
