"""The actions for GitHub: the one at the root, which runs any command, and one for each command."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from gitops_ci.steps.job_outputs import EXIT_CODE, MEANINGS
from gitops_ci.steps.option import Declared, declared
from gitops_ci.steps.registry import STEPS, Entry

ROOT = Path(__file__).resolve().parent.parent
START, END = "  # inputs of the commands, generated", "  # end of the generated inputs"
OUTPUTS = "outputs:"
IMAGE = "Dockerfile"
"""What the root action runs; a release puts the digest of its image here and below `actions/`."""

_HEAD = """\
# {note}
name: gitops-ci {name}
description: {summary}
author: the gitops-ci authors

inputs:
  working-directory:
    description: The folder of the repository to work in, relative to the workspace
    required: false
  config:
    description: A configuration file to read instead of .gitops-ci.yaml
    required: false
  log-level:
    description: "How much is logged: error, warning, info or debug"
    required: false
  token:
    description: The token for the forge
    required: false
    default: ${{{{ github.token }}}}
"""
_RUNS = """\

runs:
  using: docker
  image: {image}  # zizmor: ignore[unpinned-images] built from this repository
  args: [{words}]
"""


def action_files(note: str) -> Iterator[tuple[str, str]]:
    """Each action with its path."""
    yield "action.yml", _root()
    for entry in offered():
        yield f"actions/{entry.name}/action.yml", _own(entry, note)


def offered() -> tuple[Entry, ...]:
    """The commands that are actions and components of their own."""
    return tuple(entry for entry in STEPS if entry.outputs)


def options_of(entry: Entry) -> tuple[Declared, ...]:
    """The options of a command that CI systems offer as inputs."""
    return tuple(item for item in declared(entry.load().Inputs) if item.option.action)


def meaning(item: Declared) -> str:
    """What an input means, with the words that it takes."""
    text = f"true: {item.option.help}" if item.kind is bool else item.option.help
    if item.option.choices:
        text += " (" + ", ".join(item.option.choices) + ")"
    if item.option.commas:
        text += "; comma-separated"
    if item.repeatable:
        text += "; one per line"
    return text


def sentence(item: Declared) -> str:
    """The meaning, beginning like a sentence."""
    text = meaning(item)
    return text if item.kind is bool else text[:1].upper() + text[1:]


def _root() -> str:
    """action.yml with the generated inputs and outputs in their places."""
    lines = (ROOT / "action.yml").read_text("utf-8").splitlines()
    start, end, outputs = lines.index(START), lines.index(END), lines.index(OUTPUTS)
    runs = lines.index("runs:")
    middle = [line for item in _merged_inputs() for line in _input(*item)]
    told = (name for entry in offered() for name in entry.outputs)
    names = dict.fromkeys((EXIT_CODE, *told))
    parts = [*lines[: start + 1], *middle, *lines[end : outputs + 1], *_outputs(names), ""]
    return "\n".join([*parts, *lines[runs:]]) + "\n"


def _own(entry: Entry, note: str) -> str:
    head = _HEAD.format(note=note, name=entry.name, summary=json.dumps(_capital(entry.summary)))
    inputs = [
        line
        for item in options_of(entry)
        for line in _input(item.flag.removeprefix("--"), sentence(item))
    ]
    outputs = ["", OUTPUTS, *_outputs(dict.fromkeys((EXIT_CODE, *entry.outputs)))]
    words = ", ".join(entry.name.split())
    runs = _RUNS.format(image=f"../../{IMAGE}", words=words)
    return head + "\n".join([*inputs, *outputs]) + "\n" + runs


def _merged_inputs() -> Iterator[tuple[str, str]]:
    """The inputs of all commands, in the order of the commands. Where they differ, the meaning says
    for which command; `validate` takes what `check` takes."""
    found: dict[str, dict[str, Declared]] = {}
    for entry in STEPS:
        for item in options_of(entry):
            words = found.setdefault(item.flag.removeprefix("--"), {})
            if meaning(item) not in map(meaning, words.values()):
                words[entry.name] = item
    for name, meanings in found.items():
        if list(meanings) == [STEPS[0].name]:
            yield name, sentence(meanings[STEPS[0].name])
        else:
            texts = (f"{command}: {meaning(item)}" for command, item in meanings.items())
            yield name, " · ".join(texts)


def _input(name: str, text: str) -> list[str]:
    return [
        f"  {name}:",
        f"    description: {json.dumps(text, ensure_ascii=False)}",
        "    required: false",
    ]


def _outputs(names: Iterable[str]) -> Iterator[str]:
    for name in names:
        yield f"  {name}:"
        yield f"    description: {json.dumps(MEANINGS[name])}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
