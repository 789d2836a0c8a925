"""The command line of `bump` as a request."""

from __future__ import annotations

from gitops_ci.model.errors import UsageError
from gitops_ci.model.image import Pin
from gitops_ci.promote.bump.request import (
    Filters,
    Request,
    Target,
    chart_target,
    filters_of,
    git_target,
    image_target,
    refuse_contradictions,
)
from gitops_ci.repo.environments import Environments
from gitops_ci.schemas.near import near
from gitops_ci.steps.bump import Inputs


def check_flags(inputs: Inputs) -> None:
    """Raise UsageError for flags that do not fit together."""
    if inputs.write and inputs.pr:
        raise UsageError("--write edits the work tree, --pr leaves it alone", "give one of them")
    if not (inputs.ref or inputs.chart or inputs.git_ref or inputs.latest):
        raise UsageError("nothing to bump", "such as `gitops-ci bump shop/web:1.2.3 --env dev`")
    if inputs.latest and (inputs.chart or inputs.git_ref):
        raise UsageError("--latest finds versions of images", "--chart and --git-ref name one")


def filters(inputs: Inputs, environments: Environments) -> Filters:
    """The filters. Raises UsageError for an environment that there is not."""
    for name in inputs.env:
        if name not in environments.names:
            close = near(name, environments.names)
            known = ", ".join(environments.names) or "none is found here"
            hint = f"did you mean {close[0]}?" if close else f"environments: {known}"
            raise UsageError(f"there is no environment {name}", hint)
    return filters_of(inputs.env, inputs.app, inputs.path)


def request_of(inputs: Inputs, chosen: Filters, latest: tuple[Target, ...] = ()) -> Request:
    """The request. With `latest`, those targets take the place of the references. Raises
    UsageError."""
    targets = (
        *(latest if inputs.latest else (image_target(text) for text in inputs.ref)),
        *(chart_target(text) for text in inputs.chart),
        *(git_target(text) for text in inputs.git_ref),
    )
    if not inputs.latest:
        refuse_contradictions(targets)
    unique = tuple(dict.fromkeys(targets))
    return Request(unique, chosen, Pin(inputs.pin), never_down=inputs.latest)
