"""`charts fetch`: make remote charts and bases renderable, pinned by `.gitops-ci/fetched.lock`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gitops_ci.model import exits
from gitops_ci.model.errors import UsageError
from gitops_ci.steps.option import option

if TYPE_CHECKING:
    from pathlib import Path

    from gitops_ci.render.fetched.library import Library
    from gitops_ci.render.fetched.lock import Lock
    from gitops_ci.render.fetched.model import Outcome
    from gitops_ci.steps.world import World


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the user may say to `charts fetch`."""

    update: bool = option(
        False, "lock what version ranges, branches and files lead to now", action=False
    )
    registry_config: str = option(
        "",
        "passwords for OCI registries, a file as `helm registry login` writes it",
        metavar="FILE",
        action=False,
    )
    git_config: str = option(
        "",
        "a git configuration with credentials for private bases",
        metavar="FILE",
        action=False,
    )


def run(inputs: Inputs, world: World) -> int:
    """0 when all that the repository asks for is in the cache and in the lock, 1 when something is
    not pinned or not what is locked, 4 when something could not be had."""
    from gitops_ci.render.fetched.lock import read_lock

    lock = read_lock(world.tree)
    if lock.faults:
        raise UsageError(lock.faults[0])
    library = _library(inputs, lock, world)
    _render_everything(library, world)
    outcomes = sorted(library.outcomes.values(), key=lambda outcome: outcome.key)
    _write(outcomes, world)
    world.sink.result("\n".join(_told(outcomes)))
    return _verdict(outcomes, world)


def _library(inputs: Inputs, lock: Lock, world: World) -> Library:
    from gitops_ci.render.fetched.clone import GitFetch
    from gitops_ci.render.fetched.library import Fetchers, Library
    from gitops_ci.render.fetched.model import Mode
    from gitops_ci.render.fetched.pull import HelmPull
    from gitops_ci.render.fetched.store import Store, cache_folder

    pull = HelmPull(world.programs, _file(inputs.registry_config))
    git = GitFetch(world.programs, _file(inputs.git_config))
    mode = Mode.UPDATE if inputs.update else Mode.LOCK
    return Library(lock, Store(cache_folder(world.environ)), Fetchers(pull, git), mode)


def _file(name: str) -> Path | None:
    from pathlib import Path

    if not name:
        return None
    path = Path(name).absolute()
    if not path.is_file():
        raise UsageError(f"{name} is not a file")
    return path


def _render_everything(library: Library, world: World) -> None:
    """Rendering asks for exactly what it needs, also for what fetched charts and bases deploy."""
    from gitops_ci.render.engines import Ports
    from gitops_ci.render.options import options_of
    from gitops_ci.render.render import Renderer, render_all
    from gitops_ci.render.workspace import Workspace
    from gitops_ci.steps.rendering import snapshot_of

    snapshot = snapshot_of(world)
    url = world.git.remote_url() if world.git else ""
    options = options_of(snapshot.config, engine="native", remotes=(url,) if url else ())
    workspace = Workspace(snapshot.files.tree, world.root)
    roots = snapshot.plan.roots
    try:
        renderer = Renderer(snapshot.files, options, Ports(workspace, world.programs, library))
        everything = render_all(renderer, roots, snapshot.environments.of_deployer)
        for number, _ in enumerate(everything, start=1):
            world.progress.step("fetching", number, len(roots))
    finally:
        workspace.close()
        world.progress.end()


def _write(outcomes: Iterable[Outcome], world: World) -> None:
    """Write the lock if it changed. What could not be had keeps its entry."""
    from gitops_ci.output.files import write_atomic
    from gitops_ci.render.fetched.lock import PATH, write_lock

    data = write_lock(outcome.entry for outcome in outcomes if outcome.entry is not None)
    path = world.root / PATH
    if not data:
        path.unlink(missing_ok=True)
    elif not path.is_file() or path.read_bytes() != data:
        write_atomic(path, data, within=world.root)


def _told(outcomes: list[Outcome]) -> Iterator[str]:
    """One line for each thing that is there."""
    from gitops_ci.render.fetched.model import State

    there = [item for item in outcomes if item.state in (State.PRESENT, State.FETCHED)]
    for outcome in there:
        entry = outcome.entry
        resolved = entry.resolved if entry else ""
        more = f" → {resolved}" if resolved not in ("", outcome.key.version) else ""
        yield f"{outcome.state.value} {outcome.key}{more}"
    fetched = sum(outcome.state is State.FETCHED for outcome in there)
    missing = len(outcomes) - len(there)
    yield f"{len(there)} there, {fetched} of them new, {missing} not to be had"


def _verdict(outcomes: Iterable[Outcome], world: World) -> int:
    from gitops_ci.output.sink import Level
    from gitops_ci.render.fetched.model import State

    code = exits.OK
    for outcome in outcomes:
        if not outcome.message:
            continue
        place = outcome.location
        where = f"{place.path}:{place.line}: " if place else ""
        world.sink.log(f"{where}{outcome.key}: {outcome.message}", Level.ERROR)
        failed = outcome.state is State.FAILED
        code = exits.ENDPOINT if failed else max(code, exits.FINDINGS)
    return code
