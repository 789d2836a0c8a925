"""Build and run container images with the engine that scripts/container-base.sh prepared."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.tools import ROOT, absent

FOLDER = "GITOPS_CI_CONTAINERS"


@dataclass(frozen=True, slots=True)
class Ended:
    """What a container left behind."""

    code: int
    stdout: str
    stderr: str


class Engine:
    """podman and buildah over the storage in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._environ = {
            **os.environ,
            "CONTAINERS_CONF": str(folder / "containers.conf"),
            "CONTAINERS_STORAGE_CONF": str(folder / "storage.conf"),
        }

    def build(self, context: Path, tag: str) -> None:
        """Build the Dockerfile in `context`; layers of an earlier build are used again, and no
        base image is pulled."""
        words = ["buildah", "bud", "--isolation", "chroot", "--pull-never", "--layers"]
        done = self._run([*words, "--tag", tag, str(context)], timeout=900)
        assert done.code == 0, done.stdout[-4000:] + done.stderr[-4000:]

    def run(self, words: Sequence[str], timeout: float = 120.0) -> Ended:
        """`podman run --rm WORDS`: options, the image, its arguments. Without a network unless
        the words ask for one."""
        network = () if any(word.startswith("--network") for word in words) else ("--network=none",)
        return self._run(["podman", "run", "--rm", *network, *words], timeout)

    def tag(self, image: str, name: str) -> str:
        """Give an image a further name; returns its digest."""
        for words in (["tag", image, name], ["inspect", "--format", "{{.Digest}}", image]):
            done = self._run(["podman", "image", *words], timeout=60)
            assert done.code == 0, done.stderr
        return done.stdout.strip()

    @contextmanager
    def served(self) -> Iterator[str]:
        """The address of Docker's API, as podman offers it inside the block. Its containers talk
        to this machine alone, so they are told of no proxy."""
        direct = {k: v for k, v in self._environ.items() if not k.lower().endswith("_proxy")}
        with tempfile.TemporaryDirectory(prefix="podman-") as folder:
            socket = Path(folder) / "api.sock"
            words = ["podman", "system", "service", "--time=0", f"unix://{socket}"]
            with subprocess.Popen(words, env=direct, stderr=subprocess.DEVNULL) as service:
                try:
                    _wait_for(socket, service)
                    yield f"unix://{socket}"
                finally:
                    service.terminate()

    def _run(self, words: Sequence[str], timeout: float) -> Ended:
        done = subprocess.run(
            list(words),
            env=self._environ,
            capture_output=True,
            timeout=timeout,
            stdin=subprocess.DEVNULL,
        )
        stdout, stderr = (text.decode("utf-8", "replace") for text in (done.stdout, done.stderr))
        return Ended(done.returncode, stdout, stderr)


def _wait_for(socket: Path, service: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        if socket.exists():
            return
        assert service.poll() is None, "podman serves no API"
        time.sleep(0.1)
    raise TimeoutError("podman serves no API after 30 s")


def require_engine() -> Engine:
    """The engine, if the machine was prepared for it."""
    folder = os.environ.get(FOLDER, "")
    if not folder or not shutil.which("podman") or not shutil.which("buildah"):
        absent(f"no container engine: {FOLDER} names no folder that was made for one")
    return Engine(Path(folder))


def base_image() -> str:
    """The image that the Dockerfile starts from; here a plain Debian with Python, git and make."""
    found = re.search(
        r"^FROM (\S+) AS base$", (ROOT / "Dockerfile").read_text("utf-8"), re.MULTILINE
    )
    assert found, "the Dockerfile names no base"
    return f"localhost/{found[1]}"


def project_files() -> list[str]:
    """The files of the work tree that git knows or would add, relative to the root."""
    words = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(words, cwd=ROOT, check=True, capture_output=True)
    names = listed.stdout.decode().rstrip("\0").split("\0")
    return [name for name in names if (ROOT / name).is_file()]


def copy_work_tree(target: Path, beginnings: tuple[str, ...] = ("",)) -> None:
    """Copy the project's files, what a checkout of the action holds: all of them, or those whose
    names begin so."""
    for name in project_files():
        if not name.startswith(beginnings):
            continue
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, target / name, follow_symlinks=False)
