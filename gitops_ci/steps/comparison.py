"""What a change is compared with: the base revision, the fork point, the paths that differ."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from gitops_ci.findings.existing import Ranges
from gitops_ci.git.parse import Difference
from gitops_ci.git.repository import Departure, Git
from gitops_ci.model.errors import IncompleteError, UsageError
from gitops_ci.steps.world import World

AUTO = "auto"
_TOKENS = ("GITOPS_CI_TOKEN", "INPUT_TOKEN", "GITHUB_TOKEN", "CI_JOB_TOKEN")
"""Variables that hold the token of the job, the most specific first."""
_ALL_LINES: Ranges = ((1, 2**31),)


class Comparison(Struct, frozen=True):
    """`base` is the commit whose configuration rules; `fork` the one from which the change
    departs, and `head` its own; `changed` the paths that differ since, `listed` those of them that
    came or went."""

    base: str
    fork: str
    changed: frozenset[str]
    listed: frozenset[str]
    lines: dict[str, Ranges]
    renames: Mapping[str, str]
    head: str = "HEAD"


def comparison(world: World, changed_since: str) -> Comparison | None:
    """What to compare with, None when all of the repository is judged as it stands.

    On a pull request the base comes from the CI system, else from `changed_since`. Raises
    UsageError or IncompleteError when it cannot be found: a gate without its base is closed.
    """
    revision = _revision(world, changed_since)
    if not revision:
        return None
    git = _git(world)
    at = _departure(world, git, revision)
    found = git.difference(at.fork)
    lines = changed_lines(found)
    for change in found.changes:
        if change.status == "A":  # git compares no lines of a file that it does not track yet
            lines.setdefault(change.path, _ALL_LINES)
    return Comparison(
        at.base,
        at.fork,
        frozenset(change.path for change in found.changes),
        frozenset(change.path for change in found.changes if change.status in ("A", "D", "T")),
        lines,
        found.renames,
        at.head,
    )


def _departure(world: World, git: Git, revision: str) -> Departure:
    """The base, and where the change departs from it. A shallow clone of a pull request fetches
    what it needs; raises IncompleteError when it cannot."""
    if world.context.judges_a_change and git.is_shallow():
        from gitops_ci.git.deepening import GitDeepener

        token = next((world.environ[name] for name in _TOKENS if world.environ.get(name)), "")
        forge = world.context.forge.value
        GitDeepener(world.root, world.environ, token, forge).reach(revision)
    try:
        return git.departure(revision)
    except UsageError as error:
        if not git.is_shallow():
            raise
        raise IncompleteError(error.message, error.hint) from error


def _revision(world: World, changed_since: str) -> str:
    if changed_since and changed_since != AUTO:
        return changed_since
    context = world.context
    if context.judges_a_change:
        if context.problem:
            raise IncompleteError(f"the base of the change is unknown: {context.problem}")
        return context.base
    if not changed_since:
        return ""
    found = context.base or _git(world).default_branch()
    if not found:
        raise UsageError("there is no default branch to compare with", "--changed-since REF")
    return found


def _git(world: World) -> Git:
    if world.git is None:
        raise UsageError("this is not a git repository", "`--changed-since` needs one")
    return world.git


def changed_lines(found: Difference) -> dict[str, Ranges]:
    """The lines of each file that are new or changed: all of them where git does not tell."""
    told = {path: _ranges(numbers) for path, numbers in found.lines.items()}
    return {**dict.fromkeys(found.opaque, _ALL_LINES), **told}


def _ranges(numbers: frozenset[int]) -> Ranges:
    ranges: list[tuple[int, int]] = []
    for number in sorted(numbers):
        if ranges and ranges[-1][1] == number - 1:
            ranges[-1] = (ranges[-1][0], number)
        else:
            ranges.append((number, number))
    return tuple(ranges)
