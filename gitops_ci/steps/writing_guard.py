"""Which runs may write to a forge."""

from __future__ import annotations

from gitops_ci.model.errors import UsageError
from gitops_ci.steps.world import World


def refuse_target(world: World, command: str) -> None:
    """Raise UsageError on `pull_request_target`, where a stranger's change runs with the
    repository's secrets."""
    if is_target(world):
        raise UsageError(
            f"{command} does not run on pull_request_target: it gives the secrets of the "
            "repository to changes of strangers",
            "run it on push, schedule or workflow_dispatch",
        )


def is_target(world: World) -> bool:
    """Whether the run was started by `pull_request_target`."""
    return world.environ.get("GITHUB_EVENT_NAME") == "pull_request_target"


def refuse_untrusted(world: World, command: str) -> None:
    """Raise UsageError in a run that somebody without rights to the repository can start: one for
    a fork's pull request, and every one on `pull_request_target`."""
    refuse_target(world, command)
    if world.context.fork:
        raise UsageError(
            f"{command} writes nothing for a pull request from a fork",
            "run it on push, schedule or workflow_dispatch",
        )
