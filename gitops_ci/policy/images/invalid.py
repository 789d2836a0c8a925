"""Image references are ones that a runtime accepts."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.image import InvalidReferenceError, parse_reference
from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy.fault import Fault
from gitops_ci.policy.images import URL
from gitops_ci.policy.images.used import names_of
from gitops_ci.policy.pods.find import WORKLOADS
from gitops_ci.policy.subject import Subject

RULE = Rule(
    "image/invalid",
    "An image name that no container runtime accepts",
    Severity.ERROR,
    "The kubelet refuses the name (InvalidImageName), and the container never starts.",
    f"{URL}#image-names",
)
KINDS = WORKLOADS


def check(subject: Subject) -> Iterator[Fault]:
    """A fault for each image that is no reference."""
    for container, name in names_of(subject):
        try:
            parse_reference(name)
        except InvalidReferenceError as error:
            message = f"{container} runs '{name}', which is no image: {error}"
            yield Fault(RULE, container.where("image"), message)
