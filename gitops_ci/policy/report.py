"""Faults of rules to findings, with what would mend them."""

from __future__ import annotations

from gitops_ci.model.finding import Finding
from gitops_ci.policy.fault import Fault
from gitops_ci.policy.subject import Subject
from gitops_ci.render import blame


def finding_of(fault: Fault, subject: Subject) -> Finding:
    """The finding for a fault of an object, on the line where its origin is."""
    return blame.finding_of(fault, subject.rendered, subject.root)
