"""What a change does to environments: told from versions, values and rendered objects."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from gitops_ci.config.model import Config
from gitops_ci.diff.compare import compare
from gitops_ci.documents.document import SourceFile
from gitops_ci.git.repository import Git
from gitops_ci.model.pull_request import PullRequest
from gitops_ci.model.skip import SkipClass
from gitops_ci.promote.holds import PATH as HOLDS
from gitops_ci.promote.restoration import Sources
from gitops_ci.promote.slots import Place
from gitops_ci.promote.state import Pin, State
from gitops_ci.render.objects import Rendered
from gitops_ci.repo.git_tree import GitTree
from gitops_ci.repo.tree import Tree, UnreadableError
from gitops_ci.steps.bump_observe import observed
from gitops_ci.steps.promote_sight import Sight, sight_of
from gitops_ci.steps.rendering import render_planned
from gitops_ci.steps.snapshot import Snapshot, take_snapshot
from gitops_ci.steps.world import World


class Change(Struct, frozen=True):
    """What is judged: the commit `head` against `base`, the tip of the branch it wants to, from
    which it departs at `fork`. `pull` is None for a change that no pull request carries; `branch`
    is the short name of the branch, empty where nobody tells."""

    base: str
    fork: str
    head: str
    pull: PullRequest | None = None
    branch: str = ""


class Moved(Struct, frozen=True):
    """One place of an environment whose state is another one afterwards."""

    place: Place
    before: State
    after: State

    @property
    def brought(self) -> tuple[Pin, ...]:
        """The versions that are new at their slots."""
        old = {pin.slot: pin.content for pin in self.before.pins}
        return tuple(
            pin for pin in self.after.pins if pin.content and old.get(pin.slot) != pin.content
        )


class Touched(Struct, frozen=True):
    """One environment that the change alters: the places whose state moves, the changed files that
    lie in it, and why it counts."""

    environment: str
    moved: tuple[Moved, ...]
    paths: tuple[str, ...]
    why: str

    @property
    def apps(self) -> frozenset[str]:
        """The apps whose state moves."""
        return frozenset(item.place.app for item in self.moved)


class Looked(Struct, frozen=True):
    """Both sides of a change, and what it touches."""

    touched: tuple[Touched, ...]
    old: Sources
    new: Sources
    changed: frozenset[str] = frozenset()


def look(change: Change, git: Git, config: Config, world: World) -> Looked:
    """What the change does, under the base's configuration. Something that cannot be rendered
    counts as touching the environments that its files belong to. Raises as Git."""
    url = git.remote_url()
    old = _snapshot(GitTree(git, change.fork), config, url, None)
    new = _snapshot(GitTree(git, change.head), config, url, old)
    before, after = _sight(old, config), _sight(new, config)
    changes = git.changes(change.fork, change.head)
    changed = frozenset(item.path for item in changes)
    listed = frozenset(item.path for item in changes if item.status in ("A", "D", "T"))
    moved = _moved(before, after)
    rendered = [
        render_planned(snapshot, snapshot.affected(changed, listed), world)
        for snapshot in (old, new)
    ]
    differing = {
        item.name
        for item in compare(rendered[0], rendered[1])
        if item.name and any(not one.is_noise for one in item.objects)
    }
    files = {path: new.environments.of(path) or old.environments.of(path) for path in changed}
    unseen = {files[path] for path in _unseen(rendered) if files.get(path)}
    unseen |= {item.root.environment for side in rendered for item in side if _is_blind(item)}
    names = {*differing, *unseen, *(item.place.environment for item in moved)} - {""}
    return Looked(
        tuple(
            Touched(
                name,
                tuple(item for item in moved if item.place.environment == name),
                tuple(sorted(p for p, env in files.items() if env == name and p != HOLDS)),
                _why(name, moved, differing),
            )
            for name in sorted(names)
        ),
        _reader(old),
        _reader(new),
        changed,
    )


def _snapshot(tree: Tree, config: Config, url: str, twin: Snapshot | None) -> Snapshot:
    return take_snapshot(tree, config, url, twin.files if twin else None)


def _sight(snapshot: Snapshot, config: Config) -> Sight:
    return sight_of(observed(snapshot.files.tree, config, snapshot))


def _moved(before: Sight, after: Sight) -> tuple[Moved, ...]:
    found = []
    for place in sorted({*before.states, *after.states}):
        old = before.states.get(place, State(place))
        new = after.states.get(place, State(place))
        if old.fingerprint != new.fingerprint:
            found.append(Moved(place, old, new))
    return tuple(found)


def _unseen(rendered: Iterable[Iterable[Rendered]]) -> set[str]:
    """The paths of what one of the sides could not render."""
    return {
        skip.path.partition("#")[0]
        for side in rendered
        for item in side
        for skip in item.skipped
        if skip.klass is SkipClass.INCOMPLETE
    }


def _is_blind(item: Rendered) -> bool:
    """Whether the root gave nothing at all, for a reason that ought not to be."""
    return not item.objects and bool(item.findings)


def _why(name: str, moved: Iterable[Moved], differing: set[str]) -> str:
    if any(item.place.environment == name for item in moved):
        return "versions or values differ"
    return "rendered objects differ" if name in differing else "something could not be rendered"


def _reader(snapshot: Snapshot) -> Sources:
    def source(path: str) -> SourceFile | None:
        try:
            return snapshot.files.source(path)
        except UnreadableError:
            return None

    return source
