"""`explain`: what a rule means, or what a line of a file becomes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gitops_ci.model import exits
from gitops_ci.model.errors import UsageError
from gitops_ci.steps.option import option

if TYPE_CHECKING:
    from gitops_ci.documents.values import Value
    from gitops_ci.model.span import Route
    from gitops_ci.render.objects import Rendered
    from gitops_ci.steps.world import World


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the user may say to `explain`."""

    what: str = option(
        "", "a rule such as schema/unknown-field, or FILE:LINE", positional=True, action=False
    )


def run(inputs: Inputs, world: World) -> int:
    """0 when there is such a rule or file; the explanation goes to stdout."""
    from gitops_ci.steps.rule_book import RULES

    rule = next((item for item in RULES if item.id == inputs.what), None)
    if rule is not None:
        parts = [f"{rule.id} ({rule.severity.word})", rule.summary + ".", rule.rationale, rule.url]
        world.sink.result("\n".join(part for part in parts if part))
        return exits.OK
    path, colon, line = inputs.what.rpartition(":")
    if colon and line.isdecimal():
        return _line(path.removeprefix("./"), int(line), world)
    from gitops_ci.findings.known_rules import KnownRules

    hint = KnownRules.of(RULES).hint(inputs.what)
    raise UsageError(f"there is no rule {inputs.what!r}, and it is not FILE:LINE", hint)


def _line(path: str, line: int, world: World) -> int:
    from gitops_ci.steps.rendering import render_planned, snapshot_of

    if world.tree.entry(path) is None:
        raise UsageError(f"there is no {path} in the repository")
    snapshot = snapshot_of(world)
    roots = snapshot.affected(frozenset({path}), frozenset())
    rendered = render_planned(snapshot, roots, world)
    lines = []
    for item in rendered:
        where = f" ({item.root.environment})" if item.root.environment else ""
        reached = list(_reached(item, path, line))
        lines.append(f"{item.root.name}{where}: {len(reached)} values come from {path}:{line}")
        lines += [f"  {text}" for text in reached]
    world.sink.result("\n".join(lines) or f"no root is made of {path}")
    return exits.OK


def _reached(item: Rendered, path: str, line: int) -> Iterator[str]:
    """Each value of the root that the line sets, or through which it passes."""
    for thing in item.objects:
        for route, value in _leaves(thing.value, ()):
            trace = thing.origin.trace(route)
            places = [trace.location, *(step.location for step in trace.chain)]
            if trace.exact and any(at.path == path and at.line == line for at in places):
                shown = "•••" if thing.value.get("kind") == "Secret" else value
                yield f"{thing.ref} {'.'.join(map(str, route))} = {shown}"


def _leaves(value: Value, route: Route) -> Iterator[tuple[Route, Value]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _leaves(item, (*route, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _leaves(item, (*route, index))
    else:
        yield route, value
