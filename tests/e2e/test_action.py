"""The built container under the runner's contract: closed network, root, a foreign workspace."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from tests.support.containers import Engine
from tests.support.repository import Repository
from tests.support.runner import TOKEN, Event, Runner, leftovers_of_root, own

pytestmark = [pytest.mark.full, pytest.mark.network, pytest.mark.timeout(900)]

DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
      containers:
        - name: web
          image: registry.example/shop/web:1.4.2@sha256:%s
          resources: {requests: {cpu: 10m, memory: 32Mi}, limits: {memory: 64Mi}}
          securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
""" % ("0" * 64)
GOOD = {
    "apps/web/base/deployment.yaml": DEPLOYMENT,
    "apps/web/base/kustomization.yaml": "resources: [deployment.yaml]\n",
    "apps/web/overlays/prod/kustomization.yaml": "resources: [../../base]\n",
}
BAD = {"apps/web/base/deployment.yaml": DEPLOYMENT.replace("replicas:", "replica:")}
BAD_PLACE = ("apps/web/base/deployment.yaml", 7)


@pytest.fixture
def good(repository: Repository) -> Repository:
    repository.commit(GOOD)
    return repository


def annotated(log: str) -> list[tuple[str, str]]:
    """Level and properties of every annotation that the runner would make from `log`."""
    return re.findall(r"^::(error|warning|notice) ([^:]*)::", log, re.MULTILINE)


