"""Policies that a change touches: do they still load? They judge nothing before they are merged.

Nothing of the change is evaluated: Rego is compiled and no rule of it asked, and the one object
that engines are given is of a kind that no policy knows.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from gitops_ci.config.model import Config
from gitops_ci.config.model_policy import EngineConfig
from gitops_ci.model.finding import Finding
from gitops_ci.model.span import Location
from gitops_ci.policy.broken import BrokenPolicyError
from gitops_ci.policy.engines.judging import Bench, judge
from gitops_ci.policy.engines.station import engine_of
from gitops_ci.policy.json_schema.check import schema_policy
from gitops_ci.render.objects import Rendered, RenderedObject, Root, RootKind
from gitops_ci.render.origins import PlaceOrigin
from gitops_ci.repo.paths import within
from gitops_ci.steps.examine import Means
from gitops_ci.steps.own_policies import broken, station_of
from gitops_ci.steps.world import World

_NOBODY = "gitops_ci_only_compiled"
"""A Rego namespace in which nobody has rules."""
_PROBE = {"apiVersion": "gitops-ci.dev/v1", "kind": "Probe", "metadata": {"name": "probe"}}


def broken_by_change(
    config: Config, changed: frozenset[str], means: Means, world: World
) -> tuple[Finding, ...]:
    """A finding for each policy among the `changed` files that `config`, the change's own where it
    has one, could not load after the merge."""
    return tuple(_broken(config, changed, means, world))


def _broken(
    config: Config, changed: frozenset[str], means: Means, world: World
) -> Iterator[Finding]:
    for rule in config.policy.schemas:
        if rule.schema in changed:
            try:
                schema_policy(rule, world.tree)
            except BrokenPolicyError as error:
                yield from broken(error.faults, world.tree)
    for engine in config.policy.engines:
        files = engine_of(engine).files
        if not engine.command and any(within(path, name) for path in changed for name in files):
            yield from _loaded(engine, config, means, world)


def _loaded(engine: EngineConfig, config: Config, means: Means, world: World) -> Iterator[Finding]:
    compiled = replace(engine, namespaces=(_NOBODY,)) if engine.conftest else engine
    station = station_of(compiled, Location(""), config.render.timeout, world)
    if station.binary is None:
        return  # the policies in force have said so
    probe = RenderedObject(_PROBE, PlaceOrigin(Location(""), "probe"))
    rendered = (Rendered(Root("", RootKind.PLAIN), (probe,)),)
    try:
        judge(station, rendered, Bench(world.tree, means.programs))
    except BrokenPolicyError as error:
        yield from broken(error.faults, world.tree)
