"""A real web server on loopback that answers as the sites do, and as a test tells it to misbehave."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer, after `wait` seconds. `cut` sends only that many bytes of the body, then hangs up; `mute` sends
    nothing at all before it does."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: int | None = None
    wait: float = 0.0
    mute: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as the server saw it; `at` is in seconds of the monotonic clock."""

    method: str
    path: str
    headers: Mapping[str, str]
    at: float


Route = Reply | Callable[[Asked], Reply]


class Replica:
    """`with Replica({"/extract.csv": Reply(…)}) as site:` then `site.url("/extract.csv")`.

    Paths without a route answer 404, robots.txt too, unless a test gives it one. `asked` records every request.
    """

    def __init__(self, routes: Mapping[str, Route] | None = None) -> None:
        self.routes: dict[str, Route] = dict(routes or {})
        self.asked: list[Asked] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def url(self, path: str) -> str:
        """The address of a path."""
        return f"http://127.0.0.1:{self._server.server_address[1]}{path}"

    def paths(self) -> list[str]:
        """The paths that were asked, in order."""
        return [asked.path for asked in self.asked]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        replica = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                asked = Asked(self.command, urlsplit(self.path).path, dict(self.headers.items()), time.monotonic())
                replica.asked.append(asked)
                route = replica.routes.get(asked.path, Reply(b"not here", 404))
                reply = route(asked) if callable(route) else route
                time.sleep(reply.wait)
                if reply.mute:
                    self.close_connection = True
                    return
                self.send_response(reply.status)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(reply.body)))
                self.end_headers()
                self.wfile.write(reply.body if reply.cut is None else reply.body[: reply.cut])
                self.close_connection = reply.cut is not None

            def log_message(self, format: str, *args: object) -> None:
                """Keeps the test's output its own."""

        return Handler
