"""Faults of rules to findings, with what would mend them."""

from __future__ import annotations

from gitops_ci.model.finding import Finding
from gitops_ci.policy.fault import Fault
from gitops_ci.policy.mending import Sources, fix_of, no_sources
from gitops_ci.policy.subject import Subject
from gitops_ci.render import blame


def finding_of(fault: Fault, subject: Subject, sources: Sources = no_sources) -> Finding:
    """The finding for a fault of an object, on the line where its origin is, with the edit of a
    file of `sources` that mends it."""
    remedy, rendered = fault.remedy, subject.rendered
    if remedy is None:
        return blame.finding_of(fault, rendered, subject.root)
    fix = fix_of(remedy, rendered, sources)
    return blame.finding_of(fault, rendered, subject.root, lambda _trace: fix)
