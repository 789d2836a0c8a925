"""Every container has a seccomp profile."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy.fault import Fault, Remedy
from gitops_ci.policy.pods.view import Context, PodView, is_set
from gitops_ci.policy.pss import RESTRICTED, WINDOWS_SINCE, named
from gitops_ci.policy.pss.seccomp import FIELD_SINCE, wrong_types

RULE = Rule(
    "pss/seccomp-restricted",
    "A container without a seccomp profile",
    Severity.ERROR,
    "Kubernetes applies no profile unless one is named, and without one a container may use every"
    " system call, also those through which kernels are attacked.",
    RESTRICTED,
)
SINCE = FIELD_SINCE
REPLACES = "pss/seccomp"


def check(pod: PodView, minor: int) -> Iterator[Fault]:
    """A fault for each profile that is not allowed, and one for a pod that names none for some of
    its containers."""
    if pod.is_windows and minor >= WINDOWS_SINCE:
        return
    yield from wrong_types(RULE, pod)
    whole = pod.context
    if pod.patched or _is_there(whole):
        return
    without = [context.who for context in pod.contexts[1:] if not _is_there(context)]
    if without:
        route = whole.where("seccompProfile", "type")
        value = {"type": "RuntimeDefault"}
        remedy = Remedy("use the runtime's profile", whole.where("seccompProfile"), value)
        message = f"no seccomp profile is set for {named(without)}"
        hint = "set securityContext.seccompProfile.type to RuntimeDefault for the pod"
        yield Fault(RULE, route, message, hint, remedy=remedy)


def _is_there(context: Context) -> bool:
    """Whether there is a profile, good or bad, or one that only the cluster knows."""
    return context.hides("seccompProfile", "type") or is_set(context.at("seccompProfile", "type"))
