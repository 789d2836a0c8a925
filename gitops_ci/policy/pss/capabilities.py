"""No capabilities beyond those that a container has anyway."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy.fault import Fault
from gitops_ci.policy.pods.view import Context, PodView
from gitops_ci.policy.pss import BASELINE
from gitops_ci.render.opaque import is_opaque
from gitops_ci.render.routes import items

RULE = Rule(
    "pss/capabilities",
    "A container that adds a capability beyond the default ones",
    Severity.ERROR,
    "Capabilities such as SYS_ADMIN, NET_ADMIN or NET_RAW are parts of root: they let a container"
    " reconfigure its node, or listen to the traffic of others.",
    BASELINE,
)
SINCE = 0
REPLACES = ""

_ALLOWED = frozenset(
    (
        "AUDIT_WRITE",
        "CHOWN",
        "DAC_OVERRIDE",
        "FOWNER",
        "FSETID",
        "KILL",
        "MKNOD",
        "NET_BIND_SERVICE",
        "SETFCAP",
        "SETGID",
        "SETPCAP",
        "SETUID",
        "SYS_CHROOT",
    )
)


def check(pod: PodView, _minor: int) -> Iterator[Fault]:
    """A fault for each capability that may not be added."""
    for context in pod.contexts[1:]:
        yield from added(RULE, context, _ALLOWED, "remove it from capabilities.add")


def added(rule: Rule, context: Context, allowed: frozenset[str], hint: str) -> Iterator[Fault]:
    """A fault of the rule for each capability that a container adds and that is not allowed."""
    for index, name in enumerate(items(context.value, "capabilities", "add")):
        if isinstance(name, str) and name not in allowed and not is_opaque(name):
            route = context.where("capabilities", "add", index)
            yield Fault(rule, route, f"{context.who} adds the capability {name}", hint)
