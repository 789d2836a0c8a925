"""The engines of one run, each made when something first needs it: a repository of plain files is
checked without loading any of them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct

from gitops_ci.render.options import RenderOptions
from gitops_ci.render.result import Result
from gitops_ci.repo.files import Files

if TYPE_CHECKING:  # these cost more than everything else that a run of plain files imports
    from gitops_ci.render.engine_choice import ChosenEngine
    from gitops_ci.render.fetched.model import Elsewhere
    from gitops_ci.render.helm.release import Helm
    from gitops_ci.render.kustomize_binary import KustomizeBinary
    from gitops_ci.render.layer import Layer, LayerBuilder
    from gitops_ci.render.native import NativeEngine
    from gitops_ci.render.programs import Programs
    from gitops_ci.render.workspace import Workspace


class Ports(Struct, frozen=True):
    """What rendering uses from outside. `elsewhere` gives what lies in other repositories; None
    means the cache of the user, under the lock of the tree."""

    workspace: Workspace
    programs: Programs
    elsewhere: Elsewhere | None = None


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

        workspace, programs = self._ports.workspace, self._ports.programs
        return Helm(self._files, workspace, programs, self._options, self.elsewhere)

    @cached_property
    def elsewhere(self) -> Elsewhere:
        """Charts and bases that lie in other repositories."""
        from gitops_ci.render.fetched.lock import read_lock
        from gitops_ci.render.fetched.model import Closed

        if self._ports.elsewhere is not None:
            return self._ports.elsewhere
        lock, network = read_lock(self._files.tree), self._options.network
        found = lock.entries and self._options.cached
        if lock.faults or not (network or found):
            return Closed("; ".join(lock.faults))
        from gitops_ci.render.fetched.library import open_library

        folder = self._options.cache if self._options.cached else self._ports.workspace.kept()
        return open_library(lock, self._ports.programs, network=network, folder=folder)

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

        there = self._binary.is_there
        return NativeEngine(self._files, self._options, self.helm, self.elsewhere, there)
