"""Changes to the files in which people say that nothing moves: shown, written or proposed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol

from msgspec import Struct
from msgspec.structs import replace

from gitops_ci import __version__
from gitops_ci.config.load import load
from gitops_ci.config.model import Config
from gitops_ci.documents.document import SourceFile
from gitops_ci.forge.attempts import until_it_stands
from gitops_ci.forge.files import Changed, changed_files
from gitops_ci.forge.port import Forge
from gitops_ci.git.repository import Git
from gitops_ci.model import exits
from gitops_ci.model.change import Change, Etiquette, FileEdit, Proposal
from gitops_ci.model.errors import ConfigError, UsageError
from gitops_ci.output.markdown_text import prose, quiet
from gitops_ci.promote.units import settings, slug
from gitops_ci.repo.git_tree import GitTree
from gitops_ci.repo.tree import Tree
from gitops_ci.report.json_v1 import dump
from gitops_ci.schemas.near import near
from gitops_ci.steps.bump_base import Base, bases_of
from gitops_ci.steps.bump_write import write_files
from gitops_ci.steps.plan_text import document, proposal_lines
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


class Ground(Struct, frozen=True):
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


class Planned(Struct, frozen=True):
    """What a command makes of its ground: the edits, one sentence for each thing that it does, and
    notes about what stays. `branch` names the change, `title` says it; `items` is it as data."""

    edits: tuple[FileEdit, ...]
    sentences: tuple[str, ...]
    branch: str
    title: str
    environment: str = ""
    notes: tuple[str, ...] = ()
    trailers: tuple[tuple[str, str], ...] = ()
    items: tuple[dict[str, Any], ...] = ()

    def joined(self, other: Planned) -> Planned:
        """Both, as when they are of different branches: what is said of them."""
        return replace(
            self,
            edits=(*self.edits, *other.edits),
            sentences=(*self.sentences, *other.sentences),
            notes=tuple(dict.fromkeys((*self.notes, *other.notes))),
            items=(*self.items, *other.items),
        )


Plan = Callable[[Ground], Planned]
Apart = Callable[[Ground, tuple[str, ...]], Planned]
"""The plan for a branch that environments, named here, have to themselves."""


class _Done(Struct, frozen=True):
    """What was planned, and what it changes; `proposals` are what the forge made of it."""

    planned: Planned
    files: tuple[Changed, ...]
    proposals: tuple[Proposal, ...] = ()


def carry_out(
    command: str, inputs: Inputs, world: World, plan: Plan, apart: Apart | None = None
) -> int:
    """Plan on the work tree, or with `--pr` on the base branch, and do what is asked. With `apart`
    the branches that environments have to themselves are changed as well, one proposal for each.
    The exit code; raises GitopsError."""
    if inputs.write and inputs.pr:
        raise UsageError("--write edits the work tree, --pr leaves it alone", "give one of them")
    if inputs.pr:
        refuse_untrusted(world, f"{command} --pr")
        forge = world.forges.open(inputs.forge)
        done = until_it_stands(lambda: _proposed(command, plan, apart, world, forge), world.pause)
    else:
        ground = _ground(world.tree, world)
        planned = plan(ground)
        done = _Done(planned, changed_files(planned.edits, reader(ground.tree)))
    written = inputs.write and bool(done.files)
    if written:
        write_files(world.root, done.files)
    form = _json if inputs.format == "json" else _text
    world.sink.result(form(command, done, written=written))
    return exits.OK


def _proposed(command: str, plan: Plan, apart: Apart | None, world: World, forge: Forge) -> _Done:
    if world.git is None:
        raise UsageError("this is not a git repository", "--pr needs one; --write does not")
    first, *others = bases_of(world.git, world, forge)
    ground = _ground(GitTree(world.git, first.revision), world)
    done = _on(first, ground, plan(ground), command, forge)
    for base in others if apart else ():
        assert apart is not None
        own = replace(ground, tree=GitTree(world.git, base.revision))
        names = tuple(name for name, branch in base.environments if branch == base.branch)
        more = _on(base, own, apart(own, names), command, forge)
        done = _Done(
            done.planned.joined(more.planned),
            (*done.files, *more.files),
            (*done.proposals, *more.proposals),
        )
    return done


def _on(base: Base, ground: Ground, planned: Planned, command: str, forge: Forge) -> _Done:
    files = changed_files(planned.edits, reader(ground.tree))
    if not planned.edits:
        return _Done(planned, files)
    return _Done(planned, files, (forge.propose(_change(base, ground, planned, command)),))


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


def _change(base: Base, ground: Ground, planned: Planned, command: str) -> Change:
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


def _text(_command: str, done: _Done, *, written: bool) -> bytes:
    planned, diff = done.planned, unified_diff(done.files)
    verb = "written" if written else "planned"
    lines = [f"{verb}: {sentence}" for sentence in planned.sentences] if planned.edits else []
    lines = lines or ["nothing to do"]
    lines += [f"note: {note}" for note in planned.notes]
    return document([*lines, *proposal_lines(done.proposals)], diff)


def _json(command: str, done: _Done, *, written: bool) -> bytes:
    planned, diff = done.planned, unified_diff(done.files)
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
            for item in done.proposals
        ],
        "diff": diff.decode("utf-8", "backslashreplace"),
    }
    return f"{dump(value)}\n".encode("utf-8", "backslashreplace")
