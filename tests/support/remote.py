"""Things that lie elsewhere: chart archives, and programs and caches that give them."""

from __future__ import annotations

import io
import tarfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from gitops_ci.config.model import Config
from gitops_ci.render.engines import Ports
from gitops_ci.render.fetched.clone import GitFetch
from gitops_ci.render.fetched.library import Fetchers, Library
from gitops_ci.render.fetched.lock import read_lock
from gitops_ci.render.fetched.model import Mode
from gitops_ci.render.fetched.pull import HelmPull
from gitops_ci.render.fetched.store import Store
from gitops_ci.render.objects import Rendered
from gitops_ci.render.options import RenderOptions
from gitops_ci.render.programs import Programs
from gitops_ci.render.render import Renderer, render_all
from gitops_ci.render.workspace import Workspace
from gitops_ci.repo.environments import find_environments
from gitops_ci.repo.files import Files
from gitops_ci.repo.graph_build import build_graph
from gitops_ci.repo.inventory import take_inventory
from gitops_ci.repo.memory import MemoryTree
from gitops_ci.repo.roots import find_roots
from gitops_ci.tools.run import Outcome
from tests.support.rendering import Answer, FakePrograms


def packed(files: Mapping[str, str], *, folder: str = "redis") -> bytes:
    """A chart archive with these files; the same files always give the same bytes."""
    stream = io.BytesIO()
    with tarfile.open(
        fileobj=stream, mode="w:gz", compresslevel=1, format=tarfile.PAX_FORMAT
    ) as tar:
        for name, text in files.items():
            member = tarfile.TarInfo(f"{folder}/{name}" if folder else name)
            member.size = len(text.encode())
            tar.addfile(member, io.BytesIO(text.encode()))
    # the header of gzip holds the time
    return stream.getvalue()[:4] + b"\0\0\0\0" + stream.getvalue()[8:]


def helm_that_gives(archives: Mapping[str, bytes], printed: str = "") -> Answer:
    """A helm that pulls by name and version, `redis 1.0.0`, and prints the same for each chart."""

    def answer(argv: Sequence[str | Path], cwd: Path) -> Outcome:
        words = [str(word) for word in argv]
        if words[1] != "pull":
            return Outcome(0, printed.encode(), "")
        name = words[2].rpartition("/")[2]
        version = next((w.partition("=")[2] for w in words if w.startswith("--version=")), "")
        data = archives.get(f"{name} {version}")
        if data is None:
            return Outcome(1, b"", f'Error: chart "{name}" version "{version}" not found')
        (cwd / f"{name}.tgz").write_bytes(data)
        return Outcome(0, b"", "")

    return answer


def library_of(
    folder: Path,
    tree: MemoryTree,
    programs: Programs | None = None,
    mode: Mode = Mode.OFFLINE,
    *,
    web: Mapping[str, bytes] | None = None,
) -> Library:
    """The cache in `folder` under the lock of the tree; plain http and files are allowed."""

    def download(address: str) -> bytes:
        try:
            return (web or {})[address]
        except KeyError:
            raise OSError(f"{address}: 404") from None

    fetchers = None
    if programs is not None:
        pull = HelmPull(programs, schemes=("http", "https", "oci"))
        git = GitFetch(programs, protocols=("file", "http", "https"))
        fetchers = Fetchers(pull, git, download)
    return Library(read_lock(tree), Store(folder), fetchers, mode)


def render_with(
    library: Library | None, tree: MemoryTree, programs: Programs | None = None, **options: Any
) -> list[Rendered]:
    """Every root of the tree, with what the library gives."""
    parsed, config = Files(tree), Config()
    inventory = take_inventory(parsed, config)
    graph = build_graph(parsed, inventory)
    environments = find_environments(inventory, config)
    plan = find_roots(parsed, inventory, graph, config, environments)
    workspace = Workspace(tree)
    ports = Ports(workspace, programs or FakePrograms(), library)
    renderer = Renderer(parsed, RenderOptions(**options), ports)
    try:
        return list(render_all(renderer, plan.roots, environments.of_deployer))
    finally:
        workspace.close()


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Tests print nothing."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address at which the folder is served on 127.0.0.1 for the length of the block."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Silent, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
