"""Argo CD's objects as rules read them.

Sources: the specifications of Application, ApplicationSet and AppProject; for what a project
permits, argo-cd.readthedocs.io/en/stable/user-guide/projects.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from gitops_ci.model.span import Route
from gitops_ci.policy import kinds
from gitops_ci.policy.subject import Subject
from gitops_ci.render.opaque import is_opaque
from gitops_ci.render.routes import items, mapping, text

APPLICATIONS = kinds.of("argoproj.io", "Application", "ApplicationSet")
PROJECTS = kinds.of("argoproj.io", "AppProject")
DEFAULT = "default"


class Spec(Struct, frozen=True):
    """The specification of an Application, or of those that an ApplicationSet makes."""

    value: dict[str, Any]
    route: Route

    @property
    def project(self) -> str:
        """Its project; empty for one that only a generator knows."""
        name = self.value.get("project")
        return "" if is_unknown(name) else text(self.value, "project") or DEFAULT

    def sources(self) -> Iterator[tuple[Route, dict[str, Any]]]:
        """Its sources with their routes."""
        for index, source in enumerate(items(self.value, "sources")):
            if isinstance(source, dict):
                yield (*self.route, "sources", index), source
        if not items(self.value, "sources") and mapping(self.value, "source"):
            yield (*self.route, "source"), mapping(self.value, "source")


def spec_of(subject: Subject) -> Spec:
    """The specification of an Application or ApplicationSet."""
    single: Route = ("spec",)
    route = single if subject.kind[1] == "Application" else (*single, "template", *single)
    return Spec(mapping(subject.value, *route), route)


def is_unknown(value: Any) -> bool:
    """Whether only the cluster or a generator of an ApplicationSet knows the text."""
    return is_opaque(value) or (isinstance(value, str) and "{{" in value)


def project_called(name: str, projects: list[Subject]) -> Subject | None:
    """The project of that name, if it lies in the repository exactly once in one form."""
    found = [project for project in projects if project.ref.name == name]
    same = all(project.value == found[0].value for project in found)
    return found[0] if found and same else None


def permits(patterns: list[str], value: str, separator: str = "") -> bool:
    """Whether a list of globs permits the text: one has to match, and none behind a `!`. `*`
    stops at the separator, if there is one; alone it matches everything."""
    matched = False
    for pattern in patterns:
        if pattern.startswith("!"):
            if _matches(pattern[1:], value, separator):
                return False
        elif pattern == "*" or _matches(pattern, value, separator):
            matched = True
    return matched


def _matches(pattern: str, value: str, separator: str) -> bool:
    one = f"[^{separator}]*" if separator else ".*"
    parts = re.split(r"(\*\*?|\?)", pattern)
    known = {"*": one, "**": ".*", "?": "."}
    whole = "".join(known.get(part, re.escape(part)) for part in parts)
    return re.fullmatch(whole, value) is not None


def texts(value: Any, *route: str | int) -> list[str]:
    """The texts of the list at a route."""
    return [item for item in items(value, *route) if isinstance(item, str)]
