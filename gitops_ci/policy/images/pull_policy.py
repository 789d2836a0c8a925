"""How images are pulled fits how they are named."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy.fault import Fault
from gitops_ci.policy.images import URL
from gitops_ci.policy.images.moving import is_moving
from gitops_ci.policy.images.used import images_of
from gitops_ci.policy.pods.find import WORKLOADS
from gitops_ci.policy.subject import Subject

RULE = Rule(
    "image/pull-policy",
    "A pull policy that leaves old builds running, or pulls nothing at all",
    Severity.WARNING,
    "A node that has a moving tag already never asks for the new build with IfNotPresent, so that"
    " pods of one workload run different ones; with Never the image has to be on the node before.",
    f"{URL}#image-pull-policy",
)
KINDS = WORKLOADS


def check(subject: Subject) -> Iterator[Fault]:
    """A fault for `Never`, and for `IfNotPresent` with a tag that moves."""
    for image in images_of(subject):
        policy = image.container.value.get("imagePullPolicy")
        route = image.container.where("imagePullPolicy")
        if policy == "Never":
            message = f"{image.container} never pulls its image"
            hint = "use IfNotPresent, unless every node has the image beforehand"
            yield Fault(RULE, route, message, hint)
        elif policy == "IfNotPresent" and is_moving(image.reference.version):
            message = f"{image.container} pulls a moving tag only where it is not there yet"
            yield Fault(RULE, route, message, "name a version; or pull Always")
