"""No container runs as root."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy.fault import Fault, Remedy
from gitops_ci.policy.pods.view import Context, PodView, is_set
from gitops_ci.policy.pss import RESTRICTED, USER_NAMESPACES_SINCE, named

RULE = Rule(
    "pss/run-as-non-root",
    "A container that may run as root",
    Severity.ERROR,
    "Root in a container is root for the kernel: what breaks out has every right at once. Unless"
    " the pod forbids it, the image decides.",
    RESTRICTED,
)
SINCE = 0
REPLACES = ""

_FIELD = "runAsNonRoot"


def check(pod: PodView, minor: int) -> Iterator[Fault]:
    """A fault for each `false`, and one for a pod that leaves it open for some of its containers.
    From 1.35 on, pods in a user namespace of their own may."""
    if minor >= USER_NAMESPACES_SINCE and pod.at("hostUsers") is False:
        return
    for context in pod.contexts:
        if context.at(_FIELD) is False:
            route = context.where(_FIELD)
            remedy = Remedy("set runAsNonRoot: true", route, value=True)
            message = f"{context.who} sets runAsNonRoot: false"
            yield Fault(RULE, route, message, remedy=remedy)
    whole = pod.context
    if pod.patched or _is_told(whole):
        return
    silent = [context.who for context in pod.contexts[1:] if not _is_told(context)]
    if silent:
        route = whole.where(_FIELD)
        remedy = Remedy("set runAsNonRoot: true", route, value=True)
        message = f"nothing keeps {named(silent)} from running as root"
        hint = "set securityContext.runAsNonRoot: true for the pod"
        yield Fault(RULE, route, message, hint, remedy=remedy)


def _is_told(context: Context) -> bool:
    """Whether the context says it, one way or the other, or hides what it says."""
    return is_set(context.at(_FIELD)) or context.hides(_FIELD)
