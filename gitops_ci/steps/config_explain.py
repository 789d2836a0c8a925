"""`config explain`: which value of a setting wins, and who said so."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gitops_ci.model import exits
from gitops_ci.model.errors import UsageError
from gitops_ci.steps.option import option

if TYPE_CHECKING:
    from gitops_ci.steps.world import World


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the user may say to `config explain`."""

    key: str = option(
        "", "a key such as report.failOn, or a rule id", positional=True, action=False
    )
    for_: str = option(
        "", "the file for which it is asked; overrides may match it", metavar="PATH", action=False
    )


def run(inputs: Inputs, world: World) -> int:
    """0; the winner and what it won over go to stdout, the winner first."""
    from gitops_ci.config.explain import explain_key
    from gitops_ci.config.load import load
    from gitops_ci.config.subjects import Subjects
    from gitops_ci.model.errors import ConfigError
    from gitops_ci.steps.check import Inputs as CheckInputs
    from gitops_ci.steps.reading import config_reader
    from gitops_ci.steps.rule_book import KNOWN
    from gitops_ci.steps.settings import settled

    if not inputs.key:
        raise UsageError("no key given", "gitops-ci config explain report.failOn")
    loaded = load(config_reader(world.tree, world), world.config_file)
    if loaded.findings:
        raise ConfigError(loaded.findings)
    subject = Subjects(loaded.config).of_path(inputs.for_)
    chains = settled(loaded, CheckInputs(), world).chains
    explained = explain_key(inputs.key, loaded, subject, chains, KNOWN.rules)
    lines = [f"{inputs.key} = {json.dumps(explained.winner.value)}"]
    lines += [
        f"  {item.place}: {json.dumps(item.value)}{'  ← wins' if item is explained.winner else ''}"
        for item in reversed(explained.chain)
    ]
    world.sink.result("\n".join(lines))
    return exits.OK
