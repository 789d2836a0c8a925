"""A foreign repository is taken at a fixed revision."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.model.span import Route
from gitops_ci.policy import kinds
from gitops_ci.policy.estate import Estate
from gitops_ci.policy.fault import Fault
from gitops_ci.policy.gitops.argocd import APPLICATIONS, is_unknown, spec_of
from gitops_ci.policy.pods.view import is_set
from gitops_ci.policy.subject import Subject
from gitops_ci.policy.supply_chain import ARGOCD
from gitops_ci.policy.supply_chain.revisions import floats, same_repository
from gitops_ci.render.fetched.addresses import shown
from gitops_ci.render.routes import at, text

RULE = Rule(
    "supply-chain/floating-revision",
    "A branch of a foreign repository that is deployed",
    Severity.WARNING,
    "Whoever may push there decides what runs here, without a review. An error in protected"
    " environments.",
    f"{ARGOCD}/user-guide/tracking_strategies/#git",
)
GIT = kinds.of("source.toolkit.fluxcd.io", "GitRepository")


def check(estate: Estate) -> Iterator[tuple[Subject, Fault]]:
    """A fault for each foreign branch. Which repositories are foreign is only known when the
    address of this one is."""
    if not estate.own_url:
        return
    for subject in estate.every(APPLICATIONS | GIT):
        for route, url, revision in _branches(subject):
            if is_unknown(url) or is_unknown(revision) or same_repository(url, estate.own_url):
                continue
            severity = Severity.ERROR if estate.is_protected(subject) else Severity.WARNING
            message = f"{shown(url)} is followed on {revision or 'its default branch'}"
            hint = "name a tag or commit"
            yield subject, Fault(RULE, route, message, hint, severity)


def _branches(subject: Subject) -> Iterator[tuple[Route, str, str]]:
    """Where a branch of git is followed: the route, the address and the revision."""
    if subject.kind in GIT:
        reference = at(subject.value, ("spec", "ref"))
        fixed = any(is_set(at(reference, (name,))) for name in ("commit", "tag", "name"))
        if not fixed:
            branch = text(reference, "branch") or text(reference, "semver")
            yield ("spec", "ref"), text(subject.value, "spec", "url"), branch
        return
    for route, source in spec_of(subject).sources():
        revision = text(source, "targetRevision")
        if not text(source, "chart") and text(source, "repoURL") and floats(revision):
            yield (*route, "targetRevision"), text(source, "repoURL"), revision
