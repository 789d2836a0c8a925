"""What a bump has to know of a tree: its sites, and which overlay reads which base."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import cache
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from gitops_ci.config.load import load
from gitops_ci.config.model import Config
from gitops_ci.documents.document import SourceFile
from gitops_ci.model.errors import ConfigError
from gitops_ci.promote.bump.overlays import (
    BASE_KIND,
    Entry,
    Overlay,
    overridden,
    possible_entries,
    renames_of,
)
from gitops_ci.promote.bump.planner import Facts
from gitops_ci.promote.bump.request import Target
from gitops_ci.repo.kinds import FileKind
from gitops_ci.repo.names import is_kustomization
from gitops_ci.repo.paths import parent
from gitops_ci.repo.sites.find import SiteFinder
from gitops_ci.repo.sites.model import Site
from gitops_ci.repo.tree import Tree
from gitops_ci.steps.reading import config_reader
from gitops_ci.steps.settings import settled
from gitops_ci.steps.snapshot import Snapshot, take_snapshot
from gitops_ci.steps.world import World


class Observed(Struct, frozen=True):
    """One state of the repository with its sites. Paths of sites are those of regular files: a
    place that links lead to is one place."""

    tree: Tree
    config: Config
    snapshot: Snapshot
    sites: tuple[Site, ...]
    finder: SiteFinder

    def source(self, path: str) -> SourceFile:
        """The parsed file at `path`."""
        return self.snapshot.files.source(path)


def observe(tree: Tree, inputs: Any, world: World) -> Observed:
    """Read `tree` under its own configuration and the settings on top of it. Raises ConfigError
    and UsageError."""
    loaded = load(config_reader(tree, world), world.config_file)
    if loaded.findings:
        raise ConfigError(loaded.findings)
    config = settled(loaded, inputs, world).config
    snapshot = take_snapshot(tree, config, world.git.remote_url() if world.git else "")
    return observed(tree, config, snapshot)


def observed(tree: Tree, config: Config, snapshot: Snapshot) -> Observed:
    """What the snapshot of `tree` shows of sites."""
    finder = SiteFinder(snapshot.files, snapshot.inventory, config, snapshot.environments)
    return Observed(tree, config, snapshot, _once(finder.find(), tree), finder)


def _once(sites: tuple[Site, ...], tree: Tree) -> tuple[Site, ...]:
    """Each place once, under the path of its file; a link out of the repository has none."""
    unique: dict[tuple[str, object], Site] = {}
    for site in sites:
        path = tree.resolve(site.path)
        if path is not None:
            real = site if path == site.path else replace(site, path=path)
            unique.setdefault((path, site.parts), real)
    return tuple(unique.values())


def facts_for(targets: tuple[Target, ...], observed: Observed) -> Facts:
    """The planner's facts. Which overlay reads which base is looked up only for bases that hold
    one of the targets."""
    bases = [
        site
        for site in observed.sites
        if site.kind == BASE_KIND
        and not site.environment
        and any(target.is_for(site) for target in targets)
    ]
    overlays = overlays_of(observed.snapshot, frozenset(site.path for site in bases))
    names = frozenset(site.name for site in bases)
    near = [site for site in observed.sites if site.name in names]
    return Facts(
        sites=observed.sites,
        source=observed.source,
        overridden=overridden(near, overlays, _changed_by(observed.snapshot)),
        entries=_entries(tuple(near), overlays),
        mentions=observed.finder.mentions,
    )


def _changed_by(snapshot: Snapshot) -> Callable[[str], Collection[str]]:
    """The files whose objects a kustomization alters: those that it reads, but not the patches of
    one that builds on it. What a component alters is not known from its own file."""
    components = frozenset(snapshot.inventory.of(FileKind.COMPONENT))
    everything = snapshot.inventory.files

    def changed(path: str) -> Collection[str]:
        return everything if path in components else snapshot.graph.closure((path,))

    return cache(changed)


def _entries(
    sites: tuple[Site, ...], overlays: tuple[Overlay, ...]
) -> Callable[[str, str], tuple[Entry, ...]]:
    def entries(repository: str, environment: str) -> tuple[Entry, ...]:
        return possible_entries(repository, environment, sites, overlays)

    return entries


def overlays_of(snapshot: Snapshot, bases: frozenset[str]) -> tuple[Overlay, ...]:
    """The kustomize roots that read one of the files `bases`."""
    if not bases:
        return ()
    files = {parent(path): path for path in snapshot.inventory.references if is_kustomization(path)}
    found: dict[str, Overlay] = {}
    for root in snapshot.plan.roots:
        directories = [root.path, *(d.directory for d in root.deployments if d.directory)]
        path = next((files[d] for d in directories if d in files), None)
        if path is None or path in found:
            continue
        reads = snapshot.graph.closure(root.starts or (path,))
        if not bases.isdisjoint(reads):
            documents = snapshot.files.source(path).documents
            renames = renames_of(documents[0].value) if documents else {}
            found[path] = Overlay(path, root.environment, root.app, reads, renames)
    return tuple(found.values())
