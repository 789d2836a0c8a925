"""Workloads that are meant to run all the time, and what scales them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from gitops_ci.policy import kinds
from gitops_ci.policy.kinds import Kind, Kinds
from gitops_ci.policy.neighbours import Neighbours
from gitops_ci.policy.pods.find import WORKLOADS
from gitops_ci.policy.pods.view import PodView, is_set
from gitops_ci.policy.selectors import labels_match, selector_matches
from gitops_ci.policy.subject import Subject
from gitops_ci.render.routes import at, mapping, text

REPLICATED: Kinds = (
    kinds.of("apps", "Deployment", "StatefulSet", "ReplicaSet")
    | kinds.of("extensions", "Deployment", "ReplicaSet")
    | kinds.of("", "ReplicationController")
    | kinds.of("argoproj.io", "Rollout")
    | kinds.of("apps.openshift.io", "DeploymentConfig")
    | kinds.of("apps.kruise.io", "CloneSet", "StatefulSet")
)
"""Kinds with a number of replicas."""
DAEMONS: Kinds = kinds.of("apps", "DaemonSet") | kinds.of("extensions", "DaemonSet")
RUNNING: Kinds = REPLICATED | DAEMONS
"""Kinds whose pods are meant to run all the time."""
JOBS: Kinds = kinds.of("batch", "Job", "CronJob")

SERVICE: Kinds = kinds.of("", "Service")
BUDGET: Kinds = kinds.of("policy", "PodDisruptionBudget")
LIMIT_RANGE: Kinds = kinds.of("", "LimitRange")
HPA: Kinds = kinds.of("autoscaling", "HorizontalPodAutoscaler")
SCALED_OBJECT: Kinds = kinds.of("keda.sh", "ScaledObject")
VPA: Kinds = kinds.of("autoscaling.k8s.io", "VerticalPodAutoscaler")

_MAKES_NO_PODS = frozenset(
    (
        "Application",
        "ApplicationSet",
        "AppProject",
        "AuthorizationPolicy",
        "Certificate",
        "ClusterIssuer",
        "ClusterSecretStore",
        "DestinationRule",
        "ExternalSecret",
        "GitRepository",
        "HelmRepository",
        "IngressRoute",
        "Issuer",
        "Middleware",
        "OCIRepository",
        "PeerAuthentication",
        "PodMonitor",
        "PrometheusRule",
        "PushSecret",
        "Route",
        "ScaledObject",
        "SealedSecret",
        "SecretStore",
        "ServiceEntry",
        "ServiceMonitor",
        "VirtualService",
    )
)
"""Kinds outside of Kubernetes itself whose controllers start no pods."""


def labels_of(pod: PodView) -> dict[str, Any]:
    """The labels that the pods will have."""
    return mapping(pod.metadata, "labels")


def replicas_of(subject: Subject) -> int | None:
    """How many replicas the object asks for, 1 where it does not say; None when unknown."""
    value = at(subject.value, ("spec", "replicas"))
    if not is_set(value):
        return 1
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def services_of(subject: Subject, neighbours: Neighbours) -> Iterator[tuple[Subject, PodView]]:
    """The Services that certainly send traffic to the pods of the object when they are ready."""
    for service in neighbours.near(subject, SERVICE):
        selector = at(service.value, ("spec", "selector"))
        if at(service.value, ("spec", "publishNotReadyAddresses")) is True:
            continue
        for pod in subject.pods if isinstance(selector, dict) and selector else ():
            if labels_match(selector, labels_of(pod)):
                yield service, pod


def matches_nothing(
    subject: Subject, neighbours: Neighbours, selects: Callable[[PodView], bool | None]
) -> bool:
    """Whether the selector of an object certainly fits none of the pods of its namespace, and
    there are some; pods that an operator makes cannot be seen."""
    if not neighbours.sees_all(WORKLOADS):
        return False
    verdicts = [selects(pod) for pod in _pods_beside(subject, neighbours)]
    return bool(verdicts) and all(verdict is False for verdict in verdicts)


def _pods_beside(subject: Subject, neighbours: Neighbours) -> Iterator[PodView]:
    """The pods that its own root puts beside the object. None where nothing certainly stands in
    its namespace, and where the root also renders something whose controller may make pods that
    cannot be seen."""
    if any(map(_may_make_pods, neighbours.kinds_beside(subject))):
        return
    others = neighbours.beside(subject, WORKLOADS)
    if any(other.namespace == subject.namespace for other in others):
        for other in others:
            yield from other.pods


def _may_make_pods(kind: Kind) -> bool:
    group, name = kind
    built_in = "." not in group or group.endswith(".k8s.io")
    return not (built_in or kind in WORKLOADS or name in _MAKES_NO_PODS)


def budgets_of(subject: Subject, neighbours: Neighbours) -> list[Subject]:
    """The disruption budgets that select pods of the object."""
    return neighbours.near(
        subject, BUDGET, lambda budget: any(budget_selects(budget, pod) for pod in subject.pods)
    )


def budget_selects(budget: Subject, pod: PodView) -> bool | None:
    """Whether a PodDisruptionBudget covers the pod; None when only the cluster knows."""
    return selector_matches(mapping(budget.value, "spec").get("selector"), labels_of(pod))


def scalers_of(subject: Subject, neighbours: Neighbours, scalers: Kinds) -> list[Subject]:
    """The autoscalers of the kinds that name the object as their target."""
    return neighbours.near(subject, scalers, lambda scaler: _targets(scaler, subject))


def target_of(scaler: Subject) -> tuple[str, str]:
    """The kind and name that an autoscaler scales; KEDA scales Deployments unless told."""
    field = "targetRef" if scaler.kind in VPA else "scaleTargetRef"
    reference = mapping(scaler.value, "spec", field)
    default = "Deployment" if scaler.kind in SCALED_OBJECT else ""
    return text(reference, "kind") or default, text(reference, "name")


def _targets(scaler: Subject, subject: Subject) -> bool:
    return bool(subject.ref.name) and target_of(scaler) == (subject.kind[1], subject.ref.name)


def bounds_of(scaler: Subject) -> tuple[int | None, int | None]:
    """The least and the largest number of replicas of a horizontal autoscaler, with the defaults
    of its kind; None where only the cluster knows."""
    fields = ("minReplicaCount", "maxReplicaCount", 0, 100)
    if scaler.kind in HPA:
        fields = ("minReplicas", "maxReplicas", 1, 1)
    spec = mapping(scaler.value, "spec")
    return _number(spec.get(fields[0]), fields[2]), _number(spec.get(fields[1]), fields[3])


def _number(value: Any, default: int) -> int | None:
    if value is None:
        return default
    return value if isinstance(value, int) and not isinstance(value, bool) else None
