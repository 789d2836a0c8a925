"""The configuration under what the environment and the caller say on top of it."""

from __future__ import annotations

from typing import Any

from gitops_ci.config.load import Loaded
from gitops_ci.config.precedence import Binding, Settled, settle
from gitops_ci.steps.option import declared
from gitops_ci.steps.world import World


def bindings(inputs: type) -> tuple[Binding, ...]:
    """The options of a step that override a key of the configuration."""
    return tuple(
        Binding(item.flag.removeprefix("--"), item.option.config)
        for item in declared(inputs)
        if item.option.config
    )


def settled(loaded: Loaded, inputs: Any, world: World) -> Settled:
    """`loaded` under GITOPS_CI_* variables and the options that stand on the command line (the
    container action hands its inputs over as such). Raises UsageError for a wrong value."""
    flags = {
        item.flag.removeprefix("--"): getattr(inputs, item.name)
        for item in declared(type(inputs))
        if item.name in world.given
    }
    return settle(loaded, bindings(type(inputs)), world.environ, {}, flags)
