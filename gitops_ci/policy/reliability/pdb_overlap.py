"""One budget for each pod."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy.fault import Fault
from gitops_ci.policy.neighbours import Neighbours
from gitops_ci.policy.reliability import CONCEPTS
from gitops_ci.policy.subject import Subject
from gitops_ci.policy.workloads import REPLICATED, budgets_of

RULE = Rule(
    "reliability/pdb-overlap",
    "Pods that two disruption budgets select",
    Severity.ERROR,
    "The eviction API refuses to evict a pod with more than one budget, so that its node cannot be"
    " drained at all.",
    f"{CONCEPTS}/workloads/pods/disruptions/#pod-disruption-budgets",
)


def check(neighbours: Neighbours) -> Iterator[tuple[Subject, Fault]]:
    """A fault at the later budgets of each workload that has several."""
    said: set[tuple[int, str]] = set()
    for subject in neighbours.of(REPLICATED):
        budgets = budgets_of(subject, neighbours)
        for budget in budgets[1:]:
            known = (id(budget), str(subject.ref))
            first = budgets[0]
            if budget.ref == first.ref or not neighbours.owns(budget) or known in said:
                continue
            said.add(known)
            message = f"the pods of {subject.ref} have another budget already: {first.ref.name}"
            yield budget, Fault(RULE, ("spec", "selector"), message, "keep one of them", key=True)
