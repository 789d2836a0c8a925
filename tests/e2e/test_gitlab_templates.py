"""The GitLab components, expanded and run by gitlab-ci-local with its shell executor."""

from __future__ import annotations

import re
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
import yaml

from tests.support.gitlab_ci import Project
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
