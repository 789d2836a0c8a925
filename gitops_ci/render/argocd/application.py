"""An Argo CD Application: its sources, one after the other."""

from __future__ import annotations

from typing import Any

from gitops_ci.model.finding import found
from gitops_ci.model.span import Route
from gitops_ci.render import rules
from gitops_ci.render.argocd.chart_source import render_chart
from gitops_ci.render.argocd.source import AppSource
from gitops_ci.render.context import Context, location_of, name_of
from gitops_ci.render.objects import RenderedObject
from gitops_ci.render.result import Result, failed, left_out
from gitops_ci.render.routes import items, mapping, text


def render_application(item: RenderedObject, context: Context) -> tuple[str, Result]:
    """The first directory that the Application applies (its own file when there is none), and what
    all its sources give together."""
    result, shown = Result(), ""
    directories = {
        deployment.source.route[:-1]: deployment for deployment in context.deployments(item)
    }
    sources = _sources(item.value)
    refs = {text(value, "ref"): text(value, "repoURL") for _, value in sources if value.get("ref")}
    for route, value in sources:
        if value.get("ref") and "path" not in value and not value.get("chart"):
            continue
        deployment = directories.get(route)
        if deployment is not None and deployment.directory is not None:
            shown = shown or deployment.directory
            source = AppSource(item, value, route, refs)
            result = result.plus(source.render(deployment.directory, context))
        elif value.get("chart"):
            result = result.plus(render_chart(item, value, route, refs, context))
        else:
            external = deployment.external if deployment is not None else ""
            result = result.plus(_not_here(item, value, route, external))
    return shown or location_of(item).path, result


def _sources(value: dict[str, Any]) -> list[tuple[Route, dict[str, Any]]]:
    several = items(value, "spec", "sources")
    if several:
        return [(("spec", "sources", n), mapping(part)) for n, part in enumerate(several)]
    one = mapping(value, "spec", "source")
    return [(("spec", "source"), one)] if one else []


def _not_here(item: RenderedObject, value: dict[str, Any], route: Route, external: str) -> Result:
    """Why a source gives nothing here."""
    name, address = name_of(item), text(value, "repoURL")
    if external:
        detail = f"'{text(value, 'path') or '.'}' of {address}"
        return left_out(name, external, detail)
    place = item.origin.trace((*route, "path")).location
    message = f"the path '{text(value, 'path')}' does not exist in the repository"
    return failed(found(rules.ARGOCD_PATH, message, place, object=item.ref))
