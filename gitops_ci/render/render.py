"""Roots to objects: the entrance of this package."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from gitops_ci.documents.manifests import unfold
from gitops_ci.model.finding import found
from gitops_ci.model.span import Location
from gitops_ci.render import rules
from gitops_ci.render.config_maps import ConfigMaps
from gitops_ci.render.context import Context, find_origins
from gitops_ci.render.engine_choice import ChosenEngine
from gitops_ci.render.expand import Expansion
from gitops_ci.render.helm.release import DEFAULT_NAME, Helm, Release
from gitops_ci.render.helm.values import Layer, file_layer
from gitops_ci.render.kustomize_binary import KustomizeBinary
from gitops_ci.render.layer import BinaryLayerBuilder
from gitops_ci.render.native import NativeEngine
from gitops_ci.render.objects import Rendered, RenderedObject, Root, RootKind
from gitops_ci.render.options import RenderOptions
from gitops_ci.render.origins import SourceOrigin
from gitops_ci.render.paths import is_file
from gitops_ci.render.plain import files_in, render_files
from gitops_ci.render.programs import Programs
from gitops_ci.render.result import Result, failed
from gitops_ci.render.workspace import Workspace
from gitops_ci.repo.deployers import Deployer
from gitops_ci.repo.files import Files
from gitops_ci.repo.lookup import Places
from gitops_ci.repo.root_plan import PlannedRoot
from gitops_ci.repo.tree import UnreadableError

EnvironmentOf = Callable[[Deployer, str], str]
"""The environment of a deployer that applies a directory."""


@dataclass(frozen=True, slots=True)
class Ports:
    """What rendering uses from outside."""

    workspace: Workspace
    programs: Programs


class Renderer:
    """Renders the roots of one tree. The files have to be parsed before (by taking the inventory):
    the sources, ConfigMaps and clusters in them are looked up."""

    def __init__(self, files: Files, options: RenderOptions, ports: Ports) -> None:
        binary = KustomizeBinary(files, ports.workspace, ports.programs, options)
        helm = Helm(files, ports.workspace, ports.programs, options)
        native = NativeEngine(files, options, helm, binary.is_there)
        engine = ChosenEngine(options.engine, native.build, binary.build, binary.is_there)
        self.context = Context(
            files,
            Places(files),
            options,
            engine,
            engine.layers(native.build_layer, BinaryLayerBuilder(binary)),
            helm,
            ConfigMaps(files),
            find_origins(files, options.remotes),
        )

    def render(self, planned: PlannedRoot) -> Rendered:
        """The root, without what the deployers in its output apply."""
        if planned.deployer is not None:
            item = self.object_of(planned.deployer)
            if item is not None:
                return Expansion(self.context).deployed(item, planned.environment)
        root = Root(planned.path, planned.kind, planned.environment)
        return self._result(planned).of(root)

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
            return self._chart(planned)
        if planned.files:
            return render_files(files, planned.files)
        if is_file(files.tree, planned.path):
            return render_files(files, (planned.path,))
        return render_files(files, files_in(files.tree, planned.path, recurse=False))

    def _chart(self, planned: PlannedRoot) -> Result:
        layers: list[Layer] = []
        for text in planned.values:
            path = text.removesuffix("?")
            try:
                layers.append(file_layer(self.context.files, path))
            except UnreadableError as error:
                if text.endswith("?"):
                    continue
                message = f"the values file '{path}' cannot be read: {error}"
                return failed(found(rules.HELM_MISSING_VALUES, message, Location(path), key=path))
        release = Release(
            planned.path,
            planned.release or DEFAULT_NAME,
            planned.namespace or "default",
            tuple(layers),
            deployed=planned.deployer is not None,
        )
        return self.context.helm.render(release)


def render_all(
    renderer: Renderer,
    roots: Iterable[PlannedRoot],
    environment_of: EnvironmentOf | None = None,
) -> Iterator[Rendered]:
    """Every root and everything that the deployers in the rendered output apply, and so on. What a
    deployer applies is not given once more as a root of its own."""
    planned = tuple(roots)
    expansion = Expansion(renderer.context, planned, environment_of)
    held: list[Rendered] = []
    for root in planned:
        if not root.nested:
            yield from _hold(expansion.root(root, renderer), held)
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
