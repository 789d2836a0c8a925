"""The parts of /proc that are hidden stay hidden, also with a user namespace."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy.fault import Fault
from gitops_ci.policy.pods.view import PodView
from gitops_ci.policy.pss import RESTRICTED, USER_NAMESPACES_SINCE
from gitops_ci.policy.pss.proc_mount import unmasked

RULE = Rule(
    "pss/proc-mount-restricted",
    "A container that sees all of /proc, even in a user namespace of its own",
    Severity.ERROR,
    "The restricted level does not follow the baseline in what it allows for user namespaces.",
    RESTRICTED,
)
SINCE = USER_NAMESPACES_SINCE
REPLACES = "pss/proc-mount"


def check(pod: PodView, _minor: int) -> Iterator[Fault]:
    """A fault for each container with another procMount than the default one."""
    yield from unmasked(RULE, pod)
