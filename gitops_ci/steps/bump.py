"""`bump`: bring a version of an image, chart or git source to every place that holds it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gitops_ci.steps.change_options import forge_option, plan_format_option, pr_option, write_option
from gitops_ci.steps.option import option

if TYPE_CHECKING:
    from gitops_ci.steps.world import World


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the user may say to `bump`."""

    ref: tuple[str, ...] = option(
        (),
        "images with their version: NAME:TAG, NAME@DIGEST or NAME:TAG@DIGEST",
        positional=True,
    )
    env: tuple[str, ...] = option((), "only in this environment", metavar="ENV")
    app: tuple[str, ...] = option((), "only in this app, a glob", metavar="APP")
    path: tuple[str, ...] = option((), "only in these files, a glob", metavar="GLOB")
    chart: tuple[str, ...] = option((), "a chart and its version", metavar="NAME=VERSION")
    git_ref: tuple[str, ...] = option((), "a git source and its ref", metavar="URL=REF")
    pin: str = option(
        "keep",
        "what of a version is written; `keep`: what stands there already",
        choices=("keep", "tag", "digest", "tag+digest"),
        metavar="PARTS",
    )
    latest: bool = option(
        False, "ask the registries of the configured `apps.*.images` for the newest versions"
    )
    write: bool = write_option()
    pr: bool = pr_option()
    forge: str = forge_option()
    format: str = plan_format_option()


def run(inputs: Inputs, world: World) -> int:
    """0 when the plan is made (and written or proposed), 1 when some of it is refused."""
    from gitops_ci.steps.bump_run import bump

    return bump(inputs, world)
