"""Names in other resources follow the resources that were renamed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, ClassVar

from msgspec import Struct

from gitops_ci.documents.scalars import resolve_kustomize
from gitops_ci.model.finding import found
from gitops_ci.model.span import Route
from gitops_ci.render.kustomize import rules
from gitops_ci.render.kustomize.failure import BuildError
from gitops_ci.render.kustomize.field_specs import Config, Reference
from gitops_ci.render.kustomize.history import Hit
from gitops_ci.render.kustomize.ids import NO_NAMESPACE, Gvk, metadata_text
from gitops_ci.render.kustomize.resource import Resource
from gitops_ci.render.kustomize.values import MISSING, Value, get, put, text_of
from gitops_ci.render.kustomize.walk import split_path


class _Rule(Struct, frozen=True):
    """One field of one referrer kind: the path, its parts, the referrer and the target."""

    path: str
    parts: tuple[str, ...]
    referrer: Gvk
    target: Gvk


class _Trie:
    """The rules for one kind of referrer, by the parts of their paths."""

    __slots__ = ("children", "rules")

    def __init__(self) -> None:
        self.children: dict[str, _Trie] = {}
        self.rules: list[_Rule] = []

    def add(self, rule: _Rule) -> None:
        """File a rule under its path."""
        node = self
        for part in rule.parts:
            node = node.children.setdefault(part.removesuffix("[]"), _Trie())
        node.rules.append(rule)

    def find(self, value: dict[str, Any]) -> list[_Place]:
        """Every rule whose path leads somewhere in `value`, where, and to what."""
        found: list[_Place] = []
        self._below(value, (), found)
        return found

    def _at(self, value: Value, route: Route, found: list[_Place]) -> None:
        found.extend((rule, route, value) for rule in self.rules)
        if self.children and isinstance(value, (dict, list)):
            self._below(value, route, found)

    def _below(self, value: Value, route: Route, found: list[_Place]) -> None:
        """The same without the rules that end here: the item of a list is on the way."""
        if isinstance(value, dict):
            for part, child in self.children.items():
                if part in value:
                    child._at(value[part], (*route, part), found)  # noqa: SLF001 - same class
        elif isinstance(value, list):
            for index, item in enumerate(value):
                if isinstance(item, (dict, list)):
                    self._below(item, (*route, index), found)


_Place = tuple[_Rule, Route, Value]


@lru_cache(maxsize=32)
def _tries(references: tuple[Reference, ...]) -> dict[str, _Trie]:
    """The rules by the referrer's kind; rules for any kind stand under the empty string."""
    result: dict[str, _Trie] = {}
    for reference in references:
        for spec in reference.referrers:
            rule = _Rule(spec.path, split_path(spec.path), spec.gvk, reference.target)
            result.setdefault(spec.gvk.kind, _Trie()).add(rule)
    return result


class ReferenceStep(Struct, frozen=True):
    """The name at `route` followed a renamed resource: the earlier place stays the right one."""

    routes: tuple[Route, ...]
    unties: ClassVar[bool] = False

    def back(
        self, route: Route, before: dict[str, Any], _after: dict[str, Any]
    ) -> tuple[Hit | None, Route | None]:
        """See Step. A namespace that was added beside the name is traced to the name."""
        if get(before, route) is MISSING:
            return None, next((r for r in self.routes if r[:-1] == route[:-1]), route[:-1])
        return None, route


_known: list[tuple[Config, dict[str, _Trie]]] = []


def _tries_of(config: Config) -> dict[str, _Trie]:
    """The tries of a Config; the last one is kept, because nearly all builds share the defaults."""
    if _known and _known[0][0] is config:
        return _known[0][1]
    tries = _tries(config.name_reference)
    _known[:] = [(config, tries)]
    return tries


def fix_references(resources: list[Resource], config: Config) -> None:
    """Rewrite names that mean renamed resources. Raises BuildError when one is ambiguous."""
    named: dict[str, list[Resource]] = {}
    for resource in resources:
        for name in {item.name for item in resource.previous}:
            named.setdefault(name, []).append(resource)
    if not named:
        return
    tries = _tries_of(config)
    for referrer in resources:
        original = referrer.original.gvk
        for kind in (original.kind, ""):
            trie = tries.get(kind)
            if trie is None:
                continue
            for rule, route, value in trie.find(referrer.value):
                if isinstance(value, str) and not _was_renamed(value, named):
                    continue
                if original.selected_by(rule.referrer):
                    _Fixer(referrer, rule, resources, named).run(route)


def _was_renamed(name: str, named: dict[str, list[Resource]]) -> bool:
    """Whether a resource that was once called `name` is called otherwise now; if not, a reference
    by that name stays as it is, whichever resource it means."""
    return any(candidate.id.name != name for candidate in named.get(name, ()))


