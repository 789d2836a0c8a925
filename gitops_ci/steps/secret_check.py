"""`secrets`: search, judge, say so. Nothing is rendered and no file is parsed without need."""

from __future__ import annotations

import time
from collections.abc import Callable

from msgspec import Struct
from msgspec.structs import replace

from gitops_ci.config.model import Config
from gitops_ci.documents.document import SourceFile
from gitops_ci.findings.engine import Inputs as Judging
from gitops_ci.findings.engine import judge, standing_at_base, without
from gitops_ci.findings.known_rules import KnownRules
from gitops_ci.findings.suppression import Suppression, split_by_trust
from gitops_ci.findings.threshold import exit_code
from gitops_ci.model.report import Checked
from gitops_ci.repo.files import Files
from gitops_ci.repo.tree import Tree, UnreadableError
from gitops_ci.steps import governing
from gitops_ci.steps.approving import with_approved
from gitops_ci.steps.comparison import Comparison
from gitops_ci.steps.delivery import deliver, delivery_of
from gitops_ci.steps.rule_book import KNOWN, rules_that_ran
from gitops_ci.steps.secret_means import SecretMeans, secret_means
from gitops_ci.steps.secret_modes import Target, compared_for, target_of
from gitops_ci.steps.secret_scan import Searched, scan_secrets
from gitops_ci.steps.secrets import Inputs
from gitops_ci.steps.settings import settled
from gitops_ci.steps.suppressions import exceptions_in
from gitops_ci.steps.world import World


class _Ruled(Struct, frozen=True):
    """What decides about findings: the rules, who rules, and the configuration."""

    known: KnownRules
    ruling: governing.Rulers
    config: Config
    compared: Comparison | None


def check_secrets(inputs: Inputs, world: World) -> int:
    """Run the scan, deliver its report, and return the exit code of its verdict."""
    started = time.monotonic()
    known = KNOWN
    compared = compared_for(inputs, world)
    ruling = governing.rulers(world, known, compared, inputs.config_from)
    config = settled(replace(ruling.loaded, config=ruling.config), inputs, world).config
    ruled = _Ruled(known, ruling, config, compared)
    target = target_of(inputs, world, config.secrets.scope, compared)
    means = secret_means(world, known, ruling.tree, target.commits)
    files = Files(target.tree)
    head = scan_secrets(
        files,
        means if target.on_disk else replace(means, committed=None),
        target.paths,
        target.lines,
        config.ignore,
    )
    judging = _judging(inputs, world, ruled, target, head, files)
    if target.base is not None:
        judging = _against(judging, target, means, world, ruled, head)
    report = judge((*head.findings, *ruling.findings), with_approved(judging, world))
    seconds = time.monotonic() - started
    deliver(
        report, delivery_of(inputs, world, "secrets", seconds), world, config, _text(target.tree)
    )
    return exit_code(report)


def _judging(
    inputs: Inputs, world: World, ruled: _Ruled, target: Target, head: Searched, files: Files
) -> Judging:
    patterns, ruling = ruled.config.exceptions.files, ruled.ruling
    trusted = exceptions_in(ruling.tree, patterns, ruled.known).suppressions
    added: tuple[Suppression, ...] = ()
    if ruling.tree is not world.tree:
        own = exceptions_in(world.tree, patterns, ruled.known).suppressions
        _, added = split_by_trust(own, trusted)
    return Judging(
        config=ruled.config,
        now=world.clock.now(),
        known=ruled.known,
        suppressions=(*trusted, *head.suppressions),
        unapproved=added,
        baseline=governing.baseline(ruling.tree, world.root, inputs.baseline),
        skipped=head.skipped,
        checked=Checked(head.counts.files, 0, 0, 0, head.counts.bytes),
        remarks=head.remarks,
        sources=_sources(files),
        complete=target.paths is None,
        ran=rules_that_ran(("secrets",), frozenset()),
    )


def _against(
    judging: Judging,
    target: Target,
    means: SecretMeans,
    world: World,
    ruled: _Ruled,
    head: Searched,
) -> Judging:
    """The judging of a change: what stands in its base does not block, and suppressions that the
    change adds do not count before somebody approved them."""
    paths = target.paths and target.paths.union(target.renames.values())
    assert target.base is not None
    files = Files(target.base)
    base = scan_secrets(files, means.at_base(head.known), paths, None, ruled.config.ignore)
    suppressions, unapproved = judging.suppressions, judging.unapproved
    exceptions = tuple(item for item in suppressions if item.kind == "exception")
    if world.context.judges_a_change:
        inline = [item for item in suppressions if item.kind != "exception"]
        kept, fresh = split_by_trust(inline, base.suppressions)
        suppressions, unapproved = (*exceptions, *kept), (*unapproved, *fresh)
    at_base = replace(
        judging,
        suppressions=(*exceptions, *base.suppressions),
        unapproved=(),
        sources=_sources(files),
    )
    judging = replace(
        judging,
        suppressions=suppressions,
        unapproved=unapproved,
        renames=target.renames,
        changed=target.lines or {},
    )
    standing = standing_at_base(base.findings, at_base)
    return replace(judging, standing=without(standing, head.unchanged, judging))


def _sources(files: Files) -> Callable[[str], SourceFile | None]:
    """The parsed files by path, for the fingerprints of findings: read when one asks."""

    def source(path: str) -> SourceFile | None:
        try:
            return files.source(path)
        except UnreadableError:
            return None

    return source


def _text(tree: Tree) -> Callable[[str], bytes | None]:
    def text(path: str) -> bytes | None:
        try:
            return tree.read(path)
        except UnreadableError:
            return None

    return text
