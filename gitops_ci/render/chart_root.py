"""A chart that is a root by itself, with the value files that the plan found for it."""

from __future__ import annotations

from gitops_ci.model.finding import found
from gitops_ci.model.span import Location
from gitops_ci.render import rules
from gitops_ci.render.context import Context
from gitops_ci.render.helm.release import DEFAULT_NAME, Release
from gitops_ci.render.helm.values import Layer, file_layer
from gitops_ci.render.result import Result, failed
from gitops_ci.repo.root_plan import PlannedRoot
from gitops_ci.repo.tree import UnreadableError


def render_chart(planned: PlannedRoot, context: Context) -> Result:
    """What the chart gives; a value file that is marked with `?` may be missing."""
    layers: list[Layer] = []
    for text in planned.values:
        path = text.removesuffix("?")
        try:
            layers.append(file_layer(context.files, path))
        except UnreadableError as error:
            if text.endswith("?"):
                continue
            message = f"the values file '{path}' cannot be read: {error}"
            return failed(found(rules.HELM_MISSING_VALUES, message, Location(path), key=path))
    release = Release(
        planned.path,
        planned.release or DEFAULT_NAME,
        planned.namespace or "default",
        tuple(layers),
        deployed=planned.deployer is not None,
    )
    return context.helm.render(release)
