"""A registry on this machine: content made here, served by docker-registry or by a fake."""

from __future__ import annotations

import hashlib
import json
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

INDEX = "application/vnd.oci.image.index.v1+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
CONFIG = "application/vnd.oci.image.config.v1+json"


def digest(data: bytes) -> str:
    """The digest of some bytes."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


def as_json(value: Any) -> bytes:
    """The value as compact JSON."""
    return json.dumps(value, separators=(",", ":")).encode()


@dataclass(frozen=True)
class Image:
    """The blobs and manifests of an image; `top` is what its tag names."""

    top: bytes
    media_type: str
    manifests: tuple[bytes, ...]
    blobs: tuple[bytes, ...]


def image(
    created: str, platforms: tuple[str, ...] = (), labels: Callable[[str], Any] = lambda _: None
) -> Image:
    """An image without layers: of one platform, or an index of several with an attestation.
    `labels` gives those of a platform."""
    configs, manifests, entries = [], [], []
    for name in platforms or ("linux/amd64",):
        os, architecture = name.split("/")
        inner = {"Labels": labels(name)}
        config = as_json(
            {"created": created, "os": os, "architecture": architecture, "config": inner}
        )
        described = {"mediaType": CONFIG, "digest": digest(config), "size": len(config)}
        value = {"schemaVersion": 2, "mediaType": MANIFEST, "config": described, "layers": []}
        manifest = as_json(value)
        configs.append(config)
        manifests.append(manifest)
        platform = {"os": os, "architecture": architecture}
        sized = {"mediaType": MANIFEST, "digest": digest(manifest), "size": len(manifest)}
        entries.append({**sized, "platform": platform})
    if not platforms:
        return Image(manifests[0], MANIFEST, (), tuple(configs))
    attested = {**entries[0], "platform": {"os": "unknown", "architecture": "unknown"}}
    index = as_json({"schemaVersion": 2, "mediaType": INDEX, "manifests": [attested, *entries]})
    return Image(index, INDEX, tuple(manifests), tuple(configs))


def _send(method: str, url: str, data: bytes, media_type: str) -> str:
    request = urllib.request.Request(url, data, {"Content-Type": media_type}, method=method)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=10) as answer:
        return str(answer.headers.get("Location", ""))


def push(host: str, path: str, tag: str, content: Image) -> None:
    """Put the image into the registry at `host`, as the distribution specification says."""
    base = f"http://{host}/v2/{path}"
    for blob in content.blobs:
        location = _send("POST", f"{base}/blobs/uploads/", b"", "application/octet-stream")
        joined = f"{location}{'&' if '?' in location else '?'}digest={digest(blob)}"
        _send("PUT", joined, blob, "application/octet-stream")
    for manifest in content.manifests:
        _send("PUT", f"{base}/manifests/{digest(manifest)}", manifest, MANIFEST)
    _send("PUT", f"{base}/manifests/{tag}", content.top, content.media_type)


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def real_registry(program: Path, folder: Path, auth: str = "") -> Iterator[str]:
    """Run `docker-registry` until the block ends; gives its host. `auth` is a piece of YAML."""
    port = free_port()
    config = folder / "registry.yml"
    config.write_text(
        "version: 0.1\nlog: {level: error}\nstorage:\n  filesystem:\n"
        f"    rootdirectory: {json.dumps(str(folder / 'data'))}\n"
        f"http:\n  addr: '127.0.0.1:{port}'\n{auth}"
    )
    with (folder / "log").open("wb") as log:
        words = [str(program), "serve", str(config)]
        process = subprocess.Popen(words, stdout=log, stderr=log)
        try:
            _wait(port, process)
            yield f"127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(timeout=10)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        assert process.poll() is None, "the registry ended"
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("the registry does not listen")


@dataclass
class Seen:
    """A request as the fake saw it."""

    path: str
    headers: Mapping[str, str]


@dataclass
class Reply:
    """What the fake answers."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@contextmanager
def served(answer: Callable[[Seen], Reply]) -> Iterator[str]:
    """A web server on this machine that answers each GET by `answer`; gives its host."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            reply = answer(Seen(self.path, dict(self.headers.items())))
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if "Content-Length" not in reply.headers:
                self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            try:
                self.wfile.write(reply.body)
            except OSError:
                self.close_connection = True  # the client had enough

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def holding(path: str, tag: str, content: Image) -> Callable[[Seen], Reply]:
    """Answers as a registry that holds one image."""
    found = {f"/v2/{path}/manifests/{tag}": content.top}
    found |= {f"/v2/{path}/manifests/{digest(data)}": data for data in content.manifests}
    found |= {f"/v2/{path}/blobs/{digest(data)}": data for data in content.blobs}

    def answer(seen: Seen) -> Reply:
        return Reply(200, found[seen.path]) if seen.path in found else Reply(404)

    return answer
