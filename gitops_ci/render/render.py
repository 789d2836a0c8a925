"""Roots to objects: the entrance of this package."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gitops_ci.model.finding import found
from gitops_ci.model.span import Location
from gitops_ci.render import rules
from gitops_ci.render.engine_choice import ChosenEngine, Engine
from gitops_ci.render.helm.release import DEFAULT_NAME, Helm, Release
from gitops_ci.render.helm.values import Layer, file_layer
from gitops_ci.render.kustomize_binary import KustomizeBinary
from gitops_ci.render.objects import Rendered, Root, RootKind
from gitops_ci.render.options import RenderOptions
from gitops_ci.render.paths import is_file
from gitops_ci.render.plain import files_in, render_files
from gitops_ci.render.planned import PlannedRoot
from gitops_ci.render.programs import Programs
from gitops_ci.render.result import Result, failed
from gitops_ci.render.workspace import Workspace
from gitops_ci.repo.files import Files
from gitops_ci.repo.tree import UnreadableError


@dataclass(frozen=True, slots=True)
class Ports:
    """What rendering uses from outside."""

    workspace: Workspace
    programs: Programs


class Renderer:
    """Renders the roots of one tree."""

    def __init__(
        self, files: Files, options: RenderOptions, ports: Ports, native: Engine | None = None
    ) -> None:
        self.files = files
        self.options = options
        binary = KustomizeBinary(files, ports.workspace, ports.programs, options)
        self.engine = ChosenEngine(
            options.engine, native, binary, lambda: binary.command() is not None
        )
        self.helm = Helm(files, ports.workspace, ports.programs, options)

    def render(self, planned: PlannedRoot) -> Rendered:
        """The root as it is, deployers in its output not expanded."""
        root = Root(planned.path, planned.kind, planned.environment)
        return self._result(planned).of(root)

    def _result(self, planned: PlannedRoot) -> Result:
        if planned.kind == RootKind.KUSTOMIZE:
            return self.engine.build(planned.path)
        if planned.kind == RootKind.CHART:
            return self._chart(planned)
        if is_file(self.files.tree, planned.path):
            return render_files(self.files, (planned.path,))
        return render_files(self.files, files_in(self.files.tree, planned.path, recurse=False))

    def _chart(self, planned: PlannedRoot) -> Result:
        layers: list[Layer] = []
        for text in planned.values:
            path = text.removesuffix("?")
            try:
                layers.append(file_layer(self.files, path))
            except UnreadableError as error:
                if text.endswith("?"):
                    continue
                message = f"the values file '{path}' cannot be read: {error}"
                return failed(found(rules.HELM_MISSING_VALUES, message, Location(path), key=path))
        name = planned.release or DEFAULT_NAME
        namespace = planned.namespace or "default"
        deployed = planned.deployer is not None
        return self.helm.render(
            Release(planned.path, name, namespace, tuple(layers), deployed=deployed)
        )


def render_all(renderer: Renderer, roots: Iterable[PlannedRoot]) -> Iterator[Rendered]:
    """Every root, rendered."""
    for planned in roots:
        yield renderer.render(planned)
