"""SELinux labels keep containers apart."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy.fault import Fault
from gitops_ci.policy.pods.view import PodView
from gitops_ci.policy.pss import BASELINE
from gitops_ci.render.opaque import is_opaque

RULE = Rule(
    "pss/selinux",
    "A pod that sets an SELinux user or role, or a type that is not one of containers",
    Severity.ERROR,
    "Another label takes the process out of the confinement in which containers run.",
    BASELINE,
)
SINCE = 0
REPLACES = ""

_TYPES = frozenset(("", "container_t", "container_init_t", "container_kvm_t"))
_ENGINE, _ENGINE_SINCE = "container_engine_t", 31


def check(pod: PodView, minor: int) -> Iterator[Fault]:
    """A fault for each user, role and type that is not allowed."""
    for context in pod.contexts:
        for field in ("type", "user", "role"):
            value = context.at("seLinuxOptions", field)
            if not isinstance(value, str) or not value or is_opaque(value):
                continue
            if field == "type" and (
                value in _TYPES or (value == _ENGINE and minor >= _ENGINE_SINCE)
            ):
                continue
            route = context.where("seLinuxOptions", field)
            message = f"{context.who} sets the SELinux {field} '{value}'"
            yield Fault(RULE, route, message, "remove it")