class _Fixer:
    def __init__(
        self,
        referrer: Resource,
        rule: _Rule,
        resources: Sequence[Resource],
        named: dict[str, list[Resource]],
    ) -> None:
        self._referrer = referrer
        self._rule = rule
        self._resources = resources
        self._named = named
        self._changes: list[tuple[Route, Value]] = []

    def run(self, route: Route) -> None:
        """Apply the rule to one place of the referrer."""
        value = self._referrer.value
        self._visit(get(value, route), route)
        if not self._changes:
            return
        for place, new in self._changes:
            value = put(value, place, new)
        self._referrer.change(value, ReferenceStep(tuple(place for place, _ in self._changes)))

    def _visit(self, value: Value, route: Route) -> None:
        if value is None:
            return
        if isinstance(value, dict):
            self._mapping(value, route)
        elif isinstance(value, list):
            for index, item in enumerate(value):
                if isinstance(item, dict):
                    self._mapping(item, (*route, index))
                elif not isinstance(item, list):
                    self._scalar(item, (*route, index))
        else:
            self._scalar(value, route)

    def _scalar(self, value: Value, route: Route) -> None:
        name = text_of(value)
        candidates = self._named.get(name)
        if not candidates:
            return
        chosen = self._choose(candidates, route, whole=False)
        if chosen is not None and chosen.id.name != name:
            new = chosen.id.name
            self._changes.append((route, new if isinstance(value, str) else resolve_kustomize(new)))

    def _mapping(self, value: dict[str, Any], route: Route) -> None:
        if "name" not in value:
            message = f"'{self._rule.path}' of {self._referrer.id} has no name"
            location = self._referrer.source.hit(route, key=False).spot.location
            raise BuildError(found(rules.REFERENCE, message, location))
        name = text_of(value["name"])
        candidates = self._named.get(name, [])
        if "namespace" in value:
            candidates = self._in_namespace(candidates, text_of(value["namespace"]))
        chosen = self._choose(candidates, route, whole=True) if candidates else None
        if chosen is None:
            return
        namespace = metadata_text(chosen.value, "namespace")
        if chosen.id.name != name:
            self._changes.append(((*route, "name"), chosen.id.name))
        if namespace and value.get("namespace") != namespace:
            self._changes.append(((*route, "namespace"), namespace))

    def _in_namespace(self, candidates: list[Resource], namespace: str) -> list[Resource]:
        """Those whose original namespace it is; if no resource at all had it, those that are in
        it now."""
        allowed = [r for r in self._resources if self._may_refer(r)]
        if any(r.original.namespace == namespace != NO_NAMESPACE for r in allowed):
            return [r for r in candidates if r.original.namespace == namespace]
        return [r for r in candidates if r.id.namespace == namespace != NO_NAMESPACE]

    def _choose(self, candidates: list[Resource], route: Route, *, whole: bool) -> Resource | None:
        fitting = [r for r in candidates if self._may_refer(r) and self._fits(r)]
        if len(fitting) > 1:
            fitting = [r for r in fitting if _same_affixes(r, self._referrer, loose=True)]
        elif fitting:
            return fitting[0]
        if len(fitting) > 1:
            fitting = [r for r in fitting if _same_affixes(r, self._referrer, loose=False)]
        if not fitting:
            return None
        first = fitting[0]
        if all(_same_target(first, other, whole=whole) for other in fitting):
            return first
        names = ", ".join(str(r.id) for r in fitting)
        message = f"the name in {self._referrer.id} could mean any of {names}"
        location = self._referrer.source.hit(route, key=False).spot.location
        raise BuildError(found(rules.REFERENCE, message, location))

    def _may_refer(self, candidate: Resource) -> bool:
        """Whether kustomize considers the candidate for this referrer at all."""
        mine, its = self._referrer.id, candidate.id
        if NO_NAMESPACE in (mine.namespace, its.namespace) or mine.namespace == its.namespace:
            return True
        return metadata_text(candidate.value, "namespace") in _account_namespaces(self._referrer)

    def _fits(self, candidate: Resource) -> bool:
        previous = candidate.previous_ids()
        if not any(item.gvk.selected_by(self._rule.target) for item in previous):
            return False
        if self._rule.path.endswith("roleRef/name"):
            role = _role(self._referrer.value)
            if role is not None and not any(item.gvk.selected_by(role) for item in previous):
                return False
        mine, its = self._referrer.id, candidate.id
        return (
            NO_NAMESPACE in (mine.namespace, its.namespace)
            or its.gvk.kind == "ServiceAccount"
            or mine.namespace == its.namespace
        )


def _same_target(first: Resource, other: Resource, *, whole: bool) -> bool:
    if first.id.name != other.id.name:
        return False
    same = metadata_text(first.value, "namespace") == metadata_text(other.value, "namespace")
    return same or not whole


def _role(value: dict[str, Any]) -> Gvk | None:
    role = value.get("roleRef")
    if not isinstance(role, dict) or role.get("apiGroup") is None or role.get("kind") is None:
        return None
    return Gvk(text_of(role["apiGroup"]), "", text_of(role["kind"]))


def _account_namespaces(referrer: Resource) -> set[str]:
    """Namespaces of the service accounts that a RoleBinding names."""
    subjects = referrer.value.get("subjects")
    if referrer.gvk.kind != "RoleBinding" or not isinstance(subjects, list):
        return set()
    return set(_namespaces(subjects))


def _namespaces(subjects: list[Value]) -> Iterator[str]:
    for subject in subjects:
        if isinstance(subject, dict) and subject.get("kind") == "ServiceAccount":
            namespace = subject.get("namespace")
            if isinstance(namespace, str):
                yield namespace


def _same_affixes(first: Resource, second: Resource, *, loose: bool) -> bool:
    return _same_end(first.prefixes, second.prefixes, loose=loose) and _same_end(
        first.suffixes, second.suffixes, loose=loose
    )


def _same_end(first: Sequence[str], second: Sequence[str], *, loose: bool) -> bool:
    """Whether the shorter of two lists is the end of the longer; an empty one is only like an
    empty one, unless `loose`."""
    short, long = sorted((first, second), key=len)
    if not short:
        return loose or not long
    return list(long[-len(short) :]) == list(short)
