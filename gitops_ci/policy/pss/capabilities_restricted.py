"""Containers give up every capability, and add at most one back."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy.fault import Fault, Remedy
from gitops_ci.policy.pods.view import Context, PodView
from gitops_ci.policy.pss import RESTRICTED, WINDOWS_SINCE
from gitops_ci.policy.pss.capabilities import added
from gitops_ci.render.opaque import is_opaque
from gitops_ci.render.routes import items

RULE = Rule(
    "pss/capabilities-restricted",
    "A container that does not drop all capabilities, or adds one besides NET_BIND_SERVICE",
    Severity.ERROR,
    "Hardly a program needs any of the rights that containers have by default, and each of them"
    " is a way to do more than it should.",
    RESTRICTED,
)
SINCE = 22
REPLACES = "pss/capabilities"

_ALLOWED = frozenset(("NET_BIND_SERVICE",))


def check(pod: PodView, minor: int) -> Iterator[Fault]:
    """A fault for each container that keeps capabilities, and for each that is added."""
    if pod.is_windows and minor >= WINDOWS_SINCE:
        return
    for context in pod.contexts[1:]:
        if not _drops_all(context) and not pod.patched:
            route = context.where("capabilities", "drop")
            message = f"{context.who} does not drop all capabilities"
            remedy = Remedy("drop all capabilities", route, ["ALL"])
            yield Fault(RULE, route, message, 'set capabilities.drop to ["ALL"]', remedy=remedy)
        yield from added(RULE, context, _ALLOWED, "only NET_BIND_SERVICE may be added")


def _drops_all(context: Context) -> bool:
    if context.hides("capabilities", "drop"):
        return True
    dropped = items(context.value, "capabilities", "drop")
    return "ALL" in dropped or any(is_opaque(name) for name in dropped)
