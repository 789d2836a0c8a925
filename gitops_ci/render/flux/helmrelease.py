"""A Flux HelmRelease whose chart lies in the repository or was fetched. Fields:
helm.toolkit.fluxcd.io."""

from __future__ import annotations

import json
from typing import Any

from gitops_ci.documents.read import read
from gitops_ci.model.finding import found
from gitops_ci.model.skip import Skip
from gitops_ci.model.span import Route
from gitops_ci.render import rules
from gitops_ci.render.context import Context, location_of, name_of
from gitops_ci.render.helm.chart import is_chart
from gitops_ci.render.helm.outside import Outside, outside
from gitops_ci.render.helm.release import Release
from gitops_ci.render.helm.values import Layer, file_layer, inline_layer, text_layer
from gitops_ci.render.objects import RenderedObject
from gitops_ci.render.opaque import is_opaque
from gitops_ci.render.result import Result, failed, left_out
from gitops_ci.render.routes import items, mapping, text
from gitops_ci.repo.tree import UnreadableError

_VALUES_KEY = "values.yaml"
_Files = tuple[tuple[str, Route, bool], ...]
"""Value files: the path, where it is written, and whether the file may be missing."""


def render_release(item: RenderedObject, context: Context) -> tuple[str, Result]:
    """The chart's directory (the release's own file when that is not here), and what it gives."""
    spec = mapping(item.value, "spec")
    deployment = next(iter(context.deployments(item)), None)
    here = location_of(item).path
    if deployment is None or deployment.external or not mapping(spec, "chart", "spec"):
        reason = (deployment.external if deployment else "") or "remote-chart"
        return here, _from_elsewhere(item, reason, context)
    chart, directory = text(spec, "chart", "spec", "chart"), deployment.directory
    if directory is None or not is_chart(context.files, directory):
        place = item.origin.trace(("spec", "chart", "spec", "chart")).location
        message = f"there is no chart at '{chart}'"
        return here, failed(found(rules.FLUX_SOURCE, message, place, object=item.ref))
    return directory, _released(item, directory, deployment.values, None, context)


def _from_elsewhere(item: RenderedObject, reason: str, context: Context) -> Result:
    """What a chart gives that lies in no directory of the repository, if it was fetched."""
    spec = mapping(item.value, "spec")
    detail = f"{item.ref} installs {_chart_words(spec)}, which is not in the repository"
    if reason != "remote-chart" or context.charts.is_closed:
        return left_out(name_of(item), reason, detail)
    pin = context.chart_sources.pin(item)
    if pin is None:
        return left_out(name_of(item), reason, f"{detail}: neither is its source")
    chart = outside(context.charts, pin, name_of(item), detail, item.ref)
    if isinstance(chart, Result):
        return chart
    options = mapping(spec, "chart", "spec")
    optional = options.get("ignoreMissingValuesFiles") is True
    values = tuple(
        (str(path), ("spec", "chart", "spec", "valuesFiles", index), optional)
        for index, path in enumerate(items(options, "valuesFiles"))
    )
    return _released(item, "", values, chart, context)


def _released(
    item: RenderedObject, directory: str, files: _Files, chart: Outside | None, context: Context
) -> Result:
    """What the chart in `directory`, of this repository or of `chart`, gives for the release."""
    spec = mapping(item.value, "spec")
    layers: list[Layer] = []
    for path, route, optional in files:
        try:
            layer = file_layer(chart.files if chart else context.files, path)
            layers.append(chart.layer(layer) if chart else layer)
        except UnreadableError as error:
            if not optional:
                place = item.origin.trace(route).location
                return failed(found(rules.HELM_MISSING_VALUES, f"'{path}': {error}", place))
    seen, complete = _values_from(item, context)
    layers += seen
    values = mapping(spec, "values")
    if values:
        layers.append(_inline(values, item))
    release = Release(
        directory,
        _name(item, spec),
        text(spec, "targetNamespace") or item.ref.namespace or "default",
        tuple(layers),
        include_crds=text(spec, "install", "crds") != "Skip",
        deployed=complete,
        outside=chart,
    )
    return _post_rendered(context.helm.render(release), spec, item)


def _chart_words(spec: dict[str, Any]) -> str:
    reference = mapping(spec, "chartRef")
    if reference:
        return f"the chart of {reference.get('kind')} '{reference.get('name')}'"
    chart = mapping(spec, "chart", "spec")
    version = f" {chart['version']}" if chart.get("version") else ""
    source = mapping(chart, "sourceRef")
    return f"'{chart.get('chart')}'{version} of {source.get('kind')} '{source.get('name')}'"


def _name(item: RenderedObject, spec: dict[str, Any]) -> str:
    """The release name; without one it is composed of target namespace and name."""
    if text(spec, "releaseName"):
        return text(spec, "releaseName")
    target = text(spec, "targetNamespace")
    return f"{target}-{item.ref.name}" if target else item.ref.name


def _inline(values: dict[str, Any], item: RenderedObject) -> Layer:
    data = json.dumps(values, ensure_ascii=False).encode()
    return inline_layer(values, data, item.origin, ("spec", "values"))


def _values_from(item: RenderedObject, context: Context) -> tuple[list[Layer], bool]:
    """The values from ConfigMaps, and whether every source could be seen."""
    layers, complete = [], True
    for source in items(item.value, "spec", "valuesFrom"):
        key = text(source, "valuesKey") or _VALUES_KEY
        found_map = None
        if text(source, "kind") == "ConfigMap":
            near = location_of(item).path
            found_map = context.config_maps.find(item.ref.namespace, text(source, "name"), near)
        if found_map is None or key not in found_map.data:
            complete = complete and mapping(source).get("optional") is True
            continue
        words = found_map.data[key]
        target = text(source, "targetPath")
        if target or is_opaque(words):
            complete = False
            continue
        document = next(iter(read(_VALUES_KEY, words.encode()).documents), None)
        value = document.value if document is not None else {}
        if isinstance(value, dict):
            layers.append(text_layer(value, words.encode(), found_map.origin, ("data", key)))
    return layers, complete


def _post_rendered(result: Result, spec: dict[str, Any], item: RenderedObject) -> Result:
    """Post renderers change the objects once more; that is not done here, and said so."""
    if not items(spec, "postRenderers") or not result.objects:
        return result
    detail = f"the post renderers of {item.ref} are not applied to what is checked"
    skip = Skip(name_of(item), "helm-template", detail)
    return Result(result.objects, result.findings, (*result.skipped, skip), result.used)
