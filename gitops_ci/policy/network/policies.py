"""Network policies as rules read them.

Source: kubernetes.io/docs/concepts/services-networking/network-policies
"""

from __future__ import annotations

from typing import Any

from gitops_ci.policy import kinds
from gitops_ci.policy.kinds import Kinds
from gitops_ci.policy.pods.view import PodView
from gitops_ci.policy.selectors import selector_matches
from gitops_ci.policy.subject import Subject
from gitops_ci.policy.workloads import labels_of
from gitops_ci.render.routes import items, mapping

POLICIES: Kinds = kinds.of("networking.k8s.io", "NetworkPolicy")
FOREIGN: Kinds = (
    kinds.of("cilium.io", "CiliumNetworkPolicy", "CiliumClusterwideNetworkPolicy")
    | kinds.of("crd.projectcalico.org", "NetworkPolicy", "GlobalNetworkPolicy")
    | kinds.of("projectcalico.org", "NetworkPolicy", "GlobalNetworkPolicy")
    | kinds.of("policy.networking.k8s.io", "AdminNetworkPolicy", "BaselineAdminNetworkPolicy")
)
"""Policies of network plugins and of administrators, which are not followed here."""


def selects(policy: Subject, pod: PodView) -> bool | None:
    """Whether the policy is about the pod; None when only the cluster knows. No selector at all
    selects every pod."""
    selector: Any = mapping(policy.value, "spec").get("podSelector")
    return selector_matches({} if selector is None else selector, labels_of(pod))


def limits_ingress(policy: Subject) -> bool:
    """Whether the policy says who may connect: unless it names its types, it does."""
    types = items(policy.value, "spec", "policyTypes")
    return not types or "Ingress" in types
