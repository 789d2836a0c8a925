"""What goes into the engine and what comes out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from msgspec import Struct, field

from gitops_ci.documents.document import SourceFile
from gitops_ci.model.finding import Finding
from gitops_ci.model.skip import Skip
from gitops_ci.model.span import Location, Route
from gitops_ci.render.objects import RenderedObject
from gitops_ci.repo.files import Files


class ChartRequest(Struct, frozen=True):
    """One `helmCharts` entry: the kustomization's directory, the entry, `helmGlobals`, and the
    place of the entry."""

    directory: str
    chart: Mapping[str, Any]
    options: Mapping[str, Any]
    location: Location


class PortError(Exception):
    """A chart could not be rendered or a base not fetched; the message is for a person."""


class HelmPort(Protocol):
    """Renders charts."""

    def render(self, request: ChartRequest) -> tuple[RenderedObject, ...]:
        """The objects of the chart, in the order that helm prints them. Raises PortError, or
        SkipError when the chart lies elsewhere."""
        ...


class RemotePort(Protocol):
    """Fetches remote bases."""

    def fetch(self, url: str) -> tuple[Files, str]:
        """The files of the repository or of the single file that `url` names, and the path in it.
        Raises PortError."""
        ...


class KustomizeOptions(Struct, frozen=True):
    """`load_restrictor` is "auto" (root-only first, then none), "root-only" or "none"."""

    load_restrictor: str = "auto"
    helm: HelmPort | None = None
    remote: RemotePort | None = None


class Layer(Struct, frozen=True):
    """An in-memory kustomization on top of `directory`: `fields` as in a kustomization file, each
    of which stands at its route of `routes` in a document of `source`."""

    directory: str
    fields: Mapping[str, Any]
    source: SourceFile
    document: int = 0
    routes: Mapping[str, Route] = field(default_factory=dict)


class Built(Struct, frozen=True):
    """The result for one directory. When a fault ends the build, `failed` is set, `objects` is
    empty and `findings` says why; findings beside objects do not end it. `used` lists the files
    that were read; `skipped` what lies elsewhere."""

    objects: tuple[RenderedObject, ...] = ()
    findings: tuple[Finding, ...] = ()
    used: frozenset[str] = frozenset()
    skipped: tuple[Skip, ...] = ()
    failed: bool = False
