"""Nobody asks for the root user."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy.fault import Fault
from gitops_ci.policy.pods.view import PodView
from gitops_ci.policy.pss import RESTRICTED, USER_NAMESPACES_SINCE

RULE = Rule(
    "pss/run-as-user",
    "A pod or container that asks for the user 0",
    Severity.ERROR,
    "User 0 is root; together with runAsNonRoot the pod does not even start.",
    RESTRICTED,
)
SINCE = 23
REPLACES = ""


def check(pod: PodView, minor: int) -> Iterator[Fault]:
    """A fault for each runAsUser: 0. From 1.35 on, pods in a user namespace of their own may."""
    if minor >= USER_NAMESPACES_SINCE and pod.at("hostUsers") is False:
        return
    for context in pod.contexts:
        user = context.at("runAsUser")
        if isinstance(user, int) and not isinstance(user, bool) and user == 0:
            message = f"{context.who} sets runAsUser: 0, which is root"
            hint = "name another user, or remove it"
            yield Fault(RULE, context.where("runAsUser"), message, hint)
