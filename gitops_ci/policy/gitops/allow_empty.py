"""An empty directory does not delete everything."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.policy.fault import Fault, Remedy
from gitops_ci.policy.gitops import ARGOCD
from gitops_ci.policy.gitops.argocd import APPLICATIONS, spec_of
from gitops_ci.policy.subject import Subject
from gitops_ci.render.routes import at

RULE = Rule(
    "gitops/allow-empty",
    "An automated sync that may delete everything",
    Severity.WARNING,
    "With allowEmpty a source that renders to nothing, as after a mistyped path or a failed"
    " generator, takes the whole application away.",
    f"{ARGOCD}/user-guide/auto_sync/#automatic-pruning-with-allow-empty-v18",
)
KINDS = APPLICATIONS


def check(subject: Subject) -> Iterator[Fault]:
    """A fault for `allowEmpty: true` beside `prune: true`."""
    spec = spec_of(subject)
    automated = ("syncPolicy", "automated")
    allowed = at(spec.value, (*automated, "allowEmpty")) is True
    if allowed and at(spec.value, (*automated, "prune")) is True:
        route = (*spec.route, *automated, "allowEmpty")
        # without the field a sync does all it did, but for deleting everything
        remedy = Remedy("remove allowEmpty", route, remove=True, safe=True)
        message = "an empty source deletes everything"
        yield Fault(RULE, route, message, "remove allowEmpty", remedy=remedy)
