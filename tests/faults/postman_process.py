"""A postman in a process of its own, to be killed: `postman_process.py DATABASE SMTP`."""

import sys
from datetime import timedelta

from app.core.clock import system_clock
from app.core.database import create_engines
from app.core.postman import Postman
from app.core.transports import Smtp, SmtpServer

# Short, so that what a killed one held is soon looked at by the next.
LEASE = timedelta(seconds=1)


def main(database, server):
    engines = create_engines(database)
    transport = Smtp(SmtpServer.at(server), "rtp@example.org")
    postman = Postman(engines, transport, "rtp@example.org", "k" * 40, system_clock, lease=LEASE)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    postman.send_due()
    engines.dispose()


if __name__ == "__main__":
    main(*sys.argv[1:])
