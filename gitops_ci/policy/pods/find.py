"""The pods of an object: a table of where templates stand, and two systems that spread them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from gitops_ci.model.span import Route
from gitops_ci.policy import kinds
from gitops_ci.policy.kinds import Kind, Kinds
from gitops_ci.policy.pods import tekton, workflows
from gitops_ci.policy.pods.view import PodView
from gitops_ci.render.routes import at, mapping

_EACH = "*"
"""Stands for every item of a list in a route."""

_TEMPLATE: Route = ("spec", "template")
_TABLE: tuple[tuple[Kinds, Route], ...] = (
    (kinds.of("", "Pod"), ()),
    (kinds.of("", "PodTemplate"), ("template",)),
    (kinds.of("", "ReplicationController"), _TEMPLATE),
    (kinds.of("apps", "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"), _TEMPLATE),
    (kinds.of("extensions", "Deployment", "DaemonSet", "ReplicaSet"), _TEMPLATE),
    (kinds.of("batch", "Job"), _TEMPLATE),
    (kinds.of("batch", "CronJob"), ("spec", "jobTemplate", "spec", "template")),
    (kinds.of("argoproj.io", "Rollout"), _TEMPLATE),
    (
        kinds.of("argoproj.io", "AnalysisTemplate", "ClusterAnalysisTemplate", "AnalysisRun"),
        ("spec", "metrics", _EACH, "provider", "job", "spec", "template"),
    ),
    (kinds.of("serving.knative.dev", "Service", "Configuration"), _TEMPLATE),
    (kinds.of("serving.knative.dev", "Revision"), ()),
    (kinds.of("keda.sh", "ScaledJob"), ("spec", "jobTargetRef", "template")),
    (kinds.of("apps.openshift.io", "DeploymentConfig"), _TEMPLATE),
    (kinds.of("apps.kruise.io", "CloneSet", "StatefulSet", "DaemonSet"), _TEMPLATE),
    (
        kinds.of("jobset.x-k8s.io", "JobSet"),
        ("spec", "replicatedJobs", _EACH, "template", "spec", "template"),
    ),
)
_ROUTES: dict[Kind, Route] = {kind: route for of, route in _TABLE for kind in of}

Finder = Callable[[dict[str, Any]], Iterator[PodView]]
_SPREAD: dict[Kind, Finder] = {
    **dict.fromkeys(workflows.KINDS, workflows.pods),
    **dict.fromkeys(tekton.KINDS, tekton.pods),
}

WORKLOADS: Kinds = frozenset((*_ROUTES, *_SPREAD))
"""Every kind of object that leads to pods."""


def pods_of(value: dict[str, Any], kind: Kind) -> Iterator[PodView]:
    """The pods that an object of the kind makes, or makes possible."""
    route = _ROUTES.get(kind)
    if route is not None:
        for found in _expanded(value, route):
            yield _view(value, found)
    elif kind in _SPREAD:
        yield from _SPREAD[kind](value)


def _expanded(value: Any, route: Route) -> Iterator[Route]:
    """The routes with every `*` replaced by the indices that are there."""
    if _EACH not in route:
        yield route
        return
    place = route.index(_EACH)
    before, after = route[:place], route[place + 1 :]
    found = at(value, before)
    for index in range(len(found)) if isinstance(found, list) else ():
        for rest in _expanded(found[index], after):
            yield (*before, index, *rest)


def _view(value: dict[str, Any], route: Route) -> PodView:
    spec, metadata = (*route, "spec"), (*route, "metadata")
    return PodView(spec, mapping(value, *spec), mapping(value, *metadata), metadata)
