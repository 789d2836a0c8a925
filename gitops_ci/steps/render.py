"""`render`: what kustomize builds from a directory, or what a controller applies for its object."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gitops_ci.model.errors import UsageError
from gitops_ci.steps.option import option

if TYPE_CHECKING:
    from gitops_ci.steps.world import World


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the user may say to `render`."""

    root: tuple[str, ...] = option(
        (),
        "directories, or FILE#Kind/namespace/name of an Application, Kustomization or HelmRelease",
        positional=True,
        action=False,
    )
    origins: bool = option(
        False, "say for each value which line set it, instead of printing YAML", action=False
    )
    engine: str = option(
        "auto",
        "which kustomize engine renders; `both` compares the two",
        choices=("auto", "native", "kustomize", "both"),
        metavar="ENGINE",
        config="render.engine",
        action=False,
    )
    network: bool = option(False, "allow fetching remote bases and charts", action=False)
    output: str = option(
        "",
        "write to this file: byte-true, with the values of Secrets",
        metavar="FILE",
        action=False,
    )


def run(inputs: Inputs, world: World) -> int:
    """0 when everything was rendered, 1 with findings, 3 when something could not be."""
    from gitops_ci.steps.render_roots import render_roots

    if not inputs.root:
        raise UsageError("no root given", "gitops-ci render apps/shop/overlays/prod")
    return render_roots(inputs, world)
