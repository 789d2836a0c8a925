"""What a report quotes is searched for secrets also where that was not asked for, such as by
`validate`, and in finished YAML, so that no excerpt and no message shows one."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from gitops_ci.model.finding import Finding
from gitops_ci.steps.world import World


def hide_in_quoted(
    findings: Iterable[Finding],
    text: Callable[[str], bytes | None],
    searched: Callable[[str], bool],
    world: World,
) -> None:
    """Hide the secrets of the files that `findings` are about, but for those that are `searched`
    already; `text` reads a file by its path."""
    paths = {finding.location.path for finding in findings if finding.location.path}
    quoted = {path: text(path) for path in paths if not searched(path)}
    known = {path: data for path, data in quoted.items() if data is not None}
    if not known:
        return
    from gitops_ci.repo.files import Files
    from gitops_ci.repo.memory import MemoryTree
    from gitops_ci.steps.secret_means import hide_value
    from gitops_ci.steps.secret_scan import hide_secrets

    files = Files(MemoryTree({_named(path): data for path, data in known.items()}))
    hide_secrets(files, frozenset(map(_named, known)), lambda value: hide_value(value, world))


def _named(path: str) -> str:
    """Finished YAML comes without a name, or with one that says nothing."""
    return "stdin.yaml" if path.startswith("<") else path
