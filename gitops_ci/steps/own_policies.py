"""The policies that a team brings along, as a part of the check: engines and JSON Schemas.

They are read from the tree that rules (on a pull request: the base's), and judge both states.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec import Struct

from gitops_ci.config.model import Config
from gitops_ci.config.model_policy import ENGINE_KEYS, EngineConfig
from gitops_ci.documents.text import Lines
from gitops_ci.model.errors import ConfigError
from gitops_ci.model.finding import Finding, found
from gitops_ci.model.severity import Severity
from gitops_ci.model.skip import Skip
from gitops_ci.model.span import Location
from gitops_ci.policy.broken import BrokenPolicyError, PolicyFault
from gitops_ci.policy.engines.judging import Bench, judge
from gitops_ci.policy.engines.sending import secret_values
from gitops_ci.policy.engines.station import Station, engine_of
from gitops_ci.policy.engines.workplace import files_at
from gitops_ci.policy.json_schema.check import SchemaPolicy, schema_policy
from gitops_ci.policy.rules import BROKEN
from gitops_ci.render.objects import Rendered
from gitops_ci.repo.tree import Tree, UnreadableError
from gitops_ci.steps.examine import Means
from gitops_ci.steps.governing import Rulers
from gitops_ci.steps.secret_means import hide_value
from gitops_ci.steps.snapshot import Snapshot
from gitops_ci.steps.world import World


def _keep(_value: str) -> None:
    """What is done with a value when nothing is printed."""


class OwnPolicies(Struct, frozen=True):
    """The policies of a run, ready to judge; `tree` holds the files of the engines,
    and `hide` is told each value that an engine may repeat."""

    tree: Tree
    stations: tuple[Station, ...] = ()
    schemas: tuple[SchemaPolicy, ...] = ()
    hide: Callable[[str], None] = _keep

    @property
    def ran(self) -> frozenset[str]:
        """Globs of the ids of the rules that ran."""
        engines = (f"policy/{station.engine.name}.*" for station in self.stations)
        return frozenset((*engines, *(item.rule.id for item in self.schemas)))


def own_policies(ruling: Rulers, config: Config, world: World) -> OwnPolicies:
    """What the ruling configuration, settled as `config`, brings along. Raises ConfigError for
    what does not exist or is broken."""
    faults: list[Finding] = []
    stations = []
    for index, engine in enumerate(config.policy.engines):
        place = ruling.loaded.place(("policy", "engines", index))
        faults += _missing(engine, index, ruling)
        stations.append(station_of(engine, place, config.render.timeout, world))
    schemas = []
    for index, rule in enumerate(config.policy.schemas):
        if ruling.tree.entry(rule.schema) is None:
            faults.append(_absent(rule.schema, ruling, "schemas", index, "schema"))
            continue
        try:
            schemas.append(schema_policy(rule, ruling.tree))
        except BrokenPolicyError as error:
            faults += broken(error.faults, ruling.tree)
    if faults:
        raise ConfigError(tuple(faults))
    return OwnPolicies(
        ruling.tree, tuple(stations), tuple(schemas), lambda value: hide_value(value, world)
    )


def _missing(engine: EngineConfig, index: int, ruling: Rulers) -> Iterator[Finding]:
    """A finding for each file or folder of the entry that does not exist."""
    for key in (*ENGINE_KEYS[:-1], "files"):
        for number, path in enumerate(getattr(engine, key)):
            if next(files_at(ruling.tree, (path,)), None) is None:
                yield _absent(path, ruling, "engines", index, key, number)


def _absent(path: str, ruling: Rulers, *route: str | int) -> Finding:
    place = ruling.loaded.place(("policy", *route))
    return found(BROKEN, f"there is no file at '{path}'", place, key=path)


def station_of(engine: EngineConfig, place: Location, timeout: float, world: World) -> Station:
    """The engine with its program. Raises ConfigError for one that lies in the repository."""
    made = engine_of(engine)
    binary = world.programs.find(made.program)
    if binary is not None and binary.resolve().is_relative_to(world.root.resolve()):
        message = f"{made.program} lies in the repository: nothing in it is run"
        raise ConfigError((found(BROKEN, message, place, hint="install it elsewhere"),))
    return Station(
        made,
        binary,
        engine.timeout or timeout,
        Severity.of(engine.severity),
        place,
        masked=engine.secrets == "masked",
    )


def judged_by_own(
    own: OwnPolicies,
    snapshot: Snapshot,
    rendered: tuple[Rendered, ...],
    means: Means,
    paths: frozenset[str] | None,
) -> tuple[tuple[Finding, ...], tuple[Skip, ...]]:
    """What they say, and what they could not judge. Raises ConfigError for a policy that an
    engine cannot load."""
    findings = list(_of_schemas(own.schemas, snapshot, paths))
    skipped: list[Skip] = []
    bench = Bench(own.tree, means.programs, network=means.options.network)
    for station in own.stations:
        if not station.masked:
            _hide(rendered, own)
        try:
            judged = judge(station, rendered, bench)
        except BrokenPolicyError as error:
            raise ConfigError(broken(error.faults, own.tree)) from error
        findings += judged.findings
        skipped += judged.skipped
    return tuple(findings), tuple(skipped)


def _hide(rendered: tuple[Rendered, ...], own: OwnPolicies) -> None:
    """Keep what an engine may repeat out of everything that is printed."""
    for item in rendered:
        for thing in item.objects:
            for value in secret_values(thing.value):
                own.hide(value)


def _of_schemas(
    schemas: tuple[SchemaPolicy, ...], snapshot: Snapshot, paths: frozenset[str] | None
) -> Iterator[Finding]:
    if not schemas:
        return
    said = {problem.location.path for problem in snapshot.inventory.problems}
    for entry in snapshot.files.tree.entries():
        covering = [item for item in schemas if item.covers(entry.path)]
        if not covering or (paths is not None and entry.path not in paths):
            continue
        try:
            source = snapshot.files.source(entry.path)
        except UnreadableError:
            continue  # the inventory has said so
        if entry.path not in said:
            yield from source.problems
        for item in covering:
            yield from item.findings(source)


def broken(faults: tuple[PolicyFault, ...], tree: Tree) -> tuple[Finding, ...]:
    """A finding for each fault, on its line of a file of `tree`."""
    return tuple(found(BROKEN, item.message, _place(item, tree)) for item in faults)


def _place(fault: PolicyFault, tree: Tree) -> Location:
    try:
        lines = Lines(tree.read(fault.path).decode("utf-8", "replace"))
    except UnreadableError:
        return Location(fault.path)
    if not fault.line:
        return Location(fault.path)
    start = lines.offset(fault.line, 1)
    text = lines.line(fault.line)
    start += len(text) - len(text.lstrip())
    return Location(fault.path, lines.span(start, start + len(text.strip())))
