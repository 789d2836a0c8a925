"""The parts of /proc that are hidden from containers stay hidden."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy.fault import Fault, Remedy
from gitops_ci.policy.pods.view import PodView
from gitops_ci.policy.pss import BASELINE, USER_NAMESPACES_SINCE
from gitops_ci.render.opaque import is_opaque

RULE = Rule(
    "pss/proc-mount",
    "A container that sees all of /proc",
    Severity.ERROR,
    "The runtime masks the parts of /proc through which a container could change its node.",
    BASELINE,
)
SINCE = 0
REPLACES = ""


def check(pod: PodView, minor: int) -> Iterator[Fault]:
    """A fault for each container with another procMount than the default one; from 1.35 on, pods
    in a user namespace of their own may."""
    if minor < USER_NAMESPACES_SINCE or pod.at("hostUsers") is not False:
        yield from unmasked(RULE, pod)


def unmasked(rule: Rule, pod: PodView) -> Iterator[Fault]:
    """A fault of the rule for each container with another procMount than the default one."""
    for context in pod.contexts[1:]:
        kind = context.at("procMount")
        if isinstance(kind, str) and kind != "Default" and not is_opaque(kind):
            message = f"{context.who} sets procMount: {kind}"
            route = context.where("procMount")
            remedy = Remedy("remove it", route, remove=True)
            yield Fault(rule, route, message, "remove it", remedy=remedy)
