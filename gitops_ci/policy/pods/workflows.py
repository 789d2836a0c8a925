"""The pods of Argo Workflows: one for each template that runs containers.

Source: the Argo Workflows field reference (argo-workflows.readthedocs.io/en/latest/fields).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gitops_ci.model.span import Route
from gitops_ci.policy import kinds
from gitops_ci.policy.pods.view import INIT, MAIN, PodView
from gitops_ci.render.routes import items, mapping

_AT_SPEC = kinds.of("argoproj.io", "Workflow", "WorkflowTemplate", "ClusterWorkflowTemplate")
KINDS = _AT_SPEC | kinds.of("argoproj.io", "CronWorkflow")

_SHARED = (
    "securityContext",
    "serviceAccountName",
    "automountServiceAccountToken",
    "affinity",
    "nodeSelector",
    "tolerations",
    "priorityClassName",
    "hostAliases",
)
"""What a template may set; else the defaults of templates, else the workflow."""

_CONTAINERS = ("container", "script")
"""Where a template has its one container; defaults for one are merged into it."""

_OF_WORKFLOW = ("hostNetwork", "imagePullSecrets", "dnsPolicy", "dnsConfig")


def pods(value: dict[str, Any]) -> Iterator[PodView]:
    """A pod for each template with containers, also for templates that stand inside steps."""
    route: Route = ("spec", "workflowSpec") if value.get("kind") == "CronWorkflow" else ("spec",)
    spec = mapping(value, *route)
    for index, template in enumerate(items(spec, "templates")):
        if isinstance(template, dict):
            yield from _of_template(spec, route, template, (*route, "templates", index))


def _of_template(
    spec: dict[str, Any], route: Route, template: dict[str, Any], place: Route
) -> Iterator[PodView]:
    made = _Builder(spec, route, template, place)
    if made.pod[MAIN]:
        yield made.view()
    for number, group in enumerate(items(template, "steps")):
        for index, step in enumerate(group if isinstance(group, list) else ()):
            inline = mapping(step, "inline")
            where = (*place, "steps", number, index, "inline")
            yield from _of_template(spec, route, inline, where) if inline else ()
    for index, task in enumerate(items(template, "dag", "tasks")):
        inline = mapping(task, "inline")
        where = (*place, "dag", "tasks", index, "inline")
        yield from _of_template(spec, route, inline, where) if inline else ()


class _Builder:
    """Puts the spec of one pod together, and remembers where its parts stand."""

    def __init__(
        self, spec: dict[str, Any], route: Route, template: dict[str, Any], place: Route
    ) -> None:
        self.pod: dict[str, Any] = {MAIN: [], INIT: [], "volumes": []}
        self.moved: dict[Route, Route] = {}
        self._template, self._place = template, place
        self._metadata: Route = (*place, "metadata")
        defaults = mapping(spec, "templateDefaults")
        self._patched = any("podSpecPatch" in owner for owner in (spec, template, defaults)) or any(
            field in defaults for field in _CONTAINERS
        )
        owners = ((template, place), (defaults, (*route, "templateDefaults")), (spec, route))
        for field in _SHARED:
            owner, at = next((pair for pair in owners if field in pair[0]), owners[-1])
            self._field(field, owner, at)
        for field in _OF_WORKFLOW:
            self._field(field, spec, route)
        for field in _CONTAINERS:
            if isinstance(template.get(field), dict):
                self._item(MAIN, template[field], (*place, field))
        self._items(MAIN, template, place, "containerSet", "containers")
        self._items(MAIN, template, place, "sidecars")
        self._items(INIT, template, place, "initContainers")
        self._items("volumes", spec, route, "volumes")
        self._items("volumes", template, place, "volumes")

    def view(self) -> PodView:
        """The pod."""
        metadata = mapping(self._template, "metadata")
        return PodView(
            self._place, self.pod, metadata, self._metadata, self.moved, patched=self._patched
        )

    def _field(self, field: str, owner: dict[str, Any], at: Route) -> None:
        if field in owner:
            self.pod[field] = owner[field]
            self.moved[(field,)] = (*at, field)

    def _items(self, field: str, owner: dict[str, Any], at: Route, *route: str) -> None:
        for index, value in enumerate(items(owner, *route)):
            self._item(field, value, (*at, *route, index))

    def _item(self, field: str, value: Any, at: Route) -> None:
        self.moved[(field, len(self.pod[field]))] = at
        self.pod[field].append(value)
