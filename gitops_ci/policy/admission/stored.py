"""An object as admission policies see it: after the API server has decoded it.

Fields that are null are gone, and fields with a default have it. A policy such as
`object.spec.replicas > 1` relies on that.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from typing import Any

from gitops_ci.model.image import InvalidReferenceError, parse_reference
from gitops_ci.render.routes import items, mapping, text

_PROBES = ("livenessProbe", "readinessProbe", "startupProbe")
_CONTAINERS = ("initContainers", "containers", "ephemeralContainers")
_FLOATING = "latest"


def as_stored(value: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of the object without nulls and with the defaults of the kinds that are built in."""
    made: dict[str, Any] = without_nulls(dict(value))
    group = text(made, "apiVersion").rpartition("/")[0]
    known = _table()["kinds"].get(f"{group}/{text(made, 'kind')}")
    if known is None:
        return made
    for path, default in known["values"].items():
        _set(made, path.split("."), default)
    if "pod" in known:
        _pod(mapping(made, *known["pod"].split(".")))
    if text(made, "kind") == "Deployment":
        _rolling(mapping(made, "spec", "strategy"))
    if text(made, "kind") == "Service":
        for port in _mappings(items(made, "spec", "ports")):
            _add(port, _table()["port"])
            port.setdefault("targetPort", port.get("port"))
    return made


def without_nulls(value: Any) -> Any:
    """A copy without the fields whose value is null; nulls in lists stay."""
    if isinstance(value, dict):
        return {key: without_nulls(item) for key, item in value.items() if item is not None}
    return [without_nulls(item) for item in value] if isinstance(value, list) else value


def _rolling(strategy: dict[str, Any]) -> None:
    if strategy.get("type") == "RollingUpdate":
        update = strategy.setdefault("rollingUpdate", {})
        if isinstance(update, dict):
            _add(update, {"maxUnavailable": "25%", "maxSurge": "25%"})


def _pod(pod: dict[str, Any]) -> None:
    if not pod:
        return
    table = _table()
    _add(pod, table["pod"])
    for volume in _mappings(items(pod, "volumes")):
        for kind, defaults in table["volumes"].items():
            if isinstance(volume.get(kind), dict):
                _add(volume[kind], defaults)
    for name in _CONTAINERS:
        for container in _mappings(items(pod, name)):
            _container(container, pod)


def _container(container: dict[str, Any], pod: dict[str, Any]) -> None:
    table = _table()
    _add(container, table["container"])
    container.setdefault("imagePullPolicy", _pull_policy(text(container, "image")))
    for port in _mappings(items(container, "ports")):
        _add(port, table["port"])
        if pod.get("hostNetwork") is True:
            port.setdefault("hostPort", port.get("containerPort"))
    for probe in _PROBES:
        if mapping(container, probe):
            _add(container[probe], table["probe"])
            if mapping(container[probe], "httpGet"):
                _add(container[probe]["httpGet"], {"scheme": "HTTP", "path": "/"})


def _pull_policy(image: str) -> str:
    try:
        version = parse_reference(image).version
    except InvalidReferenceError:
        return "IfNotPresent"
    floating = not version.digest and version.tag in ("", _FLOATING)
    return "Always" if floating else "IfNotPresent"


def _mappings(values: Iterable[Any]) -> Iterable[dict[str, Any]]:
    return (value for value in values if isinstance(value, dict))


def _add(value: dict[str, Any], defaults: Mapping[str, Any]) -> None:
    for key, default in defaults.items():
        if key not in value:
            value[key] = {} if default == {} else default


def _set(value: dict[str, Any], path: list[str], default: Any) -> None:
    *parents, last = path
    for step in parents:
        inner = value.setdefault(step, {})
        if not isinstance(inner, dict):
            return
        value = inner
    value.setdefault(last, default)


@cache
def _table() -> dict[str, Any]:
    file = resources.files("gitops_ci.policy.admission.data") / "defaults.json"
    found: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return found
