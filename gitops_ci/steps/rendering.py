"""What `render` and `explain` share: a snapshot of the work tree, and some of its roots."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from gitops_ci.config.load import load_config
from gitops_ci.render.objects import Rendered
from gitops_ci.render.options import options_of
from gitops_ci.render.render import Ports, Renderer, render_all
from gitops_ci.render.workspace import Workspace
from gitops_ci.repo.affected import Selection
from gitops_ci.steps.reading import config_reader
from gitops_ci.steps.snapshot import Snapshot, take_snapshot
from gitops_ci.steps.world import World


def snapshot_of(world: World) -> Snapshot:
    """The work tree under its own configuration."""
    config = load_config(config_reader(world.tree, world), world.config_file)
    return take_snapshot(world.tree, config, world.git.remote_url() if world.git else "")


def render_planned(
    snapshot: Snapshot,
    selection: Selection,
    world: World,
    *,
    engine: str = "",
    network: bool = False,
    expand: bool = True,
    folder: Path | None = None,
) -> tuple[Rendered, ...]:
    """The selection, rendered with the repository's settings, and with `expand` everything that the
    deployers in them apply. `folder` is where the tree lies on disk, None for a git revision."""
    url = world.git.remote_url() if world.git else ""
    options = options_of(snapshot.config, network=network, remotes=(url,) if url else ())
    options = replace(options, engine=engine) if engine else options
    workspace = Workspace(snapshot.files.tree, folder)
    try:
        renderer = Renderer(snapshot.files, options, Ports(workspace, world.programs))
        if not expand:
            return tuple(renderer.render(root) for root in selection.roots)
        of_deployer, carriers = snapshot.environments.of_deployer, selection.carriers
        return tuple(render_all(renderer, selection.roots, of_deployer, carriers))
    finally:
        workspace.close()
