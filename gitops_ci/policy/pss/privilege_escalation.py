"""No process gets more rights than its parent."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy.fault import Fault, Remedy
from gitops_ci.policy.pods.view import PodView
from gitops_ci.policy.pss import RESTRICTED, WINDOWS_SINCE

RULE = Rule(
    "pss/privilege-escalation",
    "A container whose processes may gain rights",
    Severity.ERROR,
    "Unless it is switched off, a program with the set-user-ID bit in the image is a way to root.",
    RESTRICTED,
)
SINCE = 8
REPLACES = ""


def check(pod: PodView, minor: int) -> Iterator[Fault]:
    """A fault for each container that does not set allowPrivilegeEscalation: false."""
    if pod.is_windows and minor >= WINDOWS_SINCE:
        return
    for context in pod.contexts[1:]:
        value = context.at("allowPrivilegeEscalation")
        if value is False or context.hides("allowPrivilegeEscalation"):
            continue
        if value is not True and pod.patched:
            continue
        route = context.where("allowPrivilegeEscalation")
        remedy = Remedy("set allowPrivilegeEscalation: false", route, value=False)
        message = f"{context.who} does not set allowPrivilegeEscalation: false"
        yield Fault(RULE, route, message, remedy=remedy)
