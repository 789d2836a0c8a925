"""Why something was not checked. Nothing is passed over without one of these."""

from __future__ import annotations

from enum import Enum

from msgspec import Struct


class SkipClass(Enum):
    """What a reason means for the verdict."""

    SKIPPED = "skipped"
    """Rightly not checked as a manifest; green."""
    EXTERNAL = "external"
    """Lies outside the repository; counted, green unless `validate.require` names it."""
    INCOMPLETE = "incomplete"
    """Ought to have been checked; exit 3 unless `validate.allowIncomplete` names it."""


REASONS: dict[str, SkipClass] = {
    "helm-template": SkipClass.SKIPPED,
    "values": SkipClass.SKIPPED,
    "patch": SkipClass.SKIPPED,
    "component": SkipClass.SKIPPED,
    "base": SkipClass.SKIPPED,
    "ci-file": SkipClass.SKIPPED,
    "encrypted": SkipClass.SKIPPED,
    "binary": SkipClass.SKIPPED,
    "ignored": SkipClass.SKIPPED,
    "not-yaml": SkipClass.SKIPPED,
    "remote-base": SkipClass.EXTERNAL,
    "remote-chart": SkipClass.EXTERNAL,
    "other-repository": SkipClass.EXTERNAL,
    "generator": SkipClass.EXTERNAL,
    "plugin": SkipClass.EXTERNAL,
    "cluster-state": SkipClass.EXTERNAL,
    "not-checked-out": SkipClass.EXTERNAL,
    "too-large": SkipClass.INCOMPLETE,
    "missing-tool": SkipClass.INCOMPLETE,
    "unreadable": SkipClass.INCOMPLETE,
    "unrenderable": SkipClass.INCOMPLETE,
    "timeout": SkipClass.INCOMPLETE,
    "not-evaluated": SkipClass.INCOMPLETE,
}
"""The closed list of reasons and the class of each."""


MEANINGS = {
    "helm-template": "part of a chart: it is checked as rendered, or nothing deploys the chart",
    "values": "values of a chart: they are checked through what the chart renders",
    "patch": "a patch: it is checked through the objects that it changes",
    "component": "a kustomize component: it cannot stand alone and is checked where it is used",
    "base": "a base: it is checked through the overlays that include it",
    "ci-file": "a file of a CI system or another tool, not meant for a cluster",
    "encrypted": "encrypted: only its form can be read",
    "binary": "not text",
    "ignored": "left out by `ignore` in the configuration",
    "not-yaml": "neither YAML nor JSON for a cluster",
    "remote-base": "a kustomize base or file elsewhere; it can be fetched",
    "remote-chart": "a Helm chart elsewhere; it can be fetched",
    "other-repository": "a deployer that reads from another repository",
    "generator": "an ApplicationSet generator that asks something outside of the repository",
    "plugin": "made by a plugin, which is never run",
    "cluster-state": "a policy that asks what only the cluster knows",
    "not-checked-out": "left out of a sparse checkout of a clone that lacks its content",
    "too-large": "larger than what is parsed",
    "missing-tool": "needs a program that is not there; `gitops-ci tools install` fetches it",
    "unreadable": "exists but cannot be read",
    "unrenderable": "holds something that no engine here can render",
    "timeout": "an external program took longer than allowed",
    "not-evaluated": "a policy, or the engine that judges by it, gave no verdict",
}
"""What each reason says, for a person."""


class Skip(Struct, frozen=True):
    """A file or root that was not checked: its path, a reason of REASONS, and a person's words."""

    path: str
    reason: str
    detail: str = ""

    @property
    def klass(self) -> SkipClass:
        """The class of the reason."""
        return REASONS[self.reason]
