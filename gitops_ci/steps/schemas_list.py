"""`schemas list`: the kinds whose structure is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gitops_ci.model import exits
from gitops_ci.steps.option import option

if TYPE_CHECKING:
    from gitops_ci.steps.world import World


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the user may say to `schemas list`."""

    kind: str = option(
        "", "only kinds or groups whose name holds this text", positional=True, action=False
    )
    k8s: tuple[str, ...] = option(
        (), "only these Kubernetes versions", commas=True, metavar="VERSIONS", action=False
    )


def run(inputs: Inputs, world: World) -> int:
    """Always 0; one kind per line on stdout: group/version, kind, where it is known from."""
    from gitops_ci.config.load import load_config
    from gitops_ci.repo.files import Files
    from gitops_ci.schemas.listing import list_kinds
    from gitops_ci.schemas.pack import load
    from gitops_ci.steps.custom_kinds import custom_kinds
    from gitops_ci.steps.reading import config_reader
    from gitops_ci.steps.versions import require_known

    require_known(inputs.k8s)
    config = load_config(config_reader(world.tree, world), world.config_file)
    rows = list_kinds(load(), custom_kinds(Files(world.tree), config), inputs.k8s)
    wanted = inputs.kind.lower()
    lines = [
        f"{row.gvk.api_version:<44} {row.gvk.kind:<36} {row.origin}"
        for row in rows
        if wanted in f"{row.gvk.api_version} {row.gvk.kind}".lower()
    ]
    world.sink.result("\n".join(lines))
    return exits.OK
