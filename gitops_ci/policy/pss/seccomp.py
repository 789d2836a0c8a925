"""Seccomp is not switched off."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy.fault import Fault, Remedy
from gitops_ci.policy.pods.view import PodView
from gitops_ci.policy.pss import BASELINE
from gitops_ci.render.opaque import is_opaque
from gitops_ci.render.routes import mapping

RULE = Rule(
    "pss/seccomp",
    "A pod that switches seccomp off, or names a profile in a way that is not allowed",
    Severity.ERROR,
    "Without a profile a container may use every system call, also those through which kernels are"
    " attacked.",
    BASELINE,
)
SINCE = 0
REPLACES = ""
FIELD_SINCE = 19
"""From this version on the field counts, and the annotations do not any more."""

TYPES = ("RuntimeDefault", "Localhost")
_POD = "seccomp.security.alpha.kubernetes.io/pod"
_CONTAINER = "container.seccomp.security.alpha.kubernetes.io/"
_ANNOTATED = ("runtime/default", "docker/default")


def check(pod: PodView, minor: int) -> Iterator[Fault]:
    """A fault for each profile that is neither the runtime's nor one of the node's own."""
    yield from wrong_types(RULE, pod) if minor >= FIELD_SINCE else _annotated(pod)


def wrong_types(rule: Rule, pod: PodView) -> Iterator[Fault]:
    """A fault of the rule for each type of profile that is not allowed where there is one."""
    for context in pod.contexts:
        kind = context.at("seccompProfile", "type")
        if isinstance(kind, str) and kind not in TYPES and not is_opaque(kind):
            route = context.where("seccompProfile", "type")
            message = f"{context.who} sets the seccomp profile '{kind}'"
            remedy = Remedy("use the runtime's profile", route, "RuntimeDefault")
            hint = "use RuntimeDefault or Localhost"
            yield Fault(rule, route, message, hint, remedy=remedy)


def _annotated(pod: PodView) -> Iterator[Fault]:
    names = {_POD, *(f"{_CONTAINER}{container.name}" for container in pod.containers())}
    for name, profile in mapping(pod.metadata, "annotations").items():
        if name not in names or not isinstance(profile, str) or is_opaque(profile):
            continue
        if profile not in _ANNOTATED and not profile.startswith("localhost/"):
            route = (*pod.metadata_route, "annotations", name)
            message = f"an annotation sets the seccomp profile '{profile}'"
            yield Fault(RULE, route, message, "use runtime/default or localhost/…")
