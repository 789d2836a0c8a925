"""A Service finds its pods."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy.fault import Fault
from gitops_ci.policy.neighbours import Neighbours
from gitops_ci.policy.pods.view import PodView
from gitops_ci.policy.reliability import CONCEPTS
from gitops_ci.policy.selectors import labels_match
from gitops_ci.policy.subject import Subject
from gitops_ci.policy.workloads import SERVICE, labels_of, matches_nothing
from gitops_ci.render.routes import mapping

RULE = Rule(
    "reliability/dangling-service",
    "A Service whose selector matches no pods",
    Severity.WARNING,
    "It has no endpoints: whoever calls it gets no answer.",
    f"{CONCEPTS}/services-networking/service/#services-with-selectors",
)


def check(neighbours: Neighbours) -> Iterator[tuple[Subject, Fault]]:
    """A fault for each Service that fits none of the pods of its namespace."""
    for service in neighbours.own_of(SERVICE):
        selector = mapping(service.value, "spec", "selector")
        fits = partial(_fits, selector)
        if selector and matches_nothing(service, neighbours, fits):
            message = "the selector matches no pods of this namespace"
            yield service, Fault(RULE, ("spec", "selector"), message, key=True)


def _fits(selector: dict[str, Any], pod: PodView) -> bool | None:
    return labels_match(selector, labels_of(pod))
