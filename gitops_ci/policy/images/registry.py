"""Images come from where the team allows."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.config.globs import name_matches
from gitops_ci.model.image import ImageReference
from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy.fault import Fault
from gitops_ci.policy.images import URL
from gitops_ci.policy.images.used import images_of
from gitops_ci.policy.pods.find import WORKLOADS
from gitops_ci.policy.subject import Subject

RULE = Rule(
    "image/registry",
    "An image from elsewhere than `policy.registries` allows",
    Severity.ERROR,
    "An image of a foreign registry was scanned and signed by nobody here, and may be gone"
    " tomorrow.",
    f"{URL}#image-names",
)
KINDS = WORKLOADS


def check(subject: Subject) -> Iterator[Fault]:
    """A fault for each image that no glob allows, by its name as it is written or in full."""
    allowed = subject.settings.registries
    if not allowed:
        return
    for image in images_of(subject):
        if not _is_allowed(image.reference, allowed):
            message = f"{image.container} runs '{image.reference.name}', which is not allowed"
            hint = f"allowed are {', '.join(allowed)} (policy.registries)"
            yield Fault(RULE, image.route, message, hint)


def _is_allowed(reference: ImageReference, allowed: tuple[str, ...]) -> bool:
    names = (reference.name, reference.repository)
    return any(name_matches(glob, name) for glob in allowed for name in names)
