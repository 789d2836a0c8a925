"""Pipelines run by gitlab-ci-local with its shell executor, on the package as it stands."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from tests.support.node import require_node
from tests.support.repository import Repository
from tests.support.tools import ROOT

INSTANCE = "https://gitlab.example"


@dataclass(frozen=True, slots=True)
class Pipeline:
    """How a pipeline ended."""

    code: int
    log: str
    artifacts: Path
    """What the job uploaded."""

    def dotenv(self) -> dict[str, str]:
        """The variables for later jobs."""
        lines = (self.artifacts / "outputs.env").read_text("utf-8").splitlines()
        return dict(line.split("=", 1) for line in lines)

    def report(self, name: str) -> object:
        """One JSON report."""
        return json.loads((self.artifacts / name).read_text("utf-8"))


class Project:
    """A repository on an instance of GitLab, whose pipelines include components of this one."""

    def __init__(self, repository: Repository, scratch: Path) -> None:
        self.repository = repository
        for words in (
            ("config", "remote.origin.url", f"{INSTANCE}/shop/shop.git"),
            ("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main"),
        ):
            repository.git(*words)
        self._mirrors: dict[str, str] = {}
        self._bin = scratch / "bin"
        self._bin.mkdir()
        job = self._bin / "gitops-ci-job"
        # The console script of the package, on the interpreter of the tests. With its shell
        # executor gitlab-ci-local names a project folder that is not the one the job runs in.
        job.write_text(
            "#!/bin/sh\n"
            'export CI_PROJECT_DIR="$PWD"\n'
            f'exec {sys.executable} -m gitops_ci.cli.gitlab "$@"\n'
        )
        job.chmod(0o755)

    def include(self, name: str, inputs: Mapping[str, str], more: str = "") -> None:
        """Write `.gitlab-ci.yml`: the component `name` with `inputs`, and `more` jobs."""
        folder = self.repository.root / "ci"
        folder.mkdir(exist_ok=True)
        shutil.copyfile(ROOT / "templates" / name / "template.yml", folder / f"{name}.yml")
        include = {"include": [{"local": f"ci/{name}.yml", "inputs": dict(inputs)}]}
        self.repository.write({".gitlab-ci.yml": yaml.safe_dump(include) + more})

    def mirror(self, group: str, folder: Path) -> None:
        """The projects of `group` on the instance are the bare repositories in `folder`."""
        name = f"url.{folder.as_uri()}/.insteadOf"
        addresses = (f"{INSTANCE}/{group}/", f"{INSTANCE}:443/{group}/")
        self._mirrors = {"GIT_CONFIG_COUNT": str(len(addresses))}
        for number, address in enumerate(addresses):
            self._mirrors[f"GIT_CONFIG_KEY_{number}"] = name
            self._mirrors[f"GIT_CONFIG_VALUE_{number}"] = address

    def run(self, *words: str, **variables: str) -> Pipeline:
        """Commit and run the pipeline of a push, or of what `variables` say."""
        self.repository.commit()
        return self.pipeline(*words, **variables)

    def pipeline(self, *words: str, **variables: str) -> Pipeline:
        """Run a pipeline of what is checked out."""
        root = self.repository.root
        self.repository.git("update-ref", "refs/remotes/origin/main", "main")
        tools = require_node()
        argv = [str(tools.node), str(tools.package("gitlab-ci-local/dist/index.js"))]
        argv += ["--force-shell-executor", "--color=false", *words]
        # gitlab-ci-local says of itself that it is no GitLab CI
        told = {"GITLAB_CI": "true", "CI_PIPELINE_SOURCE": "push", **variables}
        for name, value in told.items():
            argv += ["--variable", f"{name}={value}"]
        path = f"{self._bin}{os.pathsep}{tools.node.parent}{os.pathsep}{os.environ['PATH']}"
        environ = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), **self._mirrors}
        environ["GCL_IGNORE_PREDEFINED_VARS"] = ",".join(told)
        done = subprocess.run(
            argv, cwd=root, env=environ, capture_output=True, text=True, stdin=subprocess.DEVNULL
        )
        return Pipeline(done.returncode, done.stdout + done.stderr, root / ".gitops-ci-report")
