"""Services are reached where the team wants it."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy import kinds
from gitops_ci.policy.fault import Fault
from gitops_ci.policy.network import CONCEPTS
from gitops_ci.policy.pods.view import is_set
from gitops_ci.policy.subject import Subject
from gitops_ci.render.routes import at, items, mapping, text

RULE = Rule(
    "network/exposed-service",
    "A Service that is open to the outside",
    Severity.WARNING,
    "A NodePort is open on every node, and a load balancer without source ranges to everybody: both"
    " lead past the ingress, its TLS and its authentication.",
    f"{CONCEPTS}/service/#publishing-services-service-types",
)
KINDS = kinds.of("", "Service")

_INTERNAL = ("internal", "private")
_LISTS = ("loadBalancerSourceRanges",)


def check(subject: Subject) -> Iterator[Fault]:
    """A fault for a NodePort, for external addresses, and for a load balancer that is neither
    internal nor limited to some sources."""
    kind = text(subject.value, "spec", "type")
    if kind == "NodePort":
        yield Fault(RULE, ("spec", "type"), "the Service is open on every node")
    elif kind == "LoadBalancer" and not _is_limited(subject):
        message = "the load balancer is open to everybody"
        hint = "limit it by loadBalancerSourceRanges, or make it internal"
        yield Fault(RULE, ("spec", "type"), message, hint)
    if items(subject.value, "spec", "externalIPs"):
        message = "externalIPs takes traffic for addresses that nobody gave to the Service"
        yield Fault(RULE, ("spec", "externalIPs"), message, key=True)


def _is_limited(subject: Subject) -> bool:
    if any(is_set(at(subject.value, ("spec", field))) for field in _LISTS):
        return True
    annotations = mapping(subject.value, "metadata", "annotations")
    return any(_speaks_of_inside(name, value) for name, value in annotations.items())


def _speaks_of_inside(name: str, value: object) -> bool:
    """Whether an annotation of some cloud makes the load balancer internal, or limits it."""
    words = f"{name}={value}".lower()
    if "source-ranges" in words or "whitelist" in words:
        return True
    return any(word in words for word in _INTERNAL) and str(value).lower() != "false"
