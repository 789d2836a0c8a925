"""What every way of rendering shares during one run."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from msgspec import Struct

from gitops_ci.documents.manifests import Manifest, manifests_of
from gitops_ci.model.span import Location
from gitops_ci.render.config_maps import ConfigMaps
from gitops_ci.render.engines import Engines
from gitops_ci.render.flux.chart_sources import ChartSources
from gitops_ci.render.objects import RenderedObject
from gitops_ci.render.options import RenderOptions
from gitops_ci.render.result import Result
from gitops_ci.repo.argocd import deployers_of
from gitops_ci.repo.deployers import Deployer
from gitops_ci.repo.deployments import Deployment, Origins, resolve_deployers
from gitops_ci.repo.files import Files
from gitops_ci.repo.flux import Copy, GitSource, copies_of, deployer_of, git_source_of
from gitops_ci.repo.lookup import Places

if TYPE_CHECKING:  # loaded by `engines` when a root needs them
    from gitops_ci.render.engine_choice import ChosenEngine
    from gitops_ci.render.fetched.model import Elsewhere
    from gitops_ci.render.helm.release import Helm
    from gitops_ci.render.layer import Layer


class Context(Struct, frozen=True):
    """The tree, the engines, and what is known of the deployers around them."""

    files: Files
    places: Places
    options: RenderOptions
    engines: Engines
    config_maps: ConfigMaps
    chart_sources: ChartSources
    origins: Origins

    @property
    def engine(self) -> ChosenEngine:
        """Builds the kustomization of a directory."""
        return self.engines.kustomize

    @property
    def helm(self) -> Helm:
        """Renders charts."""
        return self.engines.helm

    @property
    def charts(self) -> Elsewhere:
        """Charts that lie elsewhere."""
        return self.engines.elsewhere

    def build(self, layer: Layer) -> Result:
        """The kustomization with the layer; without one if the layer adds nothing."""
        return self.engines.build_layer(layer)

    def note(self, objects: tuple[RenderedObject, ...]) -> None:
        """Remember the rendered objects that others refer to."""
        self.config_maps.note(objects)
        self.chart_sources.note(objects)

    def deployments(self, item: RenderedObject) -> tuple[Deployment, ...]:
        """What a Flux or Argo CD object applies, each source resolved in this repository."""
        return resolve_deployers(self._deployers(item), self.places, self.origins)

    def _deployers(self, item: RenderedObject) -> Iterable[Deployer]:
        place = location_of(item)
        manifest = Manifest(item.value, place.document, ())
        flux = deployer_of(place.path, manifest)
        return [flux] if flux else list(deployers_of(place.path, manifest, self.places))


def location_of(item: RenderedObject) -> Location:
    """Where an object is written; for one that was made, what made it."""
    return item.origin.trace(()).location


def name_of(item: RenderedObject) -> str:
    """How reports and `render` call a deployer: `path#Kind/namespace/name`."""
    ref = item.ref
    place = f"{ref.namespace}/" if ref.namespace else ""
    return f"{location_of(item).path}#{ref.kind}/{place}{ref.name}"


def find_origins(files: Files, remotes: tuple[str, ...]) -> Origins:
    """The Flux sources that the parsed files describe, and the address of this repository."""
    sources: list[GitSource] = []
    copies: list[Copy] = []
    for source in files.known():
        if b"toolkit.fluxcd.io" not in source.data and b"extensions.fluxcd.io" not in source.data:
            continue
        for manifest in manifests_of(source):
            git_source = git_source_of(manifest)
            sources += [git_source] if git_source else []
            copies += copies_of(source.path, manifest)
    return Origins(tuple(sources), tuple(copies), remotes[0] if remotes else "")
