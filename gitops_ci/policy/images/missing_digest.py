"""Where digests are asked for, every image has one."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.config.globs import name_matches
from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy.fault import Fault
from gitops_ci.policy.images import URL
from gitops_ci.policy.images.used import images_of
from gitops_ci.policy.pods.find import WORKLOADS
from gitops_ci.policy.subject import Subject

RULE = Rule(
    "image/missing-digest",
    "An image without a digest where `policy.digests` asks for one",
    Severity.ERROR,
    "A tag is what the registry says it is today. Only a digest names the very bytes that were"
    " tested, scanned and signed.",
    f"{URL}#image-digests",
)
KINDS = WORKLOADS


def check(subject: Subject) -> Iterator[Fault]:
    """A fault for each image without a digest, in the environments that ask for it."""
    environment = subject.environment
    if not any(name_matches(glob, environment) for glob in subject.settings.digests if environment):
        return
    for image in images_of(subject):
        if not image.reference.version.digest:
            message = f"{image.container} runs '{image.reference}' without a digest"
            hint = f"{environment} asks for digests (policy.digests)"
            yield Fault(RULE, image.route, message, hint)
