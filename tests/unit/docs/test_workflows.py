"""CI files in the documentation have the shape that their forge expects."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from gitops_ci.cli.inputs import argv_of, variable
from gitops_ci.cli.parser import parse
from gitops_ci.config.load import load
from gitops_ci.steps.init_files import ci_file
from tests.support.tools import ROOT
from tests.support.walkthrough import Block, blocks

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCKS = [
    pytest.param(block, id=f"{page.relative_to(ROOT)}:{block.line}")
    for page in PAGES
    for block in blocks(page.read_text("utf-8"))
    if block.path.startswith((".github/workflows/", ".gitlab-ci", ".gitops-ci.yaml"))
]


def steps(workflow: dict[Any, Any]) -> list[dict[str, Any]]:
    return [step for job in workflow["jobs"].values() for step in job.get("steps", ())]


def calls(workflow: dict[Any, Any]) -> list[dict[str, Any]]:
    """The jobs that call a reusable workflow."""
    return [job for job in workflow["jobs"].values() if "uses" in job]


def commands(lines: list[str]) -> list[list[str]]:
    """The command lines of gitops-ci among the shell lines of a job."""
    return [line.split()[1:] for line in lines if line.startswith("gitops-ci ")]


def check_github(workflow: dict[Any, Any]) -> None:
    # YAML 1.1 reads the key `on` as true
    assert set(workflow) <= {"name", True, "permissions", "jobs"}
    if not calls(workflow):
        assert workflow["permissions"]["contents"] == "read"
    for job in calls(workflow):
        assert workflow["permissions"] == {} or job["permissions"]
        check_call(job)
    action = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
    for step in steps(workflow):
        uses = step.get("uses", "")
        if uses.startswith("OWNER/gitops-ci@"):
            given = step.get("with", {})
            assert set(given) <= set(action["inputs"])
            parse(argv_of({variable(name): str(value) for name, value in given.items()}))
        elif uses:
            assert re.fullmatch(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}", uses)
        for name in re.findall(r"steps\.gate\.outputs\.([a-z-]+)", str(step)):
            assert name in action["outputs"]
    for words in commands([step["run"] for step in steps(workflow) if "run" in step]):
        parse(words)


def check_call(job: dict[str, Any]) -> None:
    """The reusable workflow exists, takes what it is given, and needs no more than it may."""
    match = re.fullmatch(r"OWNER/gitops-ci/(\.github/workflows/[\w-]+\.yml)@v\S+", job["uses"])
    assert match
    called = yaml.safe_load((ROOT / match[1]).read_text("utf-8"))
    assert set(job.get("with", {})) <= set(called[True]["workflow_call"]["inputs"])
    for inner in called["jobs"].values():
        for name, level in inner["permissions"].items():
            assert job["permissions"].get(name) in (level, "write"), name


def check_gitlab(pipeline: dict[str, Any]) -> None:
    for name, job in pipeline.items():
        if name == "include":
            continue
        lines = [*job["before_script"], *job["script"]]
        for words in commands(lines):
            parse(words)
        written = re.findall(r"--output (\w+)=(\S+)", " ".join(lines))
        assert dict(written) == job["artifacts"]["reports"]


@pytest.mark.parametrize("block", BLOCKS)
def test_ci_and_configuration_files(block: Block) -> None:
    if block.path == ".gitops-ci.yaml":
        loaded = load(lambda path: block.body.encode() if path == block.path else None, "")
        assert loaded.findings == ()
        return
    content = yaml.safe_load(block.body)
    check = check_github if block.path.startswith(".github") else check_gitlab
    check(content)


def test_the_readme_is_two_screens() -> None:
    assert len((ROOT / "README.md").read_text("utf-8").splitlines()) <= 90


def test_the_readme_shows_the_workflow_that_init_writes() -> None:
    (shown,) = (
        block for block in blocks((ROOT / "README.md").read_text("utf-8")) if block.kind == "yaml"
    )
    path, text = ci_file("github", "main")
    written = "".join(line for line in text.splitlines(True) if not line.startswith("#"))
    assert (shown.path, shown.body) == (path, written)
    assert shown.body.count("\n") <= 12


def test_the_first_blocks_of_the_readme() -> None:
    found = blocks((ROOT / "README.md").read_text("utf-8"))
    shell = [block.body for block in found if block.kind == "sh"]
    assert shell[:2] == ["make demo\n", "make test\n"]


def test_the_hook_is_a_command_line() -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    (words,) = commands([hook["entry"]])
    parse(words)
    assert hook["id"] in (ROOT / "docs/how-to/pre-commit.md").read_text("utf-8")
