"""Sites of kustomize: images, charts, remote bases and patches of a kustomization.

Fields: the kustomize reference for kind Kustomization and Component.
"""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.documents.values import Value
from gitops_ci.model.regex import regex
from gitops_ci.model.span import Route
from gitops_ci.repo.deployers import mapping, sequence, text
from gitops_ci.repo.sites.fields import walk_values
from gitops_ci.repo.sites.images import Split, reference_site, split_site
from gitops_ci.repo.sites.model import Site
from gitops_ci.repo.sites.pins import chart_site, remote_site
from gitops_ci.repo.sites.text import Found, Inner, Scope, entry, inside, one

IMAGES = "kustomize-images"
_REMOTE = ("resources", "bases", "components", "crds", "configurations", "generators")
_LITERAL = regex(r"((?:.*_)?IMAGE(?:_[^=]*)?=)")


def kustomization_sites(scope: Scope, value: dict[str, Value]) -> Iterator[Found]:
    """Every site of a kustomization or component."""
    yield from image_entries(scope, value.get("images"), ("images",))
    yield from _charts(scope, value)
    for key in _REMOTE:
        for index, item in enumerate(sequence(value.get(key))):
            yield from one(remote_site(scope, "kustomize-remote", (key, index), item))
    yield from patches(scope, value.get("patches"), ("patches",))
    yield from patches(scope, value.get("patchesJson6902"), ("patchesJson6902",))
    for index, item in enumerate(sequence(value.get("patchesStrategicMerge"))):
        if isinstance(item, str) and "\n" in item:
            yield from inside(scope, ("patchesStrategicMerge", index), item)
    yield from _literals(scope, value)


def transformer_sites(scope: Scope, value: dict[str, Value]) -> Iterator[Site]:
    """The site of a built-in transformer or generator that stands in a file of its own."""
    kind = value.get("kind")
    if kind == "ImageTagTransformer":
        yield from _image_entry(scope, value.get("imageTag"), ("imageTag",))
    elif kind == "HelmChartInflationGenerator":
        yield from _chart(scope, value, ())


def image_entries(scope: Scope, value: Value, route: Route) -> Iterator[Site]:
    """The entries of an `images:` list as kustomize, Flux and Helm post renderers have it."""
    for index, item in enumerate(sequence(value)):
        yield from _image_entry(scope, item, (*route, index))


def _image_entry(scope: Scope, value: Value, route: Route) -> Iterator[Site]:
    image = mapping(value)
    if not isinstance(image.get("name"), str):
        return
    key = "newName" if isinstance(image.get("newName"), str) else "name"
    split = Split(
        name=((*route, key), image[key]),
        tag=entry(image, route, "newTag"),
        digest=entry(image, route, "digest"),
        insert=(*route, "newTag"),
        alias=image["name"],
    )
    yield from one(split_site(scope, IMAGES, split))


def image_texts(scope: Scope, value: Value, route: Route) -> Iterator[Site]:
    """The entries of Argo CD's `kustomize.images`: `NAME:TAG` or `OLD=NEW:TAG`."""
    for index, item in enumerate(sequence(value)):
        if isinstance(item, str):
            old, equals, _ = item.partition("=")
            before = old + equals if equals else ""
            at: Route = (*route, index)
            yield from one(reference_site(scope, IMAGES, at, item, before=before))


def patches(scope: Scope, value: Value, route: Route) -> Iterator[Inner]:
    """The patches of a list of patches with their targets."""
    for index, item in enumerate(sequence(value)):
        at: Route = (*route, index, "patch")
        patch, target = mapping(item).get("patch"), mapping(mapping(item).get("target"))
        if isinstance(patch, (dict, list)):
            yield Inner(scope, patch, at, target=target)
        else:
            yield from inside(scope, at, patch, target=target)


def _charts(scope: Scope, value: dict[str, Value]) -> Iterator[Site]:
    for key in ("helmCharts", "helmChartInflationGenerator"):
        for index, item in enumerate(sequence(value.get(key))):
            yield from _chart(scope, mapping(item), (key, index))


def _chart(scope: Scope, chart: dict[str, Value], route: Route) -> Iterator[Site]:
    name = text(chart.get("name")) or text(chart.get("chartName"))
    source = text(chart.get("repo")) or text(chart.get("chartRepoUrl"))
    for key in ("version", "chartVersion"):
        if name and key in chart:
            at: Route = (*route, key)
            yield from one(chart_site(scope, "kustomize-chart", at, chart[key], name, source))
    for key in ("valuesInline", "values"):
        yield from walk_values(scope, chart.get(key), (*route, key))


def _literals(scope: Scope, value: dict[str, Value]) -> Iterator[Site]:
    for key in ("configMapGenerator",):
        for index, item in enumerate(sequence(value.get(key))):
            for number, literal in enumerate(sequence(mapping(item).get("literals"))):
                match = _LITERAL.match(literal) if isinstance(literal, str) else None
                if match:
                    at: Route = (key, index, "literals", number)
                    site = reference_site(
                        scope, "env", at, literal, versioned=True, before=match[1]
                    )
                    yield from one(site)
