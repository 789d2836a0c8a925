"""The rules that a repository brings along: what its configuration names, and where it is written.

Nothing is compiled and no engine runs, so an engine has one entry for all of its policies.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from gitops_ci.config.globs import rule_matches
from gitops_ci.config.load import Loaded, load
from gitops_ci.model.finding import Finding
from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.model.span import Location, Route
from gitops_ci.output.sink import Level
from gitops_ci.steps.reading import config_reader
from gitops_ci.steps.world import World

_NAME: Route = ("metadata", "name")


class OwnRule(Struct, frozen=True):
    """A rule, and the line where it is written. The id of an engine's is a glob."""

    rule: Rule
    location: Location

    @property
    def place(self) -> str:
        """The path and the line."""
        return f"{self.location.path}:{self.location.line}"

    def fits(self, rule_id: str) -> bool:
        """Whether the id is this rule's, or that of one of the engine's policies."""
        return self.rule.id == rule_id or rule_matches(self.rule.id, rule_id)


def own_rules(world: World) -> tuple[OwnRule, ...]:
    """The rules of the work tree's configuration, sorted by id. What cannot be read is said in the
    log: what the tool knows by itself is listed all the same."""
    loaded = load(config_reader(world.tree, world), world.config_file)
    if loaded.findings:
        _say(loaded.findings, world)
        return ()
    policy = loaded.config.policy
    found = [*_of_engines(loaded), *_of_schemas(loaded, world)]
    if policy.custom or policy.from_repo:
        found += _of_the_cluster(loaded, world)
    return tuple(sorted(dict.fromkeys(found), key=lambda own: (own.rule.id, own.place)))


def _of_engines(loaded: Loaded) -> Iterator[OwnRule]:
    for index, config in enumerate(loaded.config.policy.engines):
        from gitops_ci.policy.engines.station import engine_of

        engine = engine_of(config)
        files = f": {', '.join(engine.files)}" if engine.files else ""
        rule = Rule(
            f"policy/{engine.name}.*",
            f"Policies that {engine.program} evaluates{files}",
            Severity.of(config.severity),
        )
        yield OwnRule(rule, loaded.place(("policy", "engines", index)))


def _of_schemas(loaded: Loaded, world: World) -> Iterator[OwnRule]:
    for index, config in enumerate(loaded.config.policy.schemas):
        from gitops_ci.policy.json_schema.check import rule_of

        is_there = world.tree.entry(config.schema) is not None
        named = loaded.place(("policy", "schemas", index))
        yield OwnRule(rule_of(config), Location(config.schema) if is_there else named)


def _of_the_cluster(loaded: Loaded, world: World) -> Iterator[OwnRule]:
    from gitops_ci.policy.admission.rules import rule_of
    from gitops_ci.steps.admission_policies import policies_of
    from gitops_ci.steps.rendering import render_planned
    from gitops_ci.steps.snapshot import take_snapshot

    url = world.git.remote_url() if world.git else ""
    snapshot = take_snapshot(world.tree, loaded.config, url)
    policies, faults = policies_of(
        snapshot, lambda state, roots: render_planned(state, roots, world, folder=world.root)
    )
    world.progress.end()
    _say(faults, world)
    for policy in policies:
        yield OwnRule(rule_of(policy), policy.object.origin.trace(_NAME).location)


def _say(faults: tuple[Finding, ...], world: World) -> None:
    for fault in faults:
        place = f"{fault.location.path}:{fault.location.line}"
        world.sink.log(f"{place}: {fault.message}", Level.WARNING)
    if faults:
        world.sink.log("rules of this repository may be missing from the list", Level.WARNING)
