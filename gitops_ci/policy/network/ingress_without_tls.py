"""What comes from outside is encrypted."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy import kinds
from gitops_ci.policy.fault import Fault
from gitops_ci.policy.network import CONCEPTS
from gitops_ci.policy.pods.view import is_set
from gitops_ci.policy.subject import Subject
from gitops_ci.render.opaque import is_opaque
from gitops_ci.render.routes import items, mapping, text

RULE = Rule(
    "network/ingress-without-tls",
    "A host that is served without TLS",
    Severity.WARNING,
    "Passwords and sessions cross the network as they are, and answers may be changed on the way.",
    f"{CONCEPTS}/ingress/#tls",
)
INGRESS = kinds.of("networking.k8s.io", "Ingress") | kinds.of("extensions", "Ingress")
ROUTES = kinds.of("route.openshift.io", "Route")
KINDS = INGRESS | ROUTES

_ELSEWHERE = (
    "alb.ingress.kubernetes.io/certificate-arn",
    "alb.ingress.kubernetes.io/listen-ports",
    "ingress.gcp.kubernetes.io/pre-shared-cert",
    "networking.gke.io/managed-certificates",
    "appgw.ingress.kubernetes.io/appgw-ssl-certificate",
    "traefik.ingress.kubernetes.io/router.tls",
)
"""Annotations that bring a certificate another way."""


def check(subject: Subject) -> Iterator[Fault]:
    """A fault for each host of an Ingress that no certificate is named for, and for a Route
    without TLS."""
    annotations = mapping(subject.value, "metadata", "annotations")
    if subject.kind in ROUTES:
        if not is_set(mapping(subject.value, "spec").get("tls")):
            yield Fault(RULE, ("spec", "tls"), "the route is served without TLS")
        return
    if any(name in annotations for name in _ELSEWHERE):
        return
    entries = items(subject.value, "spec", "tls")
    covered = [host for entry in entries for host in items(entry, "hosts")]
    everything = any(not items(entry, "hosts") for entry in entries)
    for index, rule in enumerate(items(subject.value, "spec", "rules")):
        host = text(rule, "host")
        if host and not everything and not _is_covered(host, covered):
            message = f"{host} is served without TLS"
            yield Fault(RULE, ("spec", "rules", index, "host"), message, "add it to spec.tls")


def _is_covered(host: str, covered: list[object]) -> bool:
    """Whether a certificate is named for the host, also one for all of its siblings."""
    wildcard = f"*.{host.partition('.')[2]}"
    return is_opaque(host) or any(is_opaque(name) or name in (host, wildcard) for name in covered)
