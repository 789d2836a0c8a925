"""Findings about how the commits of a change are written, where the configuration asks."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.config.model import CONVENTIONAL, Config
from gitops_ci.model.finding import Finding, found
from gitops_ci.operate.conventional import fault_of, without_draft
from gitops_ci.operate.rules import COMMIT_MESSAGE
from gitops_ci.steps.comparison import Comparison
from gitops_ci.steps.governing import Rulers
from gitops_ci.steps.world import World

_HINT = "write `type: description`, such as `fix(web): raise the memory limit`"


def commit_faults(
    compared: Comparison | None, ruling: Rulers, config: Config, world: World
) -> tuple[Finding, ...]:
    """One finding for each commit since the fork point, and for the title of the pull request,
    that is not conventional; at the line of the configuration that asks for it."""
    if compared is None or config.commits != CONVENTIONAL:
        return ()
    place = ruling.loaded.place(("commits",))
    return tuple(
        found(
            COMMIT_MESSAGE,
            f"{name} is not a conventional commit, {fault}: {text}",
            place,
            key=key,
            hint=_HINT,
        )
        for name, key, text in _texts(compared, world)
        if (fault := fault_of(text))
    )


def _texts(compared: Comparison, world: World) -> Iterator[tuple[str, str, str]]:
    """What each text is, what identifies it, and the text."""
    if world.context.title:
        yield "the title", "title", without_draft(world.context.title)
    if world.git is not None:
        for commit, subject in world.git.subjects(compared.fork, "HEAD"):
            yield f"commit {commit[:10]}", commit, subject
