"""A run that hangs does not stop all later ones."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy import kinds
from gitops_ci.policy.fault import Fault
from gitops_ci.policy.pods.view import is_set
from gitops_ci.policy.reliability import CONCEPTS
from gitops_ci.policy.subject import Subject
from gitops_ci.render.routes import mapping, text

RULE = Rule(
    "reliability/stuck-cronjob",
    "A CronJob that one hanging run stops for good",
    Severity.WARNING,
    "With concurrencyPolicy: Forbid no run starts while another one lasts, and without a deadline"
    " it may last for ever: backups and cleanups end silently.",
    f"{CONCEPTS}/workloads/controllers/job/#job-termination-and-cleanup",
)
KINDS = kinds.of("batch", "CronJob")


def check(subject: Subject) -> Iterator[Fault]:
    """A fault for Forbid without a deadline of the job or of its pod."""
    if text(subject.value, "spec", "concurrencyPolicy") != "Forbid":
        return
    job = mapping(subject.value, "spec", "jobTemplate", "spec")
    pod = mapping(job, "template", "spec")
    if not is_set(job.get("activeDeadlineSeconds")) and not is_set(
        pod.get("activeDeadlineSeconds")
    ):
        route = ("spec", "concurrencyPolicy")
        message = "a run that hangs keeps every later one from starting"
        yield Fault(RULE, route, message, "set jobTemplate.spec.activeDeadlineSeconds")
