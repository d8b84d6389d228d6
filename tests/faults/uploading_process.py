"""Serves, and dies amid the first upload: `uploading_process.py POINT`, settings as usual.

`body 50`: half of the request has come; `file 50`: half of the file is read to be put away;
`stored`: it lies in the store; `row`: its row is about to be committed; `answer`: it was.
"""

import os
import signal
import sys

from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from app.core import receiving
from app.core.stores import FolderStore
from app.settings import load_settings
from tests.journeys.server import Server
from tests.make import NOW


def die(*_given):
    os.kill(os.getpid(), signal.SIGKILL)


def die_in_body(percent):
    whole = receiving._cut

    async def cut(request, most):
        total, seen = int(request.headers["content-length"]), 0
        async for chunk in whole(request, most):
            seen += len(chunk)
            if seen * 100 >= total * percent:
                die()
            yield chunk

    receiving._cut = cut


class Deadly:
    """A file whose reader dies when so much of it is read."""

    def __init__(self, file, percent):
        self.file = file
        self.last = file.seek(0, 2) * percent // 100
        file.seek(0)

    def read(self, size):
        if self.file.tell() + size > self.last:
            die()
        return self.file.read(size)


def die_in_store(percent):
    whole = FolderStore.put
    FolderStore.put = lambda self, key, file: whole(self, key, Deadly(file, percent))


def die_when_stored():
    whole = FolderStore.put
    FolderStore.put = lambda self, key, file: die(whole(self, key, file))


def die_at_commit(target, name):
    """At the commit of the row, not of another thread's work."""

    def look(_connection, _cursor, statement, *_given):
        if statement.startswith("INSERT INTO files"):
            event.listen(target, name, die)

    event.listen(Engine, "before_cursor_execute", look)


def main(point, percent="0"):
    {
        "body": lambda: die_in_body(int(percent)),
        "file": lambda: die_in_store(int(percent)),
        "stored": die_when_stored,
        "row": lambda: die_at_commit(Engine, "commit"),
        "answer": lambda: die_at_commit(Session, "after_commit"),
    }[point]()
    with Server(load_settings(os.environ), clock=lambda: NOW) as server:
        sys.stdout.write(f"{server.base_url}\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main(*sys.argv[1].split())
