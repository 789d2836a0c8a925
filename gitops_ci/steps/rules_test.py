"""`rules test`: the test files of policies, and whether what they expect comes out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gitops_ci.model import exits
from gitops_ci.model.errors import IncompleteError, UsageError
from gitops_ci.steps.option import option

if TYPE_CHECKING:
    from gitops_ci.policy.kyverno_test import Expectation
    from gitops_ci.repo.files import Files
    from gitops_ci.steps.world import World


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the user may say to `rules test`."""

    directory: tuple[str, ...] = option(
        (),
        "where the test files are, kyverno-test.yaml among them; everywhere by default",
        positional=True,
        action=False,
    )
    format: str = option(
        "text", "how to print what came out", choices=("text", "json"), metavar="FORMAT",
        action=False,
    )  # fmt: skip


def run(inputs: Inputs, world: World) -> int:
    """0 when everything comes out as expected, else 1. Raises UsageError when there is nothing to
    test."""
    from gitops_ci.repo.files import Files

    files = Files(world.tree)
    found = [item for name in inputs.directory or ("",) for item in _expectations(files, name)]
    if not found:
        raise UsageError("there is no test file of policies", "such as a kyverno-test.yaml")
    if inputs.format == "json":
        world.sink.result(json.dumps([_row(item) for item in found], indent=1))
    else:
        world.sink.result("\n".join(_lines(found)))
    return exits.OK if all(item.is_met for item in found) else exits.FINDINGS


def _expectations(files: Files, directory: str) -> Iterator[Expectation]:
    from gitops_ci.cel.engine import EXTRA, is_installed
    from gitops_ci.policy.kyverno_suites import suites_in
    from gitops_ci.policy.kyverno_test import run as outcomes
    from gitops_ci.repo.tree import UnreadableError

    folder = directory.strip("/").removeprefix("./").removesuffix("/.")
    folder = "" if folder == "." else folder
    if folder and files.tree.entry(folder) is None:
        raise UsageError(f"there is no directory {directory}")
    try:
        suites = list(suites_in(files, folder))
    except UnreadableError as error:
        raise UsageError(f"{error.path}: {error}") from error
    if suites and not is_installed():
        message = "policies in CEL cannot be evaluated"
        raise IncompleteError(message, f"install gitops-ci[{EXTRA}]")
    for suite in suites:
        yield from outcomes(suite)


def _row(item: Expectation) -> dict[str, object]:
    return {
        "path": item.place.path,
        "line": item.place.line,
        "policy": item.policy,
        "rule": item.rule,
        "kind": item.kind,
        "resource": item.resource,
        "expected": item.expected,
        "got": item.got,
        "message": item.why,
    }


def _lines(found: list[Expectation]) -> Iterator[str]:
    """What does not come out, and how many there are."""
    for item in found:
        if not item.is_met:
            why = f" ({item.why})" if item.why else ""
            about = f"{item.policy} {item.rule}".strip()
            yield (
                f"{item.place.path}:{item.place.line}: {about}, {item.kind} {item.resource}:"
                f" expected {item.expected}, got {item.got}{why}"
            )
    met = sum(item.is_met for item in found)
    yield f"{met} of {len(found)} expectations are met"
