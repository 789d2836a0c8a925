"""A budget is about pods that there are."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy.fault import Fault
from gitops_ci.policy.neighbours import Neighbours
from gitops_ci.policy.pods.find import WORKLOADS
from gitops_ci.policy.pods.view import is_set
from gitops_ci.policy.reliability import TASKS
from gitops_ci.policy.subject import Subject
from gitops_ci.policy.workloads import BUDGET, budget_selects, pods_beside
from gitops_ci.render.routes import at

RULE = Rule(
    "reliability/pdb-matches-nothing",
    "A disruption budget whose selector matches no pods",
    Severity.WARNING,
    "It protects nothing: the labels of the workload were changed, or never were these.",
    f"{TASKS}/run-application/configure-pdb/#specifying-a-poddisruptionbudget",
)


def check(neighbours: Neighbours) -> Iterator[tuple[Subject, Fault]]:
    """A fault for each budget that fits none of the workloads in its namespace, where the same
    root renders some; pods that an operator makes cannot be seen."""
    if not neighbours.sees_all(WORKLOADS):
        return
    for budget in neighbours.own_of(BUDGET):
        if not is_set(at(budget.value, ("spec", "selector"))):
            continue
        verdicts = [budget_selects(budget, pod) for pod in pods_beside(budget, neighbours)]
        if verdicts and all(verdict is False for verdict in verdicts):
            message = "the selector matches no pods of this namespace"
            yield budget, Fault(RULE, ("spec", "selector"), message, key=True)
