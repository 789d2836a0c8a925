"""`source.kustomize` as fields of a kustomization: what `kustomize edit` would write."""

from __future__ import annotations

from typing import Any

from gitops_ci.model.span import Route
from gitops_ci.render.routes import items, mapping, text

_SAME = ("namePrefix", "nameSuffix", "namespace", "components", "patches", "commonAnnotations")


def kustomize_fields(
    options: dict[str, Any], base: Route
) -> tuple[dict[str, Any], dict[str, Route]]:
    """The kustomization fields, and where each of them stands in the Application, the options
    being at `base`."""
    fields: dict[str, Any] = {name: options[name] for name in _SAME if options.get(name)}
    routes: dict[str, Route] = {name: (*base, name) for name in fields}
    images = [image_entry(item) for item in items(options, "images") if isinstance(item, str)]
    if images:
        fields["images"], routes["images"] = images, (*base, "images")
    replicas = [
        {"name": text(item, "name"), "count": _count(item.get("count"))}
        for item in items(options, "replicas")
        if isinstance(item, dict)
    ]
    if replicas:
        fields["replicas"], routes["replicas"] = replicas, (*base, "replicas")
    labels = mapping(options, "commonLabels")
    if labels:
        name, value = _labels(labels, options)
        fields[name], routes[name] = value, (*base, "commonLabels")
    return fields, routes


def _labels(labels: dict[str, Any], options: dict[str, Any]) -> tuple[str, Any]:
    pairs = {key: str(value) for key, value in labels.items()}
    if options.get("labelWithoutSelector") is not True:
        return "commonLabels", pairs
    entry: dict[str, Any] = {"pairs": pairs}
    if options.get("labelIncludeTemplates") is True:
        entry["includeTemplates"] = True
    return "labels", [entry]


def _count(value: Any) -> Any:
    """Argo CD takes a number or a text with a number in it."""
    return int(value) if isinstance(value, str) and value.isdigit() else value


def image_entry(words: str) -> dict[str, str]:
    """The `images` entry for `name=new:tag`, `name:tag`, `name@digest` and their mixtures."""
    name, equals, target = words.partition("=")
    if not equals:
        name, target = "", words
    repository, digest_sign, digest = target.partition("@")
    tag = ""
    head, colon, tail = repository.rpartition(":")
    if colon and "/" not in tail:
        repository, tag = head, tail
    entry = {"name": name or repository}
    if equals and repository not in ("*", name):
        entry["newName"] = repository
    if digest_sign:
        entry["digest"] = digest
    elif tag and tag != "*":
        entry["newTag"] = tag
    return entry
