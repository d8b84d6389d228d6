"""The application on a real socket, since a browser needs one."""

import socket
import threading
import time
from types import TracebackType
from typing import Self

import uvicorn

from app.accounts.commands import make_sign_in_link, sign_in
from app.accounts.queries import person_by_email
from app.core.clock import Clock, system_clock
from app.demo import CHAIR
from app.main import create_app
from app.settings import Settings

SECONDS_TO_START = 30


class Server:
    """`with Server(settings) as server: page.goto(server.base_url)`. On any free port."""

    def __init__(self, settings: Settings, *, clock: Clock = system_clock) -> None:
        self.settings, self.clock = settings, clock
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.base_url = f"http://127.0.0.1:{self.port}"
        self.app = create_app(settings, base_url=self.base_url, clock=clock)
        self.uvicorn = uvicorn.Server(
            uvicorn.Config(self.app, log_level="warning", access_log=False, server_header=False)
        )
        self.thread = threading.Thread(
            target=self.uvicorn.run, kwargs={"sockets": [self.socket]}, name="server"
        )

    def __enter__(self) -> Self:
        self.thread.start()
        deadline = time.monotonic() + SECONDS_TO_START
        while not self.uvicorn.started:
            if not self.thread.is_alive() or time.monotonic() > deadline:
                raise RuntimeError("the server did not start")
            time.sleep(0.01)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.uvicorn.should_exit = True
        self.thread.join()
        self.socket.close()

    def writing(self):
        """A session of the application's own."""
        return self.app.state.sessions.writing()

    def link_token(self, email: str = CHAIR) -> str:
        """The token of a new sign-in link."""
        with self.writing() as db:
            token = make_sign_in_link(db, person_by_email(db, email), now=self.clock())
            db.commit()
        return token

    def cookie(self, email: str) -> dict[str, str]:
        """The cookie of somebody signed in, as a browser context takes it."""
        token = self.link_token(email)
        with self.writing() as db:
            _, session_token, _ = sign_in(db, token, now=self.clock())
            db.commit()
        name = self.app.state.site.cookie_name("session")
        return {"name": name, "value": session_token, "url": self.base_url}
