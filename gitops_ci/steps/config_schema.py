"""`config schema`: the JSON Schema of the configuration file, for editors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gitops_ci.model import exits

if TYPE_CHECKING:
    from gitops_ci.steps.world import World


@dataclass(frozen=True, slots=True)
class Inputs:
    """`config schema` takes no options."""


def run(_inputs: Inputs, world: World) -> int:
    """Always 0; the schema goes to stdout."""
    import json

    from gitops_ci.config.json_schema import json_schema

    world.sink.result(json.dumps(json_schema(), indent=2))
    return exits.OK
