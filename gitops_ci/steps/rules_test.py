"""`rules test`: the test files of policies, and whether what they expect comes out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gitops_ci.steps.option import option

if TYPE_CHECKING:
    from gitops_ci.steps.world import World


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the user may say to `rules test`."""

    directory: tuple[str, ...] = option(
        (),
        "where the test files are, kyverno-test.yaml and gitops-ci-test.yaml; everywhere by"
        " default",
        positional=True,
        action=False,
    )
    format: str = option(
        "text", "how to print what came out", choices=("text", "json"), metavar="FORMAT",
        action=False,
    )  # fmt: skip


def run(inputs: Inputs, world: World) -> int:
    """0 when everything comes out as expected, 1 when something does not, 3 when something could
    not be judged. Raises UsageError when there is nothing to test."""
    from gitops_ci.steps.rules_test_run import test

    return test(inputs, world)
