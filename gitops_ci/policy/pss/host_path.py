"""No directory of the node in a pod."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy.fault import Fault
from gitops_ci.policy.pods.view import PodView, is_set
from gitops_ci.policy.pss import BASELINE
from gitops_ci.render.routes import items, text

RULE = Rule(
    "pss/host-path",
    "A volume that is a directory or file of the node",
    Severity.ERROR,
    "Through the node's files a pod reaches the secrets of other pods, the container runtime and"
    " with it the node itself.",
    BASELINE,
)
SINCE = 0
REPLACES = ""


def check(pod: PodView, _minor: int) -> Iterator[Fault]:
    """A fault for each hostPath volume."""
    for index, volume in enumerate(items(pod.spec, "volumes")):
        if isinstance(volume, dict) and is_set(volume.get("hostPath")):
            path = text(volume, "hostPath", "path")
            what = f"mounts {path} of the node" if path else "is a path of the node"
            message = f"volume '{text(volume, 'name')}' {what}"
            route = pod.where("volumes", index, "hostPath")
            yield Fault(RULE, route, message, "use a volume that belongs to the pod")
