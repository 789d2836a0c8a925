"""The work of `diff`: render both revisions, from git objects where they are commits, compare."""

from __future__ import annotations

import os
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from gitops_ci.config.model import Config
from gitops_ci.diff.compare import compare
from gitops_ci.diff.model import Difference
from gitops_ci.git.repository import Git
from gitops_ci.model import exits
from gitops_ci.model.errors import UsageError
from gitops_ci.output.colour import Palette
from gitops_ci.render.objects import Rendered
from gitops_ci.repo.git_tree import GitTree
from gitops_ci.repo.tree import Tree
from gitops_ci.steps import governing
from gitops_ci.steps.comparison import AUTO, Comparison, comparison
from gitops_ci.steps.diff import FORMATS, Inputs
from gitops_ci.steps.rendering import render_planned
from gitops_ci.steps.rule_book import KNOWN
from gitops_ci.steps.secret_scan import hide_secrets
from gitops_ci.steps.snapshot import Snapshot, take_snapshot
from gitops_ci.steps.told import changed
from gitops_ci.steps.unseen import unseen_of
from gitops_ci.steps.world import World

_SHORT = 10
"""Characters of a commit's id that people are shown."""


class _Sides(Struct, frozen=True):
    """What is compared: two trees, their names, the paths that differ (`listed`: came or went), and
    the configuration under which both are rendered. `folder` is where the new one lies on disk."""

    old: Tree
    new: Tree
    names: tuple[str, str]
    changed: frozenset[str]
    listed: frozenset[str]
    config: Config
    folder: Path | None


def diff(inputs: Inputs, world: World) -> int:
    """The exit code; the difference goes to stdout and to every --output. Raises GitopsError."""
    outputs = _outputs(inputs)
    difference, complete = difference_of(inputs, world)
    world.progress.end()
    world.outputs.update(changed(differs=not difference.is_empty))
    for name, path in outputs:
        target = Path(path) if os.path.isabs(path) else world.root / path
        world.sink.save(target, _text(difference, name, Palette()))
    world.sink.result(_text(difference, inputs.format, Palette(world.colour)))
    if not complete:
        return exits.INCOMPLETE
    return exits.FINDINGS if inputs.exit_code and not difference.is_empty else exits.OK


def difference_of(inputs: Inputs, world: World) -> tuple[Difference, bool]:
    """The difference, and whether everything could be compared. Raises GitopsError."""
    sides = _sides(inputs, world)
    url = world.git.remote_url() if world.git else ""
    new = take_snapshot(sides.new, sides.config, url)
    old = take_snapshot(sides.old, sides.config, url, new.files)
    _require_environments(inputs, old, new)
    for snapshot in (old, new):
        hide_secrets(snapshot.files, sides.changed, world.sink.redactor.register)
    after = _rendered(new, sides, sides.folder, inputs, world)
    before = _rendered(old, sides, None, inputs, world)
    unseen = unseen_of((*before, *after))
    environments = compare(
        _only(before, inputs), _only(after, inputs), new.environments.names,
        lambda name: new.environments.is_protected(name) or old.environments.is_protected(name),
    )  # fmt: skip
    listed = tuple(dict.fromkeys(item for item, _ in unseen))
    return Difference(*sides.names, environments, listed), all(mild for _, mild in unseen)


def _rendered(
    snapshot: Snapshot, sides: _Sides, folder: Path | None, inputs: Inputs, world: World
) -> tuple[Rendered, ...]:
    selection = snapshot.affected(sides.changed, sides.listed)
    return render_planned(
        snapshot, selection, world, engine=inputs.engine, network=inputs.network, folder=folder
    )


def _only(rendered: tuple[Rendered, ...], inputs: Inputs) -> tuple[Rendered, ...]:
    if not inputs.env:
        return rendered
    return tuple(item for item in rendered if item.root.environment in inputs.env)


def _require_environments(inputs: Inputs, *snapshots: Snapshot) -> None:
    known = {name for snapshot in snapshots for name in snapshot.environments.names}
    for name in inputs.env:
        if name not in known:
            hint = f"there are {', '.join(sorted(known))}" if known else "none was found"
            raise UsageError(f"--env {name}: there is no such environment", hint)


def _sides(inputs: Inputs, world: World) -> _Sides:
    git = _git(world)
    if len(inputs.range_) > 1:
        raise UsageError("more than one range", "gitops-ci diff BASE..HEAD")
    text = inputs.range_[0] if inputs.range_ else ""
    base, dots, head = _split(text)
    if dots:
        return _of_commits(git, base or "HEAD", dots, head or "HEAD", world)
    compared = comparison(world, base or AUTO)
    assert compared is not None
    ruling = governing.rulers(world, KNOWN, compared, "")
    old = GitTree(git, compared.fork)
    names = (base or compared.fork[:_SHORT], "the work tree")
    return _Sides(
        old, world.tree, names, compared.changed, compared.listed, ruling.config, world.root
    )


def _of_commits(git: Git, base: str, dots: str, head: str, world: World) -> _Sides:
    new = git.rev_parse(head)
    old = git.rev_parse(base) if dots == ".." else git.merge_base(base, new)
    changes = git.changes(old, new)
    changed = frozenset(change.path for change in changes)
    listed = frozenset(change.path for change in changes if change.status in ("A", "D", "T"))
    compared = Comparison(git.rev_parse(base), old, changed, listed, {}, {})
    at_head = replace(world, tree=GitTree(git, new))
    ruling = governing.rulers(at_head, KNOWN, compared, "")
    return _Sides(
        GitTree(git, old), at_head.tree, (base, head), changed, listed, ruling.config, None
    )


def _split(text: str) -> tuple[str, str, str]:
    """(base, dots, head) of `base..head`, `base...head` or `base`."""
    for dots in ("...", ".."):
        base, found, head = text.partition(dots)
        if found:
            return base, dots, head
    return text, "", ""


def _git(world: World) -> Git:
    if world.git is None:
        raise UsageError("this is not a git repository", "`diff` compares two of its states")
    return world.git


def _outputs(inputs: Inputs) -> list[tuple[str, str]]:
    pairs = []
    for text in inputs.output:
        name, equals, path = text.partition("=")
        if not equals or not path or name not in FORMATS:
            raise UsageError(f"--output {text} is not FORMAT=PATH", f"FORMAT: {', '.join(FORMATS)}")
        pairs.append((name, path))
    return pairs


def _text(difference: Difference, name: str, palette: Palette) -> str:
    if name == "json":
        from gitops_ci.report.diff import json_v1

        return json_v1.render(difference)
    if name == "markdown":
        from gitops_ci.report.diff import markdown

        return markdown.render(difference)
    from gitops_ci.report.diff import text

    return text.render(difference, palette)
