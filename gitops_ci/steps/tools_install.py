"""`tools install`: fetch the pinned external programs into a private folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gitops_ci.model import exits
from gitops_ci.steps.option import option

if TYPE_CHECKING:
    from gitops_ci.steps.world import World


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the user may say to `tools install`."""

    tool: tuple[str, ...] = option(
        (),
        "only these, such as kubeconform; conftest, gator and kyverno have to be named",
        positional=True,
        action=False,
    )
    folder: str = option(
        "", "install here instead of the private folder of the user", metavar="DIR", action=False
    )


def run(inputs: Inputs, world: World) -> int:
    """0 when every tool is in place; each one's version and path go to stdout."""
    from gitops_ci.net.download import download
    from gitops_ci.tools.find import private_folder
    from gitops_ci.tools.install import go_builder, install

    folder = Path(inputs.folder).absolute() if inputs.folder else private_folder(world.environ)
    build = go_builder(world.programs.find("go"), world.environ)
    done = install(inputs.tool, folder, download, build, progress=world.progress)
    world.progress.end()
    lines = [f"{item.name} {item.version} {item.path} ({item.route})" for item in done]
    world.sink.result("\n".join(lines))
    return exits.OK
