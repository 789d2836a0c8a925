"""A budget is about pods that there are."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy.fault import Fault
from gitops_ci.policy.neighbours import Neighbours
from gitops_ci.policy.pods.view import is_set
from gitops_ci.policy.reliability import TASKS
from gitops_ci.policy.subject import Subject
from gitops_ci.policy.workloads import BUDGET, budget_selects, matches_nothing
from gitops_ci.render.routes import at

RULE = Rule(
    "reliability/pdb-matches-nothing",
    "A disruption budget whose selector matches no pods",
    Severity.WARNING,
    "It protects nothing: the labels of the workload were changed, or never were these.",
    f"{TASKS}/run-application/configure-pdb/#specifying-a-poddisruptionbudget",
)


def check(neighbours: Neighbours) -> Iterator[tuple[Subject, Fault]]:
    """A fault for each budget that fits none of the pods of its namespace."""
    for budget in neighbours.own_of(BUDGET):
        fits = partial(budget_selects, budget)
        written = is_set(at(budget.value, ("spec", "selector")))
        if written and matches_nothing(budget, neighbours, fits):
            message = "the selector matches no pods of this namespace"
            yield budget, Fault(RULE, ("spec", "selector"), message, key=True)
