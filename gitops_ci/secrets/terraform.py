"""Terraform's state: JSON in which everything stands in plain text (developer.hashicorp.com,
"Sensitive data in state")."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gitops_ci.model.severity import Severity
from gitops_ci.model.span import Route
from gitops_ci.secrets.classify import Kind, classify
from gitops_ci.secrets.trail import Trail
from gitops_ci.secrets.walking import walk

_RESULTS = {"random_password": "result", "random_bytes": "hex", "vault_token": "client_token"}
"""The attribute of a resource that is its secret, whatever it is called."""


def is_state(value: Any) -> bool:
    """Whether a JSON document is a state file."""
    return isinstance(value, dict) and "terraform_version" in value and "resources" in value


def state(value: dict[str, Any], trail: Trail) -> None:
    """Look at the outputs and attributes that Terraform calls sensitive, and at all others by their
    names."""
    outputs = value.get("outputs")
    for name, output in outputs.items() if isinstance(outputs, dict) else ():
        if isinstance(output, dict) and output.get("sensitive") is True:
            _sensitive(output.get("value"), ("outputs", name, "value"), trail)
    for route, kind, instance in _instances(value):
        attributes = instance.get("attributes")
        if not isinstance(attributes, dict):
            continue
        marked = {_first_step(path) for path in instance.get("sensitive_attributes") or ()}
        marked.add(_RESULTS.get(kind, ""))
        for name, item in attributes.items():
            way = (*route, "attributes", name)
            if name in marked:
                _sensitive(item, way, trail)
            else:
                walk(item, way, trail, name)


def _instances(value: dict[str, Any]) -> Iterator[tuple[Route, str, dict[str, Any]]]:
    resources = value.get("resources")
    for index, resource in enumerate(resources if isinstance(resources, list) else ()):
        if not isinstance(resource, dict):
            continue
        instances = resource.get("instances")
        for number, instance in enumerate(instances if isinstance(instances, list) else ()):
            if isinstance(instance, dict):
                route: Route = ("resources", index, "instances", number)
                yield route, str(resource.get("type", "")), instance


def _first_step(path: Any) -> str:
    """The attribute of `[{"type": "get_attr", "value": "password"}]`."""
    first = path[0] if isinstance(path, list) and path else None
    return str(first.get("value", "")) if isinstance(first, dict) else ""


def _sensitive(value: Any, route: Route, trail: Trail) -> None:
    if isinstance(value, str):
        if classify(value) is Kind.SECRET:
            trail.add(route, value, Severity.ERROR)
    elif isinstance(value, (dict, list)):
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        for step, item in pairs:
            _sensitive(item, (*route, step), trail)
