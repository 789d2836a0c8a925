"""Renders what the user names and prints it: YAML byte for byte, or the origin of every value."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from gitops_ci.documents.values import Value
from gitops_ci.model import exits
from gitops_ci.model.errors import UsageError
from gitops_ci.model.finding import Finding
from gitops_ci.model.severity import Severity
from gitops_ci.model.skip import Skip, SkipClass
from gitops_ci.model.span import Location, Route
from gitops_ci.output.sink import Level
from gitops_ci.render.kustomize.emit import emit
from gitops_ci.render.objects import Rendered, RenderedObject, RootKind, Step, Trace
from gitops_ci.repo.affected import Selection
from gitops_ci.repo.root_plan import PlannedRoot
from gitops_ci.repo.tree import EntryKind
from gitops_ci.steps.context import Forge
from gitops_ci.steps.inside import inside
from gitops_ci.steps.render import Inputs
from gitops_ci.steps.rendering import render_planned, snapshot_of
from gitops_ci.steps.snapshot import Snapshot
from gitops_ci.steps.world import World

MASK = "***"


def render_roots(inputs: Inputs, world: World) -> int:
    """The exit code; documents or origins go to stdout or to --output, problems to stderr."""
    snapshot = snapshot_of(world)
    rendered: list[Rendered] = []
    for named in inputs.root:
        roots = _roots(named, snapshot, world)
        engine = inputs.engine if "engine" in world.given else ""
        deployed = "#" in named
        done = render_planned(
            snapshot,
            roots,
            world,
            engine=engine,
            network=inputs.network,
            expand=deployed,
            folder=world.root,
        )
        rendered += _wanted(named, done) if deployed else done
    world.progress.end()
    objects = [thing for item in rendered for thing in item.objects]
    if inputs.origins:
        world.sink.result("\n".join(_origins(objects)))
    elif inputs.output:
        text = emit(thing.value for thing in objects)
        world.sink.save(world.root / inputs.output, text)
    else:
        masked = world.context.forge is not Forge.NONE
        world.sink.result(emit(_shown(thing.value, masked=masked) for thing in objects))
    return _verdict(rendered, world)


def _roots(named: str, snapshot: Snapshot, world: World) -> Selection:
    path, mark, _ = named.partition("#")
    place = inside(path, world)
    entry = world.tree.entry(place)
    if not mark and entry is not None and entry.kind is EntryKind.FILE:
        here = [root.name for root in snapshot.plan.roots if root.name.startswith(f"{place}#")]
        hint = ", ".join(here) if here else "name a directory, or FILE#Kind/namespace/name"
        raise UsageError(f"{named} is a file: say which object of it to render", hint)
    if not mark:
        return Selection((PlannedRoot(place, RootKind.KUSTOMIZE),))
    planned = tuple(root for root in snapshot.plan.roots if root.name == named)
    return Selection(planned) if planned else snapshot.affected(frozenset({place}), frozenset())


def _wanted(named: str, rendered: Iterable[Rendered]) -> list[Rendered]:
    chosen = [item for item in rendered if item.root.name == named]
    if not chosen:
        hint = "FILE#Kind/namespace/name of an Application, Kustomization or HelmRelease"
        raise UsageError(f"nothing is deployed by {named}", hint)
    return chosen


def _shown(value: dict[str, Any], *, masked: bool) -> dict[str, Any]:
    """The object, with the values of a Secret hidden where a log would keep them."""
    if not masked or value.get("kind") != "Secret":
        return value
    hidden = {
        field: dict.fromkeys(value[field], MASK)
        for field in ("data", "stringData")
        if isinstance(value.get(field), dict)
    }
    return {**value, **hidden}


def _origins(objects: Iterable[RenderedObject]) -> Iterator[str]:
    """For each value: the object, the route, the value, the line that set it, and the way."""
    for thing in objects:
        yield f"# {thing.ref}"
        secret = thing.value.get("kind") == "Secret"
        for route, value in leaves(thing.value, ()):
            trace = thing.origin.trace(route)
            way = " ← ".join(_station(step, trace) for step in reversed(trace.chain))
            about = "" if trace.exact else "about "
            text = MASK if secret and route[0] in ("data", "stringData") else short(value)
            place = f"{about}{_place(trace.location)}"
            yield f"{place}\t{dotted(route)} = {text}" + (f"\t({way})" if way else "")


def leaves(value: Value, route: Route) -> Iterator[tuple[Route, Value]]:
    """Every scalar and empty collection of `value` with the route to it."""
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from leaves(item, (*route, key))
    elif isinstance(value, list) and value:
        for index, item in enumerate(value):
            yield from leaves(item, (*route, index))
    else:
        yield route, value


def dotted(route: Route) -> str:
    """The route as people write it: `spec.containers[0].image`."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in route)
    return text.removeprefix(".")


def _place(location: Location) -> str:
    return f"{location.path}:{location.line}" if location.span else location.path


def _station(step: Step, trace: Trace) -> str:
    """The words for one step of the way; the place that the line starts with is not repeated."""
    same = (step.location.path, step.location.line) == (trace.location.path, trace.location.line)
    return step.what if same else f"{step.what} {_place(step.location)}"


def short(value: Value) -> str:
    """A scalar in one line of at most 60 characters."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else text[:59] + "…"


def _verdict(rendered: Iterable[Rendered], world: World) -> int:
    code = exits.OK
    for item in rendered:
        for finding in item.findings:
            _say(finding, world)
            code = max(code, exits.FINDINGS) if finding.severity >= Severity.ERROR else code
        for skip in item.skipped:
            world.sink.log(f"{skip.path}: not rendered, {_reason(skip)}", Level.WARNING)
            code = exits.INCOMPLETE if skip.klass is not SkipClass.SKIPPED else code
    return code


def _reason(skip: Skip) -> str:
    return f"{skip.reason}: {skip.detail}" if skip.detail else skip.reason


def _say(finding: Finding, world: World) -> None:
    level = Level.ERROR if finding.severity >= Severity.ERROR else Level.WARNING
    word = finding.severity.word
    world.sink.log(f"{_place(finding.location)}: {word}: {finding.message}", level)
    if finding.hint:
        world.sink.log(f"  {finding.hint}", level)
