"""`match` and `exclude` of Kyverno's rules.

https://kyverno.io/docs/policy-types/cluster-policy/match-exclude/
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from gitops_ci.config.globs import PatternError, name_matches
from gitops_ci.policy.admission.admission import OPEN_NAMESPACE, Admission
from gitops_ci.policy.admission.model import (
    Answer,
    Matcher,
    Unknown,
    all_of,
    any_of,
    opposite,
)
from gitops_ci.policy.admission.selectors import selects_namespace, selects_object
from gitops_ci.render.routes import items, mapping, text

_WHO = ("subjects", "roles", "clusterRoles")
_ANYBODY = Unknown("it depends on who makes the request")


def matcher(rule: Mapping[str, Any]) -> Matcher:
    """What a rule is about: `match` without `exclude`."""
    wanted, unwanted = _block(mapping(rule, "match")), mapping(rule, "exclude")
    if not unwanted:
        return wanted
    without = _block(unwanted)

    def matches(admission: Admission) -> Answer:
        answer = wanted(admission)
        if answer is False:
            return False
        excluded = without(admission)
        return opposite(excluded) if answer is True or excluded is True else answer

    return matches


def filters(block: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The filters of a block, whether they stand in `any`, in `all`, or alone."""
    listed = [*items(block, "any"), *items(block, "all")]
    return [item for item in (listed or [block]) if isinstance(item, dict)]


def kinds_in(block: Mapping[str, Any]) -> list[str]:
    """The kinds that a block names."""
    return [
        str(kind) for item in filters(block) for kind in items(mapping(item, "resources"), "kinds")
    ]


def _block(block: Mapping[str, Any]) -> Matcher:
    any_block = bool(items(block, "any"))
    entries = filters({"any": block["any"]} if any_block else block)
    matchers = tuple(map(_filter, entries))
    join = any_of if any_block else all_of
    return matchers[0] if len(matchers) == 1 else lambda admission: join(matchers, admission)


def _filter(entry: Mapping[str, Any]) -> Matcher:
    resources = mapping(entry, "resources")
    fits_kind = _of_kinds([str(kind) for kind in items(resources, "kinds")])
    fits = _fields(resources)
    selector, namespaces = mapping(resources, "selector"), mapping(resources, "namespaceSelector")
    who = any(items(entry, name) for name in _WHO)
    places = items(resources, "namespaces")

    def matches(admission: Admission) -> Answer:
        if not fits_kind(admission) or not all(test(admission) for test in fits):
            return False
        if selector and not selects_object(selector, admission):
            return False
        answer = selects_namespace(namespaces, admission) if namespaces else True
        if answer is not False and places:
            answer = _lies_in(places, admission)
        return _ANYBODY if who and answer is not False else answer

    return matches


def _of_kinds(kinds: list[str]) -> Callable[[Admission], bool]:
    """Whether one of the kinds is that of an object, answered once for each kind of object."""
    known: dict[tuple[str, str, str], bool] = {}

    def fits(admission: Admission) -> bool:
        key = (admission.group, admission.version, admission.kind)
        answer = known.get(key)
        if answer is None:
            answer = not kinds or any(kind_matches(kind, admission) for kind in kinds)
            known[key] = answer
        return answer

    return fits


def _fields(resources: Mapping[str, Any]) -> tuple[Callable[[Admission], bool], ...]:
    """The tests for what the filter says beside kinds and labels."""
    tests: list[Callable[[Admission], bool]] = []
    operations = items(resources, "operations")
    name = text(resources, "name")
    names = [*items(resources, "names"), *((name,) if name else ())]
    annotations = mapping(resources, "annotations")
    if operations:
        tests.append(lambda admission: admission.operation in operations)
    if names:
        tests.append(lambda admission: _one_of(names, admission.name))
    if annotations:
        tests.append(lambda admission: _annotated(annotations, admission))
    return tuple(tests)


def _lies_in(places: list[Any], admission: Admission) -> Answer:
    if admission.is_open:
        return OPEN_NAMESPACE
    own = admission.name if admission.kind == "Namespace" else admission.namespace
    return _one_of(places, own)


def within(namespace: str) -> tuple[Matcher, ...]:
    """What restricts a policy to the objects of its own namespace; nothing for a policy without."""
    if not namespace:
        return ()

    def matches(admission: Admission) -> Answer:
        return OPEN_NAMESPACE if admission.is_open else admission.namespace == namespace

    return (matches,)


def _annotated(wanted: Mapping[str, Any], admission: Admission) -> bool:
    stated = mapping(admission.value, "metadata", "annotations")
    return all(
        any(_glob(key, has) and _glob(str(value), str(stated[has])) for has in stated)
        for key, value in wanted.items()
    )


def _one_of(patterns: list[Any], name: str) -> bool:
    return any(_glob(str(pattern), name) for pattern in patterns)


def _glob(pattern: str, name: str) -> bool:
    try:
        return pattern == name or name_matches(pattern, name)
    except PatternError:
        return False


def kind_matches(selector: str, admission: Admission) -> bool:
    """Whether `Kind`, `version/Kind` or `group/version/Kind` names the kind of the object. What
    names a subresource names no object."""
    parts = selector.split("/")
    if len(parts) > 1 and parts[-1][:1].islower():
        return False
    kind, _, subresource = parts[-1].partition(".")
    if subresource and subresource[:1].islower() and subresource != "*":
        return False
    rest = parts[:-1]
    version = rest[-1] if rest else "*"
    group = rest[0] if len(rest) > 1 else "*"
    return (
        _glob(kind, admission.kind)
        and _glob(version, admission.version)
        and _glob(group, admission.group)
    )
