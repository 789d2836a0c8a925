"""The main job: observe the repository, examine it, judge what was found, say so."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from gitops_ci.config.model import Config
from gitops_ci.documents.document import SourceFile
from gitops_ci.findings.baseline import Baseline
from gitops_ci.findings.engine import Inputs as Judging
from gitops_ci.findings.engine import judge, standing_at_base, without
from gitops_ci.findings.known_rules import KnownRules
from gitops_ci.findings.suppression import Suppression, split_by_trust
from gitops_ci.findings.threshold import exit_code
from gitops_ci.model.errors import IncompleteError, UsageError
from gitops_ci.model.finding import Finding
from gitops_ci.model.report import Report
from gitops_ci.model.severity import Severity
from gitops_ci.model.span import Location
from gitops_ci.render.options import options_of
from gitops_ci.repo.git_tree import GitTree
from gitops_ci.repo.names import KUSTOMIZATION_NAMES
from gitops_ci.repo.tree import UnreadableError
from gitops_ci.report.plural import plural
from gitops_ci.steps import governing
from gitops_ci.steps.approving import with_approved
from gitops_ci.steps.check import PARTS, Inputs
from gitops_ci.steps.comparison import Comparison, comparison
from gitops_ci.steps.delivery import deliver, delivery_of
from gitops_ci.steps.examine import POLICY, SECRETS, Examined, Means, examine
from gitops_ci.steps.hiding import hide_in_quoted
from gitops_ci.steps.rule_book import KNOWN, rules_that_ran
from gitops_ci.steps.scope import Scope, scope_of
from gitops_ci.steps.settings import settled
from gitops_ci.steps.snapshot import Snapshot, take_snapshot
from gitops_ci.steps.suppressions import exceptions_in, inline_in
from gitops_ci.steps.versions import require_known, versions_of
from gitops_ci.steps.world import World

if TYPE_CHECKING:
    from gitops_ci.steps.own_policies import OwnPolicies
    from gitops_ci.validate.kubeconform import Kubeconform


class _State(Struct, frozen=True):
    """One examined state of the repository with the suppressions in it."""

    snapshot: Snapshot
    examined: Examined
    suppressions: tuple[Suppression, ...]
    findings: tuple[Finding, ...]


class Assessment(Struct, frozen=True):
    """Everything that a run found out: what was looked at, the raw findings, the facts by which
    they are judged, and the verdict."""

    config: Config
    snapshot: Snapshot
    findings: tuple[Finding, ...]
    judging: Judging
    report: Report

    def text(self, path: str) -> bytes | None:
        """The bytes of a file of the repository or of the finished YAML; None for neither."""
        source = self.judging.sources(path)
        try:
            return (source or self.snapshot.files.source(path)).data
        except UnreadableError:
            return None


def check(inputs: Inputs, world: World, command: str = "check") -> int:
    """Run the whole check, deliver its report, and return the exit code of its verdict."""
    started = time.monotonic()
    if inputs.dry_run and not inputs.fix:
        raise UsageError("--dry-run says what --fix would do", "add --fix")
    made = assess(inputs, world)
    report = made.report
    if inputs.fix:
        from gitops_ci.steps import fixing

        if inputs.dry_run:
            world.sink.result(fixing.difference(report, world))
            return exit_code(report)
        done = fixing.apply(report, world)
        made = assess(inputs, world)
        report = replace(made.report, remarks=(*made.report.remarks, *done))
    seconds = time.monotonic() - started
    delivery = delivery_of(inputs, world, command, seconds)
    deliver(report, delivery, world, made.config, made.text)
    return exit_code(report)


def assess(inputs: Inputs, world: World, baseline: Baseline | None = None) -> Assessment:
    """Observe, examine and judge. With a `baseline` those of the repository are not read. Raises
    GitopsError when that is not possible."""
    known = KNOWN
    compared = comparison(world, inputs.changed_since)
    ruling = governing.rulers(world, known, compared, inputs.config_from)
    config = settled(replace(ruling.loaded, config=ruling.config), inputs, world).config
    config = replace(config, kubernetes=versions_of(config))
    require_known(config.kubernetes)
    url = world.git.remote_url() if world.git else ""
    snapshot = take_snapshot(world.tree, config, url)
    scope = scope_of(inputs, world, snapshot, compared)
    means = means_of(inputs, world, config, url)
    if SECRETS in means.parts:
        from gitops_ci.steps.secret_means import means_in_check

        searched = means_in_check(world, known, ruling.tree, config, snapshot.files, compared)
        means = replace(means, secrets=searched)
    means = replace(means, own=own_of(means, ruling, config, world))
    unfit: tuple[Finding, ...] = ()
    if POLICY in means.parts and (config.policy.custom or config.policy.from_repo):
        from gitops_ci.steps.admission_policies import in_force

        means, unfit = in_force(means, snapshot, ruling, url)
    if means.own is not None and compared is not None and ruling.tree is not world.tree:
        from gitops_ci.steps.policy_preview import broken_by_change

        unfit += broken_by_change(ruling.own or config, compared.changed, means, world)
    head = _state(snapshot, scope, means, known)
    if baseline is None:
        baseline = governing.baseline(ruling.tree, world.root, inputs.baseline)
    judging = _judging(head, world, config, known, ruling, scope, inputs)
    judging = replace(judging, baseline=baseline)
    if compared is not None:
        judging = _against_base(judging, head, compared, scope, means, known, world, url)
    judging = with_approved(judging, world)
    world.progress.end()
    findings = (*head.examined.findings, *head.findings, *ruling.findings, *unfit)
    if compared is not None:
        findings += _about_change(compared, ruling, config, world)
    report = _with_preview(judge(findings, judging), findings, judging, ruling.own)
    made = Assessment(config, snapshot, findings, judging, report)
    hide_in_quoted(findings, made.text, _searched(scope, means, world), world)
    return made


def _searched(scope: Scope, means: Means, world: World) -> Callable[[str], bool]:
    """Whether a file was searched for secrets already."""

    def searched(path: str) -> bool:
        wanted = scope.paths is None or path in scope.paths
        return SECRETS in means.parts and wanted and world.tree.entry(path) is not None

    return searched


def _about_change(
    compared: Comparison, ruling: governing.Rulers, config: Config, world: World
) -> tuple[Finding, ...]:
    """What is to be said about the change as such: that it moves the gate, how it is written."""
    from gitops_ci.steps.commit_messages import commit_faults
    from gitops_ci.steps.self_change import self_changes

    moved = self_changes(compared, config, world)
    return (*moved, *commit_faults(compared, ruling, config, world))


def means_of(inputs: Inputs, world: World, config: Config, url: str) -> Means:
    """How a run with these options renders and checks. Raises UsageError."""
    if inputs.jobs < 1:
        raise UsageError(f"--jobs {inputs.jobs} is less than 1")
    options = options_of(
        config,
        network=inputs.network,
        cache=world.root / inputs.cache if inputs.cache else None,
        cached=not inputs.no_cache,
        remotes=(url,) if url else (),
    )
    kubeconform = None
    if config.validate.engine == "kubeconform":
        kubeconform = _kubeconform(world, config, inputs.jobs)
    return Means(
        options,
        world.programs,
        world.progress,
        config.kubernetes,
        kubeconform,
        world.root,
        frozenset(inputs.only or PARTS),
    )


def own_of(
    means: Means, ruling: governing.Rulers, config: Config, world: World
) -> OwnPolicies | None:
    """The policies that the repository brings along, where there are any."""
    if POLICY not in means.parts or not (config.policy.engines or config.policy.schemas):
        return None
    from gitops_ci.steps.own_policies import own_policies

    return own_policies(ruling, config, world)


def _kubeconform(world: World, config: Config, workers: int) -> Kubeconform:
    from gitops_ci.validate.kubeconform import Kubeconform

    binary = world.programs.find("kubeconform")
    if binary is None:
        raise IncompleteError(
            "--schema-engine kubeconform: there is no kubeconform",
            "run `gitops-ci tools install kubeconform`",
        )
    return Kubeconform(binary, config.render.timeout, workers)


def _state(snapshot: Snapshot, scope: Scope, means: Means, known: KnownRules) -> _State:
    examined = examine(
        snapshot,
        scope.selection,
        means,
        paths=scope.paths,
        lines=scope.lines,
        finished=scope.finished,
    )
    inline = inline_in(_texts(snapshot, scope), examined.rendered, known)
    suppressions = (*inline.suppressions, *examined.suppressions)
    return _State(snapshot, examined, suppressions, inline.findings)


def _judging(
    head: _State,
    world: World,
    config: Config,
    known: KnownRules,
    ruling: governing.Rulers,
    scope: Scope,
    inputs: Inputs,
) -> Judging:
    patterns = config.exceptions.files
    exceptions = exceptions_in(ruling.tree, patterns, known).suppressions
    own = exceptions_in(world.tree, patterns, known).suppressions
    _, added = split_by_trust(own, exceptions)
    trusted = exceptions if ruling.tree is not world.tree else own
    return Judging(
        config=config,
        now=world.clock.now(),
        known=known,
        suppressions=(*trusted, *head.suppressions),
        unapproved=added if ruling.tree is not world.tree else (),
        skipped=head.examined.skipped,
        checked=head.examined.checked,
        remarks=(*scope.remarks, *head.examined.remarks),
        root_place=_root_place(head.snapshot),
        sources=_sources(head.snapshot, scope),
        complete=scope.complete,
        ran=rules_that_ran(inputs.only or PARTS, head.examined.policies),
    )


def _against_base(
    judging: Judging,
    head: _State,
    compared: Comparison,
    scope: Scope,
    means: Means,
    known: KnownRules,
    world: World,
    url: str,
) -> Judging:
    """The judging of a change: what stands at the fork point does not block, and suppressions
    that the change adds do not count before somebody approved them."""
    assert world.git is not None
    tree = GitTree(world.git, compared.fork)
    snapshot = take_snapshot(tree, judging.config, url, head.snapshot.files)
    selection = snapshot.affected(compared.changed, compared.listed)
    wider = replace(scope, selection=selection, finished=(), lines=None)
    secrets = means.secrets and means.secrets.at_base(head.examined.secrets)
    base = _state(snapshot, wider, replace(means, folder=None, secrets=secrets), known)
    trusted, added = judging.suppressions, judging.unapproved
    if world.context.judges_a_change:
        inline = {id(item) for item in judging.suppressions if item.kind != "exception"}
        mine = [item for item in judging.suppressions if id(item) in inline]
        kept, fresh = split_by_trust(mine, base.suppressions)
        others = [item for item in judging.suppressions if id(item) not in inline]
        trusted, added = (*others, *kept), (*judging.unapproved, *fresh)
    at_base = replace(
        judging,
        suppressions=(*(s for s in trusted if s.kind == "exception"), *base.suppressions),
        unapproved=(),
        sources=_sources(snapshot, wider),
    )
    judging = replace(
        judging,
        suppressions=trusted,
        unapproved=added,
        renames=compared.renames,
        changed=compared.lines,
    )
    standing = standing_at_base((*base.examined.findings, *base.findings), at_base)
    return replace(judging, standing=without(standing, head.examined.unchanged, judging))


def _root_place(snapshot: Snapshot) -> Callable[[str], Location]:
    """Where a root is written: its kustomization file, or its deployer's."""

    def place(root: str) -> Location:
        path = root.partition("#")[0]
        candidates = (f"{path}/{name}".lstrip("/") for name in KUSTOMIZATION_NAMES)
        return Location(next((at for at in candidates if at in snapshot.inventory.files), path))

    return place


def _texts(snapshot: Snapshot, scope: Scope) -> tuple[SourceFile, ...]:
    """Every parsed file: those of the repository, and those that were handed over finished."""
    handed = (source for item in scope.finished for source in item.sources)
    return (*snapshot.files.known(), *handed)


def _sources(snapshot: Snapshot, scope: Scope) -> Callable[[str], SourceFile | None]:
    """The parsed files by path, for fingerprints and excerpts."""
    return {source.path: source for source in _texts(snapshot, scope)}.get


def _with_preview(
    report: Report, findings: tuple[Finding, ...], judging: Judging, own: Config | None
) -> Report:
    """Add what the change's own configuration would say, when it is not the one that rules."""
    if own is None:
        return report
    preview = judge(findings, replace(judging, config=own))
    errors = sum(item.finding.severity is Severity.ERROR for item in preview.shown)
    words = (
        f"preview: with the configuration of this change the verdict would be"
        f" {preview.status.value} ({plural(errors, 'error')},"
        f" {plural(len(preview.shown), 'finding')})"
    )
    return replace(report, remarks=(*report.remarks, words))
