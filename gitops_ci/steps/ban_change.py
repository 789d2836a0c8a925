"""Changes to the files in which people say that nothing moves: shown, written or proposed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from gitops_ci import __version__
from gitops_ci.config.load import load
from gitops_ci.config.model import Config
from gitops_ci.documents.document import SourceFile
from gitops_ci.forge.attempts import until_it_stands
from gitops_ci.forge.files import changed_files
from gitops_ci.forge.port import Forge
from gitops_ci.git.repository import Git
from gitops_ci.model import exits
from gitops_ci.model.change import Change, Etiquette, FileEdit, Proposal
from gitops_ci.model.errors import ConfigError, UsageError
from gitops_ci.output.markdown_text import prose, quiet
from gitops_ci.output.terminal import visible
from gitops_ci.promote.units import settings, slug
from gitops_ci.repo.git_tree import GitTree
from gitops_ci.repo.tree import Tree
from gitops_ci.report.json_v1 import dump
from gitops_ci.schemas.near import near
from gitops_ci.steps.bump_base import bases_of
from gitops_ci.steps.bump_write import write_files
from gitops_ci.steps.reading import config_reader, reader, source_in
from gitops_ci.steps.unified_diff import unified_diff
from gitops_ci.steps.world import World
from gitops_ci.steps.writing_guard import refuse_untrusted


class Inputs(Protocol):
    """What all of these commands may be told."""

    @property
    def write(self) -> bool:
        """Edit the work tree."""
        ...

    @property
    def pr(self) -> bool:
        """Propose it."""
        ...

    @property
    def forge(self) -> str:
        """Where."""
        ...

    @property
    def format(self) -> str:
        """What to print."""
        ...


@dataclass(frozen=True, slots=True)
class Ground:
    """The tree that is changed, read under its own configuration."""

    tree: Tree
    config: Config
    now: datetime

    def source(self, path: str) -> SourceFile | None:
        """The parsed file, None when it is not there."""
        return source_in(self.tree, path)

    def checked(self, environments: tuple[str, ...]) -> None:
        """Raise UsageError for an environment that the configuration does not declare."""
        known = tuple(self.config.environments)
        for name in environments if known else ():
            if name not in known:
                close = near(name, known)
                hint = f"did you mean {close[0]}?" if close else f"environments: {', '.join(known)}"
                raise UsageError(f"there is no environment {name}", hint)


@dataclass(frozen=True, slots=True)
class Planned:
    """What a command makes of its ground: the edits, one sentence for each thing that it does, and
    notes about what stays. `branch` names the change, `title` says it; `items` is it as data."""

    edits: tuple[FileEdit, ...]
    sentences: tuple[str, ...]
    branch: str
    title: str
    environment: str = ""
    notes: tuple[str, ...] = ()
    trailers: tuple[tuple[str, str], ...] = ()
    items: tuple[dict[str, Any], ...] = field(default=())


Plan = Callable[[Ground], Planned]


def carry_out(command: str, inputs: Inputs, world: World, plan: Plan) -> int:
    """Plan on the work tree, or with `--pr` on the base branch, and do what is asked. The exit
    code; raises GitopsError."""
    if inputs.write and inputs.pr:
        raise UsageError("--write edits the work tree, --pr leaves it alone", "give one of them")
    proposals: tuple[Proposal, ...] = ()
    if inputs.pr:
        refuse_untrusted(world, f"{command} --pr")
        forge = world.forges.open(inputs.forge)
        ground, planned, proposals = until_it_stands(
            lambda: _proposed(command, plan, world, forge), world.pause
        )
    else:
        ground = _ground(world.tree, world)
        planned = plan(ground)
    files = changed_files(planned.edits, reader(ground.tree))
    written = inputs.write and bool(files)
    if written:
        write_files(world.root, files)
    diff = unified_diff(files)
    if inputs.format == "json":
        world.sink.result(_json(command, planned, diff, proposals, written=written))
    else:
        world.sink.result(_text(planned, diff, proposals, written=written))
    return exits.OK


def _proposed(
    command: str, plan: Callable[[Ground], Planned], world: World, forge: Forge
) -> tuple[Ground, Planned, tuple[Proposal, ...]]:
    ground, change_of = _on_base(world, forge)
    planned = plan(ground)
    if not planned.edits:
        return ground, planned, ()
    return ground, planned, (forge.propose(change_of(command, planned)),)


def author(given: str, git: Git | None) -> str:
    """Who decided it: as told, else as git's configuration knows the person."""
    return given or (git.user_name() if git is not None else "")


def branch_name(config: Config, command: str, environment: str, unit: str) -> str:
    """The branch of such a change; the configuration's template is for versions that move, so only
    what stands before its first name is taken from it."""
    head = settings(config, environment).branch.partition("{")[0].strip("/")
    return "/".join(part for part in (head, command, slug(environment), slug(unit)) if part)


def _ground(tree: Tree, world: World) -> Ground:
    loaded = load(config_reader(tree, world), world.config_file)
    if loaded.findings:
        raise ConfigError(loaded.findings)
    return Ground(tree, loaded.config, world.clock.now())


def _on_base(world: World, forge: Forge) -> tuple[Ground, Callable[[str, Planned], Change]]:
    if world.git is None:
        raise UsageError("this is not a git repository", "--pr needs one; --write does not")
    base = bases_of(world.git, world, forge)[0]
    ground = _ground(GitTree(world.git, base.revision), world)

    def change(command: str, planned: Planned) -> Change:
        rules = settings(ground.config, planned.environment)
        lines = [prose(sentence) for sentence in (*planned.sentences, *planned.notes)]
        return Change(
            title=quiet(planned.title),
            body="\n\n".join(lines) + "\n",
            branch=planned.branch,
            base=base.branch,
            revision=base.revision,
            edits=planned.edits,
            trailers=(("Gitops-CI-Kind", command), *planned.trailers),
            etiquette=Etiquette(overwrite=rules.on_human_commits == "overwrite"),
        )

    return ground, change


def _text(
    planned: Planned, diff: bytes, proposals: tuple[Proposal, ...], *, written: bool
) -> bytes:
    done = "written" if written else "planned"
    lines = [f"{done}: {sentence}" for sentence in planned.sentences] if planned.edits else []
    lines = lines or ["nothing to do"]
    lines += [f"note: {note}" for note in planned.notes]
    for item in proposals:
        why = f": {item.reason}" if item.reason else ""
        lines.append(f"{item.outcome.value}: {item.url or item.branch}{why}")
    text = "\n".join(visible(line) for line in lines) + "\n"
    return text.encode("utf-8", "backslashreplace") + (b"\n" + diff if diff else b"")


def _json(
    command: str, planned: Planned, diff: bytes, proposals: tuple[Proposal, ...], *, written: bool
) -> str:
    value = {
        "version": 1,
        "tool": {"name": "gitops-ci", "version": __version__},
        "command": command,
        "status": "planned" if planned.edits else "nothing-to-do",
        "written": written,
        "items": list(planned.items),
        "notes": list(planned.notes),
        "proposals": [
            {
                "branch": item.branch,
                "outcome": item.outcome.value,
                "number": item.number,
                "url": item.url,
                "commit": item.commit,
                "reason": item.reason,
            }
            for item in proposals
        ],
        "diff": diff.decode("utf-8", "backslashreplace"),
    }
    return dump(value) + "\n"
