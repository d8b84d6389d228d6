"""A ClamAV daemon as far as the program talks to one."""

import socketserver
import struct
import threading
from contextlib import contextmanager

from tests.papers import EICAR


class _Stream(socketserver.StreamRequestHandler):
    def handle(self):
        assert self.rfile.read(10) == b"zINSTREAM\0"
        content = b""
        while length := struct.unpack("!L", self.rfile.read(4))[0]:
            content += self.rfile.read(length)
        self.server.seen.append(content)
        virus = EICAR in content or b"infected" in content
        answer = b"stream: Win.Test.EICAR_HDB-1 FOUND\0" if virus else b"stream: OK\0"
        self.wfile.write(self.server.answer or answer)


@contextmanager
def scanner(answer=b""):
    """Listens on any free port; `seen` holds what it was shown."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Stream) as server:
        server.daemon_threads, server.seen, server.answer = True, [], answer
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()
