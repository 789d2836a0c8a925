"""`rules test`: the cases of a folder before the configured policies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gitops_ci.steps.option import option

if TYPE_CHECKING:
    from gitops_ci.steps.world import World


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the user may say to `rules test`."""

    folder: tuple[str, ...] = option(
        (),
        "where gitops-ci-test.yaml and kyverno-test.yaml files are looked for; by default in the"
        " whole repository",
        positional=True,
        action=False,
    )


def run(inputs: Inputs, world: World) -> int:
    """0 when everything came out as expected, 1 when something did not, 3 when something could not
    be evaluated."""
    from gitops_ci.steps.rules_test_run import test

    return test(inputs.folder or (".",), world)
