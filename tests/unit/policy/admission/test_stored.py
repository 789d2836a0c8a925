"""Objects as the API server has decoded them: nothing that is shared is changed."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from gitops_ci.policy.admission.stored import as_stored

CONTAINER: dict[str, Any] = {
    "name": "a",
    "image": "nginx:1.27",
    "ports": [{"containerPort": 80}],
    "readinessProbe": {"httpGet": {"port": 80}, "periodSeconds": 3},
}
POD: dict[str, Any] = {
    "hostNetwork": True,
    "containers": [CONTAINER],
    "volumes": [{"name": "v", "secret": {"secretName": "s"}}, "odd"],
}


def workload(api: str, kind: str, spec: dict[str, Any]) -> dict[str, Any]:
    return {"apiVersion": api, "kind": kind, "metadata": {"name": "x"}, "spec": spec}


OBJECTS = [
    workload("v1", "Pod", POD),
    workload("apps/v1", "Deployment", {"template": {"spec": POD}, "strategy": None}),
    workload("apps/v1", "Deployment", {"strategy": {"type": "Recreate"}}),
    workload("apps/v1", "StatefulSet", {"template": {"metadata": {}, "spec": POD}}),
    workload("batch/v1", "CronJob", {"jobTemplate": {"spec": {"template": {"spec": POD}}}}),
    workload("v1", "Service", {"ports": [{"port": 80}, None]}),
    workload("example.com/v1", "Deployment", {"replicas": None}),
    {"apiVersion": "v1", "kind": "Pod", "spec": None},
    {"apiVersion": "apps/v1", "kind": "Deployment", "spec": "text"},
    {"apiVersion": "v1", "kind": "Service", "spec": {"ports": "text"}},
]


@pytest.mark.parametrize("value", OBJECTS, ids=lambda value: value["kind"])
def test_the_object_itself_stays_as_it_is(value: dict[str, Any]) -> None:
    before = copy.deepcopy(value)
    first = as_stored(value)
    assert value == before
    assert as_stored(value) == first
    assert as_stored(first) == first


def test_defaults_stand_where_nothing_was_written() -> None:
    pod = as_stored(OBJECTS[1])["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    assert container["ports"] == [{"containerPort": 80, "protocol": "TCP", "hostPort": 80}]
    assert container["readinessProbe"]["periodSeconds"] == 3
    assert container["readinessProbe"]["failureThreshold"] == 3
    assert container["readinessProbe"]["httpGet"] == {"port": 80, "scheme": "HTTP", "path": "/"}
    assert pod["volumes"][0]["secret"]["defaultMode"] == 420


def test_a_strategy_that_was_chosen_gets_no_default_of_another() -> None:
    assert as_stored(OBJECTS[2])["spec"]["strategy"] == {"type": "Recreate"}
    rolling = as_stored(OBJECTS[1])["spec"]["strategy"]
    assert rolling["rollingUpdate"] == {"maxUnavailable": "25%", "maxSurge": "25%"}


def test_kinds_that_are_not_built_in_only_lose_their_nulls() -> None:
    assert as_stored(OBJECTS[6])["spec"] == {}
    plain = workload("example.com/v1", "Widget", {"a": [None, {"b": 1}]})
    assert as_stored(plain) is plain
