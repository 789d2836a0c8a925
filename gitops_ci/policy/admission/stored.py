"""An object as admission policies see it: after the API server has decoded it.

Fields that are null are gone, and fields with a default have it. A policy such as
`object.spec.replicas > 1` relies on that.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from importlib import resources
from operator import is_
from typing import Any

from gitops_ci.model.image import InvalidReferenceError, parse_reference
from gitops_ci.render.routes import text

_PROBES = ("livenessProbe", "readinessProbe", "startupProbe")
_CONTAINERS = ("initContainers", "containers", "ephemeralContainers")
_FLOATING = "latest"


def as_stored(value: dict[str, Any]) -> dict[str, Any]:
    """The object without nulls and with the defaults of the kinds that are built in. What is
    changed is copied; all else is shared with `value`."""
    made: dict[str, Any] = without_nulls(value)
    group = text(made, "apiVersion").rpartition("/")[0]
    known = _table()["kinds"].get(f"{group}/{text(made, 'kind')}")
    if known is None:
        return made
    made = _filled(made, known["fields"])
    if "pod" in known:
        pod = _own(made, known["pod"].split("."), create=False)
        if pod:
            _pod(pod)
    if text(made, "kind") == "Deployment":
        _rolling(made)
    if text(made, "kind") == "Service":
        _ports_of_service(made)
    return made


def without_nulls(value: Any) -> Any:
    """The value without the fields that are null, itself when there are none; nulls in lists
    stay."""
    if isinstance(value, dict):
        changed = None
        for key, item in value.items():
            inner = without_nulls(item) if isinstance(item, (dict, list)) else item
            if inner is not item or item is None:
                changed = dict(value) if changed is None else changed
                changed[key] = inner
        if changed is None:
            return value
        return {key: item for key, item in changed.items() if item is not None}
    if isinstance(value, list):
        made = [without_nulls(item) if isinstance(item, (dict, list)) else item for item in value]
        return value if all(map(is_, made, value)) else made
    return value


def _filled(value: dict[str, Any], defaults: Mapping[str, Any]) -> dict[str, Any]:
    """A copy with the defaults, as deep as these go."""
    made = dict(value)
    for key, default in defaults.items():
        present = made.get(key)
        if key not in made:
            made[key] = default
        elif isinstance(default, dict) and isinstance(present, dict):
            made[key] = _filled(present, default)
    return made


def _own(
    value: dict[str, Any], path: Iterable[str], *, create: bool = True
) -> dict[str, Any] | None:
    """The mapping at the path as a copy of its own, in copies of those above it; None for
    something else there, and for nothing unless it may be created."""
    for step in path:
        inner = value.get(step)
        if inner is None and create:
            inner = {}
        if not isinstance(inner, dict):
            return None
        value[step] = value = dict(inner)
    return value


def _own_items(value: dict[str, Any], name: str) -> Iterator[dict[str, Any]]:
    """The mappings in the list of that name as copies in a copy of the list."""
    found = value.get(name)
    if not isinstance(found, list):
        return
    value[name] = made = [dict(item) if isinstance(item, dict) else item for item in found]
    yield from (item for item in made if isinstance(item, dict))


def _rolling(deployment: dict[str, Any]) -> None:
    if text(deployment, "spec", "strategy", "type") == "RollingUpdate":
        update = _own(deployment, ("spec", "strategy", "rollingUpdate"))
        if update is not None:
            _add(update, {"maxUnavailable": "25%", "maxSurge": "25%"})


def _ports_of_service(service: dict[str, Any]) -> None:
    for port in _own_items(_own(service, ("spec",)) or {}, "ports"):
        _add(port, _table()["port"])
        port.setdefault("targetPort", port.get("port"))


def _pod(pod: dict[str, Any]) -> None:
    table = _table()
    _add(pod, table["pod"])
    for volume in _own_items(pod, "volumes"):
        for kind, defaults in table["volumes"].items():
            source = _own(volume, (kind,), create=False) if kind in volume else None
            if source is not None:
                _add(source, defaults)
    for name in _CONTAINERS:
        for container in _own_items(pod, name):
            _container(container, pod)


def _container(container: dict[str, Any], pod: dict[str, Any]) -> None:
    table = _table()
    _add(container, table["container"])
    if "imagePullPolicy" not in container:
        container["imagePullPolicy"] = _pull_policy(text(container, "image"))
    for port in _own_items(container, "ports"):
        _add(port, table["port"])
        if pod.get("hostNetwork") is True:
            port.setdefault("hostPort", port.get("containerPort"))
    for name in _PROBES:
        probe = _own(container, (name,), create=False) if name in container else None
        if probe:
            _add(probe, table["probe"])
            request = _own(probe, ("httpGet",), create=False) if "httpGet" in probe else None
            if request is not None:
                _add(request, {"scheme": "HTTP", "path": "/"})


@lru_cache(4096)
def _pull_policy(image: str) -> str:
    try:
        version = parse_reference(image).version
    except InvalidReferenceError:
        return "IfNotPresent"
    floating = not version.digest and version.tag in ("", _FLOATING)
    return "Always" if floating else "IfNotPresent"


def _add(value: dict[str, Any], defaults: Mapping[str, Any]) -> None:
    """Put the defaults into a mapping that is a copy already; they are never changed in place."""
    for key, default in defaults.items():
        if key not in value:
            value[key] = default


@cache
def _table() -> dict[str, Any]:
    file = resources.files("gitops_ci.policy.admission.data") / "defaults.json"
    found: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return found
