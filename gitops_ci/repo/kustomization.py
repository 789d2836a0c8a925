"""What a kustomization refers to. Fields: the kustomize reference for kind Kustomization."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.documents.document import SourceFile
from gitops_ci.documents.values import Value
from gitops_ci.model.span import Route
from gitops_ci.repo.references import Reference, Role

_LISTS = (
    ("resources", Role.RESOURCE),
    ("bases", Role.RESOURCE),
    ("components", Role.COMPONENT),
    ("crds", Role.CONFIGURATION),
    ("configurations", Role.CONFIGURATION),
    ("transformers", Role.CONFIGURATION),
    ("validators", Role.CONFIGURATION),
    ("generators", Role.GENERATOR),
    ("patchesStrategicMerge", Role.PATCH),
)
_WITH_PATH = (
    ("patches", Role.PATCH),
    ("patchesJson6902", Role.PATCH),
    ("replacements", Role.CONFIGURATION),
)
_GENERATORS = ("configMapGenerator", "secretGenerator")
_CHART_HOME = "charts"


def references_of(source: SourceFile) -> tuple[Reference, ...]:
    """Everything that the kustomization file names, in the order of its fields."""
    found: list[Reference] = []
    for document in source.documents:
        if isinstance(document.value, dict):
            found += (
                Reference(text, role, document.index, route)
                for text, role, route in _references(document.value)
            )
    return tuple(found)


_Found = Iterator[tuple[str, Role, Route]]


def _references(value: dict[str, Value]) -> _Found:
    for key, role in _LISTS:
        for index, item in _items(value.get(key)):
            yield from _path(item, role, (key, index))
    for key, role in _WITH_PATH:
        for index, item in _items(value.get(key)):
            if isinstance(item, dict):
                yield from _path(item.get("path"), role, (key, index, "path"))
    for key in _GENERATORS:
        for index, item in _items(value.get(key)):
            if isinstance(item, dict):
                yield from _generator(item, (key, index))
    openapi = value.get("openapi")
    if isinstance(openapi, dict):
        yield from _path(openapi.get("path"), Role.CONFIGURATION, ("openapi", "path"))
    yield from _charts(value)


def _generator(item: dict[str, Value], at: Route) -> _Found:
    for index, entry in _items(item.get("files")):
        text = entry.partition("=")[2] or entry if isinstance(entry, str) else entry
        yield from _path(text, Role.GENERATOR_INPUT, (*at, "files", index))
    for index, entry in _items(item.get("envs")):
        yield from _path(entry, Role.GENERATOR_INPUT, (*at, "envs", index))
    yield from _path(item.get("env"), Role.GENERATOR_INPUT, (*at, "env"))


def _charts(value: dict[str, Value]) -> _Found:
    options = value.get("helmGlobals")
    home = options.get("chartHome") if isinstance(options, dict) else None
    home = home if isinstance(home, str) and home else _CHART_HOME
    for index, item in _items(value.get("helmCharts")):
        if not isinstance(item, dict):
            continue
        at: Route = ("helmCharts", index)
        name = item.get("name")
        if isinstance(name, str) and name:
            yield f"{home}/{name}", Role.CHART, (*at, "name")
        yield from _path(item.get("valuesFile"), Role.VALUES, (*at, "valuesFile"))
        for number, entry in _items(item.get("additionalValuesFiles")):
            yield from _path(entry, Role.VALUES, (*at, "additionalValuesFiles", number))


def _items(value: Value) -> Iterator[tuple[int, Value]]:
    return enumerate(value) if isinstance(value, list) else iter(())


def _path(text: Value, role: Role, route: Route) -> _Found:
    """Entries with a line break are not paths but the content itself."""
    if isinstance(text, str) and text and "\n" not in text:
        yield text, role, route
