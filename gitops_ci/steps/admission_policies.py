"""The admission policies of a run: those that the configuration names, those of the repository."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from gitops_ci.cel.engine import EXTRA, is_installed
from gitops_ci.config.globs import Globs
from gitops_ci.documents.manifests import manifests_of
from gitops_ci.model.errors import ConfigError
from gitops_ci.model.finding import Finding, found
from gitops_ci.model.skip import Skip
from gitops_ci.model.span import Location
from gitops_ci.policy.admission.check import AdmissionCheck, faults_of, place_of
from gitops_ci.policy.admission.cluster import Cluster
from gitops_ci.policy.admission.kyverno import NOT_CEL
from gitops_ci.policy.admission.model import AdmissionPolicy
from gitops_ci.policy.admission.sources import (
    KINDS,
    Compilation,
    compiled,
    is_policy,
    policies_in,
)
from gitops_ci.policy.rules import BROKEN
from gitops_ci.render.objects import Rendered, RenderedObject
from gitops_ci.render.origins import SourceOrigin
from gitops_ci.repo.affected import Selection
from gitops_ci.repo.files import Files
from gitops_ci.repo.names import is_json, is_yaml
from gitops_ci.repo.tree import UnreadableError
from gitops_ci.steps.examine import Means, render_selection
from gitops_ci.steps.governing import Rulers
from gitops_ci.steps.snapshot import Snapshot, take_snapshot

_MARKS = tuple(kind.encode() for _, kind in sorted(KINDS))
_CONTEXT_KINDS = frozenset({"Namespace", "CustomResourceDefinition"})
_HOW = f"install gitops-ci[{EXTRA}]"
Renders = Callable[[Snapshot, Selection], Iterable[Rendered]]
"""Renders roots of a snapshot."""


class AdmissionPolicies(Struct, frozen=True):
    """The policies, compiled, and those that cannot be because the evaluator is not installed."""

    policies: tuple[Compilation, ...]
    skipped: tuple[Skip, ...] = ()

    def judge(
        self, snapshot: Snapshot, rendered: tuple[Rendered, ...]
    ) -> tuple[tuple[Finding, ...], tuple[Skip, ...], frozenset[str]]:
        """What they find in what was rendered, what they left open, and the rules that ran."""
        check = AdmissionCheck(self.policies, _surroundings(snapshot, rendered, self._kinds()))
        findings = tuple(check.findings(rendered))
        return findings, (*self.skipped, *check.skipped()), check.ran

    def _kinds(self) -> frozenset[str]:
        """The kinds of objects that the policies look up."""
        params = {
            clause.params.kind
            for made in self.policies
            for clause in made.policy.clauses
            if clause.params is not None
        }
        return _CONTEXT_KINDS | params


def in_force(
    means: Means, snapshot: Snapshot, ruling: Rulers, url: str
) -> tuple[Means, tuple[Finding, ...]]:
    """The means with the policies of the revision that rules, and the faults of those that a
    change brings with it. Raises ConfigError for policies in force that cannot be loaded."""

    def render(state: Snapshot, selection: Selection) -> list[Rendered]:
        here = state.files.tree is snapshot.files.tree
        return render_selection(state, selection, means if here else replace(means, folder=None))

    own = ruling.tree is snapshot.files.tree
    state = snapshot if own else take_snapshot(ruling.tree, snapshot.config, url, snapshot.files)
    loaded = _loaded(state, render)
    faults = (*_missing(state, ruling), *loaded.faults)
    if faults:
        raise ConfigError(faults)
    unfit = () if own else _loaded(snapshot, render).faults
    return replace(means, admission=loaded.policies), unfit


class _Loaded(Struct, frozen=True):
    """The policies of one revision, None without any, and what is wrong with them."""

    policies: AdmissionPolicies | None
    faults: tuple[Finding, ...]


def _loaded(snapshot: Snapshot, render: Renders) -> _Loaded:
    policies, faults = policies_of(snapshot, render)
    if not policies or not is_installed():
        skipped = tuple(map(_not_installed, policies))
        return _Loaded(AdmissionPolicies((), skipped) if policies else None, faults)
    made = tuple(compiled(policies))
    return _Loaded(AdmissionPolicies(made), (*faults, *faults_of(made)))


def policies_of(
    snapshot: Snapshot, render: Renders
) -> tuple[list[AdmissionPolicy], tuple[Finding, ...]]:
    """The policies that `policy.custom` names and, with `policy.fromRepo`, those that the
    repository deploys; and what is wrong with their files."""
    config = snapshot.config.policy
    named, faults = _in_files(snapshot.files, config.custom)
    policies = list(policies_in(named))
    if config.from_repo:
        policies += _deployed(snapshot, render)
    if any(engine.kyverno for engine in config.engines):
        policies = list(filter(None, map(_in_cel, policies)))
    return policies, faults


def _missing(snapshot: Snapshot, ruling: Rulers) -> Iterator[Finding]:
    """A finding for each entry of `policy.custom` that names no file."""
    for index, pattern in enumerate(snapshot.config.policy.custom):
        wanted = Globs.of((pattern,))
        if not any(wanted.match(entry.path) for entry in snapshot.files.tree.entries()):
            place = ruling.loaded.place(("policy", "custom", index))
            yield found(BROKEN, f"there is no file at '{pattern}'", place, key=pattern)


def _in_cel(policy: AdmissionPolicy) -> AdmissionPolicy | None:
    """The policy without the rules that Kyverno itself judges, None when it has no others."""
    clauses = tuple(clause for clause in policy.clauses if clause.never is not NOT_CEL)
    return replace(policy, clauses=clauses) if clauses else None


def _not_installed(policy: AdmissionPolicy) -> Skip:
    return Skip(place_of(policy), "missing-tool", f"{policy.title} not evaluated: {_HOW}")


def _in_files(
    files: Files, patterns: tuple[str, ...]
) -> tuple[tuple[RenderedObject, ...], tuple[Finding, ...]]:
    """The objects in the files that `policy.custom` names, and what is wrong with the files."""
    things: list[RenderedObject] = []
    faults: list[Finding] = []
    wanted = Globs.of(patterns)
    for entry in files.tree.entries() if patterns else ():
        path = entry.path
        if not (is_yaml(path) or is_json(path)) or not wanted.match(path):
            continue
        try:
            source = files.source(path)
        except UnreadableError as error:
            faults.append(found(BROKEN, str(error), Location(path)))
            continue
        faults += source.problems
        for manifest in manifests_of(source):
            origin = SourceOrigin(source, manifest.document, manifest.route)
            things.append(RenderedObject(manifest.value, origin))
    return tuple(things), tuple(faults)


def _deployed(snapshot: Snapshot, render: Renders) -> list[AdmissionPolicy]:
    """The policies that the roots of the repository deploy, each with its environments."""
    paths = frozenset(
        source.path
        for source in snapshot.files.known()
        if any(mark in source.data for mark in _MARKS)
    )
    selection = snapshot.affected(paths, frozenset()) if paths else None
    if selection is None:
        return []
    by_environment: dict[str, list[RenderedObject]] = defaultdict(list)
    for item in render(snapshot, selection):
        policies = tuple(filter(is_policy, item.objects))
        if policies:
            by_environment[item.root.environment] += policies
    shared = by_environment.pop("", [])
    same: dict[str, tuple[list[RenderedObject], set[str]]] = {}
    for environment, own in by_environment.items():
        things = _unique([*own, *shared])
        content = json.dumps([thing.value for thing in things], default=str)
        same.setdefault(content, (things, set()))[1].add(environment)
    elsewise = frozenset(by_environment)
    return [
        *(
            replace(policy, environments=frozenset(environments))
            for things, environments in same.values()
            for policy in policies_in(things)
        ),
        *(replace(policy, elsewise=elsewise) for policy in policies_in(_unique(shared))),
    ]


def _unique(things: list[RenderedObject]) -> list[RenderedObject]:
    """The first of each name, as the cluster would have only one."""
    found = {
        (thing.ref.group, thing.ref.kind, thing.ref.namespace, thing.ref.name): thing
        for thing in reversed(things)
    }
    return list(reversed(found.values()))


def _surroundings(
    snapshot: Snapshot, rendered: tuple[Rendered, ...], kinds: frozenset[str]
) -> Callable[[str], Cluster]:
    """What is known about the cluster of an environment: what was rendered for it, and what stands
    in files where a run renders only some roots."""
    of: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for item in rendered:
        of[item.root.environment] += (
            thing.value for thing in item.objects if thing.value.get("kind") in kinds
        )
    written = [
        manifest.value
        for source in snapshot.files.known()
        if any(kind.encode() in source.data for kind in kinds)
        for manifest in manifests_of(source)
        if manifest.value.get("kind") in kinds
    ]
    known: dict[str, Cluster] = {}

    def cluster(environment: str) -> Cluster:
        if environment not in known:
            own = of[environment]
            shared = of[""] if environment else []
            known[environment] = Cluster(own, [*shared, *written])
        return known[environment]

    return cluster
