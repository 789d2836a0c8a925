"""A budget lets nodes be drained."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy.fault import Fault, Remedy
from gitops_ci.policy.neighbours import Neighbours
from gitops_ci.policy.pods.view import is_set
from gitops_ci.policy.reliability import TASKS
from gitops_ci.policy.reliability.budgets import covered, pods_kept
from gitops_ci.policy.subject import Subject
from gitops_ci.policy.workloads import (
    BUDGET,
    HPA,
    SCALED_OBJECT,
    bounds_of,
    replicas_of,
    scalers_of,
)
from gitops_ci.render.routes import mapping

RULE = Rule(
    "reliability/pdb-blocks-drain",
    "A disruption budget that never lets a pod go",
    Severity.ERROR,
    "No node with such a pod can be drained: upgrades of the cluster hang until somebody deletes"
    " the budget by hand.",
    f"{TASKS}/run-application/configure-pdb/",
)


def check(neighbours: Neighbours) -> Iterator[tuple[Subject, Fault]]:
    """A fault for each budget that keeps all pods, by itself or for the replicas that there are."""
    for budget in neighbours.own_of(BUDGET):
        spec = mapping(budget.value, "spec")
        least, most = spec.get("minAvailable"), spec.get("maxUnavailable")
        if most in (0, "0%") and most is not False:
            message = "maxUnavailable is 0: no pod may ever be evicted"
            route = ("spec", "maxUnavailable")
            remedy = Remedy("let one pod go at a time", route, 1)
            yield budget, Fault(RULE, route, message, "allow at least 1", remedy=remedy)
        elif least == "100%":
            message = "minAvailable is 100%: no pod may ever be evicted"
            yield budget, Fault(RULE, ("spec", "minAvailable"), message, "use maxUnavailable: 1")
        elif is_set(least) and neighbours.sees_all(HPA | SCALED_OBJECT):
            yield from _too_few(budget, least, neighbours)


def _too_few(
    budget: Subject, least: object, neighbours: Neighbours
) -> Iterator[tuple[Subject, Fault]]:
    """A fault where the pods are never more than those that have to stay, and a lighter one where
    they may be so few."""
    subjects = list(covered(budget, neighbours))
    if len(subjects) != 1:
        return
    (subject,) = subjects
    lowest, highest = _replicas(subject, neighbours)
    if lowest is None or highest is None or not highest:
        return
    kept = pods_kept(least, highest)
    if kept is not None and kept >= highest:
        message = f"minAvailable {least} keeps every pod of {subject.ref}, which has {highest}"
        severity = None
    else:
        kept = pods_kept(least, lowest)
        if kept is None or not lowest or kept < lowest:
            return
        message = f"minAvailable {least} keeps every pod of {subject.ref} while it has {lowest}"
        severity = Severity.WARNING
    hint = "use maxUnavailable: 1"
    yield budget, Fault(RULE, ("spec", "minAvailable"), message, hint, severity)


def _replicas(subject: Subject, neighbours: Neighbours) -> tuple[int | None, int | None]:
    """The least and the largest number of pods."""
    scalers = scalers_of(subject, neighbours, HPA | SCALED_OBJECT)
    if len(scalers) == 1:
        return bounds_of(scalers[0])
    count = None if scalers else replicas_of(subject)
    return count, count
