"""A source of an Application that is a chart of a repository or registry."""

from __future__ import annotations

from typing import Any

from gitops_ci.model.span import Route
from gitops_ci.render.argocd.helm_options import HelmSource
from gitops_ci.render.context import Context, name_of
from gitops_ci.render.fetched.model import ChartPin
from gitops_ci.render.helm.outside import outside
from gitops_ci.render.objects import RenderedObject
from gitops_ci.render.result import Result
from gitops_ci.render.routes import mapping, text


def render_chart(
    item: RenderedObject,
    value: dict[str, Any],
    route: Route,
    refs: dict[str, str],
    context: Context,
) -> Result:
    """What the chart of the source at `route` gives when it was fetched, else why it is not
    rendered."""
    address, version = text(value, "repoURL"), text(value, "targetRevision")
    detail = f"chart '{value['chart']}' {version} of {address}"
    field = "targetRevision" if version else "chart"
    location = item.origin.trace((*route, field)).location
    folder, _, name = str(value["chart"]).rpartition("/")
    pin = ChartPin(f"{address}/{folder}" if folder else address, name, version, location)
    chart = outside(context.charts, pin, name_of(item), detail, item.ref)
    if isinstance(chart, Result):
        return chart
    return HelmSource(item, mapping(value, "helm"), route, refs, chart).render("", context)
