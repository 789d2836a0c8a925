"""The rules of the chosen packs as a part of the check."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec import Struct

from gitops_ci.config.model import Config
from gitops_ci.documents.document import SourceFile
from gitops_ci.documents.manifests import manifests_of
from gitops_ci.model.finding import Finding
from gitops_ci.model.skip import Skip
from gitops_ci.policy.check import PolicyCheck
from gitops_ci.policy.choice import choose
from gitops_ci.policy.kinds import Kinds, kind_of
from gitops_ci.policy.settings import Settings
from gitops_ci.render.objects import Rendered
from gitops_ci.repo.kinds import FileKind
from gitops_ci.schemas.lifecycle import minor
from gitops_ci.schemas.pack import load
from gitops_ci.steps.packs_in_force import chosen_packs, in_force
from gitops_ci.steps.snapshot import Snapshot

if TYPE_CHECKING:  # a run without such policies does not load them
    from gitops_ci.steps.admission_policies import AdmissionPolicies
    from gitops_ci.steps.examine import Means


class PolicyResult(Struct, frozen=True):
    """What the policies say, and what they could not judge."""

    findings: tuple[Finding, ...]
    skipped: tuple[Skip, ...] = ()
    ran: frozenset[str] = frozenset()
    """The ids of the rules that ran."""


def policy_findings(
    snapshot: Snapshot, rendered: tuple[Rendered, ...], means: Means, *, complete: bool
) -> PolicyResult:
    """Judge what was rendered by the packs of the configuration, and by admission policies.
    `complete` says that all roots of the repository are among it."""
    config = snapshot.config
    choice = choose(chosen_packs(config), _newest(config))
    check = PolicyCheck(
        choice,
        _settings(config, next(iter(means.options.remotes), "")),
        snapshot.environments,
        unseen=frozenset() if complete else _unseen(snapshot, rendered),
        sources=snapshot.files.find,
    )
    found = check.findings(rendered, _kustomizations(snapshot, rendered))
    result = PolicyResult(tuple(in_force(found, config)), ran=choice.ids)
    if means.admission is None:
        return result
    return _with(means.admission, result, snapshot, rendered)


def _with(
    admission: AdmissionPolicies,
    result: PolicyResult,
    snapshot: Snapshot,
    rendered: tuple[Rendered, ...],
) -> PolicyResult:
    findings, skipped, ran = admission.judge(snapshot, rendered)
    return PolicyResult(
        (*result.findings, *findings), (*result.skipped, *skipped), result.ran | ran
    )


def _kustomizations(snapshot: Snapshot, rendered: tuple[Rendered, ...]) -> Iterator[SourceFile]:
    """The kustomizations that what was rendered is made of."""
    used = _used(rendered)
    for path in snapshot.inventory.of(FileKind.KUSTOMIZATION, FileKind.COMPONENT):
        if path in used:
            yield snapshot.files.source(path)


def _unseen(snapshot: Snapshot, rendered: tuple[Rendered, ...]) -> Kinds:
    """The kinds of the manifests that nothing of what was rendered is made of."""
    used = _used(rendered)
    return frozenset(
        kind_of(manifest.value)
        for path in snapshot.inventory.of(FileKind.MANIFEST)
        if path not in used
        for manifest in manifests_of(snapshot.files.source(path))
    )


def _used(rendered: tuple[Rendered, ...]) -> frozenset[str]:
    return frozenset(path for item in rendered for path in item.used)


def _settings(config: Config, own_url: str) -> Settings:
    environments = config.environments
    earlier = {name: _sources(name, config) for name in environments}
    return Settings(
        config.policy.registries,
        config.policy.digests,
        {name: sources for name, sources in earlier.items() if sources},
        own_url,
    )


def _sources(name: str, config: Config) -> tuple[str, ...]:
    """All environments that the versions of one come from, near ones first."""
    found: dict[str, None] = {}
    waiting = [name]
    while waiting:
        item = config.environments.get(waiting.pop(0))
        for source in item.sources.names if item else ():
            if source not in found and source != name:
                found[source] = None
                waiting.append(source)
    return tuple(found)


def _newest(config: Config) -> int:
    """The minor version of Kubernetes that packs hold to without a pin: the newest of the run."""
    versions = config.kubernetes or load().versions
    return max(minor(version) for version in versions)[1]
