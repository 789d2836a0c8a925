"""The cases of the Kubernetes project itself: pods that pass and pods that fail one check, for each
level and version of the Pod Security Standards. The name of a file is the check that is meant."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest

from gitops_ci.documents.read import read
from gitops_ci.policy.choice import Choice, choose
from tests.support.policy_cases import judge
from tests.support.tools import require_corpora

EXPECTED = {
    "allowprivilegeescalation": "pss/privilege-escalation",
    "apparmorprofile": "pss/app-armor",
    "capabilities_baseline": "pss/capabilities",
    "capabilities_restricted": "pss/capabilities-restricted",
    "hostnamespaces": "pss/host-namespaces",
    "hostpathvolumes": "pss/host-path",
    "hostports": "pss/host-ports",
    "privileged": "pss/privileged",
    "procmount": "pss/proc-mount",
    "restrictedvolumes": "pss/restricted-volumes",
    "runasnonroot": "pss/run-as-non-root",
    "runasuser": "pss/run-as-user",
    "seccompprofile_baseline": "pss/seccomp",
    "seccompprofile_restricted": "pss/seccomp-restricted",
    "selinuxoptions": "pss/selinux",
    "sysctls": "pss/sysctls",
    "windowshostprocess": "pss/windows-host-process",
}
STRICTER = {
    "pss/capabilities": "pss/capabilities-restricted",
    "pss/host-path": "pss/restricted-volumes",
    "pss/seccomp": "pss/seccomp-restricted",
}
"""What takes the place of a baseline check at the restricted level, once there is one."""
UNAVOIDABLE = {
    "pss/privileged": {"pss/privilege-escalation"},
    "pss/windows-host-process": {"pss/host-namespaces"},
    "pss/privilege-escalation": {"pss/capabilities-restricted"},
}
"""The API server takes the case only with the other fault, or (in the six cases that set a
container's whole context to nothing) the case has both."""
COUNT = 1968


@cache
def choice(level: str, version: str) -> Choice:
    return choose((f"pss-{level}@{version}",), 0)


def cases() -> Iterator[tuple[str, str, str, str, bytes]]:
    """Level, version, pass or fail, the check that is meant, and the manifest."""
    for path in sorted(require_corpora("pss").rglob("*.yaml")):
        level, version, verdict, name = path.parts[-4:]
        yield level, version, verdict, re.sub(r"\d*\.yaml$", "", name), path.read_bytes()


def broken(text: bytes, level: str, version: str) -> set[str]:
    return {finding.rule.id for finding in judge(text, choice(level, version))}


@pytest.mark.full
def test_every_case_has_the_verdict_that_its_name_says() -> None:
    wrong, count = [], 0
    for level, version, verdict, check, text in cases():
        count += 1
        found = broken(text, level, version)
        if verdict == "pass":
            fits = not found
        else:
            rule = EXPECTED[check]
            meant = {rule, STRICTER.get(rule, rule)} if level == "restricted" else {rule}
            fits = bool(found & meant) and found <= meant | UNAVOIDABLE.get(rule, set())
        if not fits:
            wrong.append((level, version, verdict, check, found))
    assert wrong == []
    assert count == COUNT


def nested(*route: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    def wrap(pod: dict[str, Any]) -> dict[str, Any]:
        value: dict[str, Any] = {key: pod[key] for key in ("metadata", "spec")}
        for step in reversed(route):
            value = {step: value}
        return value

    return wrap


TEMPLATE = nested("spec", "template")
TEMPLATES = {
    ("apps/v1", "Deployment"): TEMPLATE,
    ("apps/v1", "StatefulSet"): TEMPLATE,
    ("apps/v1", "DaemonSet"): TEMPLATE,
    ("apps/v1", "ReplicaSet"): TEMPLATE,
    ("v1", "ReplicationController"): TEMPLATE,
    ("v1", "PodTemplate"): nested("template"),
    ("batch/v1", "Job"): TEMPLATE,
    ("batch/v1", "CronJob"): nested("spec", "jobTemplate", "spec", "template"),
    ("argoproj.io/v1alpha1", "Rollout"): TEMPLATE,
    ("serving.knative.dev/v1", "Service"): TEMPLATE,
    ("keda.sh/v1alpha1", "ScaledJob"): nested("spec", "jobTargetRef", "template"),
}


@pytest.mark.full
@pytest.mark.parametrize(("api", "kind"), sorted(TEMPLATES), ids=lambda word: word)
def test_a_template_has_the_verdict_of_its_pod(api: str, kind: str) -> None:
    wrap = TEMPLATES[api, kind]
    differ = []
    for level, version, _, check, text in cases():
        if version != "v1.32":
            continue
        pod: Any = read("pod.yaml", text).documents[0].value
        wrapped = {"apiVersion": api, "kind": kind, **wrap(pod)}
        if broken(json.dumps(wrapped).encode(), level, version) != broken(text, level, version):
            differ.append((level, check))
    assert differ == []
