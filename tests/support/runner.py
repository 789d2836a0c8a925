"""A stand-in for the GitHub Actions runner: it starts a container action as the real one does.

The contract is that of `ContainerActionHandler.cs` and `StepHost.cs` in actions/runner: five
mounts, the working directory, HOME, `INPUT_` names in upper case with spaces replaced and hyphens
kept, all inputs of action.yml present (empty when unset), paths in the environment translated to
the container, GITHUB_TOKEN absent, file commands as files that exist and are empty, and the `args`
of the action, which no shell sees, behind the image.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.support.containers import Ended, Engine

OWNER = 1001
"""The user id of the runner on GitHub's machines; the container itself runs as root."""
TOKEN = "ghs_" + "0" * 36


@dataclass(frozen=True, slots=True)
class Event:
    """Why the workflow runs."""

    name: str = "push"
    payload: Mapping[str, Any] = field(default_factory=dict)
    environ: Mapping[str, str] = field(default_factory=dict)
    """Further variables, such as GITHUB_BASE_REF."""


@dataclass(frozen=True, slots=True)
class StepResult:
    """What the runner sees of a step."""

    code: int
    stdout: str
    stderr: str
    outputs: Mapping[str, str]
    summary: str


class Runner:
    """Runs steps of one job on `workspace`; `scratch` takes everything else that is mounted."""

    def __init__(self, engine: Engine, image: str, action: Path, scratch: Path) -> None:
        self._engine = engine
        self._image = image
        self._action = yaml.safe_load(action.read_text("utf-8"))
        self._scratch = scratch
        self._steps = 0

    @property
    def declared(self) -> frozenset[str]:
        """The outputs that the action promises."""
        return frozenset(self._action.get("outputs", {}))

    def step(
        self, workspace: Path, inputs: Mapping[str, str] | None = None, event: Event | None = None
    ) -> StepResult:
        """Run the action once with the `with:` block `inputs`."""
        self._steps += 1
        here = self._scratch / f"step-{self._steps}"
        event = event or Event()
        mounts = {"/github/workspace": workspace}
        for name in ("home", "workflow", "file_commands", "runner_temp"):
            (here / name).mkdir(parents=True)
            mounts[f"/github/{name}"] = here / name
        (here / "workflow" / "event.json").write_text(json.dumps(event.payload), "utf-8")
        commands = {
            name: here / "file_commands" / f"{name.lower()}_{self._steps}"
            for name in ("OUTPUT", "STEP_SUMMARY", "ENV", "PATH", "STATE")
        }
        for file in commands.values():
            file.touch()
        own(workspace)
        own(here)
        environ = {
            **self._inputs(inputs or {}),
            **_variables(event),
            **{
                f"GITHUB_{name}": f"/github/file_commands/{file.name}"
                for name, file in commands.items()
            },
        }
        words = ["--workdir", "/github/workspace"]
        for name, value in environ.items():
            words += ["--env", f"{name}={value}"]
        for inside, outside in mounts.items():
            words += ["--volume", f"{outside}:{inside}"]
        ended = self._engine.run([*words, self._image, *self._action["runs"].get("args", ())])
        return _result(ended, commands)

    def _inputs(self, given: Mapping[str, str]) -> dict[str, str]:
        declared: dict[str, Any] = self._action["inputs"]
        unknown = set(given) - set(declared)
        assert not unknown, f"the runner warns: unexpected inputs {sorted(unknown)}"
        values = {
            name: str(details.get("default", "")).replace("${{ github.token }}", TOKEN)
            for name, details in declared.items()
        }
        values.update(given)
        return {f"INPUT_{name.replace(' ', '_').upper()}": value for name, value in values.items()}


def _variables(event: Event) -> dict[str, str]:
    return {
        "HOME": "/github/home",
        "CI": "true",
        "GITHUB_ACTIONS": "true",
        "GITHUB_ACTION": "__self",
        "GITHUB_EVENT_NAME": event.name,
        "GITHUB_EVENT_PATH": "/github/workflow/event.json",
        "GITHUB_JOB": "check",
        "GITHUB_REF": "refs/heads/main",
        "GITHUB_REF_NAME": "main",
        "GITHUB_REPOSITORY": "example/shop",
        "GITHUB_RUN_ID": "1",
        "GITHUB_RUN_ATTEMPT": "1",
        "GITHUB_SERVER_URL": "https://github.example",
        "GITHUB_API_URL": "https://github.example/api/v3",
        "GITHUB_GRAPHQL_URL": "https://github.example/api/graphql",
        "GITHUB_WORKSPACE": "/github/workspace",
        "RUNNER_OS": "Linux",
        "RUNNER_TEMP": "/github/runner_temp",
        "RUNNER_WORKSPACE": "/github",
        **event.environ,
    }


def own(folder: Path, owner: int = OWNER) -> None:
    """Give everything in `folder` to a user, by default the runner's."""
    for root, folders, files in os.walk(folder):
        for name in (".", *folders, *files):
            os.chown(os.path.join(root, name), owner, owner, follow_symlinks=False)


def leftovers_of_root(folder: Path) -> list[str]:
    """What in `folder` does not belong to the runner's user."""
    return [
        str(path.relative_to(folder)) for path in folder.rglob("*") if path.lstat().st_uid != OWNER
    ]


def _result(ended: Ended, commands: Mapping[str, Path]) -> StepResult:
    outputs = read_file_command(commands["OUTPUT"].read_text("utf-8"))
    summary = commands["STEP_SUMMARY"].read_text("utf-8")
    return StepResult(ended.code, ended.stdout, ended.stderr, outputs, summary)


def read_file_command(text: str) -> dict[str, str]:
    """The pairs of an output file: `name=value` lines and `name<<DELIMITER` blocks. Raises
    ValueError where the runner would fail the step (FileCommandManager.cs in actions/runner)."""
    pairs: dict[str, str] = {}
    lines = iter(text.splitlines())
    for line in lines:
        name, block, delimiter = line.partition("<<")
        if "=" in line and (not block or line.index("=") < line.index("<<")):
            name, _, value = line.partition("=")
        elif block and name and delimiter:
            collected = []
            for part in lines:
                if part == delimiter:
                    break
                collected.append(part)
            else:
                raise ValueError(f"delimiter {delimiter!r} of {name!r} is missing")
            value = "\n".join(collected)
        elif line:
            raise ValueError(f"invalid format {line!r}")
        else:
            continue
        pairs[name] = value
    return pairs
