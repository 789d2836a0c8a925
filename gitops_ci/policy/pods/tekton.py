"""The pods of Tekton: one for each task, whose steps are its containers.

Sources: tekton.dev/docs/pipelines/tasks, …/taskruns, …/pipelines, …/podtemplates, …/stepactions.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gitops_ci.model.span import Route
from gitops_ci.policy import kinds
from gitops_ci.policy.pods.view import MAIN, PodView
from gitops_ci.render.routes import items, mapping

KINDS = kinds.of(
    "tekton.dev", "Task", "ClusterTask", "TaskRun", "Pipeline", "PipelineRun", "StepAction"
)
_NONE: dict[str, Any] = {}


def pods(value: dict[str, Any]) -> Iterator[PodView]:
    """A pod for each task that the object spells out."""
    kind, spec = value.get("kind"), mapping(value, "spec")
    if kind == "StepAction":
        moved: dict[Route, Route] = {(MAIN, 0): ("spec",)}
        yield PodView(("spec",), {MAIN: [spec]}, {}, ("metadata",), moved)
    elif kind == "TaskRun":
        yield from _task(value, ("spec", "taskSpec"), ("spec", "podTemplate"))
    elif kind == "Pipeline":
        yield from _pipeline(value, ("spec",), ())
    elif kind == "PipelineRun":
        new: Route = ("spec", "taskRunTemplate", "podTemplate")
        own = new if mapping(value, *new) else ("spec", "podTemplate")
        yield from _pipeline(value, ("spec", "pipelineSpec"), own)
    else:
        yield from _task(value, ("spec",), ())


def _pipeline(value: dict[str, Any], route: Route, template: Route) -> Iterator[PodView]:
    for field in ("tasks", "finally"):
        for index, _ in enumerate(items(value, *route, field)):
            yield from _task(value, (*route, field, index, "taskSpec"), template)


def _task(value: dict[str, Any], route: Route, template: Route) -> Iterator[PodView]:
    """The pod of one task: what the run's template says of it, then steps and sidecars."""
    spec = mapping(value, *route)
    if not items(spec, "steps"):
        return
    around = mapping(value, *template) if template else _NONE
    pod: dict[str, Any] = {**around, MAIN: [], "volumes": []}
    moved: dict[Route, Route] = {(field,): (*template, field) for field in around}
    for owner, place in ((around, template), (spec, route)):
        for index, volume in enumerate(items(owner, "volumes")):
            moved["volumes", len(pod["volumes"])] = (*place, "volumes", index)
            pod["volumes"].append(volume)
    base = mapping(spec, "stepTemplate")
    for index, step in enumerate(items(spec, "steps")):
        if isinstance(step, dict):
            target: Route = (MAIN, len(pod[MAIN]))
            moved[target] = (*route, "steps", index)
            merged = _merged(step, base, target, (*route, "stepTemplate"), moved)
            pod[MAIN].append(merged)
    for index, sidecar in enumerate(items(spec, "sidecars")):
        moved[MAIN, len(pod[MAIN])] = (*route, "sidecars", index)
        pod[MAIN].append(sidecar)
    yield PodView(route, pod, {}, ("metadata",), moved)


def _merged(
    step: dict[str, Any],
    base: dict[str, Any],
    target: Route,
    place: Route,
    moved: dict[Route, Route],
) -> dict[str, Any]:
    """A step with what it has from the template of all steps; mappings are merged in depth."""
    result = dict(step)
    for field, value in base.items():
        if field not in step:
            result[field] = value
            moved[(*target, field)] = (*place, field)
        elif isinstance(value, dict) and isinstance(step[field], dict):
            below = (*target, field)
            result[field] = _merged(step[field], value, below, (*place, field), moved)
    return result
