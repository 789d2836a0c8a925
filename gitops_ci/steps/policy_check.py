"""The rules of the chosen packs as a part of the check."""

from __future__ import annotations

from dataclasses import dataclass

from gitops_ci.config.model import Config
from gitops_ci.model.finding import Finding
from gitops_ci.model.skip import Skip
from gitops_ci.policy.check import PolicyCheck
from gitops_ci.policy.choice import choose
from gitops_ci.policy.settings import Settings
from gitops_ci.render.objects import Rendered
from gitops_ci.schemas.lifecycle import minor
from gitops_ci.schemas.pack import load
from gitops_ci.steps.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class PolicyResult:
    """What the policies say, and what they could not judge."""

    findings: tuple[Finding, ...]
    skipped: tuple[Skip, ...] = ()
    ran: frozenset[str] = frozenset()
    """The ids of the rules that ran."""


def policy_findings(
    snapshot: Snapshot, rendered: tuple[Rendered, ...], *, complete: bool
) -> PolicyResult:
    """Judge what was rendered by the packs of the configuration. `complete` says that all roots
    of the repository are among it."""
    config = snapshot.config
    choice = choose(config.policy.packs, _newest(config))
    check = PolicyCheck(
        choice,
        Settings(registries=config.policy.registries),
        snapshot.environments.is_protected,
        complete=complete,
    )
    return PolicyResult(tuple(check.findings(rendered)), ran=choice.ids)


def _newest(config: Config) -> int:
    """The minor version of Kubernetes that packs hold to without a pin: the newest of the run."""
    versions = config.kubernetes or load().versions
    return max(minor(version) for version in versions)[1]
