"""A real web server on loopback that answers as the sites do, and as a test tells it to misbehave."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer, after `wait` seconds.

    `cut` sends only that many bytes of the body, then hangs up; `mute` sends nothing at all before it does. `stream`
    is sent in place of `body`, chunk by chunk, for as long as it lasts (`itertools.repeat(b"x" * 65536)` lasts for
    ever) or until the asker hangs up; with `cut` it breaks off without its end. `length` is what Content-Length says,
    true or not; when it is not, the server hangs up after what it has.
    """

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: int | None = None
    wait: float = 0.0
    mute: bool = False
    stream: Iterable[bytes] | None = None
    length: int | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as the server saw it; `at` is in seconds of the monotonic clock, `query` is undecoded."""

    method: str
    path: str
    headers: Mapping[str, str]
    at: float
    query: str = ""
    body: bytes = b""


Route = Reply | Callable[[Asked], Reply]


class Replica:
    """`with Replica({"/extract.csv": Reply(…)}) as site:` then `site.url("/extract.csv")`.

    Paths without a route answer 404, robots.txt too, unless a test gives it one. `asked` records every request, GET
    or POST; `sent` counts the bytes of bodies sent, by path.
    """

    def __init__(self, routes: Mapping[str, Route] | None = None) -> None:
        self.routes: dict[str, Route] = dict(routes or {})
        self.asked: list[Asked] = []
        self.sent: Counter[str] = Counter()
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

    def url(self, path: str = "") -> str:
        """The address of a path; without one, of the server, as a stand-in is named."""
        return f"http://127.0.0.1:{self._server.server_address[1]}{path}"

    def paths(self) -> list[str]:
        """The paths that were asked, in order."""
        return [asked.path for asked in self.asked]

    def shortest_gap(self) -> float:
        """The shortest time between two requests, in seconds.

        A busy machine hears a request late, and the gap to the next one seems shorter than it was kept: a test asks
        for a delay of two seconds and is content with one.
        """
        return min(later.at - earlier.at for earlier, later in pairwise(self.asked))

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        replica = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle(self) -> None:
                try:
                    super().handle()
                except ConnectionError:  # the asker has had enough, as it should of some replies
                    self.close_connection = True

            def do_GET(self) -> None:
                asked = self._read()
                replica.asked.append(asked)
                route = replica.routes.get(asked.path, Reply(b"not here", 404))
                reply = route(asked) if callable(route) else route
                time.sleep(reply.wait)
                if reply.mute:
                    self.close_connection = True
                    return
                self._send(asked.path, reply)

            do_POST = do_GET  # noqa: N815 - the name http.server looks for

            def _read(self) -> Asked:
                at = time.monotonic()
                url = urlsplit(self.path)
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                return Asked(self.command, url.path, dict(self.headers.items()), at, url.query, body)

            def _send(self, path: str, reply: Reply) -> None:
                chunked = reply.stream is not None and reply.length is None
                self.send_response(reply.status)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                if chunked:
                    self.send_header("Transfer-Encoding", "chunked")
                else:
                    length = len(reply.body) if reply.length is None else reply.length
                    self.send_header("Content-Length", str(length))
                self.end_headers()
                for chunk in (reply.body[: reply.cut],) if reply.stream is None else reply.stream:
                    self.wfile.write(b"%x\r\n%b\r\n" % (len(chunk), chunk) if chunked else chunk)
                    replica.sent[path] += len(chunk)
                if chunked and reply.cut is None:
                    self.wfile.write(b"0\r\n\r\n")
                self.close_connection = reply.cut is not None or reply.length is not None

            def log_message(self, format: str, *args: object) -> None:
                """Keeps the test's output its own."""

        return Handler
