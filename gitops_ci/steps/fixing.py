"""`--fix`: the safe fixes of a report into the work tree, or as a diff."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.findings.fixes import Mending, choose
from gitops_ci.forge.files import Changed, changed_files
from gitops_ci.model.report import Report
from gitops_ci.output.terminal import visible
from gitops_ci.repo.tree import EntryKind, UnreadableError
from gitops_ci.report.plural import plural
from gitops_ci.steps.bump_write import write_files
from gitops_ci.steps.unified_diff import unified_diff
from gitops_ci.steps.world import World


def planned(report: Report, world: World) -> tuple[Mending, tuple[Changed, ...]]:
    """The safe fixes of what the report shows, and the files as they would be."""

    def read(path: str) -> bytes | None:
        entry = world.tree.entry(path)
        if entry is None or entry.kind is not EntryKind.FILE:
            return None
        try:
            return world.tree.read(path)
        except UnreadableError:
            return None

    mending = choose((judged.finding for judged in report.shown), read)
    return mending, changed_files(mending.edits, read)


def apply(report: Report, world: World) -> tuple[str, ...]:
    """Write the safe fixes; what was done, as remarks. Raises ConflictError when somebody else
    changed a file meanwhile, and OutputError: no file is changed then."""
    mending, files = planned(report, world)
    write_files(world.root, files)
    return tuple(_summary(mending, "fixed"))


def difference(report: Report, world: World) -> bytes:
    """What `apply` would do: a summary, and a diff that `git apply` takes."""
    mending, files = planned(report, world)
    text = "\n".join(visible(line) for line in _summary(mending, "would be fixed"))
    diff = unified_diff(files)
    return text.encode("utf-8", "backslashreplace") + b"\n" + (b"\n" + diff if diff else b"")


def _summary(mending: Mending, word: str) -> Iterator[str]:
    """What is fixed and what is left, a line each."""
    yield f"{word}: {plural(len(mending.fixed), 'finding')}"
    for finding in mending.fixed:
        place = finding.location
        title = finding.fix.title if finding.fix else ""
        yield f"  {place.path}:{place.line}: {title} ({finding.rule.id})"
    for item in mending.left:
        place = item.finding.location
        yield f"left: {place.path}:{place.line}: {item.finding.rule.id}: {item.reason}"
