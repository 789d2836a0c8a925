"""Which configuration, exceptions and baseline hold for a run.

On a pull request they come from the base revision: a change cannot wave itself through. Without a
configuration on the base the built-ins hold, and the change's own may only be stricter.
"""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from gitops_ci.config.load import Loaded, load
from gitops_ci.config.model import Config
from gitops_ci.findings.baseline import Baseline, read_baseline
from gitops_ci.findings.known_rules import KnownRules, check_rule_ids
from gitops_ci.model.errors import ConfigError, UsageError
from gitops_ci.model.finding import Finding
from gitops_ci.model.severity import Severity
from gitops_ci.repo.git_tree import GitTree
from gitops_ci.repo.tree import Tree
from gitops_ci.steps.baseline_files import baseline_files
from gitops_ci.steps.comparison import Comparison
from gitops_ci.steps.reading import config_reader
from gitops_ci.steps.versions import check_versions
from gitops_ci.steps.world import World

_MISSING = ("skip", "warn", "error")


class Rulers(Struct, frozen=True):
    """The configuration that rules, and the tree from which it, the exceptions and the baseline
    are read. `own` is the change's own configuration where that is another one; `findings` are
    its faults, which the report shows."""

    config: Config
    tree: Tree
    loaded: Loaded
    own: Config | None = None
    findings: tuple[Finding, ...] = ()


def rulers(
    world: World, known: KnownRules, compared: Comparison | None, config_from: str
) -> Rulers:
    """Who rules this run. Raises ConfigError when the ruling configuration is faulty."""
    if config_from:
        if world.git is None:
            raise UsageError("this is not a git repository", "--config-from needs one")
        tree: Tree = GitTree(world.git, world.git.rev_parse(config_from))
        return _alone(tree, world, known)
    if compared is None or not world.context.judges_a_change or world.git is None:
        return _alone(world.tree, world, known)
    tree = GitTree(world.git, compared.base)
    base = _faultless(_load(tree, world, known)) if _has_config(tree, world) else Loaded()
    head = _load(world.tree, world, known)
    usable = head.config if not head.findings else None
    config = base.config if base.path else stricter(base.config, usable)
    own = usable if usable is not None and usable != config else None
    return Rulers(config, tree, base, own, head.findings)


def _alone(tree: Tree, world: World, known: KnownRules) -> Rulers:
    loaded = _faultless(_load(tree, world, known))
    return Rulers(loaded.config, tree, loaded)


def _faultless(loaded: Loaded) -> Loaded:
    if loaded.findings:
        raise ConfigError(loaded.findings)
    return loaded


def _has_config(tree: Tree, world: World) -> bool:
    """False for a base without the file that `--config` names: the change adds it."""
    named = world.config_file
    return not named or Path(named).is_absolute() or tree.entry(named) is not None


def _load(tree: Tree, world: World, known: KnownRules) -> Loaded:
    loaded = load(config_reader(tree, world), world.config_file)
    further = (*check_rule_ids(loaded, known), *check_versions(loaded))
    return replace(loaded, findings=(*loaded.findings, *further))


def stricter(config: Config, other: Config | None) -> Config:
    """`config` with what `other` asks for beyond it: lower thresholds, heavier rules, more packs,
    more required reasons. What `other` would relax is ignored; where things lie, it may say."""
    if other is None:
        return config
    mine, its = config.report, other.report
    levels = ("never", "error", "warning", "note")
    report = replace(
        mine,
        fail_on=max(mine.fail_on, its.fail_on, key=levels.index),
        fail_on_existing=mine.fail_on_existing or its.fail_on_existing,
    )
    heavier: dict[str, Severity | None] = {
        rule: severity
        for rule, severity in other.policy.rules.items()
        if severity is Severity.ERROR
    }
    validate = replace(
        config.validate,
        missing_schema=max(
            config.validate.missing_schema, other.validate.missing_schema, key=_MISSING.index
        ),
        require=tuple(sorted({*config.validate.require, *other.validate.require})),
        crds=other.validate.crds,
    )
    return replace(
        config,
        report=report,
        validate=validate,
        policy=replace(
            config.policy,
            rules={**config.policy.rules, **heavier},
            packs=tuple(dict.fromkeys((*config.policy.packs, *other.policy.packs))),
            registries=config.policy.registries or other.policy.registries,
            digests=tuple(dict.fromkeys((*config.policy.digests, *other.policy.digests))),
        ),
        kubernetes=other.kubernetes or config.kubernetes,
        layouts=other.layouts,
        environments={
            name: replace(item, protected=item.protected or None)
            for name, item in other.environments.items()
        },
        roots=other.roots,
    )


def baseline(tree: Tree, root: Path, named: str) -> Baseline:
    """The baseline: the file that the user names (from the disk), else those of `tree`. Raises
    ConfigError for a faulty one."""
    if named:
        try:
            files = {named: (root / named).read_bytes()}
        except OSError as error:
            raise UsageError(f"{named} cannot be read: {error.strerror}") from error
    else:
        files = baseline_files(tree)
    accepted, problems = read_baseline(files)
    if problems:
        raise ConfigError(problems)
    return accepted
