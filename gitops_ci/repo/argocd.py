"""Argo CD Applications as deployers. Fields: the Application specification of Argo CD."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.documents.manifests import Manifest, ref_of
from gitops_ci.documents.values import Value
from gitops_ci.model.finding import ObjectRef
from gitops_ci.model.span import Route
from gitops_ci.repo.applicationset import Lookup, expand, hints, parameter_sets
from gitops_ci.repo.deployers import (
    ARGOCD_APPLICATION,
    Deployer,
    Destination,
    Source,
    mapping,
    sequence,
    text,
)

_GROUP = "argoproj.io"


def deployers_of(path: str, manifest: Manifest, lookup: Lookup) -> Iterator[Deployer]:
    """The deployers that an Application or ApplicationSet is; nothing for any other object.

    An ApplicationSet gives one for each set of parameters that the repository tells; parameters
    that only the cluster knows stay as `{{…}}` in the paths.
    """
    ref = ref_of(manifest.value)
    if ref.group != _GROUP:
        return
    spec = mapping(manifest.value.get("spec"))
    if ref.kind == "Application":
        yield _application(path, manifest, ref, spec, (*manifest.route, "spec"), ())
    elif ref.kind == "ApplicationSet":
        template = _read_parts(mapping(spec.get("template")))
        route: Route = (*manifest.route, "spec", "template", "spec")
        for parameters in parameter_sets(sequence(spec.get("generators")), lookup):
            made = mapping(expand(template, parameters))
            name = text(mapping(made.get("metadata")).get("name"))
            own = ObjectRef(_GROUP, ref.version, "Application", ref.namespace, name or ref.name)
            yield _application(
                path, manifest, own, mapping(made.get("spec")), route, hints(parameters)
            )


def _read_parts(template: dict[str, Value]) -> dict[str, Value]:
    """The template without inline Helm values and the like, which are large and never read here."""
    spec = mapping(template.get("spec"))
    parts: dict[str, Value] = {key: spec[key] for key in ("destination", "project") if key in spec}
    if "source" in spec:
        parts["source"] = _lean(mapping(spec["source"]))
    if "sources" in spec:
        parts["sources"] = [_lean(mapping(item)) for item in sequence(spec["sources"])]
    metadata = {"name": mapping(template.get("metadata")).get("name")}
    return {"metadata": metadata, "spec": parts}


def _lean(source: dict[str, Value]) -> dict[str, Value]:
    helm = mapping(source.get("helm"))
    kept = ("releaseName", "valueFiles", "ignoreMissingValueFiles")
    return {**source, "helm": {key: helm[key] for key in kept if key in helm}}


def _application(
    path: str,
    manifest: Manifest,
    ref: ObjectRef,
    spec: dict[str, Value],
    route: Route,
    told: tuple[str, ...],
) -> Deployer:
    where = mapping(spec.get("destination"))
    destination = Destination(
        cluster=text(where.get("name")),
        server=text(where.get("server")),
        namespace=text(where.get("namespace")),
        project=text(spec.get("project")),
        hints=told,
    )
    sources = tuple(_sources(spec, route))
    release = next((name for name in map(_release, _raw_sources(spec)) if name), ref.name)
    return Deployer(
        path,
        manifest.document,
        manifest.route,
        ref,
        ARGOCD_APPLICATION,
        sources,
        destination,
        release=release,
        generated="template" in route,
    )


def _raw_sources(spec: dict[str, Value]) -> list[dict[str, Value]]:
    several = sequence(spec.get("sources"))
    return [mapping(item) for item in several] if several else [mapping(spec.get("source"))]


def _release(source: dict[str, Value]) -> str:
    return text(mapping(source.get("helm")).get("releaseName"))


def _sources(spec: dict[str, Value], route: Route) -> Iterator[Source]:
    several = bool(sequence(spec.get("sources")))
    raw = _raw_sources(spec)
    origins = {text(item.get("ref")): text(item.get("repoURL")) for item in raw if item.get("ref")}
    for index, item in enumerate(raw):
        at: Route = (*route, "sources", index) if several else (*route, "source")
        yield _source(item, at, origins)


def _source(item: dict[str, Value], at: Route, origins: dict[str, str]) -> Source:
    helm = mapping(item.get("helm"))
    directory = mapping(item.get("directory"))
    values = tuple(_values(helm, at, origins))
    in_files = "path" in item and not text(item.get("chart"))
    components = tuple(
        (text(part), (*at, "kustomize", "components", index))
        for index, part in enumerate(sequence(mapping(item.get("kustomize")).get("components")))
    )
    return Source(
        text(item.get("path")) if in_files else None,
        (*at, "path" if in_files else "repoURL"),
        chart=bool(text(item.get("chart"))),
        url=text(item.get("repoURL")),
        revision=text(item.get("targetRevision")),
        values=values,
        optional_values=helm.get("ignoreMissingValueFiles") is True,
        components=components,
        recurse=directory.get("recurse") is True,
        include=text(directory.get("include")),
        exclude=text(directory.get("exclude")),
    )


def _values(
    helm: dict[str, Value], at: Route, origins: dict[str, str]
) -> Iterator[tuple[str, Route]]:
    """A value file of another source, `$ref/path`, is given from the root of that source."""
    for index, entry in enumerate(sequence(helm.get("valueFiles"))):
        written = text(entry)
        if written.startswith("$"):
            name, _, written = written[1:].partition("/")
            if name not in origins:
                continue
            written = f"/{written}"
        if written and "://" not in written:
            yield written, (*at, "helm", "valueFiles", index)
