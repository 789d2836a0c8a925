"""`rules list`: every rule with its severity and what it says, those of the repository included."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gitops_ci.config.model_checks import PACKS
from gitops_ci.model import exits
from gitops_ci.output.terminal import visible
from gitops_ci.steps.option import option

if TYPE_CHECKING:
    from gitops_ci.model.rule import Rule
    from gitops_ci.steps.world import World


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the user may say to `rules list`."""

    prefix: tuple[str, ...] = option(
        (), "only rules whose id starts like this, such as schema/", positional=True, action=False
    )
    pack: tuple[str, ...] = option(
        (),
        "only the rules of these packs",
        choices=PACKS,
        commas=True,
        metavar="PACKS",
        action=False,
    )
    format: str = option(
        "text", "how to print them", choices=("text", "json"), metavar="FORMAT", action=False
    )


def run(inputs: Inputs, world: World) -> int:
    """Always 0; the rules go to stdout."""
    from gitops_ci.policy.choice import packs_of_rules
    from gitops_ci.steps.own_rules import own_rules

    packs = packs_of_rules()
    own = () if inputs.pack else own_rules(world)
    chosen = [(rule, "") for rule in _chosen(inputs, packs)]
    chosen += [(item.rule, item.place) for item in own if _begins(item.rule, inputs)]
    chosen.sort(key=lambda row: row[0].id)
    if inputs.format == "json":
        rows = [
            {
                "id": rule.id,
                "severity": rule.severity.word,
                "summary": rule.summary,
                "rationale": rule.rationale,
                "url": rule.url,
                "packs": list(packs.get(rule.id, ())),
                "place": place,
            }
            for rule, place in chosen
        ]
        world.sink.result(json.dumps(rows, indent=1))
        return exits.OK
    width = max((len(rule.id) for rule, _ in chosen), default=0)
    lines = (
        f"{rule.id:<{width}}  {rule.severity.word:<8} {rule.summary}{place and f' ({place})'}"
        for rule, place in chosen
    )
    world.sink.result("\n".join(map(visible, lines)))
    return exits.OK


def _chosen(inputs: Inputs, packs: dict[str, tuple[str, ...]]) -> Iterator[Rule]:
    from gitops_ci.steps.rule_book import every_rule

    for rule in every_rule():
        in_pack = not inputs.pack or not set(inputs.pack).isdisjoint(packs.get(rule.id, ()))
        if in_pack and _begins(rule, inputs):
            yield rule


def _begins(rule: Rule, inputs: Inputs) -> bool:
    return not inputs.prefix or rule.id.startswith(inputs.prefix)
