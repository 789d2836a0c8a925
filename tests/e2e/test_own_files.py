"""The files that a newcomer and a forge read first say what they must."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import yaml

from gitops_ci.steps.job_outputs import MEANINGS
from scripts.gitlab_templates import IMAGE
from tests.support.tools import ROOT


def text(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def test_the_readme_begins_with_the_demo_and_the_tests() -> None:
    blocks = re.findall(r"^```sh\n(.*?)^```$", text("README.md"), re.MULTILINE | re.DOTALL)
    assert blocks[:2] == ["make demo\n", "make test\n"]


def test_the_action_is_the_dockerfile() -> None:
    action = yaml.safe_load(text("action.yml"))
    assert action["runs"] == {"using": "docker", "image": "Dockerfile"}
    assert set(action["outputs"]) == set(MEANINGS)
    names = [*action["inputs"], *action["outputs"]]
    assert [name for name in names if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name)] == []


def test_every_action_runs_the_same_image() -> None:
    actions = {
        path: yaml.safe_load(path.read_text("utf-8"))["runs"]
        for path in [ROOT / "action.yml", *ROOT.glob("actions/*/action.yml")]
    }
    images = {
        str((path.parent / runs["image"]).resolve())
        for path, runs in actions.items()
        if runs["using"] == "docker"
    }
    assert images == {str(ROOT / "Dockerfile")}


def test_every_component_runs_the_same_image() -> None:
    specs = [
        next(yaml.safe_load_all(path.read_text("utf-8")))
        for path in ROOT.glob("templates/*/template.yml")
    ]
    assert {spec["spec"]["inputs"]["image"]["default"] for spec in specs} == {IMAGE}


def test_an_input_has_no_default_that_would_outvote_the_configuration() -> None:
    inputs = yaml.safe_load(text("action.yml"))["inputs"]
    assert {name for name, details in inputs.items() if "default" in details} == {
        "command",
        "token",
    }


def test_the_entrypoint_is_python_itself() -> None:
    entrypoints = re.findall(r"^ENTRYPOINT (.*)$", text("Dockerfile"), re.MULTILINE)
    assert len(entrypoints) == 1
    assert re.fullmatch(r'\["/\S+/python", "-I", "-m", "gitops_ci\.cli\.action"\]', entrypoints[0])


def test_every_requirement_is_locked_by_hash() -> None:
    for path in Path(ROOT / "requirements").glob("*.txt"):
        pinned = re.findall(r"^[a-z0-9].*", path.read_text("utf-8"), re.MULTILINE)
        loose = [line for line in pinned if not re.search(r"==\S+.* \\$", line)]
        assert pinned, path
        assert loose == [], path


def test_the_locks_name_no_place_to_install_from() -> None:
    for path in Path(ROOT / "requirements").glob("*.txt"):
        assert not re.search(r"https?:|--(extra-)?index-url|--find-links", path.read_text("utf-8"))


def direct_requirements() -> dict[str, str]:
    """Every run-time dependency of pyproject.toml, extras included, with its lower bound."""
    project = tomllib.loads(text("pyproject.toml"))["project"]
    extras = [line for name in ("github", "gitlab", "secrets") for line in
              project["optional-dependencies"][name]]  # fmt: skip
    pairs = (line.split(">=") for line in [*project["dependencies"], *extras])
    return {name.lower(): bound for name, bound in pairs}


def locked(name: str) -> dict[str, str]:
    """The versions in one lock file."""
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", text(f"requirements/{name}.txt"), re.MULTILINE))


def test_the_lowest_lock_holds_the_lower_bounds() -> None:
    versions = locked("lowest")
    bounds = {name: release(bound) for name, bound in direct_requirements().items()}
    assert {name: release(versions[name]) for name in bounds} == bounds


def test_the_image_holds_every_dependency() -> None:
    assert set(direct_requirements()) <= set(locked("image"))


def release(version: str) -> tuple[int, ...]:
    """The numbers of a version without closing zeros, so that 2.5 equals 2.5.0."""
    numbers = [int(part) for part in version.split(".")]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)
