"""A rolling update can attach its volumes."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy import kinds
from gitops_ci.policy.fault import Fault
from gitops_ci.policy.neighbours import Neighbours
from gitops_ci.policy.reliability import CONCEPTS
from gitops_ci.policy.subject import Subject
from gitops_ci.render.routes import at, items, text

RULE = Rule(
    "reliability/shared-volume",
    "A rolling update of pods that share a volume for one node",
    Severity.WARNING,
    "The new pod waits for a volume that the old one holds, and the old one stays until the new one"
    " is ready: on another node the rollout never ends.",
    f"{CONCEPTS}/storage/persistent-volumes/#access-modes",
)
DEPLOYMENTS = kinds.of("apps", "Deployment")
CLAIMS = kinds.of("", "PersistentVolumeClaim")

_SINGLE = ("ReadWriteOnce", "ReadWriteOncePod")


def check(neighbours: Neighbours) -> Iterator[tuple[Subject, Fault]]:
    """A fault for each Deployment that is updated by surge and mounts a claim of one node."""
    for subject in neighbours.own_of(DEPLOYMENTS):
        if text(subject.value, "spec", "strategy", "type") == "Recreate" or not _surges(subject):
            continue
        claims = {claim.ref.name: claim for claim in neighbours.around(subject, CLAIMS)}
        for pod in subject.pods:
            for index, volume in enumerate(items(pod.spec, "volumes")):
                name = text(volume, "persistentVolumeClaim", "claimName")
                modes = items(claims[name].value, "spec", "accessModes") if name in claims else []
                if modes and all(mode in _SINGLE for mode in modes):
                    route = pod.where("volumes", index, "persistentVolumeClaim")
                    message = f"the volume '{name}' is for one node, and a rollout needs it twice"
                    yield subject, Fault(RULE, route, message, "use the strategy Recreate")


def _surges(subject: Subject) -> bool:
    surge = at(subject.value, ("spec", "strategy", "rollingUpdate", "maxSurge"))
    return surge not in (0, "0", "0%")
