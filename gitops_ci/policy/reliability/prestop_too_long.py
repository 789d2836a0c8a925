"""A pod is not killed while it still waits to end."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.regex import regex
from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy.fault import Fault
from gitops_ci.policy.pods.view import Container
from gitops_ci.policy.reliability import CONCEPTS
from gitops_ci.policy.subject import Subject
from gitops_ci.policy.workloads import RUNNING
from gitops_ci.render.routes import items

RULE = Rule(
    "reliability/prestop-too-long",
    "A preStop hook that sleeps as long as the pod has to end",
    Severity.WARNING,
    "The grace period counts from the beginning of the hook: when it is over, the process is killed"
    " and never learns that it should have ended.",
    f"{CONCEPTS}/containers/container-lifecycle-hooks/#hook-handler-execution",
)
KINDS = RUNNING

_DEFAULT = 30
_SLEEP = regex(r"\s*(?:exec\s+)?(?:/bin/)?sleep\s+(\d{1,6})s?\s*(?:;|&&|$)")


def check(subject: Subject) -> Iterator[Fault]:
    """A fault for each hook that sleeps through the whole grace period."""
    for pod in subject.pods:
        grace = pod.at("terminationGracePeriodSeconds")
        if isinstance(grace, str):
            continue
        period = grace if isinstance(grace, int) else _DEFAULT
        for container in pod.containers():
            seconds = _slept(container)
            if seconds is not None and seconds >= period > 0:
                route = container.where("lifecycle", "preStop")
                message = f"{container} sleeps {seconds} s of the {period} s it has to end"
                hint = "raise terminationGracePeriodSeconds"
                yield Fault(RULE, route, message, hint, key=True)


def _slept(container: Container) -> int | None:
    """The seconds that the hook certainly sleeps at its beginning."""
    seconds = container.at("lifecycle", "preStop", "sleep", "seconds")
    if isinstance(seconds, int):
        return seconds
    command = items(container.value, "lifecycle", "preStop", "exec", "command")
    words = [word for word in command if isinstance(word, str)]
    if words[1:2] == ["-c"]:
        words = words[2:3]
    found = _SLEEP.match(" ".join(words))
    return int(found[1]) if found else None
