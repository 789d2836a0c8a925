"""Choosing resources: anchored regular expressions, label and annotation selectors."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

from gitops_ci.model.regex import regex
from gitops_ci.render.kustomize.ids import Id
from gitops_ci.render.kustomize.resource import Resource
from gitops_ci.render.kustomize.values import text_of

_PLAIN = regex(r"[A-Za-z0-9_/-]*\Z")
_FOREIGN = regex(r"\(\?(?:[=!]|<[=!]|\(|>|#)|\\[1-9]")
_UNSURE = regex(r"\[\[:|\\[pPQCzG]|\(\?[a-zA-Z-]*[^:a-zA-Z)P<-]")
_NESTED = regex(r"[+*}|][^()]*\)*\)[+*{]")
_REPEATS = regex(r"[^\\][*+]|\{\d*,\d*\}")
_LONGEST = 300
_MOST_REPEATS = 4
"""More unbounded repetitions than any selector needs; each may multiply the time."""


class SelectorError(ValueError):
    """A selector that the reference refuses."""


class UnsureError(ValueError):
    """A selector that Go and Python may read differently, or that could run for very long."""


@cache
def go_regex(pattern: str) -> re.Pattern[str]:
    """The expression, for Go's syntax. Raises SelectorError for what Go refuses and UnsureError
    for what cannot be translated safely: Python's engine backtracks, Go's does not."""
    if _FOREIGN.search(pattern):
        raise SelectorError(f"'{pattern}' is not a regular expression that kustomize knows")
    slow = len(pattern) > _LONGEST or len(_REPEATS.findall(pattern)) > _MOST_REPEATS
    if slow or _UNSURE.search(pattern) or _NESTED.search(pattern):
        raise UnsureError(f"'{pattern}'")
    try:
        return re.compile(pattern.replace("$", r"\Z") if pattern.endswith("$") else pattern)
    except re.error as error:
        raise SelectorError(f"'{pattern}' is not a regular expression: {error}") from error


Test = Callable[[str], bool]


@cache
def anchored(pattern: str) -> Test:
    """A test whether a whole text matches; an empty pattern matches everything."""
    if not pattern:
        return lambda text: True  # noqa: ARG005 - a test takes the text
    if _PLAIN.match(pattern):
        return pattern.__eq__
    compiled = go_regex(f"^(?:{pattern})$")
    return lambda text: compiled.match(text) is not None


class Selector:
    """A `target:` of a patch. Raises SelectorError and UnsureError."""

    def __init__(self, fields: Mapping[str, Any]) -> None:
        get = fields.get
        self._group = anchored(text_of(get("group")))
        self._version = anchored(text_of(get("version")))
        self._kind = anchored(text_of(get("kind")))
        self._name = anchored(text_of(get("name")))
        self._namespace = anchored(text_of(get("namespace")))
        self._labels = label_selector(text_of(get("labelSelector")))
        self._annotations = label_selector(text_of(get("annotationSelector")))

    def select(self, resources: Iterable[Resource]) -> list[Resource]:
        """The resources that are meant; names and namespaces count as they were and as they are."""
        return [resource for resource in resources if self._means(resource)]

    def _means(self, resource: Resource) -> bool:
        now, first = resource.id, resource.original
        gvk = now.gvk
        return (
            (self._name(first.name) or self._name(now.name))
            and self._kind(gvk.kind)
            and (self._namespace(first.namespace) or self._namespace(now.namespace))
            and self._group(gvk.group)
            and self._version(gvk.version)
            and self._labels(entries(resource, "labels"))
            and self._annotations(entries(resource, "annotations"))
        )


def entries(resource: Resource, field: str) -> dict[str, str]:
    """The labels or annotations of a resource, as texts."""
    metadata = resource.value.get("metadata")
    entries = metadata.get(field) if isinstance(metadata, dict) else None
    if not isinstance(entries, dict):
        return {}
    return {key: text_of(value) for key, value in entries.items()}


def by_id(resources: Iterable[Resource], wanted: Id) -> list[Resource]:
    """The resources that have or had the identity."""
    name = wanted.name
    return [
        resource
        for resource in resources
        if (resource.id == wanted)
        or any(item.name == name and item == wanted for item in resource.previous_ids())
    ]


LabelTest = Callable[[Mapping[str, str]], bool]
_KEY = r"[A-Za-z0-9](?:[A-Za-z0-9_./-]*[A-Za-z0-9])?"
_VALUE = r"(?:[A-Za-z0-9](?:[A-Za-z0-9_.-]*[A-Za-z0-9])?)?"
_REQUIREMENT = regex(
    rf"\s*(?:(?P<not>!)\s*(?P<absent>{_KEY})"
    rf"|(?P<key>{_KEY})\s*(?:(?P<op>==|=|!=|>|<)\s*(?P<value>{_VALUE})"
    rf"|\s(?P<set>in|notin)\s*\((?P<values>[^()]*)\))?)\s*(?:,|\Z)"
)


@cache
def label_selector(text: str) -> LabelTest:
    """A test for a selector in the syntax of Kubernetes labels; an empty one selects everything.
    Raises SelectorError."""
    tests: list[LabelTest] = []
    position = 0
    if not text.strip():
        return lambda labels: True  # noqa: ARG005 - a test takes the labels
    while position < len(text):
        match = _REQUIREMENT.match(text, position)
        if match is None:
            raise SelectorError(f"'{text}' is not a label selector")
        tests.append(_requirement(match, text))
        position = match.end()
    if text.rstrip().endswith(","):
        raise SelectorError(f"'{text}' is not a label selector")
    return lambda labels: all(test(labels) for test in tests)


def _requirement(match: re.Match[str], text: str) -> LabelTest:
    if match["not"]:
        absent = match["absent"]
        return lambda labels: absent not in labels
    key, operator = match["key"], match["op"] or match["set"]
    if operator is None:
        return lambda labels: key in labels
    if operator in ("in", "notin"):
        wanted = frozenset(item.strip() for item in match["values"].split(","))
        if operator == "in":
            return lambda labels: labels.get(key) in wanted
        return lambda labels: labels.get(key) not in wanted
    value = match["value"]
    if operator == "!=":
        return lambda labels: labels.get(key) != value
    if operator in ("=", "=="):
        return lambda labels: labels.get(key) == value
    return _comparison(key, operator, value, text)


def _comparison(key: str, operator: str, value: str, text: str) -> LabelTest:
    if not re.fullmatch(r"-?\d+", value):
        raise SelectorError(f"'{text}': {operator} needs a whole number")
    bound, larger = int(value), operator == ">"

    def test(labels: Mapping[str, str]) -> bool:
        number = labels.get(key, "")
        if not re.fullmatch(r"-?\d+", number):
            return False
        return int(number) > bound if larger else int(number) < bound

    return test
