"""The GitLab components, expanded and run by gitlab-ci-local with its shell executor."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
import yaml

from tests.support.node import require_node
from tests.support.repository import Repository
from tests.support.tools import ROOT

pytestmark = [pytest.mark.full, pytest.mark.network, pytest.mark.timeout(300)]

GOOD = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: shop}\ndata: {k: v}\n"
BAD = GOOD.replace("\ndata:", "\ndta:")
SECRET = "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {token: %s}\n" % (
    "ghp_" + "a1B2c3D4e5F6" * 3
)
TEMPLATES = sorted(path.parent.name for path in ROOT.glob("templates/*/template.yml"))
REPORTS = (
    "gl-code-quality-report.json",
    "junit.xml",
    "gl-sast-report.json",
    "gl-secret-detection-report.json",
    "outputs.env",
)


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
    """A repository that includes components of this one."""

    def __init__(self, repository: Repository, scratch: Path) -> None:
        self.repository = repository
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

    def run(self, *words: str, **variables: str) -> Pipeline:
        """Commit and run the pipeline of a push, or of what `variables` say."""
        root = self.repository.root
        self.repository.commit()
        for git in (
            ("config", "remote.origin.url", "https://gitlab.example/shop/shop.git"),
            ("update-ref", "refs/remotes/origin/main", "main"),
            ("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main"),
        ):
            self.repository.git(*git)
        tools = require_node()
        argv = [str(tools.node), str(tools.package("gitlab-ci-local/dist/index.js"))]
        argv += ["--force-shell-executor", "--color=false", *words]
        # gitlab-ci-local says of itself that it is no GitLab CI
        told = {"GITLAB_CI": "true", "CI_PIPELINE_SOURCE": "push", **variables}
        for name, value in told.items():
            argv += ["--variable", f"{name}={value}"]
        path = f"{self._bin}{os.pathsep}{tools.node.parent}{os.pathsep}{os.environ['PATH']}"
        environ = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT)}
        environ["GCL_IGNORE_PREDEFINED_VARS"] = ",".join(told)
        done = subprocess.run(
            argv, cwd=root, env=environ, capture_output=True, text=True, stdin=subprocess.DEVNULL
        )
        return Pipeline(done.returncode, done.stdout + done.stderr, root / ".gitops-ci-report")


@pytest.fixture
def project(repository: Repository, tmp_path: Path) -> Project:
    repository.write({"apps/a.yaml": GOOD})
    return Project(repository, tmp_path)


def test_a_good_commit_is_let_through(project: Project) -> None:
    project.include("check", {})
    ended = project.run()
    assert ended.code == 0, ended.log
    assert ended.dotenv()["GITOPS_CI_STATUS"] == "pass"


def test_a_bad_commit_is_blocked_and_uploads_every_report(project: Project) -> None:
    project.include("check", {"job-prefix": "gitops-"})
    project.repository.write({"apps/a.yaml": BAD, "apps/s.yaml": SECRET})
    ended = project.run()
    assert ended.code != 0, ended.log
    assert re.search(r"^ FAIL\s+gitops-check", ended.log, re.MULTILINE), ended.log
    assert [name for name in REPORTS if not (ended.artifacts / name).stat().st_size] == []
    quality = ended.report("gl-code-quality-report.json")
    assert isinstance(quality, list)
    assert {one["location"]["path"] for one in quality} == {"apps/a.yaml", "apps/s.yaml"}
    assert "a1B2c3D4e5F6" not in ended.log
    assert ended.dotenv()["GITOPS_CI_EXIT_CODE"] == "1"


def test_a_later_job_reads_what_the_check_said(project: Project) -> None:
    script = ['echo "is $GITOPS_CI_STATUS"']
    later = yaml.safe_dump({"told": {"stage": "deploy", "needs": ["check"], "script": script}})
    project.include("check", {}, later)
    ended = project.run()
    assert ended.code == 0, ended.log
    assert "is pass" in ended.log


@pytest.mark.parametrize(
    ("inputs", "code"),
    [({"fail-on": "never"}, 0), ({"only": "secrets"}, 0), ({"path": "$(exit 0)"}, 2)],
)
def test_an_input_reaches_the_tool(project: Project, inputs: dict[str, str], code: int) -> None:
    project.include("check", inputs)
    project.repository.write({"apps/a.yaml": BAD})
    ended = project.run()
    assert ended.dotenv()["GITOPS_CI_EXIT_CODE"] == str(code), ended.log
    assert (ended.code == 0) == (code == 0)


def test_an_input_that_is_no_option_stops_the_pipeline(project: Project) -> None:
    project.include("check", {"fail-on": "often"})
    ended = project.run()
    assert ended.code != 0
    assert "often" in ended.log
    assert not ended.artifacts.exists()


@pytest.mark.parametrize("fork", [False, True], ids=["own", "fork"])
def test_a_fork_runs_without_the_token_of_the_project(project: Project, fork: bool) -> None:
    project.include("check", {})
    base = project.repository.commit()
    project.repository.write({"apps/a.yaml": BAD})
    asked: list[str] = []
    server = _refusing(asked)
    try:
        ended = project.run(
            CI_PIPELINE_SOURCE="merge_request_event",
            CI_MERGE_REQUEST_IID="7",
            CI_MERGE_REQUEST_DIFF_BASE_SHA=base,
            CI_MERGE_REQUEST_PROJECT_ID="1",
            CI_MERGE_REQUEST_SOURCE_PROJECT_ID="2" if fork else "1",
            CI_PROJECT_ID="1",
            CI_PROJECT_PATH="shop/shop",
            CI_SERVER_URL=f"http://127.0.0.1:{server.server_port}",
            GITLAB_TOKEN="glpat-" + "0" * 20,
        )
    finally:
        server.shutdown()
        server.server_close()
    assert ended.dotenv()["GITOPS_CI_EXIT_CODE"] == "1", ended.log
    assert bool(asked) is not fork, ended.log


def _refusing(asked: list[str]) -> ThreadingHTTPServer:
    """A GitLab that answers 403 to everything; `asked` gets the token of each call."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.headers.get("PRIVATE-TOKEN", ""))
            self.send_response(403)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_POST = do_PUT = do_GET  # noqa: N815 - the names of BaseHTTPRequestHandler

        def log_message(self, *words: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    return server


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_component_expands_to_a_job(project: Project, name: str) -> None:
    project.include(name, {"job-prefix": "x-", "stage": "deploy"})
    words = ("--list-json", "--manual", f"x-{name}")
    ended = project.run(*words, CI_PIPELINE_SOURCE="merge_request_event")
    text = (project.repository.root / ".gitlab-ci-local/expanded-gitlab-ci.yml").read_text("utf-8")
    job = yaml.safe_load(text)[f"x-{name}"]
    assert ended.code == 0, ended.log
    assert (job["stage"], job["script"]) == ("deploy", [f"gitops-ci-job {name}"])
    assert "$[[" not in text


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_component_is_valid_by_gitlabs_own_schema(tmp_path: Path, name: str) -> None:
    text = (ROOT / "templates" / name / "template.yml").read_text("utf-8")
    (tmp_path / "job.yml").write_text(text.split("\n---\n", 1)[1], "utf-8")
    words = ["check_jsonschema", "--builtin-schema", "vendor.gitlab-ci", str(tmp_path / "job.yml")]
    done = subprocess.run([sys.executable, "-m", *words], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
