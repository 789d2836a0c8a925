"""The work of `status`: plan every promotion as `promote` would, and tell what that shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec.structs import replace

from gitops_ci.config.globs import name_matches
from gitops_ci.config.model import Config
from gitops_ci.git.repository import FULL_HISTORY
from gitops_ci.model import exits
from gitops_ci.model.errors import UsageError
from gitops_ci.output.files import write_atomic
from gitops_ci.promote.ban_judge import all_of, ban_judge, standing_hold
from gitops_ci.promote.bump.request import filters_of
from gitops_ci.promote.holds import Hold
from gitops_ci.promote.plan import Plan
from gitops_ci.promote.planner import plan_promotion
from gitops_ci.promote.request import Request, edges_of
from gitops_ci.promote.soaking import soak_judge
from gitops_ci.promote.status.board import Board
from gitops_ci.promote.status.build import Builder
from gitops_ci.report.html import status as html
from gitops_ci.report.status import json_v1, markdown, text
from gitops_ci.schemas.near import near
from gitops_ci.steps.bans import bans_in, told_in, with_own
from gitops_ci.steps.promote_ground import Grounds, configured
from gitops_ci.steps.status import Inputs
from gitops_ci.steps.world import World

FORMATS: Mapping[str, Callable[[Board], str]] = {
    "text": text.render,
    "json": json_v1.render,
    "markdown": markdown.render,
    "html": html.render,
}


def status(inputs: Inputs, world: World) -> int:
    """The exit code; the status goes to stdout and into files. Raises GitopsError."""
    config = configured(world, inputs, proposing=False)
    _check_environments(inputs.env, config)
    outputs = [_output(word) for word in inputs.output]
    board = board_of(inputs, world, config)
    world.progress.end()
    for name, path in outputs:
        data = FORMATS[name](board).encode("utf-8", "backslashreplace")
        write_atomic(world.root / path, data)
    world.sink.result(FORMATS[inputs.format](board))
    return exits.OK


def board_of(inputs: Inputs, world: World, config: Config) -> Board:
    """The board of the work tree and its history."""
    now = world.clock.now()
    grounds = Grounds(world, config, proposing=False)
    holds, freezes = bans_in(world.tree, config, world)
    holds = with_own(holds, grounds, config.environments)
    told = told_in(world.git, "HEAD", grounds, config.environments)
    plan = Plan()
    if any(environment.sources.names for environment in config.environments.values()):
        request = Request(edges_of(config, "", ""), filters_of((), (), ()))
        bans = ban_judge(grounds.side, holds, freezes, told, now)
        plan = plan_promotion(request, grounds.side, config, all_of(bans, soak_judge(config, now)))

    def hold_of(app: str, environment: str) -> Hold | None:
        return standing_hold(app, environment, grounds.side, holds, told, now)

    board = Builder(config, grounds.side, plan, freezes, hold_of, now).board(
        inputs.env, _notes(world)
    )
    rows = tuple(row for row in board.rows if _is_asked(row[0], inputs.app))
    if inputs.app and not rows:
        apps = [app for app, _ in board.rows]
        close = near(inputs.app[0], apps)
        hint = f"did you mean {close[0]}?" if close else f"apps: {', '.join(apps)}"
        raise UsageError(f"there is no app {inputs.app[0]} in these environments", hint)
    return replace(board, rows=rows)


def _is_asked(app: str, globs: tuple[str, ...]) -> bool:
    return not globs or any(name_matches(glob, app) for glob in globs)


def _notes(world: World) -> tuple[str, ...]:
    if world.git is None:
        return ("there is no git history here: ages, and who went back, are not known",)
    if world.git.is_shallow():
        return (f"ages count from where this clone is cut off: {FULL_HISTORY}",)
    return ()


def _check_environments(names: tuple[str, ...], config: Config) -> None:
    if not config.environments:
        raise UsageError(
            "the status needs the environments, and the configuration has none",
            "`gitops-ci init` writes those that the names suggest",
        )
    for name in names:
        if name not in config.environments:
            close = near(name, config.environments)
            known = ", ".join(config.environments)
            hint = f"did you mean {close[0]}?" if close else f"environments: {known}"
            raise UsageError(f"there is no environment {name}", hint)


def _output(word: str) -> tuple[str, str]:
    name, equals, path = word.partition("=")
    if not equals or not path or name not in FORMATS:
        known = ", ".join(FORMATS)
        raise UsageError(f"--output {word}: write FORMAT=PATH", f"formats: {known}")
    return name, path
