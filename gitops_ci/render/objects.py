"""What rendering gives: objects that know where they come from."""

from __future__ import annotations

from typing import Any, Protocol

from msgspec import Struct

from gitops_ci.documents.manifests import ref_of
from gitops_ci.model.finding import Finding, ObjectRef
from gitops_ci.model.skip import Skip
from gitops_ci.model.span import Location, Route


class Step(Struct, frozen=True):
    """One station on the way of a value: where it was set and by what ("patch", "images entry",
    "name prefix", "base")."""

    location: Location
    what: str


class Trace(Struct, frozen=True):
    """Where a rendered value comes from. `location` is the line that somebody has to change;
    `chain` the stations from the first (base) to the last (what set it). `exact` is False when
    only the resource or its file is known."""

    location: Location
    chain: tuple[Step, ...] = ()
    exact: bool = True


class Origin(Protocol):
    """Answers, when a finding needs it, where a rendered value comes from."""

    def trace(self, route: Route, *, key: bool = False) -> Trace:
        """The origin of the value at `route` of the rendered object (of its key with `key`). For a
        route that does not exist: the key of the nearest parent that does."""
        ...


class RenderedObject(Struct, frozen=True):
    """One object as a controller would apply it. `value` is shared and never changed in place."""

    value: dict[str, Any]
    origin: Origin

    @property
    def ref(self) -> ObjectRef:
        """The identity that the object states."""
        return ref_of(self.value)


class RootKind:
    """The kinds of root, as words in reports."""

    KUSTOMIZE = "kustomize"
    PLAIN = "plain"
    CHART = "chart"
    FLUX_KUSTOMIZATION = "flux-kustomization"
    FLUX_HELMRELEASE = "flux-helmrelease"
    ARGOCD_APPLICATION = "argocd-application"
    STDIN = "stdin"


class Root(Struct, frozen=True):
    """Something that is rendered because something deploys it. `path` is a directory or a file of
    the repository; `deployer` is `path#Kind/namespace/name` when a controller's object renders it.
    """

    path: str
    kind: str
    environment: str = ""
    deployer: str = ""

    @property
    def name(self) -> str:
        """How reports call it."""
        return self.deployer or self.path or "."


class Rendered(Struct, frozen=True):
    """The result for one root: objects, findings about the rendering, and what was not rendered.
    `used` lists the files of the repository that the result depends on."""

    root: Root
    objects: tuple[RenderedObject, ...] = ()
    findings: tuple[Finding, ...] = ()
    skipped: tuple[Skip, ...] = ()
    used: frozenset[str] = frozenset()
