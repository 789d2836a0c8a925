"""What edits do to the rendered objects, for the texts of proposals. Nothing else depends on it: a
tree that cannot be rendered is told about and stops no proposal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from gitops_ci.diff.compare import compare
from gitops_ci.diff.model import ABSENT, EnvironmentChange, Kind, ObjectChange
from gitops_ci.forge.files import changed_files
from gitops_ci.model.change import FileEdit
from gitops_ci.model.errors import GitopsError
from gitops_ci.promote.words.rendering import NONE, Environment, Rendering, Thing, Value
from gitops_ci.render.kustomize.emit import emit_one
from gitops_ci.repo.changed_tree import ChangedTree
from gitops_ci.repo.tree import UnreadableError
from gitops_ci.steps.reading import reader
from gitops_ci.steps.rendering import render_planned
from gitops_ci.steps.secret_scan import hide_secrets
from gitops_ci.steps.snapshot import Snapshot, take_snapshot
from gitops_ci.steps.unseen import unseen_of
from gitops_ci.steps.world import World

ENGINE = "native"
"""The same text on every machine, whatever is installed there; charts need helm all the same."""
_MOST_ROOTS = 200
_MOST_OBJECTS = 50
_MOST_VALUES = 5


def rendered_change(before: Snapshot, edits: Iterable[FileEdit], world: World) -> Rendering:
    """What the edits change in what is rendered of the tree `before`. Never raises."""
    try:
        return _rendered_change(before, edits, world)
    except (GitopsError, UnreadableError, OSError) as error:
        return Rendering(unseen=(str(error),))
    except Exception as error:  # a fault here must not keep a version from where it has to go
        return Rendering(unseen=(f"the comparison failed: {type(error).__name__}",))


def _rendered_change(before: Snapshot, edits: Iterable[FileEdit], world: World) -> Rendering:
    tree = before.files.tree
    files = {item.path: item.after for item in changed_files(edits, reader(tree))}
    url = world.git.remote_url() if world.git else ""
    after = take_snapshot(ChangedTree(tree, files), before.config, url, before.files)
    changed = frozenset(files)
    listed = frozenset(p for p, data in files.items() if data is None or tree.entry(p) is None)
    selections = before.affected(changed, listed), after.affected(changed, listed)
    roots = max(len(selection.roots) for selection in selections)
    if roots > _MOST_ROOTS:
        return Rendering(unseen=(f"{roots} roots are too many; `gitops-ci diff` renders them all",))
    for snapshot in (before, after):
        hide_secrets(snapshot.files, changed, world.sink.redactor.register)
    old, new = (
        render_planned(snapshot, selection, world, engine=ENGINE)
        for snapshot, selection in zip((before, after), selections, strict=True)
    )
    environments = compare(old, new, after.environments.names)
    unseen = dict.fromkeys(f"{item.path}: {item.reason}" for item, _ in unseen_of((*old, *new)))
    hide = world.sink.redactor.text
    return Rendering(
        tuple(_environment(item, world) for item in environments),
        tuple(map(hide, unseen)),
        len({item.root.name for item in (*old, *new)}),
    )


def _environment(change: EnvironmentChange, world: World) -> Environment:
    things = [_thing(item, world) for item in change.objects if not item.is_noise]
    return Environment(
        change.name,
        change.count(Kind.ADDED),
        change.count(Kind.CHANGED),
        change.count(Kind.REMOVED),
        change.noise,
        tuple(things[:_MOST_OBJECTS]),
    )


def _thing(change: ObjectChange, world: World) -> Thing:
    values = [value for value in change.values if value.noise is None]
    hide = world.sink.redactor.text
    shown = tuple(
        Value(hide(value.path), hide(_text(value.before)), hide(_text(value.after)))
        for value in values[:_MOST_VALUES]
    )
    was = f" (was {change.was})" if change.was else ""
    return Thing(hide(f"{change.ref}{was}"), change.kind.value, shown, len(values) - len(shown))


def _text(value: Any) -> str:
    if value is ABSENT:
        return NONE
    return value if value and isinstance(value, str) else emit_one(value).strip()
