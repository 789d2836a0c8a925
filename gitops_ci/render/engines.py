"""The engines of one run, each made when something first needs it: a repository of plain files is
checked without loading any of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from gitops_ci.render.options import RenderOptions
from gitops_ci.render.result import Result
from gitops_ci.repo.files import Files

if TYPE_CHECKING:  # these cost more than everything else that a run of plain files imports
    from gitops_ci.render.engine_choice import ChosenEngine
    from gitops_ci.render.helm.release import Helm
    from gitops_ci.render.kustomize_binary import KustomizeBinary
    from gitops_ci.render.layer import Layer, LayerBuilder
    from gitops_ci.render.native import NativeEngine
    from gitops_ci.render.programs import Programs
    from gitops_ci.render.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Ports:
    """What rendering uses from outside."""

    workspace: Workspace
    programs: Programs


class Engines:
    """Builds kustomizations and charts of `files`."""

    def __init__(self, files: Files, options: RenderOptions, ports: Ports) -> None:
        self._files = files
        self._options = options
        self._ports = ports

    @cached_property
    def helm(self) -> Helm:
        """Charts through the helm binary."""
        from gitops_ci.render.helm.release import Helm

        return Helm(self._files, self._ports.workspace, self._ports.programs, self._options)

    @cached_property
    def kustomize(self) -> ChosenEngine:
        """Kustomizations by the engine that the options choose."""
        from gitops_ci.render.engine_choice import ChosenEngine

        binary = self._binary
        return ChosenEngine(self._options.engine, self._native.build, binary.build, binary.is_there)

    def build_layer(self, layer: Layer) -> Result:
        """The kustomization with the layer; without one if the layer adds nothing."""
        if layer.is_empty:
            return self.kustomize.build(layer.directory)
        return self._layers(layer)

    @cached_property
    def _layers(self) -> LayerBuilder:
        from gitops_ci.render.layer import BinaryLayerBuilder

        return self.kustomize.layers(self._native.build_layer, BinaryLayerBuilder(self._binary))

    @cached_property
    def _binary(self) -> KustomizeBinary:
        from gitops_ci.render.kustomize_binary import KustomizeBinary

        workspace, programs = self._ports.workspace, self._ports.programs
        return KustomizeBinary(self._files, workspace, programs, self._options)

    @cached_property
    def _native(self) -> NativeEngine:
        from gitops_ci.render.native import NativeEngine

        return NativeEngine(self._files, self._options, self.helm, self._binary.is_there)