def contents(folder: Path) -> dict[str, bytes]:
    """Every file in `folder` by its relative path."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_a_good_repository_passes(runner: Runner, good: Repository) -> None:
    step = runner.step(good.root)
    assert step.code == 0, step.stdout + step.stderr
    assert (step.outputs["status"], step.outputs["exit-code"]) == ("pass", "0")
    assert (step.outputs["errors"], step.outputs["findings"]) == ("0", "0")
    assert annotated(step.stdout + step.stderr) == []
    assert step.summary


def test_a_bad_repository_is_blocked_on_its_line(runner: Runner, good: Repository) -> None:
    good.commit(BAD)
    step = runner.step(good.root)
    path, line = BAD_PLACE
    assert step.code == 1, step.stdout + step.stderr
    assert (step.outputs["status"], step.outputs["exit-code"]) == ("fail", "1")
    assert int(step.outputs["errors"]) >= 1
    found = [words for level, words in annotated(step.stderr) if level == "error"]
    assert any(f"file={path}" in words and f"line={line}" in words for words in found), found
    assert annotated(step.stdout) == []
    assert path in step.summary


def test_later_steps_find_the_reports(runner: Runner, good: Repository) -> None:
    good.commit(BAD)
    step = runner.step(good.root)
    assert step.code == 1, step.stdout + step.stderr
    sarif = json.loads((good.root / step.outputs["sarif-file"]).read_text("utf-8"))
    report = json.loads((good.root / step.outputs["json-file"]).read_text("utf-8"))
    assert (sarif["version"], len(sarif["runs"])) == ("2.1.0", 1)
    assert BAD_PLACE in [(finding["path"], finding["line"]) for finding in report["findings"]]
    assert report["summary"]["errors"] == int(step.outputs["errors"])


def test_what_the_container_writes_belongs_to_the_runner(runner: Runner, good: Repository) -> None:
    step = runner.step(good.root, {"output": "sarif=out/gate.sarif\njunit=out/deep/gate.xml"})
    assert step.code == 0, step.stdout + step.stderr
    assert (good.root / "out/gate.sarif").is_file()
    assert (good.root / "out/deep/gate.xml").is_file()
    assert leftovers_of_root(good.root) == []


def test_a_config_error_is_a_usage_error(runner: Runner, good: Repository) -> None:
    good.commit({".gitops-ci.yaml": "version: 1\npolicyy: {}\n"})
    step = runner.step(good.root)
    assert step.code == 2, step.stdout + step.stderr
    assert step.outputs["exit-code"] == "2"
    assert ".gitops-ci.yaml:2:1" in step.stdout + step.stderr


@pytest.mark.parametrize(
    ("inputs", "code"),
    [({"fail-on": "never"}, 0), ({"fail-on": ""}, 1), ({"fail-on": "sometimes"}, 2)],
)
def test_a_hyphenated_input_arrives(
    runner: Runner, good: Repository, inputs: dict[str, str], code: int
) -> None:
    good.commit(BAD)
    step = runner.step(good.root, inputs)
    assert step.code == code, step.stdout + step.stderr


def test_a_wrong_input_is_named_as_the_workflow_wrote_it(runner: Runner, good: Repository) -> None:
    step = runner.step(good.root, {"fail-on": "sometimes"})
    assert "fail-on" in step.stdout + step.stderr


def test_on_a_pull_request_only_the_change_blocks(runner: Runner, good: Repository) -> None:
    base = good.commit(BAD)
    overlay = "resources: [../../base]\ncommonAnnotations: {team: web}\n"
    head = good.commit({"apps/web/overlays/prod/kustomization.yaml": overlay})
    sides = {"base": {"sha": base, "ref": "main"}, "head": {"sha": head, "ref": "topic"}}
    event = Event("pull_request", {"pull_request": {"number": 7, **sides}})
    step = runner.step(good.root, event=event)
    report = json.loads((good.root / step.outputs["json-file"]).read_text("utf-8"))
    assert step.code == 0, step.stdout + step.stderr
    assert report["summary"]["existing"] >= 1
    strict = runner.step(good.root, {"fail-on-existing": "true"}, event)
    assert strict.code == 1, strict.stdout + strict.stderr


def test_hostile_names_form_no_runner_command(runner: Runner, good: Repository) -> None:
    command = "::add-mask::x"
    good.commit(
        {
            f"apps/{command}/deployment.yaml": BAD["apps/web/base/deployment.yaml"],
            "apps/other/##[add-path]y.yaml": DEPLOYMENT.replace("name: web", f'name: "{command}"'),
            "apps/lines/a\n::set-env name=A::b.yaml": "a: [",
        }
    )
    step = runner.step(good.root)
    log = step.stdout + "\n" + step.stderr
    commands = set(re.findall(r"^\s*::([a-z-]+)", log, re.MULTILINE))
    assert step.outputs["status"] in ("fail", "incomplete"), log
    assert commands <= {"error", "warning", "notice", "group", "endgroup", "debug"}
    assert "##[" not in log


def test_nothing_that_the_job_holds_leaks(runner: Runner, good: Repository) -> None:
    good.commit(BAD)
    step = runner.step(good.root)
    assert step.code == 1, step.stdout + step.stderr
    shown = "".join((step.stdout, step.stderr, step.summary))
    assert TOKEN not in shown
    assert [path for path, data in contents(good.root).items() if TOKEN.encode() in data] == []


def test_the_work_tree_stays_clean(runner: Runner, good: Repository) -> None:
    before = contents(good.root)
    step = runner.step(good.root)
    assert step.code == 0, step.stdout + step.stderr
    reports = os.path.dirname(step.outputs["json-file"])
    new = contents(good.root).items() - before.items()
    assert {path.split("/")[0] for path, _ in new} == {reports}
    own(good.root, os.getuid())
    assert good.git("status", "--porcelain") == ""


@pytest.mark.parametrize("user", ["0:0", "12345:0"])
def test_the_image_runs_read_only_as_anybody(
    engine: Engine, image: str, good: Repository, user: str
) -> None:
    for path in (good.root, *good.root.rglob("*")):
        os.chmod(path, 0o755 if path.is_dir() else 0o644)
    words = ["--read-only", "--tmpfs=/tmp", f"--user={user}", f"--volume={good.root}:/repo:ro"]
    ended = engine.run([*words, "--workdir=/repo", "--entrypoint=gitops-ci", image, "check"])
    assert ended.code == 0, ended.stdout + ended.stderr


@pytest.mark.parametrize("tool", ["git", "helm", "kubeconform", "kustomize"])
def test_the_tools_are_on_board(engine: Engine, image: str, tool: str) -> None:
    word = {"kubeconform": "-v", "git": "--version"}.get(tool, "version")
    ended = engine.run([f"--entrypoint={tool}", image, word])
    assert ended.code == 0, ended.stderr


MACHINES = {"x86_64": 62, "aarch64": 183}
"""`e_machine` of an ELF header (System V ABI)."""
OTHER_MACHINES = """\
import os, platform, sys
for folder, _, names in os.walk("/"):
    if folder.startswith(("/proc", "/sys", "/dev")):
        continue
    for path in (os.path.join(folder, name) for name in names):
        if os.path.isfile(path) and not os.path.islink(path):
            with open(path, "rb") as file:
                head = file.read(20)
            if head[:4] == b"\\x7fELF":
                print(int.from_bytes(head[18:20], "little"), path)
print(platform.machine())
"""


def test_every_binary_is_made_for_the_machine(engine: Engine, image: str) -> None:
    ended = engine.run(["--entrypoint=python", image, "-c", OTHER_MACHINES])
    *lines, machine = ended.stdout.splitlines()
    assert len(lines) > 50, ended.stderr
    assert {line.partition(" ")[0] for line in lines} == {str(MACHINES[machine])}


def test_the_image_starts_within_a_second(engine: Engine, image: str) -> None:
    """Processor time of the program and what it starts, by the shell's own account."""
    ended = engine.run(["--entrypoint=", image, "sh", "-c", "gitops-ci --version && times"])
    spent = ended.stdout.splitlines()[-1]
    minutes, seconds = zip(*re.findall(r"(\d+)m([\d.]+)s", spent), strict=True)
    assert sum(map(int, minutes)) * 60 + sum(map(float, seconds)) <= 1.0, ended.stdout


def test_a_shell_can_drive_the_image(engine: Engine, image: str) -> None:
    """GitLab's runner clears the entrypoint and feeds a script to sh."""
    words = ["--entrypoint=", image, "sh", "-c", "gitops-ci --version && command -v git"]
    ended = engine.run(words)
    assert ended.code == 0, ended.stderr
    assert ended.stdout.startswith("gitops-ci ")
