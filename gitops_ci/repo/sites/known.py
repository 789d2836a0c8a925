"""What other objects of the repository say about a site: which chart a release installs, which
address a source has, which image a policy follows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import TypeVar

from msgspec import Struct, field

from gitops_ci.documents.document import SourceFile
from gitops_ci.documents.manifests import Manifest, manifests_of, ref_of
from gitops_ci.documents.values import Value
from gitops_ci.repo.deployers import mapping, text

T = TypeVar("T")
_SOURCES = ("HelmRepository", "OCIRepository", "GitRepository")
_TELLING = (b"toolkit.fluxcd.io", b"flagger.app")


def _no_files(_pattern: str) -> Iterable[SourceFile]:
    return ()


class Known(Struct, frozen=True):
    """`addresses` and `charts` by `Kind/name`; what two objects of one name say differently is
    left out. `policies` are images by `namespace:name` of a Flux ImagePolicy; `canaries` are the
    names of workloads that Flagger copies; `defaults` the values of each chart directory;
    `generator_files` gives the files that a path of a git generator matches."""

    addresses: dict[str, str] = field(default_factory=dict)
    charts: dict[str, tuple[str, str]] = field(default_factory=dict)
    policies: dict[str, str] = field(default_factory=dict)
    canaries: frozenset[str] = frozenset()
    defaults: dict[str, Value] = field(default_factory=dict)
    generator_files: Callable[[str], Iterable[SourceFile]] = _no_files

    def address(self, reference: dict[str, Value]) -> str:
        """The address of the source that a `sourceRef` names; empty when it is not known."""
        return self.addresses.get(
            f"{text(reference.get('kind'))}/{text(reference.get('name'))}", ""
        )

    def chart(self, kind: str, name: str) -> tuple[str, str]:
        """Chart and repository of the object, empty when they are not known."""
        return self.charts.get(f"{kind}/{name}", ("", ""))


def look_around(
    sources: Iterable[SourceFile],
    defaults: dict[str, Value],
    generator_files: Callable[[str], Iterable[SourceFile]] = _no_files,
) -> Known:
    """What the objects of the files tell."""
    seen = _Seen()
    for source in sources:
        if any(mark in source.data for mark in _TELLING):
            for manifest in manifests_of(source):
                seen.take(manifest)
    return seen.known(defaults, generator_files)


class _Seen:
    """What was read so far; several objects of one name may say different things."""

    def __init__(self) -> None:
        self._addresses: dict[str, set[str]] = defaultdict(set)
        self._releases: list[tuple[str, dict[str, Value]]] = []
        self._images: dict[str, str] = {}
        self._policies: dict[str, str] = {}
        self._canaries: set[str] = set()

    def take(self, manifest: Manifest) -> None:
        """Remember what the object tells."""
        ref, spec = ref_of(manifest.value), mapping(manifest.value.get("spec"))
        if ref.kind in _SOURCES:
            self._addresses[f"{ref.kind}/{ref.name}"].add(text(spec.get("url")))
        elif ref.kind in ("HelmRelease", "HelmChart"):
            self._releases.append((f"{ref.kind}/{ref.name}", spec))
        elif ref.kind == "ImageRepository":
            self._images[f"{ref.namespace}:{ref.name}"] = text(spec.get("image"))
        elif ref.kind == "ImagePolicy":
            target = mapping(spec.get("imageRepositoryRef"))
            space = text(target.get("namespace")) or ref.namespace
            self._policies[f"{ref.namespace}:{ref.name}"] = f"{space}:{text(target.get('name'))}"
        elif ref.kind == "Canary":
            self._canaries.add(text(mapping(spec.get("targetRef")).get("name")))

    def known(
        self, defaults: dict[str, Value], generator_files: Callable[[str], Iterable[SourceFile]]
    ) -> Known:
        """What of it is certain."""
        known = Known(addresses=_sure(self._addresses))
        charts: dict[str, set[tuple[str, str]]] = defaultdict(set)
        for name, spec in self._releases:
            chart = _chart_of(spec, known)
            if chart[0]:
                charts[name].add(chart)
        policies = {name: self._images.get(to, "") for name, to in self._policies.items()}
        canaries = frozenset(self._canaries - {""})
        return Known(known.addresses, _sure(charts), policies, canaries, defaults, generator_files)


def _chart_of(spec: dict[str, Value], known: Known) -> tuple[str, str]:
    chart = spec.get("chart")
    inner = mapping(mapping(chart).get("spec")) if isinstance(chart, dict) else spec
    return text(inner.get("chart")), known.address(mapping(inner.get("sourceRef")))


def _sure(found: dict[str, set[T]]) -> dict[str, T]:
    return {name: next(iter(values)) for name, values in found.items() if len(values) == 1}
