"""Images are named by a tag that stays what it is."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy.fault import Fault
from gitops_ci.policy.images import URL
from gitops_ci.policy.images.moving import LATEST, is_moving
from gitops_ci.policy.images.used import images_of
from gitops_ci.policy.pods.find import WORKLOADS
from gitops_ci.policy.subject import Subject

RULE = Rule(
    "image/mutable-tag",
    "An image with no tag, or with one that is moved to every new build",
    Severity.WARNING,
    "Which build runs depends on when a node pulled it: what was reviewed is not what runs, pods of"
    " one Deployment differ, and there is no way back. `latest` or no tag is an error in protected"
    " environments.",
    f"{URL}#image-tag",
)
KINDS = WORKLOADS


def check(subject: Subject) -> Iterator[Fault]:
    """A fault for each container whose image may be another one tomorrow."""
    for image in images_of(subject):
        version = image.reference.version
        if not is_moving(version):
            continue
        certain = version.tag in ("", LATEST)
        severity = Severity.ERROR if certain and subject.protected else Severity.WARNING
        what = f"the moving tag '{version.tag}'" if version.tag else "no tag, which means 'latest'"
        message = f"{image.container} runs '{image.reference.name}' with {what}"
        hint = "name a version, best with its digest"
        yield Fault(RULE, image.route, message, hint, severity)
