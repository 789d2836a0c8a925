"""What edits do to the rendered objects, for the texts of proposals. Nothing else depends on it: a
tree that cannot be rendered is told about and stops no proposal."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

from msgspec import Struct

from gitops_ci.diff.compare import compare
from gitops_ci.forge.files import changed_files
from gitops_ci.model.change import FileEdit
from gitops_ci.model.errors import GitopsError
from gitops_ci.promote.words.rendering import Rendering
from gitops_ci.repo.affected import Selection
from gitops_ci.repo.layered_tree import LayeredTree
from gitops_ci.repo.memory import MemoryTree
from gitops_ci.repo.tree import UnreadableError
from gitops_ci.steps.reading import reader
from gitops_ci.steps.rendered_words import told
from gitops_ci.steps.rendering import render_planned
from gitops_ci.steps.secret_scan import hide_secrets
from gitops_ci.steps.snapshot import Snapshot, take_snapshot
from gitops_ci.steps.unseen import unseen_of
from gitops_ci.steps.world import World

ENGINE = "native"
"""The same text on every machine, whatever is installed there; charts need helm all the same."""
_MOST_ROOTS = 200
_MOST_APART = 20
_TOO_MANY = "many proposals are made of the same roots; `gitops-ci diff` renders each"

Files = Mapping[str, bytes | None]
"""What changed files hold then; None for one that goes."""


def rendered_changes(
    changes: Sequence[tuple[Snapshot, Iterable[FileEdit]]], world: World
) -> tuple[Rendering, ...]:
    """What each change alone does to what is rendered of its tree. Never raises."""
    found: dict[int, Rendering] = {}
    by_tree: dict[int, dict[int, Files]] = defaultdict(dict)
    trees: dict[int, Snapshot] = {}
    for number, (before, edits) in enumerate(changes):
        files = changed_files(edits, reader(before.files.tree))
        trees[id(before)] = before
        by_tree[id(before)][number] = {item.path: item.after for item in files}
    for tree, group in by_tree.items():
        found.update(_Group(trees[tree], group, world).renderings())
    return tuple(found[number] for number in range(len(changes)))


class _Group(Struct, frozen=True):
    """Changes to one tree. Looking at a whole tree takes longer than rendering a few roots of it,
    so changes that meet in no file and no root are looked at together."""

    before: Snapshot
    changes: Mapping[int, Files]
    world: World

    def renderings(self) -> dict[int, Rendering]:
        """All of them."""
        made = self._lone() if len(self.changes) > 1 else {}
        left = [number for number in self.changes if number not in made]
        for number in left[:_MOST_APART]:
            made[number] = _safely(partial(self._alone, number))
        return made | dict.fromkeys(left[_MOST_APART:], _untold(_TOO_MANY))

    def _lone(self) -> dict[int, Rendering]:
        """The changes that meet no other one."""
        touched = Counter(path for files in self.changes.values() for path in files)
        apart = {
            number: files
            for number, files in self.changes.items()
            if all(touched[path] == 1 for path in files)
        }
        merged = {path: data for files in apart.values() for path, data in files.items()}
        try:
            after = self._after(merged)
            sides = {number: self._sides(after, files) for number, files in apart.items()}
        except Exception:  # then each one for itself says what is wrong
            return {}
        roots = Counter(name for both in sides.values() for name in both.roots)
        lone = [n for n, both in sides.items() if all(roots[name] == 1 for name in both.roots)]
        made = {number: _safely(sides[number].rendering) for number in lone}
        seen = Counter(name for rendering in made.values() for name in rendering.roots)
        return {n: one for n, one in made.items() if all(seen[name] == 1 for name in one.roots)}

    def _alone(self, number: int) -> Rendering:
        files = self.changes[number]
        return self._sides(self._after(files), files).rendering()

    def _after(self, files: Files) -> Snapshot:
        before = self.before
        url = self.world.git.remote_url() if self.world.git else ""
        present = {path: data for path, data in files.items() if data is not None}
        tree = LayeredTree(before.files.tree, MemoryTree(present), frozenset(files))
        after = take_snapshot(tree, before.config, url, before.files)
        for snapshot in (before, after):
            hide_secrets(snapshot.files, frozenset(files), self.world.sink.redactor.register)
        return after

    def _sides(self, after: Snapshot, files: Files) -> _Sides:
        tree, changed = self.before.files.tree, frozenset(files)
        listed = frozenset(p for p in files if files[p] is None or tree.entry(p) is None)
        selections = self.before.affected(changed, listed), after.affected(changed, listed)
        return _Sides((self.before, after), selections, self.world)


class _Sides(Struct, frozen=True):
    """A tree before and after, and what of them a change concerns."""

    snapshots: tuple[Snapshot, Snapshot]
    selections: tuple[Selection, Selection]
    world: World

    @property
    def roots(self) -> frozenset[str]:
        """The names of the roots to render."""
        return frozenset(root.name for selection in self.selections for root in selection.roots)

    def rendering(self) -> Rendering:
        """What differs. Raises GitopsError."""
        if len(self.roots) > _MOST_ROOTS:
            many = f"{len(self.roots)} roots are too many; `gitops-ci diff` renders them all"
            return _untold(many)
        old, new = (
            render_planned(snapshot, selection, self.world, engine=ENGINE)
            for snapshot, selection in zip(self.snapshots, self.selections, strict=True)
        )
        hide = self.world.sink.redactor.text
        unseen = dict.fromkeys(f"{item.path}: {item.reason}" for item, _ in unseen_of((*old, *new)))
        return Rendering(
            told(compare(old, new, self.snapshots[1].environments.names), hide),
            tuple(map(hide, unseen)),
            frozenset(item.root.name for item in (*old, *new)),
        )


def _safely(compare_both: Callable[[], Rendering]) -> Rendering:
    try:
        return compare_both()
    except (GitopsError, UnreadableError, OSError) as error:
        return _untold(str(error))
    except Exception as error:  # a fault here must not keep a version from where it has to go
        return _untold(f"the comparison failed: {type(error).__name__}")


def _untold(reason: str) -> Rendering:
    return Rendering(unseen=(reason,))
