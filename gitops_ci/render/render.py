"""Roots to objects: the entrance of this package."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from gitops_ci.documents.manifests import unfold
from gitops_ci.render.config_maps import ConfigMaps
from gitops_ci.render.context import Context, find_origins
from gitops_ci.render.engines import Engines, Ports
from gitops_ci.render.expand import Expansion
from gitops_ci.render.flux.chart_sources import ChartSources
from gitops_ci.render.objects import Rendered, RenderedObject, Root, RootKind
from gitops_ci.render.options import RenderOptions
from gitops_ci.render.origins import SourceOrigin
from gitops_ci.render.paths import is_file
from gitops_ci.render.plain import files_in, render_files
from gitops_ci.render.result import Result
from gitops_ci.render.wanting import unless_wanting
from gitops_ci.repo.affected import NO_CARRIERS, Carriers
from gitops_ci.repo.deployers import Deployer
from gitops_ci.repo.files import Files
from gitops_ci.repo.lookup import Places
from gitops_ci.repo.root_plan import PlannedRoot
from gitops_ci.repo.tree import UnreadableError

__all__ = ["EnvironmentOf", "Ports", "Renderer", "render_all"]

EnvironmentOf = Callable[[Deployer, str], str]
"""The environment of a deployer that applies a directory."""


class Renderer:
    """Renders the roots of one tree. The files have to be parsed before (by taking the inventory):
    the sources, ConfigMaps and clusters in them are looked up."""

    def __init__(self, files: Files, options: RenderOptions, ports: Ports) -> None:
        self.context = Context(
            files,
            Places(files),
            options,
            Engines(files, options, ports),
            ConfigMaps(files),
            ChartSources(files),
            find_origins(files, options.remotes),
        )

    def render(self, planned: PlannedRoot) -> Rendered:
        """The root, without what the deployers in its output apply."""
        if planned.deployer is not None:
            item = self.object_of(planned.deployer)
            if item is not None:
                return Expansion(self.context).deployed(item, planned.environment)
        root = Root(planned.path, planned.kind, planned.environment)
        tree = self.context.files.tree
        return unless_wanting(tree, lambda: self._result(planned).of(root))

    def object_of(self, deployer: Deployer) -> RenderedObject | None:
        """The deployer's object as it is written, None if it is not there any more."""
        try:
            source = self.context.files.source(deployer.path)
        except UnreadableError:
            return None
        for document in source.documents:
            if document.index != deployer.document:
                continue
            for manifest in unfold(document.value, document.index, ()):
                if manifest.route == deployer.route:
                    origin = SourceOrigin(source, manifest.document, manifest.route)
                    return RenderedObject(manifest.value, origin)
        return None

    def _result(self, planned: PlannedRoot) -> Result:
        files = self.context.files
        if planned.kind == RootKind.KUSTOMIZE:
            return self.context.engine.build(planned.path)
        if planned.kind == RootKind.CHART:
            from gitops_ci.render.chart_root import render_chart

            return render_chart(planned, self.context)
        if planned.files:
            return render_files(files, planned.files)
        if is_file(files.tree, planned.path):
            return render_files(files, (planned.path,))
        return render_files(files, files_in(files.tree, planned.path, recurse=False))


def render_all(
    renderer: Renderer,
    roots: Iterable[PlannedRoot],
    environment_of: EnvironmentOf | None = None,
    carriers: Carriers = NO_CARRIERS,
) -> Iterator[Rendered]:
    """Every root and everything that the deployers in the rendered output apply, and so on. What a
    deployer applies is not given once more as a root of its own. Of the `carriers` only that is
    given which the deployers in them apply and which is of concern."""
    planned = tuple(roots)
    expansion = Expansion(renderer.context, planned, environment_of)
    held: list[Rendered] = []
    for root in planned:
        if not root.nested:
            yield from _hold(expansion.root(root, renderer), held)
    for root in sorted(carriers.roots, key=lambda root: root.nested):
        if root.deployer is None or not expansion.has_seen(root.deployer):
            yield from expansion.through(root, renderer, carriers)
    for root in planned:
        if root.nested and root.deployer is not None and not expansion.has_seen(root.deployer):
            yield from expansion.root(root, renderer)
    deployed = expansion.directories
    yield from (rendered for rendered in held if rendered.root.path not in deployed)


def _hold(rendered: Iterator[Rendered], held: list[Rendered]) -> Iterator[Rendered]:
    """Pass on what deployers apply; keep the rest until it is known what they apply."""
    for item in rendered:
        if item.root.deployer:
            yield item
        else:
            held.append(item)
