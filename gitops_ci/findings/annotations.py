"""Ignores that stand on an object: `gitops-ci.dev/ignore.<rule with . for />: reason`, or for one
container `<container>.container.gitops-ci.dev/ignore.<rule>: reason`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from gitops_ci.findings.inline import refused
from gitops_ci.findings.known_rules import KnownRules
from gitops_ci.findings.suppression import Collected, ObjectScope, Suppression
from gitops_ci.model.finding import Finding, ObjectRef
from gitops_ci.model.regex import regex
from gitops_ci.model.span import Location, Route

_KEY = regex(
    r"(?:(?P<container>[a-z0-9]([a-z0-9-]*[a-z0-9])?)\.container\.)?gitops-ci\.dev/ignore\.(?P<id>.*)",
    re.ASCII,
)

_HOLDERS: tuple[Route, ...] = (
    (),
    ("spec", "template"),
    ("spec", "jobTemplate"),
    ("spec", "jobTemplate", "spec", "template"),
)
"""Where metadata with annotations may stand: the object and its pod templates."""


def ignores_on(
    value: dict[str, Any],
    ref: ObjectRef,
    place: Callable[[Route], Location],
    known: KnownRules,
    root: str = "",
) -> Collected:
    """The ignore annotations of a (rendered) object. `place` is asked only when there are any."""
    suppressions: list[Suppression] = []
    findings: list[Finding] = []
    for route, container, rule_id, reason in _annotated(value):
        location = place(route)
        problem = refused(rule_id, reason, location, known)
        if problem is not None:
            findings.append(problem)
            continue
        scope = ObjectScope(ref, root, container)
        anchor = (
            f"{ref.group}/{ref} {container} {root}" if container else f"{ref.group}/{ref} {root}"
        )
        suppressions.append(
            Suppression("annotation", known.canonical(rule_id), reason, scope, location, anchor)
        )
    return Collected(tuple(suppressions), tuple(findings))


def _annotated(value: dict[str, Any]) -> Iterator[tuple[Route, str, str, str]]:
    for holder in _HOLDERS:
        annotations: Any = value
        for step in (*holder, "metadata", "annotations"):
            annotations = annotations.get(step) if isinstance(annotations, dict) else None
        if not isinstance(annotations, dict):
            continue
        for key, reason in annotations.items():
            written = _KEY.fullmatch(key)
            if written:
                # prefixes hold no dot, so the first one stands for the slash
                rule_id = written["id"].replace(".", "/", 1)
                text = reason.strip() if isinstance(reason, str) else ""
                route = (*holder, "metadata", "annotations", key)
                yield route, written["container"] or "", rule_id, text
