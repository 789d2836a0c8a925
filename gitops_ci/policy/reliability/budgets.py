"""How many pods a PodDisruptionBudget lets go.

Source: kubernetes.io/docs/tasks/run-application/configure-pdb; percentages are rounded up.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gitops_ci.policy.neighbours import Neighbours
from gitops_ci.policy.subject import Subject
from gitops_ci.policy.workloads import REPLICATED, budget_selects


def pods_kept(value: Any, replicas: int) -> int | None:
    """A number of pods or a percentage of them, as a number; None when it is neither."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and value.endswith("%") and value[:-1].isascii():
        percent = value[:-1]
        return -(-replicas * int(percent) // 100) if percent.isdigit() else None
    return None


def covered(budget: Subject, neighbours: Neighbours) -> Iterator[Subject]:
    """The workloads with replicas whose pods the budget certainly selects."""
    for subject in neighbours.near(budget, REPLICATED):
        if any(budget_selects(budget, pod) for pod in subject.pods):
            yield subject
