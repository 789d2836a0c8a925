"""`baseline prune`: forget what is mended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gitops_ci.model import exits

if TYPE_CHECKING:
    from gitops_ci.steps.world import World


@dataclass(frozen=True, slots=True)
class Inputs:
    """`baseline prune` takes no options: it checks the whole repository."""


def run(_inputs: Inputs, world: World) -> int:
    """0 when the files hold only what still stands; says how many entries went. Raises ConfigError
    for a file that cannot be read: nobody knows which of its entries still stand."""
    from gitops_ci.findings.baseline import read_baseline
    from gitops_ci.findings.baseline_changes import prune
    from gitops_ci.model.edit import NewFile
    from gitops_ci.model.errors import ConfigError
    from gitops_ci.output.files import write_atomic
    from gitops_ci.steps.baseline_cases import open_cases
    from gitops_ci.steps.baseline_files import baseline_files

    files = baseline_files(world.tree)
    _, broken = read_baseline(files)
    if broken:
        raise ConfigError(broken)
    cases, _ = open_cases(world)
    changes, gone = prune(files, cases)
    for change in changes:
        if isinstance(change, NewFile):
            write_atomic(world.root / change.path, change.data, within=world.root)
        else:
            (world.root / change.path).unlink()
    world.sink.result(f"{gone} {'entry' if gone == 1 else 'entries'} removed")
    return exits.OK
