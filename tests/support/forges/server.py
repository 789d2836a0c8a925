"""A forge on this machine: a web server with routes, faults on demand, and a check of every call
against the vendor's own API document where that is at hand."""

from __future__ import annotations

import json
import re
import threading
import urllib.parse
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol

from tests.support.forges.calls import Answer, Call
from tests.support.forges.faults import Fault


class Judge(Protocol):
    """Says what is wrong with a call by the vendor's document."""

    def problems(self, call: Call, answer: Answer) -> list[str]: ...


Route = Callable[[Call, re.Match[str]], Answer]


class Routes:
    """Patterns and what they do, the first that fits counts."""

    def __init__(self) -> None:
        self._routes: list[tuple[str, re.Pattern[str], Route]] = []

    def add(self, method: str, pattern: str, route: Route) -> None:
        """`{name}` is a segment, `{name+}` the rest."""
        regex = re.sub(r"\\\{(\w+)\\\+\\\}", r"(?P<\1>.+)", re.escape(pattern))
        regex = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", regex)
        self._routes.append((method, re.compile(regex + r"\Z"), route))

    def find(self, call: Call) -> tuple[Route, re.Match[str]] | None:
        for method, pattern, route in self._routes:
            found = pattern.match(call.path)
            if found and method == call.method:
                return route, found
        return None


class ForgeServer:
    """Serves until it is closed. `prefix` is what all API paths begin with."""

    def __init__(self, prefix: str, git: Callable[[Call], Answer], judge: Judge | None) -> None:
        self.routes = Routes()
        self.calls: list[Call] = []
        self.problems: list[str] = []
        self.before: Callable[[int, Call], None] = lambda _number, _call: None
        self.fault: Callable[[int, Call], Fault | None] = lambda _number, _call: None
        self.allowed: Callable[[Call], Answer | None] = lambda _call: None
        self._prefix, self._git, self._judge = prefix, git, judge
        self._graphql = prefix.rpartition("/")[0] + "/graphql"  # beside the version of REST
        self._lock = threading.RLock()
        self._numbers = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def api_calls(self) -> list[Call]:
        return [call for call in self.calls if not call.path.startswith("git:")]

    def answer(self, call: Call) -> tuple[Answer, Fault | None]:
        with self._numbers:
            number = len(self.calls)
            self.calls.append(call)
        self.before(number, call)
        fault = self.fault(number, call)
        if fault is not None and not fault.happens:
            return fault.answer, fault
        if call.path.startswith("git:"):
            return self._git(call), fault
        with self._lock:
            try:
                return self._routed(call), fault
            except Exception as error:
                self.problems.append(f"{call.words}: {type(error).__name__} {error}"[:2000])
                return Answer(500, {"message": "the fake is broken"}), fault

    def sorted(self, path: str) -> tuple[str, bool]:
        """The path below the API, or below the pages with a mark, and whether it is git's."""
        if path.endswith(("/info/refs", "/git-upload-pack", "/git-receive-pack")):
            return f"git:{path}", True
        if path == self._graphql:
            return "/graphql", False
        return path.removeprefix(self._prefix), False

    def _routed(self, call: Call) -> Answer:
        refused = self.allowed(call)
        if refused is not None:
            return refused
        found = self.routes.find(call)
        if found is None:
            self.problems.append(f"{call.words}: no such route")
            return Answer(404, {"message": "Not Found"})
        answer = found[0](call, found[1])
        if self._judge is not None:
            self.problems += self._judge.problems(call, answer)
        return answer

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        names = {f"do_{method}": _serve for method in ("GET", "POST", "PUT", "PATCH", "DELETE")}
        return type("Handler", (_Handler,), {"forge": self, **names})


class _Handler(BaseHTTPRequestHandler):
    """Reads a call, asks the server, sends what it says."""

    protocol_version = "HTTP/1.1"
    forge: ForgeServer

    def read(self) -> Call:
        parts = urllib.parse.urlsplit(self.path)
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if "chunked" in self.headers.get("Transfer-Encoding", ""):
            raw = self._chunks()
        path, is_git = self.forge.sorted(parts.path)
        query = dict(urllib.parse.parse_qsl(parts.query, keep_blank_values=True))
        body = json.loads(raw) if raw and not is_git else None
        headers = {name.lower(): value for name, value in self.headers.items()}
        return Call(self.command, path, query, body, headers, raw)

    def _chunks(self) -> bytes:
        data = b""
        while size := int(self.rfile.readline().strip() or b"0", 16):
            data += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return data

    def send(self, answer: Answer) -> None:
        data, headers = answer.data, dict(answer.headers)
        if not isinstance(data, bytes):
            data = b"" if data is None else json.dumps(data).encode()
            headers.setdefault("Content-Type", "application/json; charset=utf-8")
        self.send_response(answer.status)
        for name, value in headers.items():
            self.send_header(name, value)
        if answer.status != 204:
            self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if answer.status != 204:
            self.wfile.write(data)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def _serve(handler: _Handler) -> None:
    answer, fault = handler.forge.answer(handler.read())
    if fault is not None and fault.cut:
        handler.close_connection = True
        handler.connection.close()
        return
    handler.send(fault.answer if fault is not None and fault.happens else answer)
