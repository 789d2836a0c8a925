"""What `secrets` searches in each of its modes: which tree, which of its files and lines, which
commits, and what the result is compared with."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from gitops_ci.findings.existing import Ranges
from gitops_ci.git.repository import Git
from gitops_ci.model.errors import UsageError
from gitops_ci.repo.git_tree import GitTree
from gitops_ci.repo.layered_tree import LayeredTree
from gitops_ci.repo.paths import within
from gitops_ci.repo.tree import Tree
from gitops_ci.secrets.history import Commits
from gitops_ci.steps.comparison import AUTO as AUTO_BASE
from gitops_ci.steps.comparison import Comparison, changed_lines, comparison
from gitops_ci.steps.inside import inside
from gitops_ci.steps.secret_means import tree_for
from gitops_ci.steps.secrets import AUTO, DIFF, HISTORY, RANGE, STAGED, TREE, Inputs
from gitops_ci.steps.world import World


class Target(Struct, frozen=True):
    """`paths` and `lines` limit the tree (None: all of it). What stands in `base` does not block;
    None means that everything counts. `on_disk` says that the tree is the work tree."""

    tree: Tree
    paths: frozenset[str] | None = None
    lines: Mapping[str, Ranges] | None = None
    commits: Commits | None = None
    base: Tree | None = None
    renames: Mapping[str, str] = field(default_factory=dict)
    on_disk: bool = True


def compared_for(inputs: Inputs, world: World) -> Comparison | None:
    """What the run is compared with; on a pull request always something, because the base rules.
    Raises UsageError for options that contradict each other, and as `comparison` does."""
    if (inputs.mode == RANGE) != bool(inputs.range):
        raise UsageError("--mode range and --range A..B belong together")
    if inputs.changed_since and inputs.mode not in (AUTO, DIFF):
        raise UsageError(f"--changed-since says nothing to --mode {inputs.mode}", "--mode diff")
    since = inputs.changed_since or (AUTO_BASE if inputs.mode == DIFF else "")
    return comparison(world, since)


def target_of(inputs: Inputs, world: World, scope: str, compared: Comparison | None) -> Target:
    """The target of the run; `scope` is `secrets.scope` of the configuration. Raises UsageError."""
    mode = inputs.mode
    if mode == AUTO:
        mode = DIFF if compared is not None else TREE
    target = _TARGETS[mode](inputs, world, tree_for(world, scope), compared)
    if not inputs.path:
        return target
    wanted = [inside(path, world) for path in inputs.path]
    paths = target.paths or frozenset(entry.path for entry in target.tree.entries())
    return replace(target, paths=frozenset(p for p in paths if any(within(p, d) for d in wanted)))


def _tree(_inputs: Inputs, _world: World, tree: Tree, _compared: Comparison | None) -> Target:
    return Target(tree)


def _diff(_inputs: Inputs, world: World, tree: Tree, compared: Comparison | None) -> Target:
    assert compared is not None
    needed = world.context.judges_a_change
    commits = Commits(compared.fork, compared.head, needed=needed)
    # what does not differ is taken from the work tree: the revision need not be listed, and what a
    # filter of git changes on its way to the disk, such as line ends, looks the same on both sides
    then = GitTree(_git(world), compared.fork, compared.changed)
    base = LayeredTree(world.tree, then, compared.changed)
    return Target(tree, compared.changed, compared.lines, commits, base, compared.renames)


def _staged(_inputs: Inputs, world: World, _tree: Tree, _compared: Comparison | None) -> Target:
    from gitops_ci.git.staging import GitIndex
    from gitops_ci.repo.index_tree import IndexTree

    index = GitIndex(_git(world).root)
    staged = index.staged()
    paths = frozenset(change.path for change in staged.changes)
    lines = changed_lines(staged)
    base = GitTree(index, "HEAD") if index.find("HEAD") else None
    tree = IndexTree(index)
    return Target(tree, paths, lines, None, base, staged.renames, on_disk=False)


def _history(_inputs: Inputs, world: World, tree: Tree, _compared: Comparison | None) -> Target:
    _git(world).rev_parse("HEAD")
    return Target(tree, commits=Commits(""))


def _range(inputs: Inputs, world: World, _tree: Tree, _compared: Comparison | None) -> Target:
    git = _git(world)
    first, dots, last = inputs.range.partition("..")
    if not dots or not first or not last or last.startswith("."):
        raise UsageError(f"--range {inputs.range} is not A..B", "such as --range v1.2..HEAD")
    at = git.departure(first, last)
    found = git.difference(at.fork, at.head)
    paths = frozenset(change.path for change in found.changes)
    lines = changed_lines(found)
    commits = Commits(at.fork, at.head)
    base, tree = GitTree(git, at.fork), GitTree(git, at.head)
    return Target(tree, paths, lines, commits, base, found.renames, on_disk=False)


def _git(world: World) -> Git:
    if world.git is None:
        raise UsageError("this is not a git repository", "`--mode tree` needs none")
    return world.git


_TARGETS: dict[str, Callable[[Inputs, World, Tree, Comparison | None], Target]] = {
    TREE: _tree,
    DIFF: _diff,
    STAGED: _staged,
    HISTORY: _history,
    RANGE: _range,
}
