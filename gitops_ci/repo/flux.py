"""Flux objects as deployers. Fields: the API references of kustomize.toolkit.fluxcd.io,
helm.toolkit.fluxcd.io and source.extensions.fluxcd.io."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from gitops_ci.documents.manifests import Manifest, ref_of
from gitops_ci.model.span import Route
from gitops_ci.repo.deployers import (
    FLUX_HELMRELEASE,
    FLUX_KUSTOMIZATION,
    Deployer,
    Destination,
    Source,
    mapping,
    sequence,
    text,
)

_KUSTOMIZATION = "kustomize.toolkit.fluxcd.io"
_HELM = "helm.toolkit.fluxcd.io"
_SOURCE = "source.toolkit.fluxcd.io"
_EXTENSIONS = "source.extensions.fluxcd.io"


def deployer_of(path: str, manifest: Manifest) -> Deployer | None:
    """The deployer that a Flux Kustomization or HelmRelease is; None for any other object."""
    ref = ref_of(manifest.value)
    if ref.group == _KUSTOMIZATION and ref.kind == "Kustomization":
        return _kustomization(path, manifest)
    if ref.group == _HELM and ref.kind == "HelmRelease":
        return _helm_release(path, manifest)
    return None


def _kustomization(path: str, manifest: Manifest) -> Deployer:
    ref = ref_of(manifest.value)
    spec = mapping(manifest.value.get("spec"))
    route: Route = (*manifest.route, "spec")
    components = tuple(
        (text(item), (*route, "components", index))
        for index, item in enumerate(sequence(spec.get("components")))
    )
    source = Source(
        text(spec.get("path")),
        (*route, "path"),
        reference=_reference(mapping(spec.get("sourceRef")), ref.namespace),
        components=components,
        recurse=True,
    )
    destination = Destination(
        cluster=_kube_config(spec), namespace=text(spec.get("targetNamespace")), hints=_hints(spec)
    )
    return Deployer(
        path, manifest.document, manifest.route, ref, FLUX_KUSTOMIZATION, (source,), destination
    )


def _helm_release(path: str, manifest: Manifest) -> Deployer:
    ref = ref_of(manifest.value)
    spec = mapping(manifest.value.get("spec"))
    chart = mapping(mapping(spec.get("chart")).get("spec"))
    route: Route = (*manifest.route, "spec", "chart", "spec")
    origin = mapping(chart.get("sourceRef"))
    in_files = text(origin.get("kind")) in ("GitRepository", "Bucket")
    values = [
        (f"/{text(item)}", (*route, "valuesFiles", index))
        for index, item in enumerate(sequence(chart.get("valuesFiles")))
        if text(item)
    ]
    source = Source(
        text(chart.get("chart")) if in_files else None,
        (*route, "chart"),
        chart=True,
        revision=text(chart.get("version")),
        reference=_reference(origin or mapping(spec.get("chartRef")), ref.namespace),
        values=tuple(values) if in_files else (),
        optional_values=chart.get("ignoreMissingValuesFiles") is True,
    )
    namespace = text(spec.get("targetNamespace")) or ref.namespace
    release = text(spec.get("releaseName")) or ref.name
    destination = Destination(cluster=_kube_config(spec), namespace=namespace)
    return Deployer(
        path,
        manifest.document,
        manifest.route,
        ref,
        FLUX_HELMRELEASE,
        (source,),
        destination,
        release=release,
    )


def _reference(value: dict[str, object], namespace: str) -> str:
    place = text(value.get("namespace")) or namespace
    return f"{text(value.get('kind'))}/{place}/{text(value.get('name'))}"


def _kube_config(spec: dict[str, object]) -> str:
    """The name of the kubeconfig Secret, which usually names the cluster."""
    config = mapping(spec.get("kubeConfig"))
    for key in ("secretRef", "configMapRef"):
        name = text(mapping(config.get(key)).get("name"))
        if name:
            return name.removesuffix("-kubeconfig")
    return ""


def _hints(spec: dict[str, object]) -> tuple[str, ...]:
    """Substitutions whose name speaks of a cluster or an environment."""
    substitute = mapping(mapping(spec.get("postBuild")).get("substitute"))
    names = ("ENVIRONMENT", "ENV", "CLUSTER_ENV", "CLUSTER_NAME", "CLUSTER", "STAGE")
    lower = {key.lower(): text(value) for key, value in substitute.items()}
    return tuple(filter(None, (lower.get(name.lower(), "") for name in names)))


class GitSource(Struct, frozen=True):
    """A GitRepository object: which repository a name stands for."""

    reference: str
    url: str
    branch: str


def git_source_of(manifest: Manifest) -> GitSource | None:
    """The object as a GitSource, or None."""
    ref = ref_of(manifest.value)
    if ref.group != _SOURCE or ref.kind != "GitRepository":
        return None
    spec = mapping(manifest.value.get("spec"))
    reference = f"{ref.kind}/{ref.namespace}/{ref.name}"
    branch = text(mapping(spec.get("ref")).get("branch"))
    return GitSource(reference, text(spec.get("url")), branch)


class Copy(Struct, frozen=True):
    """One copy rule of an ArtifactGenerator: below `to` in the artifact lies what is below `origin`
    in the repository. `generator` is the file that says so."""

    generator: str
    reference: str
    origin: str
    to: str


def copies_of(path: str, manifest: Manifest) -> Iterator[Copy]:
    """The directory copies (`from: "@alias/dir/**"`) of an ArtifactGenerator."""
    ref = ref_of(manifest.value)
    if ref.group != _EXTENSIONS or ref.kind != "ArtifactGenerator":
        return
    for artifact in sequence(mapping(manifest.value.get("spec")).get("artifacts")):
        name = text(mapping(artifact).get("name"))
        for copy in sequence(mapping(artifact).get("copy")):
            origin, to = text(mapping(copy).get("from")), text(mapping(copy).get("to"))
            _, _, origin = origin.partition("/")
            if origin.endswith("/**") and to.startswith("@artifact/"):
                to = to.removeprefix("@artifact/").strip("/")
                reference = f"ExternalArtifact/{ref.namespace}/{name}"
                yield Copy(path, reference, origin.removesuffix("/**").strip("/"), to)
