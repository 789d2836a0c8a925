"""Workflows run as a whole by act, with the released container against a GitHub on this machine.

Real are the workflow files, the reusable workflow behind them, jobs, needs, conditions and outputs,
the container of every action, and its calls to the forge. What stands in: the jobs run on this
machine instead of in an image of GitHub's; act copies the work tree where actions/checkout would
clone; and the two artifact actions, which cannot be cloned here, are folders (`stand_ins`).
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gitops_ci import __version__
from tests.support.containers import Engine
from tests.support.fake_github.fake import TOKEN, FakeGithub
from tests.support.fake_github.state import REPOSITORY
from tests.support.release import PRODUCT
from tests.support.tools import ROOT, require_tool

_JOB = re.compile(r"^\[(?P<name>[^\]]+?) *\] 🏁  Job (?P<result>\w+)$", re.MULTILINE)
_ARTIFACTS = re.compile(r"uses: actions/((?:up|down)load-artifact)@([0-9a-f]{40})")


@dataclass(frozen=True, slots=True)
class Ran:
    """How a workflow ended."""

    code: int
    log: str

    @property
    def jobs(self) -> dict[str, str]:
        """`succeeded` or `failed` by the path of each job."""
        return {match["name"]: match["result"] for match in _JOB.finditer(self.log)}


class Act:
    """Runs workflows of repositories on `github`; `product` is the release that they use."""

    def __init__(self, engine: Engine, product: Path, github: FakeGithub, scratch: Path) -> None:
        self._engine = engine
        self._product = product
        self._github = github
        self._scratch = scratch
        self._runs = 0

    def run(self, root: Path, workflow: str, event: str, payload: Mapping[str, Any]) -> Ran:
        """Run one workflow of the repository in `root`, as it is checked out there."""
        self._runs += 1
        here = self._scratch / f"run-{self._runs}"
        (here / "artifacts").mkdir(parents=True)
        (here / "event.json").write_text(json.dumps(payload), "utf-8")
        words = [str(require_tool("act")), event, "--workflows", workflow]
        words += ["--eventpath", str(here / "event.json"), *self._words(here)]
        with self._engine.served() as address:
            done = subprocess.run(
                words,
                cwd=root,
                env={"PATH": os.environ["PATH"], "HOME": str(here), "DOCKER_HOST": address},
                capture_output=True,
                text=True,
                stdin=subprocess.DEVNULL,
                timeout=300,
            )
        return Ran(done.returncode, done.stdout + done.stderr)

    def _words(self, here: Path) -> Iterator[str]:
        yield from ("--platform", "ubuntu-latest=-self-hosted", "--pull=false")
        yield from ("--no-cache-server", "--container-daemon-socket", "-")
        for name, folder in self._repositories().items():
            yield from ("--local-repository", f"{self._github.pages}/{name}={folder}")
        told = {
            "GITHUB_API_URL": self._github.api,
            "GITHUB_GRAPHQL_URL": self._github.graphql,
            "GITHUB_SERVER_URL": self._github.pages,
            "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_RUN_ID": str(self._runs),
            "STAND_IN_ARTIFACTS": str(here / "artifacts"),
        }
        for name, value in told.items():
            yield from ("--env", f"{name}={value}")
        yield from ("--secret", f"GITHUB_TOKEN={TOKEN}")
        # A container finds the event and the files for outputs under the paths of this machine,
        # and the forge on it.
        cache = here / "act"
        yield from ("--action-cache-path", str(cache))
        yield from ("--container-options", f"--network host --volume {cache}:{cache}")

    def _repositories(self) -> dict[str, Path]:
        """The folder of each repository and revision that a workflow of the project names."""
        folders = {f"{PRODUCT}@v{__version__}": self._product}
        for path in (ROOT / ".github" / "workflows").glob("*.yml"):
            for name, revision in _ARTIFACTS.findall(path.read_text("utf-8")):
                folders[f"actions/{name}@{revision}"] = ROOT / "tests/support/stand_ins" / name
        return folders
