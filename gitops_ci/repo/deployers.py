"""Objects that make a controller apply a part of the repository, as they are written."""

from __future__ import annotations

from msgspec import Struct

from gitops_ci.documents.values import Value
from gitops_ci.model.finding import ObjectRef
from gitops_ci.model.span import Route

ARGOCD_APPLICATION = "argocd-application"
FLUX_KUSTOMIZATION = "flux-kustomization"
FLUX_HELMRELEASE = "flux-helmrelease"


class Destination(Struct, frozen=True):
    """Where a deployer sends its objects, as far as it says so. `hints` are values that speak of a
    cluster or an environment: parameters of a generator, substitutions of Flux."""

    cluster: str = ""
    server: str = ""
    namespace: str = ""
    project: str = ""
    hints: tuple[str, ...] = ()


class Source(Struct, frozen=True):
    """One thing that a deployer reads.

    `path` is relative to the root of its source; None when nothing of a repository is meant, as
    for a chart from a registry. `values` are (text, route) of value files; a text is relative to
    `path`, or with a leading `/` to the root. `url` and `revision` are empty when the deployer
    only names a source object, whose `kind/namespace/name` is then `reference`.
    """

    path: str | None
    route: Route
    chart: bool = False
    url: str = ""
    revision: str = ""
    reference: str = ""
    values: tuple[tuple[str, Route], ...] = ()
    optional_values: bool = False
    components: tuple[tuple[str, Route], ...] = ()
    recurse: bool = False
    include: str = ""
    exclude: str = ""


class Deployer(Struct, frozen=True):
    """One object that deploys. `path`, `document` and `route` say where it is written; `ref` is
    its identity (that of the Application for an ApplicationSet's); `kind` one of the constants
    above; `generated` that an ApplicationSet makes it."""

    path: str
    document: int
    route: Route
    ref: ObjectRef
    kind: str
    sources: tuple[Source, ...]
    destination: Destination = Destination()
    release: str = ""
    generated: bool = False

    @property
    def name(self) -> str:
        """`path#Kind/namespace/name`, as reports and `render` call it."""
        place = f"{self.ref.namespace}/" if self.ref.namespace else ""
        return f"{self.path}#{self.ref.kind}/{place}{self.ref.name}"


def text(value: Value) -> str:
    """The value if it is a string, else empty."""
    return value if isinstance(value, str) else ""


def mapping(value: Value) -> dict[str, Value]:
    """The value if it is a mapping, else an empty one."""
    return value if isinstance(value, dict) else {}


def sequence(value: Value) -> list[Value]:
    """The value if it is a sequence, else an empty one."""
    return value if isinstance(value, list) else []
