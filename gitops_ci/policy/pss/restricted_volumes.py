"""Only volumes that belong to the pod or to the cluster's storage."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy.fault import Fault
from gitops_ci.policy.pods.view import PodView, is_set
from gitops_ci.policy.pss import RESTRICTED
from gitops_ci.render.routes import items, text

RULE = Rule(
    "pss/restricted-volumes",
    "A volume of another type than the restricted level allows",
    Severity.ERROR,
    "Other volumes reach the node's files, or storage past the cluster's own rules for it.",
    RESTRICTED,
)
SINCE = 0
REPLACES = "pss/host-path"

_ALLOWED = (
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "image",
    "persistentVolumeClaim",
    "projected",
    "secret",
)


def check(pod: PodView, _minor: int) -> Iterator[Fault]:
    """A fault for each volume of another type. A volume without a type is an emptyDir for the API
    server, which fills that in before the standard is applied."""
    for index, volume in enumerate(items(pod.spec, "volumes")):
        if not isinstance(volume, dict):
            continue
        types = [key for key, value in volume.items() if key != "name" and is_set(value)]
        if not types or any(key in _ALLOWED for key in types):
            continue
        message = f"volume '{text(volume, 'name')}' is of the type {types[0]}"
        hint = "use a PersistentVolumeClaim, or a volume that belongs to the pod"
        yield Fault(RULE, pod.where("volumes", index, types[0]), message, hint)
