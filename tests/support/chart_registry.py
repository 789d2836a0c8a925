"""A registry that holds one chart and wants the password of `me`: pulling alone, in memory.

Paths and headers: the OCI distribution specification."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

_MANIFEST = "application/vnd.oci.image.manifest.v1+json"
_CONFIG = "application/vnd.cncf.helm.config.v1+json"
_LAYER = "application/vnd.cncf.helm.chart.content.v1.tar+gzip"
_AUTH = "Basic " + base64.b64encode(b"me:secret").decode()


def _described(data: bytes, kind: str) -> dict[str, Any]:
    digest = f"sha256:{hashlib.sha256(data).hexdigest()}"
    return {"mediaType": kind, "digest": digest, "size": len(data)}


def _answers(name: str, tag: str, archive: bytes) -> dict[str, tuple[bytes, str]]:
    """The content and its type by path."""
    config = json.dumps({"name": name.rpartition("/")[2], "version": tag}).encode()
    layers = [_described(archive, _LAYER)]
    manifest = json.dumps(
        {
            "schemaVersion": 2,
            "mediaType": _MANIFEST,
            "config": _described(config, _CONFIG),
            "layers": layers,
        }
    ).encode()
    answers = {"/v2/": (b"{}", "application/json")}
    for reference in (tag, _described(manifest, "")["digest"]):
        answers[f"/v2/{name}/manifests/{reference}"] = (manifest, _MANIFEST)
    for data in (config, archive):
        digest = _described(data, "")["digest"]
        answers[f"/v2/{name}/blobs/{digest}"] = (data, "application/octet-stream")
    return answers


class _Registry(BaseHTTPRequestHandler):
    answers: dict[str, tuple[bytes, str]]

    def do_HEAD(self) -> None:
        """The headers of GET."""
        self._answer(body=False)

    def do_GET(self) -> None:
        """A manifest or blob, for those who know the password."""
        self._answer(body=True)

    def _answer(self, *, body: bool) -> None:
        data, kind, code = b"{}", "application/json", 200
        if self.headers.get("Authorization") != _AUTH:
            code = 401
        elif self.path in self.answers:
            data, kind = self.answers[self.path]
        else:
            code = 404
        self.send_response(code)
        if code == 401:
            self.send_header("WWW-Authenticate", 'Basic realm="test"')
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Docker-Content-Digest", _described(data, "")["digest"])
        self.end_headers()
        if body:
            self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:
        """Tests print nothing."""


@contextmanager
def registry_with(name: str, tag: str, archive: Path) -> Iterator[str]:
    """The host and port of a registry that holds one chart."""
    answers = _answers(name, tag, archive.read_bytes())
    handler = type("Registry", (_Registry,), {"answers": answers})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
