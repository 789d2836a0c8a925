"""`baseline create`: accept what stands today, so that only new findings block."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date
from typing import TYPE_CHECKING

from gitops_ci.model import exits
from gitops_ci.steps.option import option

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gitops_ci.findings.baseline import Acceptance
    from gitops_ci.model.finding import Finding
    from gitops_ci.steps.world import World


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the user may say to `baseline create`, which checks the whole repository."""

    reason: str = option("", "why the findings may stay", metavar="TEXT")
    owner: str = option("", "who answers for them; git knows the name otherwise", metavar="NAME")
    expires: str = option(
        "", "the last day on which they are accepted; no end when empty", metavar="DATE"
    )


def run(inputs: Inputs, world: World) -> int:
    """0 when the files are written, one per root; their paths go to stdout. What is accepted
    already stays as it was accepted, until it expires; a file that cannot be read is replaced."""
    from gitops_ci.findings.baseline import read_baseline
    from gitops_ci.findings.baseline_changes import create
    from gitops_ci.output.files import write_atomic
    from gitops_ci.output.sink import Level
    from gitops_ci.secrets.allowed import BASELINE_FILE
    from gitops_ci.steps.baseline_cases import open_cases
    from gitops_ci.steps.baseline_files import baseline_files

    today = world.clock.now().astimezone(UTC).date()
    terms = _terms(inputs, world, today)
    cases, takes_over = open_cases(world)
    standing, broken = read_baseline(baseline_files(world.tree))
    files = create(cases, terms, standing, today)
    for file in files:
        write_atomic(world.root / file.path, file.data, within=world.root)
    _replaced(broken, frozenset(file.path for file in files), world)
    if takes_over:
        words = f"what {BASELINE_FILE} accepts is in them; that file is not needed any more"
        world.sink.log(words, Level.WARNING)
    world.sink.result("\n".join(file.path for file in files) or "nothing to accept")
    return exits.OK


def _replaced(broken: Iterable[Finding], written: frozenset[str], world: World) -> None:
    """Say what became of the files that could not be read; those that nothing needs are removed."""
    from gitops_ci.output.sink import Level

    for finding in broken:
        path = finding.location.path
        if path in written:
            words = "is written anew: what it accepted is accepted on the terms given now"
        else:
            (world.root / path).unlink()
            words = "is removed: there is nothing in its root to accept"
        world.sink.log(f"{path} {words} ({finding.message})", Level.WARNING)


def _terms(inputs: Inputs, world: World, today: date) -> Acceptance:
    """What is said of each new entry. Raises UsageError when something is missing."""
    from gitops_ci.findings.baseline import Acceptance, is_day
    from gitops_ci.model.errors import UsageError

    reason = " ".join(inputs.reason.split())
    if not reason:
        raise UsageError("a baseline needs a reason", "give --reason TEXT")
    owner = " ".join(inputs.owner.split()) or (world.git.user_name() if world.git else "")
    if not owner:
        raise UsageError("nobody answers for the baseline", "give --owner NAME")
    if inputs.expires and not is_day(inputs.expires):
        raise UsageError(f"--expires {inputs.expires} is no date such as 2027-03-01")
    if inputs.expires and inputs.expires < today.isoformat():
        raise UsageError(f"--expires {inputs.expires} is over")
    return Acceptance(reason, owner, inputs.expires)
