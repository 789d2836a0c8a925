"""What part of the repository a run looks at: paths, a change, a shard, finished YAML."""

from __future__ import annotations

import zlib
from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from gitops_ci.findings.existing import Ranges
from gitops_ci.model.errors import UsageError
from gitops_ci.repo.affected import Selection
from gitops_ci.repo.paths import within
from gitops_ci.repo.root_plan import PlannedRoot
from gitops_ci.report.plural import plural
from gitops_ci.steps.check import Inputs
from gitops_ci.steps.comparison import Comparison
from gitops_ci.steps.finished import STDIN, Finished, finished_yaml
from gitops_ci.steps.inside import inside
from gitops_ci.steps.snapshot import Snapshot
from gitops_ci.steps.world import World


class Scope(Struct, frozen=True):
    """The roots to render, the files whose own faults count and the lines whose secrets do (None:
    all), what is finished already, and whether that is the whole repository."""

    selection: Selection
    paths: frozenset[str] | None = None
    lines: Mapping[str, Ranges] | None = None
    finished: tuple[Finished, ...] = ()
    remarks: tuple[str, ...] = ()
    complete: bool = True


def scope_of(
    inputs: Inputs, world: World, snapshot: Snapshot, compared: Comparison | None
) -> Scope:
    """The scope that the user asks for. Raises UsageError for what does not exist."""
    finished = finished_yaml(inputs, world)
    wanted = tuple(path for path in inputs.path if path != STDIN)
    if finished and not wanted:
        return Scope(Selection(()), frozenset(), None, finished, complete=False)
    scope = Scope(Selection(snapshot.plan.roots))
    if compared is not None:
        selection = snapshot.affected(compared.changed, compared.listed)
        total = len(snapshot.plan.roots)
        remarks = _left_out(total - len(selection.roots), total)
        scope = Scope(selection, compared.changed, compared.lines, remarks=remarks, complete=False)
    if wanted:
        scope = _narrowed(scope, [inside(path, world) for path in wanted], snapshot)
    if inputs.shard:
        scope = _shard(scope, inputs.shard)
    return replace(scope, finished=finished)


def _left_out(left: int, total: int) -> tuple[str, ...]:
    """What a run over a change passes by, in words that do not count what it does: the verdict
    says that, with the roots that are found in rendered output."""
    if not left:
        return ()
    return (f"{left} of {plural(total, 'root')} not affected by the change, not rendered",)


def _narrowed(scope: Scope, wanted: list[str], snapshot: Snapshot) -> Scope:
    """Only the roots that lie in the paths, or are made of them, and only the files there."""
    files = frozenset(
        path
        for path in snapshot.inventory.files
        if any(within(path, directory) for directory in wanted)
    )
    selection = scope.selection.within(snapshot.affected(files, frozenset()))
    paths = files if scope.paths is None else files & scope.paths
    return replace(scope, selection=selection, paths=paths, complete=False)


def _shard(scope: Scope, text: str) -> Scope:
    """The I-th of N parts; a root belongs to the same part in every run."""
    part, slash, parts = text.partition("/")
    numbers = part.isdecimal() and parts.isdecimal() and slash
    if not numbers or not 1 <= int(part) <= int(parts):
        raise UsageError(f"--shard {text} is not I/N with 1 ≤ I ≤ N", "such as --shard 2/4")

    def is_mine(root: PlannedRoot) -> bool:
        number = zlib.crc32(root.name.encode("utf-8", "backslashreplace"))
        return number % int(parts) == int(part) - 1

    paths = scope.paths if part == "1" else frozenset()
    return replace(scope, selection=scope.selection.only(is_mine), paths=paths, complete=False)
