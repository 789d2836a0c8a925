"""Sites of Argo CD Applications. Fields: the Application specification of Argo CD."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.documents.values import Value
from gitops_ci.model.span import Route
from gitops_ci.repo.deployers import mapping, sequence, text
from gitops_ci.repo.sites.fields import walk_values
from gitops_ci.repo.sites.images import Split, reference_site, split_site
from gitops_ci.repo.sites.kustomize import image_texts, patches
from gitops_ci.repo.sites.model import Site
from gitops_ci.repo.sites.pins import chart_site, git_site
from gitops_ci.repo.sites.text import Found, Scope, inside, one

_PARTS = ("registry", "repository", "tag", "digest")


def application_sites(scope: Scope, spec: dict[str, Value], route: Route) -> Iterator[Found]:
    """The sites of an Application whose `spec` stands at `route`."""
    for index, item in enumerate(sequence(spec.get("sources"))):
        yield from source_sites(scope, mapping(item), (*route, "sources", index))
    yield from source_sites(scope, mapping(spec.get("source")), (*route, "source"))
    hydrator = mapping(mapping(spec.get("sourceHydrator")).get("drySource"))
    yield from source_sites(scope, hydrator, (*route, "sourceHydrator", "drySource"))


def source_sites(scope: Scope, source: dict[str, Value], at: Route) -> Iterator[Found]:
    """The sites of one source; also of a `.argocd-source` file, which is one without address."""
    url, chart = text(source.get("repoURL")), text(source.get("chart"))
    if "targetRevision" in source:
        place: Route = (*at, "targetRevision")
        revision = source["targetRevision"]
        if chart:
            where = url if "://" in url or not url else f"oci://{url}"
            yield from one(chart_site(scope, "argocd-source", place, revision, chart, where))
        elif url:
            yield from one(git_site(scope, "argocd-source", place, revision, url))
    helm, options = mapping(source.get("helm")), mapping(source.get("kustomize"))
    yield from _values(scope, helm, (*at, "helm"))
    yield from _parameters(scope, helm.get("parameters"), (*at, "helm", "parameters"))
    yield from image_texts(scope, options.get("images"), (*at, "kustomize", "images"))
    yield from patches(scope, options.get("patches"), (*at, "kustomize", "patches"))


def _values(scope: Scope, helm: dict[str, Value], at: Route) -> Iterator[Site]:
    yield from walk_values(scope, helm.get("valuesObject"), (*at, "valuesObject"))
    values = helm.get("values")
    if isinstance(values, dict):
        yield from walk_values(scope, values, (*at, "values"))
    for inner in inside(scope, (*at, "values"), values):
        yield from walk_values(inner.scope, inner.value, ())


def _parameters(scope: Scope, value: Value, at: Route) -> Iterator[Site]:
    """Pairs of name and value, put together by what stands before the last dot."""
    groups: dict[str, dict[str, tuple[Route, Value]]] = {}
    for index, item in enumerate(sequence(value)):
        pair = mapping(item)
        prefix, _, last = text(pair.get("name")).rpartition(".")
        place: Route = (*at, index, "value")
        if last in _PARTS:
            groups.setdefault(prefix, {})[last] = (place, pair.get("value"))
        elif last == "image" or last.endswith("Image"):
            site = reference_site(scope, "helm-parameter", place, pair.get("value"), versioned=True)
            yield from one(site)
    for prefix, parts in groups.items():
        sure = "repository" in parts or prefix.lower().endswith("image")
        if sure and ("tag" in parts or "digest" in parts):
            split = Split(
                parts.get("repository"),
                parts.get("registry"),
                parts.get("tag"),
                parts.get("digest"),
            )
            yield from one(split_site(scope, "helm-parameter", split))
