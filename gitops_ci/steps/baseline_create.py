"""`baseline create`: accept what stands today, so that only new findings block."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gitops_ci.model import exits

if TYPE_CHECKING:
    from gitops_ci.steps.world import World


@dataclass(frozen=True, slots=True)
class Inputs:
    """`baseline create` takes no options: it checks the whole repository."""


def run(_inputs: Inputs, world: World) -> int:
    """0 when the files are written, one per root; their paths go to stdout."""
    from gitops_ci.findings.baseline import Baseline, create
    from gitops_ci.findings.engine import cases_of
    from gitops_ci.output.files import write_atomic
    from gitops_ci.steps.check import Inputs as CheckInputs
    from gitops_ci.steps.checking import assess

    made = assess(CheckInputs(), world)
    judging = replace(made.judging, baseline=Baseline())
    files = create(cases_of(made.findings, judging))
    for file in files:
        write_atomic(world.root / file.path, file.data, within=world.root)
    world.sink.result("\n".join(file.path for file in files) or "nothing to accept")
    return exits.OK
