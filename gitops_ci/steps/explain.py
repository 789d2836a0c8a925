"""`explain`: what a rule or a skip reason means, or what a line of a file becomes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gitops_ci.model import exits
from gitops_ci.model.errors import UsageError
from gitops_ci.model.skip import MEANINGS, REASONS
from gitops_ci.output.terminal import visible
from gitops_ci.steps.option import option

if TYPE_CHECKING:
    from gitops_ci.documents.document import SourceFile
    from gitops_ci.render.objects import Rendered
    from gitops_ci.steps.world import World


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the user may say to `explain`."""

    what: str = option(
        "",
        "a rule such as schema/unknown-field, a reason such as remote-chart, or FILE:LINE",
        positional=True,
        action=False,
    )


def run(inputs: Inputs, world: World) -> int:
    """0 when there is such a rule or file; the explanation goes to stdout."""
    from gitops_ci.policy.choice import packs_of_rules
    from gitops_ci.steps.rule_book import KNOWN, every_rule

    rule = next((item for item in every_rule() if item.id == inputs.what), None)
    if rule is not None:
        parts = [f"{rule.id} ({rule.severity.word})", rule.summary + ".", rule.rationale, rule.url]
        packs = packs_of_rules().get(rule.id, ())
        parts.append(f"pack: {', '.join(packs)}" if packs else "")
        world.sink.result("\n".join(part for part in parts if part))
        return exits.OK
    if inputs.what.startswith("policy/"):
        own = _own(inputs.what, world)
        if own:
            world.sink.result(own)
            return exits.OK
    if inputs.what in MEANINGS:
        world.sink.result(f"{inputs.what} ({REASONS[inputs.what].value})\n{MEANINGS[inputs.what]}")
        return exits.OK
    path, colon, line = inputs.what.rpartition(":")
    if colon and line.isdecimal():
        return _line(path.removeprefix("./"), int(line), world)
    if not inputs.what:
        raise UsageError("nothing to explain", "name a rule, or a line as FILE:LINE")
    if world.tree.entry(inputs.what.removeprefix("./")) is not None:
        raise UsageError(f"{inputs.what} is a file: which line of it?", f"{inputs.what}:1")

    hint = KNOWN.hint(inputs.what)
    raise UsageError(f"there is no rule {inputs.what!r}, and it is not FILE:LINE", hint)


def _own(rule_id: str, world: World) -> str:
    """The rules of the repository with that id, each with its place; empty without any."""
    from gitops_ci.steps.own_rules import own_rules

    paragraphs = []
    for item in own_rules(world):
        if item.fits(rule_id):
            rule = item.rule
            head, summary = f"{rule.id} ({rule.severity.word})", f"{rule.summary.rstrip('.')}."
            parts = (head, summary, rule.rationale, f"written in {item.place}")
            paragraphs.append("\n".join(visible(part) for part in parts if part))
    return "\n\n".join(paragraphs)


def _line(path: str, line: int, world: World) -> int:
    from gitops_ci.steps.rendering import render_planned, snapshot_of

    if world.tree.entry(path) is None:
        raise UsageError(f"there is no {path} in the repository")
    snapshot = snapshot_of(world)
    selection = snapshot.affected(frozenset({path}), frozenset())
    wanted = _lines(snapshot.files.source(path), line)
    text = []
    for item in render_planned(snapshot, selection, world, folder=world.root):
        reached = list(_reached(item, path, wanted))
        if not reached and path in item.used and not _is_exact(item):
            reached = [
                "renders the chart that holds the file; which values the line sets cannot be told"
            ]
        if reached:
            where = f" ({item.root.environment})" if item.root.environment else ""
            text += [f"{item.root.name}{where}", *(f"  {value}" for value in reached)]
    if not text:
        names = ", ".join(root.name for root in selection.roots) or "no root"
        text = [f"no rendered value comes from {path}:{line}; the file belongs to {names}"]
    world.sink.result("\n".join(text))
    return exits.OK


def _lines(source: SourceFile, line: int) -> frozenset[int]:
    """The line, and those of everything below the entry that starts on it."""
    from gitops_ci.documents.locate import locate, route_at
    from gitops_ci.steps.render_roots import leaves

    start = route_at(source, line)
    if start is None:
        return frozenset({line})
    document, route = start
    below = (
        way for way, _ in leaves(source.documents[document].value, ()) if way[: len(route)] == route
    )
    return frozenset({line, *(locate(source, document, way).location.line for way in below)})


def _reached(item: Rendered, path: str, lines: frozenset[int]) -> Iterator[str]:
    """Each value of the root that the lines set, or through which it passed."""
    from gitops_ci.steps.render_roots import MASK, dotted, leaves, short

    for thing in item.objects:
        secret = thing.value.get("kind") == "Secret"
        for route, value in leaves(thing.value, ()):
            trace = thing.origin.trace(route)
            places = (trace.location, *(step.location for step in trace.chain))
            if any(at.path == path and at.span and at.line in lines for at in places):
                about = "" if trace.exact else "about "
                yield f"{about}{thing.ref} {dotted(route)} = {MASK if secret else short(value)}"


def _is_exact(item: Rendered) -> bool:
    """Whether every value of the root is known by its line, as in all but charts."""
    from gitops_ci.steps.render_roots import leaves

    return all(
        thing.origin.trace(route).exact
        for thing in item.objects
        for route, _ in leaves(thing.value, ())
    )
